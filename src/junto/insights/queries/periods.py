"""The spans of time that numbers are told for, and the weeks or months that they are cut into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.utils.dateformat import format as formatted
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

USUAL = "12"


@dataclass(frozen=True, slots=True)
class Period:
    """`months` counts back from today, this month among them; 0 means from the beginning."""

    key: str
    label: str | Promise
    months: int
    by_week: bool = False

    def since(self, today: date) -> date:
        """The first day of the period: a Monday where it is cut into weeks, else the first of a month."""
        if not self.months:
            return date.min
        if self.by_week:
            return monday_of(today) - timedelta(weeks=self.months * 13 // 3 - 1)
        month = today.year * 12 + today.month - self.months
        return date(month // 12, month % 12 + 1, 1)


PERIODS = {
    one.key: one
    for one in (
        Period("3", _("Last 3 months"), 3, by_week=True),
        Period("12", _("Last 12 months"), 12),
        Period("all", _("From the beginning"), 0),
    )
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """The days of one week or month. The last one of a period is seldom over."""

    label: str
    days: Sequence[Any]

    def total(self, measure: str) -> int:
        return sum(getattr(day, measure) for day in self.days)

    def latest(self, measure: str) -> Any:
        """What was counted last of something that is not counted every day; None where it never was."""
        return next((value for day in reversed(self.days) if (value := getattr(day, measure)) is not None), None)

    @property
    def last(self) -> Any:
        """Its last day, for what is told as it stood."""
        return self.days[-1]


def period_called(key: str) -> Period:
    """The period of that name; a year where no period has it."""
    return PERIODS.get(key, PERIODS[USUAL])


def cut(days: Iterable[Any], period: Period) -> list[Bucket]:
    """Days in order, in weeks or months."""
    start_of = monday_of if period.by_week else first_of_month
    return [
        Bucket(_label(start, period), list(group)) for start, group in groupby(days, lambda day: start_of(day.date))
    ]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def _label(start: date, period: Period) -> str:
    if period.by_week:
        return formatted(start, pgettext("format of the first day of a week, as Django’s date filter reads it", "M j"))
    return formatted(start, pgettext("format of a month, as Django’s date filter reads it", "M Y"))
