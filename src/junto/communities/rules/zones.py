"""How far a post may go inside a list: federal only, government of all levels, or everyone who may read.

A zone is about where somebody works, as the register tells it from their address. It holds wherever the post is shown:
delivery (`within_zone`), archive (`zones_of`), search (`labels_of`).
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from junto.communities.models import Community, Deed, Membership, Zone
from junto.kit.rulings import Ruling, no, yes
from junto.people import rules as people
from junto.people.models import FEDERAL_LEVELS, Address, Person

EVERY_ZONE = frozenset(Zone.values)


def within_zone(members: QuerySet[Membership], zone: str) -> QuerySet[Membership]:
    """Those members whose address a post of this zone may be sent to."""
    if zone == Zone.FEDERAL:
        return members.filter(address__level__in=FEDERAL_LEVELS)
    if zone == Zone.INTERGOVERNMENTAL:
        return members.exclude(address__level="")
    return members


def zones_of(person: Person | None) -> frozenset[str]:
    """The zones whose posts this person may read, by the addresses that they have proved within the last year."""
    if person is None or not person.is_active:
        return frozenset({Zone.PUBLIC})
    if people.may_run_site(person):
        return EVERY_ZONE
    known: frozenset[str] | None = getattr(person, "known_zones", None)
    if known is None:
        known = _zones_at(
            {address.level for address in people.addresses_of(person) if people.is_government_address(address)}
        )
        person.known_zones = known  # type: ignore[attr-defined]
    return known


def know_zones(person: Person, address: Address) -> None:
    """Spare `zones_of` its query where one address that is at hand opens every zone."""
    is_theirs = address.person_id == person.pk and people.is_government_address(address)
    if is_theirs and address.level in FEDERAL_LEVELS:
        person.known_zones = EVERY_ZONE  # type: ignore[attr-defined]


def _zones_at(levels: set[str]) -> frozenset[str]:
    if levels & FEDERAL_LEVELS:
        return EVERY_ZONE
    return frozenset({Zone.PUBLIC, Zone.INTERGOVERNMENTAL} if levels else {Zone.PUBLIC})


def label_of(community_id: int, zone: str) -> str:
    """The search label of what a community keeps in a zone."""
    return f"community:{community_id}" if zone == Zone.PUBLIC else f"community:{community_id}:{zone}"


def labels_of(person: Person | None, community_ids: set[int]) -> list[str]:
    """The search labels that open to a person, of communities whose discussions they may read."""
    zones = sorted(zones_of(person))
    return [label_of(pk, zone) for pk in sorted(community_ids) for zone in zones]


def is_zoned(community: Community) -> bool:
    return community.has_zones or community.default_zone != Zone.PUBLIC


def how_far(community: Community) -> dict[str, Any]:
    """How far posts go by what is set now, as plain values: zones, and the keys of the communities that get every post."""
    zones = Community.objects.filter(pk=community.pk).values("has_zones", "default_zone").get()
    return {**zones, "feeds": sorted(community.feeds.values_list("pk", flat=True))}


def may_take_reach_back(deed: Deed) -> Ruling:
    """May this change of how far posts go be undone? Not over a later one, which may have kept posts from more people."""
    if how_far(deed.community) != deed.before["after"]:
        return no(gettext("How far posts go was changed again since. Look at what holds now, and set it by hand."))
    return yes()
