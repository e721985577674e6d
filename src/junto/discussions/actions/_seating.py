"""Who sits at which hour of a list's digests: only those who come and go are written down.

A member is *seated* at an hour and is told what the hour has not yet told (`DigestHour.upto`). So:

- who leaves an hour for another takes along what they were told of (`digest_since`), and their next digest begins there;
- who comes from elsewhere (a new member, or one who got each message) gets what the hour tells next, which may begin
  a few hours before they came;
- who is away (paused, or their address stopped) stays seated, and finds no heap on their return;
- no digest reaches further back than FURTHEST_BACK before the day (or week) that it is for;
- an hour that nobody sat at is served only while it has just struck; after that it begins the next time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from junto.communities.models import Community
from junto.discussions import queries
from junto.discussions.models import DigestHour
from junto.discussions.queries import HourKey, Said, Sitting

FURTHEST_BACK = timedelta(days=7)
STILL_IN_TIME = timedelta(minutes=30)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Glance(NamedTuple):
    """What the clock saw of a community before it locked it: who sat where, while its hours were served up to then.

    Where another clock has served an hour meanwhile, the seats are read again. What a member changes at that moment
    counts the next time.
    """

    sittings: set[Sitting]
    served: frozenset[tuple[int, datetime]]


def served(hours: Iterable[DigestHour]) -> frozenset[tuple[int, datetime]]:
    """When each of these hours was served last."""
    return frozenset((hour.pk, hour.served_at) for hour in hours)


class Seating:
    """The seats of one community in one run, and how far its messages have settled.

    `upto` is the newest message that a digest may tell of; `begins` says, for each hour that was served, after which
    message what is new to those who sit there begins.
    """

    def __init__(self, community: Community, keys: Collection[HourKey], now: datetime, glance: Glance) -> None:
        self.community, self.now = community, now
        self.begins: dict[int, int] = {}
        hours = DigestHour.objects.filter(community=community)
        self._hours = {HourKey(h.cadence, h.hour, h.weekday, h.time_zone): h for h in hours}
        self._uptos = {hour.pk: hour.upto for hour in self._hours.values()}
        is_fresh = glance.served == served(self._hours.values())
        self._sittings = glance.sittings if is_fresh else queries.sittings(community)
        self._lowest = self._all_are_told(keys)
        self._said: list[Said] = queries.latest(community, above=self._lowest)
        self.upto = queries.newest_settled(self._said, now, otherwise=self._lowest)

    @property
    def groups(self) -> list[tuple[str, int | None, int]]:
        """The (form, beginning of their own, hour) of those who sit at the hours that were served."""
        found = {(s.form, s.since, s.seat) for s in self._sittings if s.seat in self.begins}
        return sorted(((form, since, seat) for form, since, seat in found if seat), key=str)

    def told_by(self, seat: int) -> int:
        """The newest message that an hour has told of."""
        return self._uptos.get(seat, self.upto)

    def serve(self, key: HourKey) -> None:
        """Seat everyone who wants this hour, and move it on to its last strike; nothing where that was served."""
        hour = self._hours.get(key) or DigestHour(community=self.community, **key._asdict(), upto=0, served_at=_NEVER)
        struck = hour.last_struck(self.now)
        if hour.served_at >= struck:
            return
        self._let_go(hour, key)
        is_in_use = any(sitting.seat == hour.pk for sitting in self._sittings) if hour.pk else False
        is_due = is_in_use or self.now - struck <= STILL_IN_TIME
        floor = self._told_before(struck - hour.period - FURTHEST_BACK)
        began = max(hour.upto, floor) if is_in_use else self._told_before(struck - hour.period if is_due else struck)
        hour.upto, hour.served_at = max(began, self.upto) if is_due else began, struck
        hour.save()
        self._take_in(hour, key, began=began, floor=floor, is_due=is_due)
        if is_due:
            self.begins[hour.pk] = began

    def _all_are_told(self, keys: Collection[HourKey]) -> int:
        """The message that all these hours told of, where all who want them sit there already; otherwise 0."""
        for sitting in self._sittings:
            key = sitting.wants(self.community.time_zone)
            hour = self._hours.get(key) if key else None
            if key in keys and (hour is None or hour.pk != sitting.seat):
                return 0
        return min((hour.upto for key, hour in self._hours.items() if key in keys), default=0)

    def _let_go(self, hour: DigestHour, key: HourKey) -> None:
        """Unseat who chose another hour, with what they were told of, and who wants no digest any more."""
        for sitting in [s for s in self._sittings if hour.pk and s.seat == hour.pk]:
            wanted = sitting.wants(self.community.time_zone)
            if wanted != key:
                self._move(sitting, seat=None, since=hour.upto if wanted else None)
            elif sitting.since is not None:
                self._move(sitting, seat=hour.pk, since=None)

    def _take_in(self, hour: DigestHour, key: HourKey, *, began: int, floor: int, is_due: bool) -> None:
        """Seat who wants this hour and sat elsewhere or nowhere; who was told of less or more than others keeps that.

        Where the hour is not due yet only those are seated who were told of nothing: what others keep is cleared when
        the hour strikes the next time, and they would not have been served by then.
        """
        wanting = [s for s in self._sittings if s.seat != hour.pk and s.wants(self.community.time_zone) == key]
        for sitting in wanting:
            told = self._uptos.get(sitting.seat) if sitting.seat else sitting.since
            if told is None:
                self._move(sitting, seat=hour.pk, since=None)
            elif is_due:
                own = max(told, floor)
                self._move(sitting, seat=hour.pk, since=None if own == began else own)

    def _move(self, sitting: Sitting, *, seat: int | None, since: int | None) -> None:
        queries.sitting_members(self.community, sitting).update(digest_seat=seat, digest_since=since)
        self._sittings.discard(sitting)
        self._sittings.add(sitting._replace(seat=seat, since=since))

    def _told_before(self, moment: datetime) -> int:
        return queries.told_before(self._said, moment, otherwise=self._lowest)
