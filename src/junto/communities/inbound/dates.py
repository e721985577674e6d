"""Days as people write them in a command: 2026-12-24, 12/24, 24 December, Dec 24th, tomorrow, Monday, 2 weeks.

A day without a year is the next one with that name. A number pair is read as in the United States, month first,
unless the first number can be no month.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

MOST_WORDS = 4
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_UNITS = {"day": 1, "week": 7, "month": 30}
_LEADS = re.compile(r"^(until|till|til|to|through|thru|on|for|the|next|:|=)\b[\s:=]*", re.I)
_ORDINAL = re.compile(r"\b(\d{1,2})(st|nd|rd|th)\b")
_MONTH = r"([a-z]{3,9})"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_PAIR = re.compile(r"(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[\s-]*(?:of )?{_MONTH}(?:[\s-]*(\d{{4}}))?")
_MONTH_FIRST = re.compile(rf"{_MONTH}[\s-]*(\d{{1,2}})(?:[\s-]+(\d{{4}}))?")
_SPAN = re.compile(r"(\d{1,3}|[a-z]+) (day|week|month)s?")


def take_day(words: Sequence[str], today: date) -> tuple[date | None, int]:
    """The day that these words begin with, and how many of them it takes; (None, 0) where they begin with none."""
    for count in range(min(MOST_WORDS + 1, len(words)), 0, -1):
        if (day := read_day(" ".join(words[:count]), today)) is not None:
            return day, count
    return None, 0


def read_day(text: str, today: date) -> date | None:
    """The day that a text names, seen from `today`; None where it names none."""
    bare = _ORDINAL.sub(r"\1", " ".join(text.lower().replace(",", " ").split())).strip(" .;!?")
    while (rest := _LEADS.sub("", bare)) != bare:
        bare = rest
    for read in _WAYS:
        try:
            if (day := read(bare, today)) is not None:
                return day
        except (ValueError, OverflowError):
            continue
    return None


def _iso(text: str, today: date) -> date | None:
    found = _ISO.fullmatch(text)
    return date(int(found[1]), int(found[2]), int(found[3])) if found else None


def _pair(text: str, today: date) -> date | None:
    found = _PAIR.fullmatch(text)
    if found is None:
        return None
    month, day = int(found[1]), int(found[2])
    if month > 12 or ("." in text and day <= 12):
        month, day = day, month
    return _in_year(found[3], month, day, today)


def _day_first(text: str, today: date) -> date | None:
    found = _DAY_FIRST.fullmatch(text)
    return _in_year(found[3], _month(found[2]), int(found[1]), today) if found else None


def _month_first(text: str, today: date) -> date | None:
    found = _MONTH_FIRST.fullmatch(text)
    return _in_year(found[3], _month(found[1]), int(found[2]), today) if found else None


def _weekday(text: str, today: date) -> date | None:
    if text == "tomorrow":
        return today + timedelta(days=1)
    if text[:3] not in _DAYS or not text.isalpha() or (len(text) > 3 and not text.endswith("day")):
        return None
    ahead = (_DAYS.index(text[:3]) - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead)


def _span(text: str, today: date) -> date | None:
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    count = int(found[1]) if found[1].isdigit() else _NUMBERS.get(found[1], 0)
    return today + timedelta(days=count * _UNITS[found[2]]) if count else None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _in_year(year: str | None, month: int, day: int, today: date) -> date:
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = date(today.year, month, day)
    return this if this >= today else date(today.year + 1, month, day)


_WAYS: tuple[Callable[[str, date], date | None], ...] = (_iso, _pair, _day_first, _month_first, _weekday, _span)
