"""The time of an event as its reader understands it: “2:00 p.m. Eastern (11:00 a.m. your time)”."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from junto.events.models import Event
from junto.kit.clocks import zone_called, zone_in_words
from junto.people.queries import visitor

register = template.Library()


@register.inclusion_tag("events/_when.html", takes_context=True)
def when(context: dict[str, Any], event: Event) -> dict[str, Any]:
    """Day, times and zone of an event; where the reader's clock shows something else, that as well. No query."""
    zone = event.zone
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    is_one_day = starts.date() == ends.date()
    return {
        "starts": _("%(day)s, %(time)s") % {"day": _day(starts), "time": _time(starts)},
        "starts_iso": starts.isoformat(timespec="minutes"),
        "ends": _time(ends) if is_one_day else _("%(day)s, %(time)s") % {"day": _day(ends), "time": _time(ends)},
        "ends_iso": ends.isoformat(timespec="minutes"),
        "zone": zone_in_words(event.time_zone),
        "yours": _in_zone_of(_reader(context), starts),
    }


@register.inclusion_tag("events/_leaf.html")
def leaf(event: Event) -> dict[str, Any]:
    """The day on which an event starts, as a leaf of a calendar. For the eye only: `when` says the same."""
    starts = event.starts_at.astimezone(event.zone)
    return {"month": formatted(starts, "M"), "day": starts.day}


def _reader(context: dict[str, Any]) -> ZoneInfo | None:
    request = context.get("request")
    person = visitor(request) if request is not None else None
    return zone_called(person.time_zone) if person else None


def _in_zone_of(zone: ZoneInfo | None, starts: datetime) -> str:
    """When it starts on the reader's clock; empty where that shows the same, or is not known."""
    if zone is None:
        return ""
    local = starts.astimezone(zone)
    if local.replace(tzinfo=None) == starts.replace(tzinfo=None):
        return ""
    if local.date() == starts.date():
        return _time(local)
    return _("%(day)s, %(time)s") % {"day": _day(local), "time": _time(local)}


def _day(at: datetime) -> str:
    return formatted(at, pgettext("format of a day, as Django’s date filter reads it", "D, M j, Y"))


def _time(at: datetime) -> str:
    return formatted(at, pgettext("format of a time, as Django’s date filter reads it", "g:i a"))
