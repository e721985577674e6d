"""Whom a post goes to: who wants each message and did not mute the thread, and who follows it; streamed by key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from junto.communities.models import Delivery, Membership, Zone
from junto.communities.rules import within_zone
from junto.discussions.models import ThreadChoice

_CHUNK = 2_000


class PostReaders:
    """The audience of a post. Never all in memory; a person is a member once, so nobody is told twice.

    `told` is {"community": id, "except_person": id or None, "thread": id, "zone": Zone, "elsewhere":
    [[community, thread, zone]]}: whoever gets the same letter through a thread named under `elsewhere` does not get it
    again. Whom that thread's zone leaves out, or who muted it there, does.
    """

    def bounds(self, told: dict[str, Any]) -> tuple[int, int, int]:
        """The lowest key, the highest key, and how many there are."""
        found = receiving(told).aggregate(low=Min("pk"), high=Max("pk"), count=Count("pk"))
        return found["low"] or 0, found["high"] or 0, found["count"]

    def read(self, told: dict[str, Any], after: int, upto: int) -> Iterator[tuple[int, str]]:
        """(key, address) of everyone with after < key <= upto, in order of the key."""
        rows = receiving(told).filter(pk__gt=after, pk__lte=upto).order_by("pk")
        return rows.values_list("pk", "address__email").iterator(chunk_size=_CHUNK)


def receiving(told: dict[str, Any]) -> QuerySet[Membership]:
    """The memberships that a post goes to."""
    found = _of(told["community"], told.get("thread"), told.get("zone", Zone.PUBLIC))
    if excepted := told.get("except_person"):
        found = found.exclude(person_id=excepted)
    for other in told.get("elsewhere", ()):
        found = found.exclude(person__in=_of(*other).values("person"))
    return found


def _of(community: int, thread: int | None, zone: str) -> QuerySet[Membership]:
    reachable = Membership.objects.filter(community_id=community).reachable()
    members = within_zone(reachable, zone)
    choices = ThreadChoice.objects.filter(thread=thread, membership__community=community)
    if not thread or not choices.exists():
        return members.filter(delivery=Delivery.EACH)
    muted = choices.filter(wish=ThreadChoice.Wish.MUTE).values("membership")
    followed = choices.filter(wish=ThreadChoice.Wish.FOLLOW).values("membership")
    return members.filter(Q(delivery=Delivery.EACH) | Q(pk__in=followed)).exclude(pk__in=muted)
