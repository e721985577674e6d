"""Whom an issue of a digest goes to, streamed by key as the readers of a post are."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from junto.communities.models import Membership, Zone
from junto.communities.rules import within_zone
from junto.discussions.models import ThreadChoice
from junto.people.models import FEDERAL_LEVELS

_CHUNK = 2_000
_NAMED_AT_ONCE = 500

Seat = tuple[int, int | None]
"""The hour at which members sit, and the message that they were told up to where that is their own."""


class DigestReaders:
    """The audience of a digest. Never all in memory; a member sits at one hour, so nobody is told twice.

    `told` is {"community": id, "form": DigestForm, "seats": [[hour, since or null]], "within": Zone or "", "beyond":
    Zone or "", "muted": [thread ids], "at": when}, where who muted one of these threads before `at` gets a variant of
    their own; or, for such a variant, {"community": id, "members": [membership ids in order]}.
    """

    def bounds(self, told: dict[str, Any]) -> tuple[int, int, int]:
        """The lowest key, the highest key, and how many there are."""
        if named := told.get("members"):
            return named[0], named[-1], len(named)
        found = seated(told).aggregate(low=Min("pk"), high=Max("pk"), count=Count("pk"))
        return found["low"] or 0, found["high"] or 0, found["count"]

    def read(self, told: dict[str, Any], after: int, upto: int) -> Iterator[tuple[int, str]]:
        """(key, address) of everyone with after < key <= upto, in order of the key."""
        if named := told.get("members"):
            yield from _named(told["community"], named[bisect_right(named, after) : bisect_right(named, upto)])
            return
        rows = seated(told).filter(pk__gt=after, pk__lte=upto).order_by("pk")
        yield from rows.values_list("pk", "address__email").iterator(chunk_size=_CHUNK)


def seated(told: dict[str, Any]) -> QuerySet[Membership]:
    """The memberships that an issue goes to, but for those whom a variant names."""
    hours_of: dict[int | None, list[int]] = defaultdict(list)
    for hour, since in told["seats"]:
        hours_of[since].append(hour)
    seats = Q()
    for since, hours in hours_of.items():
        seats |= Q(digest_seat__in=hours, digest_since=since)
    members: QuerySet[Membership]
    members = Membership.objects.filter(seats, community=told["community"], digest_form=told["form"]).reachable()
    if told.get("delivery"):
        members = members.filter(delivery=told["delivery"])
    members = in_sight(members, told["within"], told["beyond"])
    if not told["muted"]:
        return members
    muting = ThreadChoice.objects.filter(thread__in=told["muted"], wish=ThreadChoice.Wish.MUTE)
    return members.exclude(pk__in=muting.filter(chosen_at__lte=datetime.fromisoformat(told["at"])).values("membership"))


def in_sight(members: QuerySet[Membership], within: str, beyond: str) -> QuerySet[Membership]:
    """Those who belong to one zone and not to a narrower one."""
    members = within_zone(members, within)
    if beyond == Zone.FEDERAL:
        return members.exclude(address__level__in=FEDERAL_LEVELS)
    return members.filter(address__level="") if beyond else members


def muting(told: dict[str, Any], threads: Collection[int]) -> dict[frozenset[int], list[int]]:
    """Of those whom `told` selects, who muted which of these threads: membership ids in order, by set of threads."""
    choices = ThreadChoice.objects.filter(
        thread__in=threads, wish=ThreadChoice.Wish.MUTE, chosen_at__lte=datetime.fromisoformat(told["at"])
    )
    of_member: dict[int, set[int]] = defaultdict(set)
    rows = choices.filter(membership__in=seated({**told, "muted": []}))
    for member, thread in rows.values_list("membership", "thread"):
        of_member[member].add(thread)
    found: dict[frozenset[int], list[int]] = defaultdict(list)
    for member in sorted(of_member):
        found[frozenset(of_member[member])].append(member)
    return found


def members_told(told: dict[str, Any]) -> list[int]:
    """The memberships that an issue goes to, by their ids in order."""
    return list(seated(told).order_by("pk").values_list("pk", flat=True))


def reaches_somebody(told: dict[str, Any]) -> bool:
    return bool(told.get("members")) or seated(told).exists()


def muted_threads(community: int, threads: Collection[int]) -> list[int]:
    """Those of these threads that some member muted."""
    choices = ThreadChoice.objects.filter(thread__in=threads, wish=ThreadChoice.Wish.MUTE)
    return sorted(choices.filter(membership__community=community).values_list("thread", flat=True).distinct())


def _named(community: int, members: list[int]) -> Iterator[tuple[int, str]]:
    for start in range(0, len(members), _NAMED_AT_ONCE):
        rows = Membership.objects.filter(community=community, pk__in=members[start : start + _NAMED_AT_ONCE])
        yield from rows.reachable().order_by("pk").values_list("pk", "address__email")
