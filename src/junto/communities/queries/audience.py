"""Whom a letter to a community goes to, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from junto.communities.models import Deed, Membership

_CHUNK = 2_000
_PORTION = 500


class EachMessage:
    """The audience of a post: members who want each message, streamed by key and never all in memory.

    `told` is {"community": id, "except_person": id or None}. A person is a member once, so nobody is told twice.
    """

    def bounds(self, told: dict[str, Any]) -> tuple[int, int, int]:
        """The lowest key, the highest key, and how many there are."""
        found = self._receiving(told).aggregate(low=Min("pk"), high=Max("pk"), count=Count("pk"))
        return found["low"] or 0, found["high"] or 0, found["count"]

    def read(self, told: dict[str, Any], after: int, upto: int) -> Iterator[tuple[int, str]]:
        """(key, address) of everyone with after < key <= upto, in order of the key."""
        rows = self._receiving(told).filter(pk__gt=after, pk__lte=upto).order_by("pk")
        return rows.values_list("pk", "address__email").iterator(chunk_size=_CHUNK)

    def _receiving(self, told: dict[str, Any]) -> QuerySet[Membership]:
        found = Membership.objects.filter(community_id=told["community"]).receiving_each_message()
        excepted = told.get("except_person")
        return found.exclude(person_id=excepted) if excepted else found


class Announced:
    """The audience of an announcement: every member whose address takes mail, however they get the list.

    `told` is {"community": id}. Left out are those who asked for no announcements, and who reported mail as spam.
    """

    def bounds(self, told: dict[str, Any]) -> tuple[int, int, int]:
        """The lowest key, the highest key, and how many there are."""
        found = announced_to(told["community"]).aggregate(low=Min("pk"), high=Max("pk"), count=Count("pk"))
        return found["low"] or 0, found["high"] or 0, found["count"]

    def read(self, told: dict[str, Any], after: int, upto: int) -> Iterator[tuple[int, str]]:
        """(key, address) of everyone with after < key <= upto, in order of the key."""
        rows = announced_to(told["community"]).filter(pk__gt=after, pk__lte=upto).order_by("pk")
        return rows.values_list("pk", "address__email").iterator(chunk_size=_CHUNK)


def announced_to(community: int) -> QuerySet[Membership]:
    """The memberships that an announcement goes to."""
    members = Membership.objects.filter(community_id=community).active()
    return members.filter(address__stopped_at=None, complained_at=None, wants_announcements=True)


class OfDeed:
    """The members whom a manager's deed was about, at addresses that take mail. `told` is {"community": id, "deed": id}."""

    def bounds(self, told: dict[str, Any]) -> tuple[int, int, int]:
        """The lowest key, the highest key, and how many there are."""
        keys = [key for key, _ in self.read(told, 0, 1 << 62)]
        return (keys[0], keys[-1], len(keys)) if keys else (0, 0, 0)

    def read(self, told: dict[str, Any], after: int, upto: int) -> Iterator[tuple[int, str]]:
        """(key, address) of everyone with after < key <= upto, in order of the key."""
        before = Deed.objects.filter(pk=told["deed"]).values_list("before", flat=True).first() or []
        keys = sorted(key for key, _ in before if after < key <= upto)
        for start in range(0, len(keys), _PORTION):
            rows = Membership.objects.filter(pk__in=keys[start : start + _PORTION], address__stopped_at=None).order_by(
                "pk"
            )
            yield from rows.values_list("pk", "address__email")
