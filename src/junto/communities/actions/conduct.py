"""Steps on the conduct ladder: a reminder, notices, removal. The member gets a letter, the case goes on the log."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from junto.audit.actions import record
from junto.communities import letters, rules
from junto.communities.actions._rows import about, hold_managers, locked
from junto.communities.actions.managing import remove
from junto.communities.models import ConductCase, Membership, Step
from junto.kit.rulings import Ruling, no, require, yes
from junto.mail import actions as mail
from junto.people.models import Person


@transaction.atomic
def take_step(
    *,
    membership: Membership,
    step: str,
    words: str,
    note: str = "",
    message: str = "",
    until: datetime | None = None,
    by: Person,
) -> ConductCase:
    """Take a step, write it on the log, and send `words` to the member.

    `note` is for managers and moderators only; `message` is the address of the message that it is about. A removal ends the
    membership: until a time, or for good where `until` is None. Raises Refused.
    """
    hold_managers(membership.community)
    membership = locked(membership)
    require(_is_a_step(step))
    require(rules.may_take_step(by, membership, step))
    require(_is_complete(words, until))
    if step == Step.REMOVAL:
        remove(membership=membership, reason=words.strip(), tells=False, by=by)
    case = ConductCase.objects.create(
        community=membership.community,
        person=membership.person,
        step=step,
        note=note.strip(),
        words=words.strip(),
        about=message,
        by=by,
        expires_at=rules.expiry_of(step, until),
    )
    record("communities.conduct.step_taken", about=case, by=by, reason=note.strip(), step=step)
    mail.post(letters.conduct(case, membership), to=membership.address.email, about=about(membership))
    return case


@transaction.atomic
def lift_case(*, case: ConductCase, by: Person) -> ConductCase:
    """The step does not count any more: after an appeal, or because it was wrong. It stays on the log. Raises Refused."""
    case = ConductCase.objects.select_for_update(of=("self",)).select_related("community", "person").get(pk=case.pk)
    require(rules.may_lift(by, case))
    case.lifted_at, case.lifted_by = timezone.now(), by
    case.save(update_fields=["lifted_at", "lifted_by"])
    record("communities.conduct.lifted", about=case, by=by, step=case.step)
    return case


def _is_a_step(step: str) -> Ruling:
    if step in Step.values:
        return yes()
    told = gettext("“%(step)s” is not a step. Choose one of: %(choices)s.")
    return no(told % {"step": step, "choices": ", ".join(Step.values)})


def _is_complete(words: str, until: datetime | None) -> Ruling:
    if not words.strip():
        return no(gettext("Say what happened, and what you expect: the member gets it by mail."))
    if until is not None and until <= timezone.now():
        return no(gettext("A removal ends in the future. Choose a later day."))
    return yes()
