"""JSON of Mailman 3's REST API: GET /3.1/lists/LIST/roster/member and /3.1/members, one page or several in a row.

https://docs.mailman3.org/projects/mailman/en/latest/src/mailman/rest/docs/membership.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext

from junto.kit.rosters.lines import Line, NotARoster, delivery_of, name_of, role_of


def lines(text: str, file: str) -> Iterator[Line]:
    """The entries, counted through all pages. Raises NotARoster where the text is no JSON."""
    entries = (entry for page in _pages(text, file) for entry in _entries(page))
    for number, entry in enumerate(entries, 1):
        yield _line(number, entry)


def _pages(text: str, file: str) -> Iterator[Any]:
    decoder, at = json.JSONDecoder(), 0
    while (at := _next(text, at)) < len(text):
        try:
            page, at = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            line = text.count("\n", 0, at) + 1
            words = gettext("%(file)s: the JSON that begins in line %(line)d cannot be read. Nothing was changed.")
            raise NotARoster(words % {"file": file, "line": line}) from None
        yield page


def _next(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _entries(page: Any) -> list[Any]:
    if isinstance(page, list):
        return page
    if not isinstance(page, dict):
        return []
    return page["entries"] if isinstance(page.get("entries"), list) else [page] if "email" in page else []


def _line(number: int, entry: Any) -> Line:
    if not isinstance(entry, dict):
        return Line(number, str(entry))
    known = {name: value for name, value in entry.items() if isinstance(value, str)}
    stopped = known.get("delivery_status", "enabled")
    return Line(
        number,
        known.get("email", "") or known.get("address", "").rpartition("/")[2],
        name_of(known.get("display_name", "")),
        role_of(known.get("role", "")),
        delivery_of(stopped if stopped != "enabled" else known.get("delivery_mode", "")),
    )
