"""Reads: the next events, the lists of a community and of the site, one event, and calendars."""

from junto.events.queries.calendars import calendar_of, file_of, private_calendar_path, public_calendar_path
from junto.events.queries.lists import (
    events_page,
    find_event,
    next_for,
    next_in,
    next_public,
    public_addresses,
    searchable_labels,
    site_page,
)

__all__ = [
    "calendar_of",
    "events_page",
    "file_of",
    "find_event",
    "next_for",
    "next_in",
    "next_public",
    "private_calendar_path",
    "public_addresses",
    "public_calendar_path",
    "searchable_labels",
    "site_page",
]
