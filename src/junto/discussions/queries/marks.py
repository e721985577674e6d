"""Places in keyset order, as they stand in an address; days and addresses as they stand on a page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from junto.kit import addresses, calendar

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ADDRESS = re.compile(r"(?<![\w.+%-])([\w.+%-]+?)(?:@|%40)([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
_LOCAL = re.compile(r"[\w.+%-]+\Z")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_LONGEST_LOCAL = 320


def mark(at: datetime, pk: int) -> str:
    """A place in keyset order, as it stands in an address: microseconds since 1970, and the row."""
    return f"{(at - _EPOCH) // timedelta(microseconds=1)}-{pk}"


def read_mark(text: str) -> tuple[datetime, int] | None:
    """None where the text is no mark: an old or mangled link shows the first page."""
    micro, _, pk = text.rpartition("-")
    try:
        return _EPOCH + timedelta(microseconds=int(micro)), int(pk)
    except (ValueError, OverflowError):
        return None


def day(at: datetime) -> str:
    """“Nov 3, 2026” in the site's time zone, without the cost of the template filter."""
    return calendar.day(timezone.localtime(at))


def without_addresses(text: str) -> str:
    """Text or HTML in which every e-mail address is cut to its first letter and its domain, in mailto: links as well."""
    if "%40" in text:
        return _ADDRESS.sub(lambda found: addresses.masked(f"{found[1]}@{found[2]}"), text)
    return _without_addresses(text) if "@" in text else text


def _without_addresses(text: str) -> str:
    """The same from each @ outwards: of a long text, little is looked at."""
    pieces, done, at = [], 0, text.find("@")
    while at >= 0:
        local = _LOCAL.search(text, max(at - _LONGEST_LOCAL, 0), at)
        domain = _DOMAIN.match(text, at + 1)
        if local and domain and local.start() >= done:
            pieces += [text[done : local.start()], addresses.masked(f"{local[0]}@{domain[0]}")]
            done = domain.end()
        at = text.find("@", at + 1)
    return "".join([*pieces, text[done:]])


def size_in_words(size: int) -> str:
    """“1.2 MB”, “340 kB”. `size` counts bytes."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(size // 1_000, 1)} kB"
