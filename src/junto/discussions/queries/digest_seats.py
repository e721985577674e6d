"""Who sits at which hour, and who wants which: members are never looked at one by one, but by what they have in common."""

from __future__ import annotations

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
)


def sittings(community: Community) -> set[Sitting]:
    """Everyone who wants a digest or still sits at an hour, in one query."""
    concerned = Q(state=State.ACTIVE, delivery__in=CADENCES) | Q(digest_seat__isnull=False)
    rows = Membership.objects.filter(concerned, community=community).order_by().values_list(*_COLUMNS).distinct()
    return {Sitting(*row) for row in rows}


def sitting_members(community: Community, sitting: Sitting) -> QuerySet[Membership]:
    """The memberships of a sitting."""
    return Membership.objects.filter(community=community, **dict(zip(_COLUMNS, sitting, strict=True)))
