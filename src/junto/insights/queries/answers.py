"""How long a question waits for its first answer, and how many get one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median, quantiles
from typing import Any

from django.utils.translation import ngettext

_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted: questions; in a community that asks none by that name, all discussions."""

    begun: str
    waits: str

    @property
    def are_questions(self) -> bool:
        return self.begun == "questions"


QUESTIONS, THREADS = Asked("questions", "question_waits"), Asked("threads", "thread_waits")


def asked_in(days: Iterable[Any]) -> Asked:
    return QUESTIONS if any(day.questions for day in days) else THREADS


def waits_of(days: Iterable[Any], asked: Asked) -> list[int]:
    """Minutes until the first answer by somebody else, of all that had one."""
    return [minutes for day in days for minutes in getattr(day, asked.waits)]


def quartiles(minutes: list[int]) -> tuple[float, float, float] | None:
    """A quarter, half and three quarters of these were answered within so many minutes; None where there is nothing."""
    if not minutes:
        return None
    if len(minutes) == 1:
        return minutes[0], minutes[0], minutes[0]
    low, _, high = quantiles(minutes, n=4, method="inclusive")
    return low, median(minutes), high


def share_answered(days: Iterable[Any], asked: Asked, *, today: date, within: int | None = None) -> float | None:
    """Percent of what was begun on these days that had an answer, ever or within so many days.

    What is younger than that many days may still be answered in time, and does not count. None where nothing counts.
    """
    old_enough = [day for day in days if within is None or day.date + timedelta(days=within) < today]
    begun = sum(getattr(day, asked.begun) for day in old_enough)
    if not begun:
        return None
    waits = waits_of(old_enough, asked)
    answered = len(waits) if within is None else sum(minutes <= within * _A_DAY for minutes in waits)
    return percent(answered, begun)


def percent(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def hours(minutes: float) -> float:
    return round(minutes / 60, 1)


def wait_in_words(minutes: float) -> str:
    """“40 minutes”, “5 hours”, “3 days”: the unit that a person would choose."""
    if minutes < 90:
        number = round(minutes)
        return ngettext("%(number)d minute", "%(number)d minutes", number) % {"number": number}
    if minutes < 2 * _A_DAY:
        number = round(minutes / 60)
        return ngettext("%(number)d hour", "%(number)d hours", number) % {"number": number}
    number = round(minutes / _A_DAY)
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}
