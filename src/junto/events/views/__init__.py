"""Pages of events: lists and one event, planning and changing, calendars."""

from junto.events.views.calendars import calendar, file, private_calendar, site_file, subscription
from junto.events.views.planning import cancellation, edit, new, publication, restoration
from junto.events.views.reading import event, events, site_event, site_events

__all__ = [
    "calendar",
    "cancellation",
    "edit",
    "event",
    "events",
    "file",
    "new",
    "private_calendar",
    "publication",
    "restoration",
    "site_event",
    "site_events",
    "site_file",
    "subscription",
]
