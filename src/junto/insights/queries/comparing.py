"""Communities side by side, by the same measures over the last twelve months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from junto.communities.models import Community, Membership
from junto.communities.queries import LONG_TEXTS
from junto.insights.models import Day, DayQuerySet
from junto.insights.queries.answers import asked_in, hours, percent, quartiles, share_answered, waits_of
from junto.insights.queries.sponsor import YEAR
from junto.insights.queries.tables import shortened
from junto.people import rules as people
from junto.people.models import Person
from junto.ui.charts import Bar, Chart, bars

MOST_COMPARED = 200
MOST_BARS = 12
SUMMED = ("joined", "left", "messages", "threads", "first_writers", "accepted", "refused")
USUAL_SORT = "-members"


class _Asked(NamedTuple):
    date: date
    threads: int
    questions: int
    thread_waits: list[int]
    question_waits: list[int]


@dataclass(frozen=True, slots=True)
class Compared:
    """One community. None where nothing can be told."""

    name: str
    slug: str
    members: int
    joined: int
    left: int
    messages: int
    threads: int
    answered: float | None
    first_answer: float | None
    first_writers: int
    writers: float | None
    refused: float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its measure, its heading, where a click on it leads, and how the rows are sorted by it now."""

    measure: str
    label: str
    href: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Comparison:
    columns: Sequence[Column]
    rows: Sequence[Compared]
    charts: Sequence[Chart]

    def cells(self) -> list[list[Any]]:
        return [[getattr(row, column.measure) for column in self.columns] for row in self.rows]

    def table(self) -> list[tuple[Compared, list[Any]]]:
        """Rows with their cells behind the name."""
        return [(row, cells[1:]) for row, cells in zip(self.rows, self.cells(), strict=True)]


def comparison(person: Person, *, sort: str = "") -> Comparison:
    """The communities that somebody manages, or all for whoever runs the site. Five queries however many there are."""
    labels = _labels()
    measure, is_falling = sort.lstrip("-"), sort.startswith("-")
    if measure not in labels:
        measure, is_falling = USUAL_SORT[1:], True
    rows = _sorted(_compared(person), measure, is_falling)
    columns = [_column(name, label, measure, is_falling) for name, label in labels.items()]
    return Comparison(columns, rows, list(_charts(rows)))


def _labels() -> dict[str, str]:
    return {
        "name": _("Community"),
        "members": _("Members"),
        "joined": _("Joined"),
        "left": _("Left"),
        "messages": _("Messages"),
        "threads": _("Discussions"),
        "answered": _("Answered in 7 days, percent"),
        "first_answer": _("Median hours to the first answer"),
        "first_writers": _("Wrote for the first time"),
        "writers": _("Members who wrote, percent"),
        "refused": _("Copies refused, percent"),
    }


def _column(name: str, label: str, measure: str, is_falling: bool) -> Column:
    """A second click turns the order around; names begin with A, numbers with the largest."""
    is_current = name == measure
    falls_next = not is_falling if is_current else name != "name"
    state = ("descending" if is_falling else "ascending") if is_current else ""
    return Column(name, label, f"?sort={'-' if falls_next else ''}{name}", state)


def _sorted(rows: Iterable[Compared], measure: str, is_falling: bool) -> list[Compared]:
    """In order of a measure, then by name; what cannot be told comes last either way."""
    named = sorted(rows, key=lambda row: row.name.casefold())
    if measure == "name":
        return named[::-1] if is_falling else named
    known = [row for row in named if getattr(row, measure) is not None]
    known.sort(key=lambda row: getattr(row, measure), reverse=is_falling)
    return known + [row for row in named if getattr(row, measure) is None]


def _compared(person: Person) -> list[Compared]:
    found = list(_communities_of(person).only("pk", "name", "slug").order_by("name", "pk")[:MOST_COMPARED])
    today = timezone.localdate()
    days = Day.objects.filter(community__in=found).between(YEAR.since(today), today)
    sums, lasts = _sums_of(days), _lasts_of(days)
    asked: dict[int, list[_Asked]] = defaultdict(list)
    for pk, *told in days.filter(threads__gt=0).values_list("community_id", *_Asked._fields):
        asked[pk].append(_Asked(*told))
    return [_one(one, sums.get(one.pk), lasts.get(one.pk), asked[one.pk], today) for one in found]


def _sums_of(days: DayQuerySet) -> dict[int, dict[str, Any]]:
    rows: Any = days.values("community_id").annotate(**{f"{name}_sum": Sum(name) for name in SUMMED})
    return {row["community_id"]: row for row in rows.order_by()}


def _lasts_of(days: DayQuerySet) -> dict[int, Day]:
    """The last day of each community: they may differ, by time zone and by when each was counted."""
    newest = days.values("community").annotate(last=Max("date")).values("last").distinct()
    found = days.filter(date__in=newest.order_by()).only("community_id", "date", "members", "writers")
    return {one.community_id: one for one in found.order_by("date")}


def _communities_of(person: Person) -> Any:
    if people.may_run_site(person):
        return Community.objects.filter(retired_at=None)
    mine = Membership.objects.filter(person=person).managing().values("community")
    return Community.objects.filter(pk__in=mine).defer(*LONG_TEXTS)


def _one(
    community: Community, row: dict[str, Any] | None, last: Day | None, days: list[_Asked], today: date
) -> Compared:
    sums = {name: (row[f"{name}_sum"] if row else 0) for name in SUMMED}
    kind = asked_in(days)
    half = quartiles(waits_of(days, kind))
    return Compared(
        name=community.name,
        slug=community.slug,
        members=last.members if last else 0,
        writers=percent(last.writers, last.members) if last else None,
        answered=share_answered(days, kind, today=today, within=7),
        first_answer=hours(half[1]) if half else None,
        refused=percent(sums["refused"], sums["accepted"] + sums["refused"]),
        **{name: value for name, value in sums.items() if name not in {"accepted", "refused"}},
    )


def _charts(rows: Sequence[Compared]) -> Iterable[Chart]:
    """The same communities in the same order in each, so that eyes need not search."""
    titles = {
        "members": _("Members"),
        "messages": _("Messages"),
        "answered": _("Answered in 7 days, percent"),
        "first_answer": _("Median hours to the first answer"),
    }
    for measure, title in titles.items():
        drawn = [
            Bar(shortened(row.name), getattr(row, measure))
            for row in rows[:MOST_BARS]
            if getattr(row, measure) is not None
        ]
        if any(one.value for one in drawn):
            yield bars(title=title, rows=drawn, what=_("Community"), unit=title, name=f"compared-{measure}")
