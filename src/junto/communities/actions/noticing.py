"""Notices to the managers: opened by what happens, settled with a button."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from junto.audit.actions import record
from junto.communities import letters, queries, rules
from junto.communities.actions._rows import about, hold_managers, locked
from junto.communities.models import Community, Membership, Notice, Role, State
from junto.kit.rulings import require
from junto.mail import actions as mail
from junto.people.models import Person

LETTERS_A_DAY = 5
REMOVED_FOR = "Mail to this address came back, and so did every try after that."
_VARIES = re.compile(r"\S+@\S+|\b[0-9a-f]{8,}\b|\b\S*\d[\w.:-]{7,}\b", re.IGNORECASE)


@transaction.atomic
def notice(*, community: Community, kind: str, words: str, by: Person | None = None) -> Notice:
    """Tell the managers of something: a letter when it is new, a count when it happens again."""
    words = words[:500]
    again = Notice.objects.filter(community=community, kind=kind, words=words, settled_at=None)
    if again.update(times=F("times") + 1, last_at=timezone.now()):
        return again.get()
    opened = Notice.objects.create(community=community, kind=kind, words=words)
    record("communities.notice.opened", about=opened, by=by, kind=kind, words=words)
    if not queries.has_had_notices(community, limit=LETTERS_A_DAY):
        for manager in queries.manager_addresses(community):
            letter = letters.notice(opened, language=queries.language_at(manager))
            mail.post(letter, to=manager, about=f"communities.community:{community.pk}")
    return opened


@transaction.atomic
def settle(*, notice: Notice, by: Person) -> Notice:
    """A manager has seen to it. Should it happen again, a new notice opens. Raises Refused."""
    require(rules.may_manage(by, notice.community))
    notice.settled_at, notice.settled_by = timezone.now(), by
    notice.save(update_fields=["settled_at", "settled_by"])
    record("communities.notice.settled", about=notice, by=by)
    return notice


def note_refusal(*, told: dict[str, Any], status: str, words: str, by: Person | None = None) -> Notice | None:
    """A server refuses the list’s mail for a reason of policy: never the member’s fault (RFC 9989)."""
    community = Community.objects.filter(pk=told.get("community") or 0).first()
    if community is None:
        return None
    return notice(community=community, kind=Notice.About.REFUSAL, words=_alike(f"{status} {words}"), by=by)


@transaction.atomic
def note_complaint(*, membership: Membership, words: str, by: Person | None = None) -> Membership:
    """A member reported the list’s mail as spam: none of this list goes there until they ask for it (RFC 6449)."""
    membership = locked(membership)
    if membership.complained_at is None:
        membership.complained_at = timezone.now()
        membership.save(update_fields=["complained_at"])
        record("communities.member.complained", about=membership, by=by, words=words)
        who = membership.person.display_name
        notice(
            community=membership.community, kind=Notice.About.COMPLAINT, words=f"{who} gets no more mail of the list."
        )
    return membership


@transaction.atomic
def end_unreachable(*, membership: Membership, by: Person | None = None) -> Membership:
    """End the membership at an address that was given up on: with a last letter there, to the member’s other addresses
    and a notice to the managers. A community keeps its only manager."""
    hold_managers(membership.community)
    membership = locked(membership)
    if not membership.is_active() or rules.is_last_manager(membership):
        return membership
    membership.state, membership.ended_at, membership.role = State.REMOVED, timezone.now(), Role.MEMBER
    membership.decision_note = REMOVED_FOR
    membership.save(update_fields=["state", "ended_at", "role", "decision_note"])
    record("communities.member.unreachable", about=membership, by=by, reason=membership.address.stop_reason)
    letter = letters.unreachable(membership)
    for email in queries.proved_addresses(membership):
        mail.post(letter, to=email, about=about(membership))
    words = f"{membership.person.display_name}: {_alike(membership.address.stop_reason)}"
    notice(community=membership.community, kind=Notice.About.UNREACHABLE, words=words, by=by)
    return membership


def _alike(words: str) -> str:
    """A server’s words without what differs from letter to letter, so that the same refusal opens one notice."""
    return " ".join(_VARIES.sub("…", words).split())[:500]
