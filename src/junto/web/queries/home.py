"""What the home page and "my communities" gather: communities, latest discussions, what waits."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, When
from django.utils import timezone

from junto.communities import queries as communities
from junto.communities.models import Community, Membership, Readers, Role, State
from junto.communities.rules import zones_of
from junto.discussions import queries as discussions
from junto.discussions.models import HeldPost, Thread, ThreadQuerySet
from junto.discussions.queries.threads import ThreadRow
from junto.events import queries as events
from junto.kit.prepared import Prepared
from junto.people.models import Person
from junto.people.queries import profile_of

FIRST_LOOK = timedelta(days=7)
QUESTIONS_SINCE = timedelta(days=180)
SHOWN_COMMUNITIES = 6
SHOWN_THREADS = 6
SHOWN_NEW = 10
SHOWN_QUESTIONS = 5
LOOKED_AT_QUESTIONS = 60
SHOWN_EVENTS = 4
_STEM = 5
_LONG_TEXTS = tuple(f"community__{column}" for column in communities.LONG_TEXTS)


@dataclass(frozen=True, slots=True)
class Placed:
    """A discussion with the name of its community."""

    row: ThreadRow
    community: Community
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Mine:
    """One of my communities: my membership, the signed link to its delivery, discussions with something new."""

    membership: Membership
    delivery_token: str
    new_threads: int = 0


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
        "events": events.next_public(limit=SHOWN_EVENTS),
    }


def for_member(person: Person) -> dict[str, Any]:
    """What is new in my communities since I was last here, questions that wait for somebody like me, and what waits for me."""
    memberships, since = _of(person), person.away_since() or timezone.now() - FIRST_LOOK
    active = [one for one in memberships if one.is_active()]
    ids = {one.community_id for one in active}
    zones, today = tuple(zones_of(person)), timezone.localdate()
    counts = dict(_NEW_IN.all(communities=tuple(ids), zones=zones, today=today, since=since))
    latest = latest_in(ids, person, limit=SHOWN_NEW if counts else SHOWN_THREADS)
    new = [one for one in latest if one.last_at > since]
    return {
        **_common(memberships, person),
        "mine": _mine(active, counts),
        "since": since,
        "new": new,
        "more_new": sum(counts.values()) - len(new),
        "threads": [] if new else latest,
        "questions": _questions(ids, person),
        "events": events.next_for(person, limit=SHOWN_EVENTS),
    }


def my_communities(person: Person) -> dict[str, Any]:
    """My memberships with how I get their mail, and what waits for me."""
    memberships = _of(person)
    return {**_common(memberships, person), "mine": _mine([one for one in memberships if one.is_active()], {})}


def _common(memberships: Sequence[Membership], person: Person) -> dict[str, Any]:
    return {
        "waiting": _waiting([one for one in memberships if one.is_active()], person),
        "asked": [one for one in memberships if not one.is_active()],
    }


def _of(person: Person) -> list[Membership]:
    """The memberships of a person that are active or wait for a decision, by name of the community."""
    return _MEMBERSHIPS.all(person=person.pk)


def _mine(active: Sequence[Membership], counts: dict[int, int]) -> list[Mine]:
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
    zones = tuple(zones_of(person))
    return _placed(_LATEST.all(communities=tuple(ids), zones=zones, today=timezone.localdate())[:limit])


def latest_rows(community: Community, person: Person | None) -> Sequence[ThreadRow]:
    """For a community's front page."""
    return discussions.thread_rows(community, discussions.latest_threads(community, person))


def _questions(ids: Collection[int], person: Person) -> list[Placed]:
    """Open questions of others in which I have not written: first those with a word of what I say that I can help with,
    then those without a reply, then the rest; in each the latest first."""
    latest = _OPEN_QUESTIONS.all(
        communities=tuple(ids),
        zones=tuple(zones_of(person)),
        today=timezone.localdate(),
        since=timezone.now() - QUESTIONS_SINCE,
        person=person.pk,
    )
    mine = _stems(profile_of(person).helps_with)
    return _placed(sorted(latest, key=lambda thread: _stems(thread.subject).isdisjoint(mine))[:SHOWN_QUESTIONS])


def _stems(words: str) -> set[str]:
    """Words of five letters or more, by their first five: “surveying” meets “survey”."""
    return {word[:_STEM] for word in re.findall(r"\w+", words.lower()) if len(word) >= _STEM}


def _heard(communities: Collection[int], zones: Collection[str], today: date) -> ThreadQuerySet:
    return Thread.objects.filter(community__in=communities).within(zones).listed(today)


def _open_questions(
    communities: Collection[int], zones: Collection[str], today: date, since: datetime, person: int
) -> ThreadQuerySet:
    open_ = _heard(communities, zones, today).open_questions().filter(started_at__gt=since)
    others = open_.exclude(messages__author=person).select_related("community").defer(*_LONG_TEXTS)
    return others.order_by(Case(When(message_count=1, then=0), default=1), "-started_at")[:LOOKED_AT_QUESTIONS]


_MEMBERSHIPS: Prepared[Membership] = Prepared(
    lambda person: (
        Membership.objects.filter(person=person, state__in=[State.ACTIVE, State.WAITING])
        .select_related("community", "address")
        .defer(*_LONG_TEXTS)
        .order_by("community__name")
    )
)
_NEW_IN: Prepared[tuple[int, int]] = Prepared(
    lambda communities, zones, today, since: (
        _heard(communities, zones, today)
        .filter(last_at__gt=since)
        .order_by()
        .values_list("community")
        .annotate(Count("pk"))
    )
)
_LATEST: Prepared[Thread] = Prepared(
    lambda communities, zones, today: (
        _heard(communities, zones, today)
        .select_related("community")
        .defer(*_LONG_TEXTS)
        .order_by("-last_at", "-pk")[:SHOWN_NEW]
    )
)
_OPEN_QUESTIONS: Prepared[Thread] = Prepared(_open_questions)


def _placed(threads: Iterable[Thread]) -> list[Placed]:
    return [Placed(discussions.thread_rows(one.community, [one])[0], one.community, one.last_at) for one in threads]


def _counts(rows: Any) -> dict[int, int]:
    return dict(rows.order_by().values_list("community").annotate(Count("pk")))
