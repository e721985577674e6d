"""Whom the policy of a community admits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities.models import Community, Invitation, Membership, Policy
from junto.kit.addresses import domain_of
from junto.kit.rulings import Ruling, no, yes
from junto.people import queries as people
from junto.people import rules as people_rules
from junto.people.models import FEDERAL_LEVELS, Address, Person
from junto.people.queries import Judgement


class Verdict(StrEnum):
    """What the policy of a community makes of an address."""

    ADMIT = "admit"
    WAIT = "wait"
    REFUSE = "refuse"


ADMIT, WAIT, REFUSE = Verdict.ADMIT, Verdict.WAIT, Verdict.REFUSE


@dataclass(frozen=True, slots=True)
class Standing:
    """How an address stands with a community, and why, in words for its owner."""

    verdict: Verdict
    reason: str

    @property
    def admits(self) -> bool:
        return self.verdict is ADMIT

    @property
    def waits(self) -> bool:
        return self.verdict is WAIT

    @property
    def refuses(self) -> bool:
        return self.verdict is REFUSE


def _is_federal(judgement: Judgement) -> bool:
    return judgement.is_government and judgement.level in FEDERAL_LEVELS


def _is_government(judgement: Judgement) -> bool:
    return judgement.is_government


def _is_government_or_contractor(judgement: Judgement) -> bool:
    return judgement.is_government or judgement.is_contractor


def _nobody(judgement: Judgement) -> bool:
    return False


def _anybody(judgement: Judgement) -> bool:
    return True


ELIGIBLE: dict[str, tuple[Callable[[Judgement], bool], str | Promise]] = {
    Policy.FEDERAL: (_is_federal, _("This community is for federal employees.")),
    Policy.GOVERNMENT: (_is_government, _("This community is for government employees of all levels.")),
    Policy.CONTRACTORS: (
        _is_government_or_contractor,
        _("This community is for government employees of all levels and their contractors."),
    ),
    Policy.INVITATION: (_nobody, _("This community is by invitation.")),
    Policy.OPEN: (_anybody, _("This community is open to anyone.")),
}


def eligibility(judgement: Judgement, community: Community, *, is_invited: bool = False) -> Standing:
    """Admit, wait or refuse. Only a block or a list's own address is refused; whom no rule knows waits for a manager."""
    if is_own_address(judgement.address):
        return Standing(
            REFUSE, gettext("That is an address of a mailing list here. A list cannot be a member of a list.")
        )
    if judgement.is_blocked:
        return Standing(
            REFUSE, gettext("This address may not join: %(reason)s.") % {"reason": judgement.reason.rstrip(".")}
        )
    if is_invited:
        return Standing(ADMIT, gettext("A manager of the community invited you."))
    admits, policy = ELIGIBLE[community.policy]
    if admits(judgement):
        return Standing(ADMIT, f"{policy} {judgement.reason}".strip())
    reason = judgement.reason.removesuffix(" A community manager decides.")
    if not reason:
        return Standing(WAIT, gettext("%(policy)s A manager decides.") % {"policy": policy})
    words = gettext("%(policy)s About %(address)s: %(reason)s A manager decides.")
    return Standing(WAIT, words % {"policy": policy, "address": judgement.address, "reason": reason})


def policies_that_admit(judgement: Judgement) -> frozenset[str]:
    """The policies under which the owner of an address joins at once; none for a blocked address."""
    if judgement.is_blocked or is_own_address(judgement.address):
        return frozenset()
    return frozenset(policy for policy, (admits, _words) in ELIGIBLE.items() if admits(judgement))


def may_move_memberships(by: Person, used: Iterable[Membership], old: Address, new: Address) -> Ruling:
    """May memberships get their mail at another address? Not where a community admits the old one and not the new."""
    if by.pk != old.person_id or by.pk != new.person_id:
        return no(gettext("You can move your own memberships only, and to your own addresses."))
    if not people_rules.may_prefer(new):
        return no(gettext("Confirm the new address first: mail can only go to an address that reaches you."))
    before, after = (policies_that_admit(one) for one in people.judge_many([old.email, new.email]))
    for membership in used:
        policy = membership.community.policy
        if policy in before and policy not in after:
            return no(
                gettext("%(community)s does not admit %(address)s. Choose another address, or leave it first.")
                % {"community": membership.community, "address": new.email}
            )
    return yes()


def may_be_invited(email: str, community: Community) -> Ruling:
    """Not twice within a day: the second letter would only be a nuisance."""
    since = timezone.now() - timedelta(days=1)
    if Invitation.objects.filter(community=community, email=email, used_at=None, invited_at__gt=since).exists():
        return no(gettext("%(email)s was invited less than a day ago, and got no second letter.") % {"email": email})
    return yes()


def is_own_address(email: str) -> bool:
    """True of every address at the domain of the lists: a list, its commands, an alias of a poster, a return path."""
    domain = domain_of(email)
    return domain == settings.LIST_DOMAIN or domain.endswith(f".{settings.LIST_DOMAIN}")
