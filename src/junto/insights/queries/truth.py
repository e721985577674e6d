"""Counts the days of a community from the truth: memberships, messages, and what the mail engine still knows.

Everything is read in a few queries and counted in memory: some seconds for a hundred thousand messages. Known limits: a membership is
one row for life, so who left and came back counts from their last joining; what is dated before 1990, or after today, is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from junto.communities.models import Community, Membership, State
from junto.discussions.models import Message, PostType
from junto.insights.models import Day
from junto.insights.queries.delivery import Delivered, delivered_by_day
from junto.kit.clocks import zone_or_utc

EARLIEST = date(1990, 1, 1)
YEAR = 365
ENDED = frozenset({State.LEFT, State.REMOVED})
DELIVERY = ("accepted", "deferred", "refused", "returned")
MEASURES = (
    *("members", "joined", "left", "messages", "threads", "questions", "thread_waits", "question_waits"),
    *("first_writers", "writers", *DELIVERY),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message, as far as it counts. `who` is a person’s key, else the address or the name."""

    thread: int
    who: object
    person: int | None
    at: datetime
    date: date
    is_question: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """One discussion: when it began, and how long it waited for an answer by somebody else, in minutes."""

    date: date
    is_question: bool
    wait: int | None


def count_days(community: Community, *, until: date | None = None) -> list[Day]:
    """Every day from the first on which anything happened, unsaved, in order. Eight queries; empty where nothing did."""
    zone = zone_or_utc(community.time_zone)
    last = until or timezone.now().astimezone(zone).date()
    said = list(_said(community, zone, last))
    spans = dict(_spans(community, zone, last))
    delivered = delivered_by_day(community, zone)
    known = (
        [one.date for one in said]
        + [joined for joined, _ in spans.values()]
        + [day for day in delivered if day <= last]
    )
    if not known:
        return []
    calendar = _Calendar(community, min(known), last)
    calendar.note_members(spans)
    calendar.note_messages(said)
    calendar.note_writers(said, spans)
    calendar.note_delivery(delivered)
    return calendar.days


class _Calendar:
    """The days from the first to the last, without a gap."""

    def __init__(self, community: Community, first: date, last: date) -> None:
        self.first = first
        size = (last - first).days + 1
        self.days = [
            Day(community=community, date=first + timedelta(days=at), thread_waits=[], question_waits=[])
            for at in range(size)
        ]

    def at(self, day: date) -> int:
        return (day - self.first).days

    def note_members(self, spans: dict[int, tuple[date, date | None]]) -> None:
        for joined, ended in spans.values():
            self.days[self.at(joined)].joined += 1
            if ended is not None:
                self.days[self.at(ended)].left += 1
        members = 0
        for day in self.days:
            members += day.joined - day.left
            day.members = members

    def note_messages(self, said: Iterable[Said]) -> None:
        for one in said:
            self.days[self.at(one.date)].messages += 1
        for begun in _begun(said):
            day = self.days[self.at(begun.date)]
            day.threads += 1
            day.questions += begun.is_question
            if begun.wait is not None:
                day.thread_waits.append(begun.wait)
                if begun.is_question:
                    day.question_waits.append(begun.wait)

    def note_writers(self, said: Iterable[Said], spans: dict[int, tuple[date, date | None]]) -> None:
        """Who wrote for the first time, and on each day which members had written within a year."""
        written: dict[int, list[int]] = defaultdict(list)
        for one in said:
            if one.person is not None:
                written[one.person].append(self.at(one.date))
        change = [0] * (len(self.days) + 1)
        for person, days in written.items():
            days.sort()
            self.days[days[0]].first_writers += 1
            if person in spans:
                for begin, end in self._as_member(days, *spans[person]):
                    change[begin] += 1
                    change[end] -= 1
        for day, writers in zip(self.days, accumulate(change), strict=False):
            day.writers = writers

    def _as_member(self, days: Sequence[int], joined: date, ended: date | None) -> Iterator[tuple[int, int]]:
        """From which day on, and before which, somebody is a member and has written within a year."""
        low, high = self.at(joined), self.at(ended) if ended else len(self.days)
        begin, end = days[0], days[0] + YEAR
        for day in [*days[1:], None]:
            if day is not None and day <= end:
                end = day + YEAR
                continue
            if max(begin, low) < min(end, high):
                yield max(begin, low), min(end, high)
            if day is not None:
                begin, end = day, day + YEAR

    def note_delivery(self, delivered: dict[date, Delivered]) -> None:
        for date_, one in delivered.items():
            if 0 <= self.at(date_) < len(self.days):
                day = self.days[self.at(date_)]
                for name in DELIVERY:
                    setattr(day, name, getattr(one, name))


def _said(community: Community, zone: ZoneInfo, last: date) -> Iterator[Said]:
    """The messages of a community, thread by thread in their order."""
    rows = Message.objects.filter(community=community).order_by("thread", "sent_at", "pk")
    fields = ("thread_id", "author_id", "author_email", "author_name", "sent_at", "thread__kind")
    for thread, person, email, name, at, kind in rows.values_list(*fields).iterator(chunk_size=5_000):
        day = at.astimezone(zone).date()
        if EARLIEST <= day <= last:
            yield Said(thread, person or email.lower() or name, person, at, day, kind == PostType.QUESTION)


def _begun(said: Iterable[Said]) -> Iterator[Begun]:
    for _, group in groupby(said, key=lambda one: one.thread):
        first, *others = group
        answer = next((one for one in others if one.who != first.who), None)
        wait = int((answer.at - first.at).total_seconds() // 60) if answer else None
        yield Begun(first.date, first.is_question, wait)


def _spans(community: Community, zone: ZoneInfo, last: date) -> Iterator[tuple[int, tuple[date, date | None]]]:
    """From when to when each person was a member: the day of joining, and that of leaving where there is one."""
    rows: Any = Membership.objects.filter(community=community, joined_at__isnull=False)
    for person, state, joined_at, ended_at in rows.values_list("person_id", "state", "joined_at", "ended_at"):
        joined = max(joined_at.astimezone(zone).date(), EARLIEST)
        is_over = state in ENDED and ended_at is not None
        ended = max(ended_at.astimezone(zone).date(), joined) if is_over else None
        if joined <= last and (state == State.ACTIVE or is_over):
            yield person, (joined, ended if ended and ended <= last else None)
