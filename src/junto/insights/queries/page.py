"""The insights of one community: headline numbers and parts, in five queries however old and large it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from junto.communities import rules as communities
from junto.communities.models import Community
from junto.insights.models import Day, Tally
from junto.insights.queries.answers import asked_in, quartiles, share_answered, wait_in_words, waits_of
from junto.insights.queries.parts import Part, parts_of
from junto.insights.queries.periods import Period
from junto.insights.queries.tables import Cell, Table
from junto.insights.queries.useful import Useful, most_useful
from junto.kit.clocks import zone_or_utc
from junto.kit.sheets import to_csv, to_zip
from junto.people.models import Person
from junto.ui.charts import figure

MOST_USEFUL = 10
READ_OF_A_DAY = (
    "date", "members", "joined", "left", "messages", "threads", "questions", "thread_waits", "question_waits",
    "first_writers", "writers", "visitors", "accepted", "deferred", "refused", "returned",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Insights:
    """Everything on the page. Without a tally the community was never counted, and all else is empty."""

    period: Period
    tally: Tally | None
    headline: Sequence[tuple[str, str]]
    parts: Sequence[Part]
    useful: Sequence[Useful]

    def tables(self) -> Iterator[Table]:
        for part in self.parts:
            yield from part.tables
        yield self._useful_table()

    def table(self, name: str) -> Table | None:
        return next((one for one in self.tables() if one.name == name), None)

    def _useful_table(self) -> Table:
        head = [_("Discussion"), _("Subject"), _("Marks “also useful”"), _("People"), _("Messages"), _("Has an answer")]
        rows: list[list[Cell]] = [
            [
                one.thread.number,
                one.subject,
                one.thread.useful_count,
                one.people,
                one.thread.message_count,
                _("yes") if one.thread.answered_at else "",
            ]
            for one in self.useful
        ]
        return Table("discussions", _("Most useful discussions"), head, rows)


def insights_of(community: Community, period: Period, person: Person | None) -> Insights:
    """What the page shows. Four queries, and one for the zones of the reader."""
    tally = Tally.objects.filter(community=community).first()
    if tally is None:
        return Insights(period, None, [], [], [])
    today = today_of(community)
    days = days_of(community, period, today)
    since = period.since(today)
    useful = most_useful(community, since=since, zones=communities.zones_of(person), limit=MOST_USEFUL)
    return Insights(period, tally, headline_of(days, tally, today), parts_of(days, tally, period, today), useful)


def today_of(community: Community) -> date:
    """The day that it is in the time zone of the community."""
    return timezone.now().astimezone(zone_or_utc(community.time_zone)).date()


def days_of(community: Community, period: Period, today: date) -> list[Any]:
    """The days of a period, in order, as tuples that know their fields by name. One query."""
    found = Day.objects.filter(community=community).between(period.since(today), today).order_by("date")
    return list(found.values_list(*READ_OF_A_DAY, named=True))


def headline_of(days: Sequence[Any], tally: Tally, today: date) -> list[tuple[str, str]]:
    """Six numbers with a few words each; what cannot be told is left out."""
    if not days:
        return []
    asked = asked_in(days)
    half, share = quartiles(waits_of(days, asked)), share_answered(days, asked, today=today, within=7)
    found = [
        (figure(days[-1].members), _("members")),
        (f"+{figure(sum(day.joined for day in days))}", _("joined")),
        (figure(tally.agency_count), _("agencies")),
        (figure(sum(day.messages for day in days)), _("messages")),
        (
            _("%(number)s%%") % {"number": figure(round(share))} if share is not None else "",
            _answered_words(asked.are_questions),
        ),
        (wait_in_words(half[1]) if half else "", _("to the first answer (median)")),
    ]
    return [one for one in found if one[0]]


def as_csv(table: Table) -> bytes:
    return to_csv(table.head, table.rows)


def as_zip(insights: Insights) -> bytes:
    """Every table as a CSV file of its own."""
    return to_zip({f"{one.name}.csv": as_csv(one) for one in insights.tables()})


def _answered_words(are_questions: bool) -> str:
    return _("of questions answered in 7 days") if are_questions else _("of discussions answered in 7 days")
