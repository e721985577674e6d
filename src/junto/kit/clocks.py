"""Time zones by their names in the IANA database, and what people call them."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ZONES: dict[str, str | Promise] = {
    "America/New_York": _("Eastern"),
    "America/Chicago": _("Central"),
    "America/Denver": _("Mountain"),
    "America/Phoenix": _("Arizona"),
    "America/Los_Angeles": _("Pacific"),
    "America/Anchorage": _("Alaska"),
    "Pacific/Honolulu": _("Hawaii"),
    "America/Puerto_Rico": _("Puerto Rico and U.S. Virgin Islands"),
    "Pacific/Guam": _("Guam and Northern Marianas"),
    "Pacific/Pago_Pago": _("American Samoa"),
    "UTC": _("UTC"),
    "Europe/London": _("London"),
    "Europe/Berlin": _("Central Europe"),
    "Asia/Tokyo": _("Japan"),
    "Asia/Seoul": _("Korea"),
}
"""Where people in government work, with the names that they use."""


def zone_called(name: str) -> ZoneInfo | None:
    """The zone of that name; None where the name is empty or no zone has it."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of that name; UTC where no zone has it."""
    return zone_called(name) or ZoneInfo(UTC.tzname(None))


def zone_in_words(name: str) -> str:
    """“Eastern”; for a zone without a name of its own, where it is: “America/Boise”."""
    return str(ZONES.get(name, name.replace("_", " ")))
