"""Joining and leaving."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from junto.audit.actions import record
from junto.communities import letters, rules
from junto.communities.actions._rows import about, admit, hold_managers, locked, tell_of_joining
from junto.communities.actions.delivering import set_delivery
from junto.communities.models import Community, Delivery, Membership, Role, State
from junto.kit.rulings import Refused, no, require
from junto.mail import actions as mail
from junto.people import actions as people_actions
from junto.people import queries as people
from junto.people.models import Address, Person

_ENDED = {State.DECLINED, State.LEFT, State.REMOVED}


@transaction.atomic
def join(
    *,
    community: Community,
    person: Person,
    address: Address,
    name: str = "",
    accepts_guidelines: bool,
    came_by: str,
    delivery: str = Delivery.EACH,
    role: str = Role.MEMBER,
    tells: bool = True,
    by: Person | None,
) -> Membership:
    """Make somebody a member, or let them wait for a manager where no rule knows them.

    Joining twice, also at the same moment, gives one membership. `came_by` is web, mail, roster or invitation; a
    roster accepts no guidelines for others. `tells=False` sends no letters. Raises Refused with a sentence for people.
    """
    _may_join(community, person, address, accepts=accepts_guidelines, came_by=came_by)
    require(rules.is_not_barred(person, community))
    standing = _standing(community, person, address)
    if standing.refuses:
        raise Refused(no(standing.reason))
    membership, is_new = Membership.objects.select_for_update(of=("self",)).get_or_create(
        community=community, person=person, defaults=_first_values(address, delivery, came_by)
    )
    _forget(community)
    if not is_new and _stays_as_it_is(membership, standing):
        return membership
    standing = _after_removal(membership, standing, is_new=is_new)
    _name(person, name, by)
    _begin(membership, standing, address, delivery=delivery, accepts=accepts_guidelines, came_by=came_by)
    if standing.admits and role != Role.MEMBER:
        membership.role = role
        membership.save(update_fields=["role"])
    record(
        f"communities.member.{'joined' if standing.admits else 'waits'}",
        about=membership,
        by=by,
        reason=standing.reason,
    )
    if tells:
        tell_of_joining(membership)
    return membership


@transaction.atomic
def leave(*, membership: Membership, came_by: str = "web", tells: bool = True, by: Person | None) -> Membership:
    """End a membership at the member's own wish; `tells=False` where the caller tells them.

    Raises Refused for the only manager of a community, and for who is no member.
    """
    hold_managers(membership.community)
    membership = locked(membership)
    require(rules.may_leave(membership))
    _forget(membership.community)
    membership.state, membership.ended_at, membership.role = State.LEFT, timezone.now(), Role.MEMBER
    membership.save(update_fields=["state", "ended_at", "role"])
    record("communities.member.left", about=membership, by=by, came_by=came_by)
    if tells:
        mail.post(letters.left(membership), to=membership.address.email, about=about(membership))
    return membership


@transaction.atomic
def unsubscribe_at_once(*, membership: Membership, by: Person | None) -> Membership:
    """What a one-click POST asks for (RFC 8058): no more mail of this list, at once, whatever else holds.

    Who is no member any more is left alone. The only manager of a community stays its manager, without mail.
    """
    membership = locked(membership)
    if rules.may_leave(membership):
        return leave(membership=membership, came_by="one-click", by=by)
    if membership.is_active() and membership.delivery != Delivery.NONE:
        membership = set_delivery(membership=membership, delivery=Delivery.NONE, by=by)
        mail.post(letters.kept_as_manager(membership), to=membership.address.email, about=about(membership))
    return membership


def _may_join(community: Community, person: Person, address: Address, *, accepts: bool, came_by: str) -> None:
    if address.person_id != person.pk:
        raise Refused(no(gettext("That address belongs to somebody else.")))
    if came_by == "roster":
        return
    if community.retired_at or not rules.is_invited_at(address.email, community):
        require(rules.may_join(person, community))
    if community.guidelines and not accepts:
        raise Refused(no(gettext("To join %(community)s, accept its guidelines.") % {"community": community}))


def _standing(community: Community, person: Person, address: Address) -> rules.Standing:
    is_invited = rules.is_invited_at(address.email, community) or rules.is_invited(person, community)
    return rules.eligibility(people.judge(address.email), community, is_invited=is_invited)


def _first_values(address: Address, delivery: str, came_by: str) -> dict[str, object]:
    return {"address": address, "delivery": delivery, "came_by": came_by, "state": State.WAITING}


def _stays_as_it_is(membership: Membership, standing: rules.Standing) -> bool:
    """Whoever is in stays in, and whoever waits goes on waiting unless a rule knows them now."""
    return not (membership.state in _ENDED or (membership.state == State.WAITING and standing.admits))


def _after_removal(membership: Membership, standing: rules.Standing, *, is_new: bool) -> rules.Standing:
    if is_new or membership.state != State.REMOVED:
        return standing
    if rules.was_removed_for_a_time(membership):
        return standing
    if (case := rules.removal_of(membership.person, membership.community)) and case.expires_at:
        until = case.expires_at
        return rules.Standing(
            rules.WAIT,
            gettext("Removed because of the rules of conduct until %(day)s. A manager decides.")
            % {"day": rules.short_day(until)},
        )
    return rules.Standing(
        rules.WAIT, gettext("A manager ended your membership before, so a manager decides whether you can come back.")
    )


def _begin(
    membership: Membership, standing: rules.Standing, address: Address, *, delivery: str, accepts: bool, came_by: str
) -> None:
    membership.address, membership.delivery, membership.came_by = address, delivery, came_by
    membership.role, membership.asked_at = Role.MEMBER, timezone.now()
    membership.reason = "" if standing.admits else standing.reason
    membership.state, membership.decided_by, membership.decided_at = State.WAITING, None, None
    membership.decision_note = ""
    if accepts:
        membership.guidelines_accepted_at = timezone.now()
    membership.save()
    if standing.admits:
        admit(membership)


def _name(person: Person, name: str, by: Person | None) -> None:
    if name.strip() and not person.name and by == person:
        people_actions.rename(person=person, name=name, job_title=person.job_title, by=person)


def _forget(community: Community) -> None:
    community.__dict__.pop("known_memberships", None)
