"""Answering letters, within a daily limit, so that two robots can never write to each other for long."""

from __future__ import annotations

from django.db import transaction

from junto.audit.actions import record
from junto.communities import queries, rules
from junto.communities.models import Answer, Community
from junto.mail import actions as mail
from junto.mail.letter import Letter
from junto.people.models import Person

ANSWERS_A_DAY = 20
FORWARDS_A_DAY = 20
NOBODY = "nobody"
"""Under which letters without an author’s address are counted."""


@transaction.atomic
def answer(*, letter: Letter, to: str, about: str = "", once_a_day: str = "", by: Person | None) -> bool:
    """Send an answer. False, and nothing sent, to a list's own address or to whoever had today's share already.

    An answer with a name in `once_a_day` goes to the same address once a day only (RFC 3834, section 2).
    """
    if rules.is_own_address(to) or queries.is_busy(to, limit=ANSWERS_A_DAY):
        return False
    if once_a_day and queries.was_answered(to, kind=once_a_day):
        return False
    Answer.objects.create(email=to, kind=once_a_day[:80])
    mail.post(letter, to=to, about=about)
    record("communities.mail.answered", by=by, to=to, kind=letter.kind)
    return True


@transaction.atomic
def forward_to_staff(*, letter: Letter, sender: str, by: Person | None) -> int:
    """Pass on what somebody wrote to postmaster@ or abuse@; how many of those who run the site got it."""
    counted = sender or NOBODY
    if queries.is_busy(counted, limit=FORWARDS_A_DAY):
        return 0
    Answer.objects.create(email=counted)
    staff = [one for one in queries.staff_addresses() if one != sender]
    for email in staff:
        mail.post(letter, to=email, about="communities.staff")
    record("communities.mail.forwarded_to_staff", by=by, staff=len(staff))
    return len(staff)


@transaction.atomic
def forward_to_managers(*, community: Community, letter: Letter, sender: str, by: Person | None) -> int:
    """Pass somebody's letter on to the managers; how many got it. None do when the sender had today's share."""
    if queries.is_busy(sender, limit=FORWARDS_A_DAY):
        return 0
    Answer.objects.create(email=sender)
    managers = [one for one in queries.manager_addresses(community) if one != sender]
    for manager in managers:
        mail.post(letter, to=manager, about=f"communities.community:{community.pk}")
    record("communities.mail.forwarded", about=community, by=by, sender=sender, managers=len(managers))
    return len(managers)
