"""Calendars in the iCalendar format (RFC 5545, with the properties of RFC 7986), written as bytes.

The format asks for lines folded at 75 octets, text escaped, and the rules of every time zone that is named; the library
sees to that. Times stay in the zone of their event, so that a change of its law moves them as it moves the event.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

CONTENT_TYPE = "text/calendar; charset=utf-8"
ASK_AGAIN_AFTER = timedelta(hours=6)
_PRODUCT = "-//Junto//Communities of practice//EN"
_OF_A_MEETING: dict[str, Any] = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]}
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `url` is its page, `link` where one joins online (empty where the reader may not know it)."""

    uid: str
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    place: str
    url: str
    link: str
    category: str
    sequence: int
    is_cancelled: bool
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """Events under one name. `own_url` is where a program asks for it again; empty for a file that is loaded once."""

    name: str
    description: str
    url: str
    own_url: str
    entries: Sequence[Entry]


def render(calendar: Calendar) -> bytes:
    """The document. Characters that the format cannot hold are left out."""
    whole = icalendar.Calendar()
    whole.add("prodid", _PRODUCT)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    if calendar.own_url:
        _subscribable(whole, calendar)
    for entry in calendar.entries:
        whole.add_component(_event(entry))
    if calendar.entries:
        whole.add_missing_timezones(*_years(calendar.entries))
    content: bytes = whole.to_ical()
    return content


def _subscribable(whole: icalendar.Calendar, calendar: Calendar) -> None:
    """What a program that subscribes asks for; the X- properties say the same to those older than RFC 7986."""
    for name in ("name", "x-wr-calname"):
        whole.add(name, icalendar.vText(_text(calendar.name)))
    for name in ("description", "x-wr-caldesc"):
        whole.add(name, icalendar.vText(_text(calendar.description)))
    whole.add("url", calendar.url)
    whole.add("source", calendar.own_url, parameters={"VALUE": "URI"})
    whole.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", icalendar.vDuration(ASK_AGAIN_AFTER))


def _event(entry: Entry) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("created", entry.created_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.starts_at.astimezone(entry.zone))
    event.add("dtend", entry.ends_at.astimezone(entry.zone))
    event.add("summary", _text(entry.title))
    event.add("description", _text(entry.description))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("url", entry.url)
    event.add("categories", [_text(entry.category)])
    if entry.place:
        event.add("location", _text(entry.place))
    if entry.link:
        event.add("conference", entry.link, parameters=_OF_A_MEETING)
    return event


def _years(entries: Sequence[Entry]) -> tuple[date, date]:
    """From the year before the first event until the year after the last: the rules of a zone that matter to them."""
    first = min(entry.starts_at for entry in entries).year
    last = max(entry.ends_at for entry in entries).year
    return date(first - 1, 1, 1), date(last + 2, 1, 1)


def _text(text: str) -> str:
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
