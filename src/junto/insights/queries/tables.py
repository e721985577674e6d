"""The tables of a community’s insights. Each has its numbers as they are, for a download, and most have a chart of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from junto.insights.models import Tally
from junto.insights.queries.answers import Asked, hours, percent, quartiles, share_answered, waits_of
from junto.insights.queries.periods import Bucket, Period
from junto.people.models import Level
from junto.ui.charts import Bar, Chart, Series, bars, figure, line, tiles

Cell = str | int | float | None
MOST_BARS = 10
LONGEST_NAME = 36


@dataclass(frozen=True, slots=True)
class Table:
    """`name` stands in addresses and file names. `words` stand in place of a chart that would show nothing."""

    name: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    chart: Chart | None = None
    words: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing in it but zeros and blanks."""
        return not any(isinstance(cell, int | float) and cell for row in self.rows for cell in row[1:])


def members(buckets: Sequence[Bucket], period: Period) -> Table:
    values = [one.last.members for one in buckets]
    return _over_time("members", _("Members"), buckets, period, [(_("Members"), values)])


def joins(buckets: Sequence[Bucket], period: Period) -> Table:
    series = [
        (_("Joined"), [one.total("joined") for one in buckets]),
        (_("Left"), [one.total("left") for one in buckets]),
    ]
    return _over_time("joined-and-left", _("Joined and left"), buckets, period, series)


def messages(buckets: Sequence[Bucket], period: Period) -> Table:
    series = [
        (_("Messages"), [one.total("messages") for one in buckets]),
        (_("Discussions begun"), [one.total("threads") for one in buckets]),
        (_("Of these, questions"), [one.total("questions") for one in buckets]),
    ]
    return _over_time("messages", _("Messages and discussions"), buckets, period, series)


def first_answers(buckets: Sequence[Bucket], period: Period, asked: Asked) -> Table:
    found = [quartiles(waits_of(one.days, asked)) for one in buckets]
    names = (_("A quarter within"), _("Half within (median)"), _("Three quarters within"))
    series = [(name, [hours(one[at]) if one else None for one in found]) for at, name in enumerate(names)]
    return _over_time("first-answer", _("Hours to the first answer"), buckets, period, series, unit=_("Hours"))


def answered(buckets: Sequence[Bucket], period: Period, asked: Asked, today: date) -> Table:
    names = ((_("Within 2 days"), 2), (_("Within 7 days"), 7), (_("By now"), None))
    series = [
        (name, [share_answered(one.days, asked, today=today, within=within) for one in buckets])
        for name, within in names
    ]
    title = _("Questions answered, percent") if asked.are_questions else _("Discussions answered, percent")
    return _over_time("answered", title, buckets, period, series, unit=_("Percent"))


def first_messages(buckets: Sequence[Bucket], period: Period) -> Table:
    values = [one.total("first_writers") for one in buckets]
    return _over_time("first-messages", _("Wrote for the first time"), buckets, period, [(_("People"), values)])


def writers(buckets: Sequence[Bucket], period: Period) -> Table:
    values = [percent(one.last.writers, one.last.members) for one in buckets]
    title = _("Members who wrote in the last 12 months, percent")
    return _over_time("writers", title, buckets, period, [(_("Percent of members"), values)], unit=_("Percent"))


def visitors(buckets: Sequence[Bucket], period: Period) -> Table:
    values = [one.latest("visitors") for one in buckets]
    title = _("Members who used the site within 30 days")
    return _over_time("visitors", title, buckets, period, [(_("Members"), values)])


def delivery(buckets: Sequence[Bucket], period: Period) -> Table:
    """The chart leaves out the copies that went well: there are a thousand times as many."""
    named = {
        "deferred": _("Tried again"),
        "refused": _("Refused for good"),
        "returned": _("Came back later"),
        "accepted": _("Accepted"),
    }
    series = [(label, [one.total(name) for one in buckets]) for name, label in named.items()]
    whole = _over_time("delivery", _("Copies that met trouble"), buckets, period, series[:3])
    head = [whole.head[0], *named.values()]
    rows: list[list[Cell]] = [[one.label, *(values[at] for _, values in series)] for at, one in enumerate(buckets)]
    if not any(cell for row in rows for cell in row[1:4]):
        return replace(whole, head=head, rows=rows, chart=None, words=_all_went_well(sum(series[3][1])))
    chart = replace(whole.chart, head=head, rows=_told(rows)) if whole.chart else None
    return replace(whole, head=head, rows=rows, chart=chart)


def _all_went_well(copies: int) -> str:
    words = ngettext(
        "%(copies)s copy went out, and was taken at the first try.",
        "%(copies)s copies went out, and each was taken at the first try.",
        copies,
    )
    return words % {"copies": figure(copies)}


def agencies(tally: Tally) -> Table:
    rows = [Bar(shortened(name), count) for name, count in tally.agencies]
    head = [_("Agency"), _("Members")]
    chart = bars(
        title=_("Agencies with the most members"), rows=rows[:MOST_BARS], what=head[0], unit=head[1], name="agencies"
    )
    listed: list[list[Cell]] = [[name, count] for name, count in tally.agencies]
    return Table("agencies", chart.title, head, listed, replace(chart, rows=_told(listed)) if listed else None)


def levels(tally: Tally) -> Table:
    known = dict(Level.choices)
    rows: list[list[Cell]] = [
        [str(known.get(level) or _("Not known")), count, of_agencies] for level, count, of_agencies in tally.levels
    ]
    head = [_("Level of government"), _("Members"), _("Agencies")]
    drawn = [Bar(str(label), count) for label, count, _ in tally.levels and rows]  # type: ignore[arg-type]
    chart = bars(title=_("Members by level of government"), rows=drawn, what=head[0], unit=head[1], name="levels")
    return Table("levels", chart.title, head, rows, replace(chart, head=head, rows=_told(rows)) if rows else None)


def states(tally: Tally) -> Table:
    chart = tiles(title=_("Members by state or territory"), values=tally.states, unit=_("Members"), name="states")
    rows: list[list[Cell]] = [[code, count] for code, count in sorted(tally.states.items())]
    return Table("states", chart.title, [_("State or territory"), _("Members")], rows, chart if rows else None)


def shortened(name: str) -> str:
    """A name that fits above a bar on a phone; the table behind the chart has all of it."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _over_time(
    name: str,
    title: str,
    buckets: Sequence[Bucket],
    period: Period,
    series: Sequence[tuple[str, Sequence[Cell]]],
    *,
    unit: str = "",
) -> Table:
    labels, what = [one.label for one in buckets], _("Week from") if period.by_week else _("Month")
    lines = [Series(label, values) for label, values in series]  # type: ignore[arg-type]
    chart = line(title=title, labels=labels, series=lines, what=what, unit=unit, name=name) if buckets else None
    rows: list[list[Cell]] = [[label, *(values[at] for _, values in series)] for at, label in enumerate(labels)]
    return Table(name, title, [what, *(label for label, _ in series)], rows, chart)


def _told(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    return [[figure(cell) if isinstance(cell, int | float) else cell or "" for cell in row] for row in rows]
