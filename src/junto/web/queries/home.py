"""What the home page and "my communities" gather: communities, latest discussions, what waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from junto.communities import queries as communities
from junto.communities.models import Community, Membership, Readers, Role, State
from junto.communities.rules import zones_of
from junto.discussions import queries as discussions
from junto.discussions.models import HeldPost, Thread
from junto.discussions.queries.threads import ThreadRow
from junto.people.models import Person

NEW = timedelta(days=7)
SHOWN_COMMUNITIES = 6
SHOWN_THREADS = 6
_LONG_TEXTS = tuple(f"community__{column}" for column in communities.LONG_TEXTS)


@dataclass(frozen=True, slots=True)
class Placed:
    """A discussion with the name of its community."""

    row: ThreadRow
    community: Community


@dataclass(frozen=True, slots=True)
class Mine:
    """One of my communities: my membership, the signed link to its delivery, discussions active in the last week."""

    membership: Membership
    delivery_token: str
    active_threads: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that a moderator has to decide."""

    community: Community
    requests: int
    posts: int


def for_strangers() -> dict[str, Any]:
    """Communities with counts, and what was last said where anybody may read."""
    found = communities.directory()
    readable = Community.objects.visible().filter(readers=Readers.PUBLIC).values_list("pk", flat=True)
    return {
        "communities": found.communities[:SHOWN_COMMUNITIES],
        "total": found.total,
        "threads": latest_in(set(readable), None),
    }


def for_member(person: Person) -> dict[str, Any]:
    """My communities, what was last said in them, and what waits for me."""
    memberships = _of(person)
    active = [one for one in memberships if one.is_active()]
    return {
        "mine": _mine(active, person),
        "threads": latest_in({one.community_id for one in active}, person),
        "waiting": _waiting(active, person),
        "asked": [one for one in memberships if not one.is_active()],
    }


def _of(person: Person) -> list[Membership]:
    """The memberships of a person that are active or wait for a decision, by name of the community."""
    found = Membership.objects.filter(person=person, state__in=[State.ACTIVE, State.WAITING])
    return list(found.select_related("community", "address").defer(*_LONG_TEXTS).order_by("community__name"))


def _mine(active: Sequence[Membership], person: Person) -> list[Mine]:
    counts = _active_threads({one.community_id for one in active}, person)
    return [Mine(one, communities.membership_token(one), counts.get(one.community_id, 0)) for one in active]


def _waiting(active: Sequence[Membership], person: Person) -> list[Waiting]:
    """Requests to join and held posts in the communities that a person moderates, in their zones, where there are any."""
    moderated = {one.community_id: one.community for one in active if one.role in {Role.MANAGER, Role.MODERATOR}}
    if not moderated:
        return []
    requests = _counts(Membership.objects.waiting().filter(community__in=moderated))
    held = HeldPost.objects.waiting().for_moderators().within(zones_of(person))
    posts = _counts(held.filter(community__in=moderated))
    return [
        Waiting(community, requests.get(pk, 0), posts.get(pk, 0))
        for pk, community in moderated.items()
        if pk in requests or pk in posts
    ]


def latest_in(ids: Collection[int], person: Person | None, limit: int = SHOWN_THREADS) -> list[Placed]:
    """The discussions with the latest activity in some communities."""
    found = (
        Thread.objects.filter(community__in=ids)
        .within(zones_of(person))
        .listed()
        .select_related("community")
        .defer(*_LONG_TEXTS)
    )
    threads = found.order_by("-last_at", "-pk")[:limit]
    return [Placed(discussions.thread_rows(one.community, [one])[0], one.community) for one in threads]


def latest_rows(community: Community, person: Person | None) -> Sequence[ThreadRow]:
    """For a community's front page."""
    return discussions.thread_rows(community, discussions.latest_threads(community, person))


def _active_threads(ids: Collection[int], person: Person) -> dict[int, int]:
    threads = Thread.objects.filter(community__in=ids, last_at__gte=timezone.now() - NEW)
    return _counts(threads.within(zones_of(person)))


def _counts(rows: Any) -> dict[int, int]:
    return dict(rows.order_by().values_list("community").annotate(Count("pk")))
