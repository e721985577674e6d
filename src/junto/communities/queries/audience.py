"""Whom a letter to a community goes to, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from junto.communities.models import (
    Membership,
)

_CHUNK = 2_000


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
