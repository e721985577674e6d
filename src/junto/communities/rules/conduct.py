"""The conduct ladder: which step is next, who may take it, and what a removal keeps somebody from."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from junto.communities.models import Community, ConductCase, Membership, Role, State, Step
from junto.communities.rules.access import may_manage, may_moderate, may_remove
from junto.kit.rulings import Ruling, no, yes
from junto.people.models import Person

NOTICE_COUNTS_FOR = timedelta(days=365)
_LADDER = (Step.REMINDER, Step.FIRST_NOTICE, Step.SECOND_NOTICE, Step.REMOVAL)

STANDARD_WORDS: dict[str, str] = {
    Step.REMINDER: (
        gettext_noop(
            "A message of yours did not keep to the guidelines of {community}:\n\n[Say what happened.]\n\n"
            "This is a reminder, and nothing else follows from it. Please read the guidelines again before you next post."
        )
    ),
    Step.FIRST_NOTICE: (
        gettext_noop(
            "A message of yours did not keep to the guidelines of {community}:\n\n[Say what happened.]\n\n"
            "This is a first notice. Please see that it does not happen again. If it does, a second notice follows, and "
            "moderators then read your posts before they go out."
        )
    ),
    Step.SECOND_NOTICE: (
        gettext_noop(
            "Again, a message of yours did not keep to the guidelines of {community}:\n\n[Say what happened.]\n\n"
            "This is a second notice. As long as it counts, moderators read your posts before they go out. If it happens "
            "once more, you are removed from the community."
        )
    ),
    Step.REMOVAL: (
        gettext_noop(
            "After earlier notices, you are removed from {community}, because:\n\n[Say what happened.]\n\n"
            "You get no more mail from its list, and cannot post to it."
        )
    ),
}


def next_step(cases: list[ConductCase]) -> Step:
    """One rung above the highest that still counts; a reminder where nothing does."""
    highest = max((_LADDER.index(Step(case.step)) for case in cases if case.is_counting()), default=-1)
    return _LADDER[min(highest + 1, len(_LADDER) - 1)]


def may_see_conduct(person: Person | None, community: Community) -> Ruling:
    return may_moderate(person, community)


def may_take_step(person: Person | None, membership: Membership, step: str) -> Ruling:
    """Moderators may remind and give notice; a removal is for managers. Nobody judges themselves, no moderator a manager."""
    if not (moderated := may_moderate(person, membership.community)):
        return moderated
    if person is not None and membership.person_id == person.pk:
        return no(gettext("Nobody can take a step about their own conduct. Ask another manager."))
    if not membership.is_active():
        return no(gettext("This person is not a member."))
    if step == Step.REMOVAL:
        return may_remove(person, membership)
    if membership.role == Role.MANAGER and not may_manage(person, membership.community):
        return no(gettext("Only a manager can take a step about a manager."))
    return yes()


def may_lift(person: Person | None, case: ConductCase) -> Ruling:
    """A manager may end what a case does, while it still counts."""
    if not (managed := may_manage(person, case.community)):
        return managed
    return yes() if case.is_counting() else no(gettext("This step does not count any more."))


def expiry_of(step: str, until: datetime | None, now: datetime | None = None) -> datetime | None:
    """When a step ends: notices after a year, a removal when the manager says, or never."""
    return until if step == Step.REMOVAL else (now or timezone.now()) + NOTICE_COUNTS_FOR


def removal_of(person: Person | None, community: Community) -> ConductCase | None:
    """The removal that keeps this person out now, a permanent one first."""
    if person is None:
        return None
    lasting = ConductCase.objects.filter(community=community, person=person).removals().counting()
    return (
        lasting.order_by("expires_at", "-at").filter(expires_at=None).first() or lasting.order_by("-expires_at").first()
    )


def is_not_barred(person: Person | None, community: Community) -> Ruling:
    """Who was removed for good cannot join again. Temporarily removed, they wait for a manager."""
    case = removal_of(person, community)
    if case is None or not case.is_permanent:
        return yes()
    return no(
        gettext(
            "A manager removed you from %(community)s because of its rules of conduct, so you cannot join "
            "again. To appeal, write to %(address)s."
        )
        % {"community": community, "address": community.command_address("request")}
    )


def was_removed_for_a_time(membership: Membership) -> bool:
    """Whether the removal that ended this membership was temporary, and is over."""
    if membership.state != State.REMOVED or removal_of(membership.person, membership.community):
        return False
    cases = ConductCase.objects.filter(community=membership.community, person=membership.person).removals()
    last = cases.order_by("-at").first()
    return bool(
        last and last.expires_at and membership.ended_at and last.at >= membership.ended_at - timedelta(minutes=5)
    )


def is_under_second_notice(membership: Membership) -> bool:
    cases = ConductCase.objects.filter(community=membership.community_id, person=membership.person_id)
    return cases.filter(step=Step.SECOND_NOTICE).counting().exists()
