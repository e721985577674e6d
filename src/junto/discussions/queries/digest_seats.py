"""Who sits at which hour, and who wants which: members are never looked at one by one, but by what they have in common.

All members of all lists are read once in a run of the clock, whatever it finds to do: that is what a digest costs beyond a post.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from django.db.models import Q, QuerySet

from junto.communities.models import Community, Membership, State
from junto.discussions.queries.digests import CADENCES, HourKey, hour_key, zone_name


class Sitting(NamedTuple):
    """Members who sit at one hour (or at none), were told up to one message, and want the same."""

    seat: int | None
    since: int | None
    state: str
    delivery: str
    hour: int
    weekday: int
    time_zone: str
    form: str

    def wants(self, of_list: str) -> HourKey | None:
        """The hour at which they want their digest; None where they want none."""
        if self.state != State.ACTIVE or self.delivery not in CADENCES:
            return None
        return hour_key(self.delivery, self.hour, self.weekday, zone_name(self.time_zone, of_list))


_COLUMNS = (
    "digest_seat",
    "digest_since",
    "state",
    "delivery",
    "digest_hour",
    "digest_weekday",
    "person__time_zone",
    "digest_form",
)


def all_sittings() -> dict[int, set[Sitting]]:
    """Everyone who wants a digest or still sits at an hour, by community, in one query."""
    found: dict[int, set[Sitting]] = defaultdict(set)
    for community, *row in _concerned().values_list("community", *_COLUMNS).distinct():
        found[community].add(Sitting(*row))
    return found


def sittings(community: Community) -> set[Sitting]:
    """Everyone in a community who wants a digest or still sits at an hour, in one query."""
    rows = _concerned().filter(community=community).values_list(*_COLUMNS).distinct()
    return {Sitting(*row) for row in rows}


def sitting_members(community: Community, sitting: Sitting) -> QuerySet[Membership]:
    """The memberships of a sitting."""
    return Membership.objects.filter(community=community, **dict(zip(_COLUMNS, sitting, strict=True)))


def _concerned() -> QuerySet[Membership]:
    wants = Q(state=State.ACTIVE, delivery__in=CADENCES)
    return Membership.objects.filter(wants | Q(digest_seat__isnull=False)).order_by()
