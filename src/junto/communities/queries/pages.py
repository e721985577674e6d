"""What the pages of a community show: counts, members, the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from junto.communities import rules
from junto.communities.models import (
    Community,
    Membership,
    Role,
    State,
)
from junto.communities.queries.counting import reach
from junto.communities.queries.finding import membership_of, membership_token
from junto.communities.queries.parts import just_removed, removed_parts
from junto.communities.queries.pictures import band_of
from junto.people import queries as people
from junto.people.models import Person


def front_page(community: Community, person: Person | None, *, undo: str = "") -> dict[str, Any]:
    """Everything that a community's page says but its discussions; `web` adds those and composes the page.

    `undo` names the part that a manager took off just now (“section-3”).
    """
    membership = membership_of(person, community)
    is_member = membership is not None and membership.is_active()
    return {
        "community": community,
        "person": person,
        "membership": membership,
        "is_member": is_member,
        "is_waiting": membership is not None and membership.state == State.WAITING,
        "delivery_token": membership_token(membership) if membership and is_member else "",
        "standing": standing_of(person, community) if person and not is_member else None,
        "policy": str(rules.ELIGIBLE[community.policy][1]),
        "join_address": community.command_address("subscribe-request"),
        "contact": community.contact or community.command_address("request"),
        "may_join": rules.may_join(person, community),
        "may_manage": rules.may_manage(person, community),
        "may_moderate": rules.may_moderate(person, community),
        "may_read": rules.may_read(person, community),
        "may_see_members": rules.may_see_members(person, community),
        "reach": reach(community),
        "managers": managers(community),
        "topics": list(community.topics.order_by("title")),
        "band": band_of(community),
        **_parts(community, is_manager=bool(rules.may_manage(person, community)), undo=undo),
    }


def _parts(community: Community, *, is_manager: bool, undo: str) -> dict[str, Any]:
    """Sections, pages and resources; for a manager what was taken off, too."""
    return {
        "sections": list(community.sections.shown().order_by("position", "pk")),
        "resources": list(community.resource_links.shown().order_by("position", "pk")),
        "pages": list(community.pages.shown().order_by("position", "title").only("slug", "title", "community_id")),
        "removed": removed_parts(community) if is_manager else [],
        "just_removed": just_removed(community, undo) if is_manager and undo else None,
    }


def standing_of(person: Person, community: Community) -> rules.Standing:
    """How the person's first address stands with the community's policy."""
    judgement = people.judge(person.email)
    return rules.eligibility(judgement, community, is_invited=rules.is_invited(person, community))


def managers(community: Community) -> list[Person]:
    """The people who manage a community, by name."""
    managing = Membership.objects.filter(community=community).managing().select_related("person__agency")
    return sorted((one.person for one in managing), key=lambda person: person.display_name.lower())


def manages_something(person: Person) -> bool:
    """Does this person manage any community?"""
    return Membership.objects.filter(person=person).managing().exists()


def manager_addresses(community: Community) -> list[str]:
    """Where letters to the managers go; where a community has none, to whoever runs the site."""
    managing = Membership.objects.filter(community=community).managing()
    emails = list(managing.filter(address__stopped_at=None).order_by("pk").values_list("address__email", flat=True))
    if emails:
        return emails
    return staff_addresses()


def staff_addresses() -> list[str]:
    """Where letters to whoever runs the site go: its contact address, and its staff."""
    staff = Person.objects.filter(is_staff=True, is_active=True)
    emails = list(staff.order_by("pk").values_list("email", flat=True)[:10])
    return list(dict.fromkeys([*emails, settings.CONTACT])) if "@" in settings.CONTACT else emails


def proved_addresses(membership: Membership) -> list[str]:
    """The address of a membership, and the others that its owner has proved and that still take mail."""
    others = membership.person.addresses.filter(stopped_at=None).exclude(proved_at=None).order_by("pk")
    return list(dict.fromkeys([membership.address.email, *others.values_list("email", flat=True)]))


def has_had_notices(community: Community, *, limit: int) -> bool:
    """Have the managers had their day’s share of letters about notices?"""
    since = timezone.now() - timedelta(days=1)
    return community.notices.filter(first_at__gt=since).count() > limit


@dataclass(frozen=True, slots=True)
class Review:
    """The first members of a list by name, how many there are in all, and how many of those are not named."""

    members: list[Membership]
    total: int
    concealed: int
    is_cut: bool


def review(community: Community, *, with_concealed: bool, limit: int) -> Review:
    """What the REVIEW command tells, in three queries. Managers are told who is concealed (`with_concealed`)."""
    everybody = Membership.objects.filter(community=community).active()
    named = everybody if with_concealed else everybody.named()
    rows = list(named.select_related("person__agency", "address").order_by("person__name", "pk")[: limit + 1])
    concealed = everybody.filter(is_concealed=True).count()
    return Review(rows[:limit], everybody.count(), concealed, is_cut=len(rows) > limit)


ROLE_WORDS: dict[str, str | Promise] = {
    Role.MEMBER: _("member"),
    Role.MODERATOR: _("moderator"),
    Role.MANAGER: _("manager"),
}
