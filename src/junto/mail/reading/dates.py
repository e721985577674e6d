"""Dates of letters, and their repair (RFC 5322 sections 3.3 and 4.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_MONTHS = {
    name: n
    for n, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_ZONES = {
    **dict.fromkeys(("ut", "utc", "gmt", "z", "wet", "-0000"), 0),
    **{"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420},
    **{"akst": -540, "akdt": -480, "hst": -600, "ast": -240, "adt": -180, "nst": -210},
    **{"bst": 60, "west": 60, "cet": 60, "met": 60, "mez": 60, "cest": 120, "mest": 120, "mesz": 120, "eet": 120},
    **{"eest": 180, "msk": 180, "msd": 240, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480},
    **{"aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780},
}
_TIME = r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?"
_RFC = re.compile(rf"(\d{{1,2}})[\s,-]+([A-Za-z]{{3}})[a-z]{{0,6}}\.?[\s,-]+(\d{{2,4}})[\s,]+{_TIME}\s*(.{{0,60}})")
_CTIME = re.compile(
    rf"([A-Za-z]{{3}})[a-z]{{0,6}}\s+(\d{{1,2}}),?\s+{_TIME}\s+(.{{0,20}}?)\s*((?:19|20)\d{{2}})(.{{0,20}})"
)
_ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}})[T ]+{_TIME}\s*(.{{0,20}})")
_OFFSET = re.compile(r"(?:GMT|UTC?)?\s*([+-])\s?(\d{1,2}):?(\d{2})?\b", re.IGNORECASE)
_NAME = re.compile(r"\(?([A-Za-z]{1,5})\b")
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
_AHEAD = timedelta(days=2)
_WIDEST = 14 * 60


def parse(value: str) -> tuple[datetime | None, str]:
    """The moment in UTC, and a note of the repair. None where nothing that can be believed is said: no date at all, one
    before 1970, or one that lies more than two days ahead."""
    if not value:
        return None, "date is missing"
    found = _read(value[:200])
    if not found:
        return None, f"date {value[:60]!r} cannot be read"
    when, note = found
    if not _EARLIEST <= when <= datetime.now(UTC) + _AHEAD:
        return None, f"date {value[:60]!r} is out of range"
    return when, note


def _read(value: str) -> tuple[datetime, str] | None:
    if match := _RFC.search(value):
        day, month, year, hour, minute, second, zone = match.groups()
        return _made(year, _MONTHS.get(month.lower(), 0), day, hour, minute, second, zone)
    if match := _CTIME.search(value):
        month, day, hour, minute, second, zone, year, zone_after = match.groups()
        return _made(year, _MONTHS.get(month.lower(), 0), day, hour, minute, second, zone or zone_after)
    if match := _ISO.search(value):
        year, month, day, hour, minute, second, zone = match.groups()
        return _made(year, int(month), day, hour, minute, second, zone)
    return None


def _made(
    year: str, month: int, day: str, hour: str, minute: str, second: str | None, zone: str
) -> tuple[datetime, str] | None:
    full, note = _year(year)
    offset, zone_note = _zone(zone or "")
    try:
        local = datetime(full, month, int(day), int(hour), int(minute), min(int(second or 0), 59), tzinfo=UTC)
        return local - timedelta(minutes=offset), note or zone_note
    except (ValueError, OverflowError):
        return None


def _year(text: str) -> tuple[int, str]:
    """RFC 5322 section 4.3: two digits below 50 are of this century, three digits count from 1900."""
    year = int(text)
    if len(text) == 4:
        return year, ""
    if len(text) == 3:
        return 1900 + year, f"year {text} has three digits"
    return year + (2000 if year < 50 else 1900), f"year {text} has two digits"


def _zone(text: str) -> tuple[int, str]:
    """Minutes east of Greenwich, and a note where the zone is missing or makes no sense."""
    text = text.strip()
    if match := _OFFSET.match(text):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes > _WIDEST:
            return 0, f"zone {text[:20]!r} makes no sense, taken as UTC"
        return (-minutes if match[1] == "-" else minutes), "" if text[
            0
        ] in "+-" else f"zone {text[:20]!r} is not standard"
    if match := _NAME.match(text):
        offset = _ZONES.get(match[1].lower())
        if offset is not None:
            return offset, ""
    return 0, "zone is missing, taken as UTC" if not text else f"zone {text[:20]!r} is unknown, taken as UTC"
