"""CSV, with commas, semicolons or tabs: the first row names the columns, in the words of several list servers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext

from junto.kit.rosters.lines import Line, NotARoster, delivery_of, name_of, role_of

_COLUMNS = {
    "address": ("address", "email", "e-mail", "email address", "e-mail address", "mail", "subscriber"),
    "name": ("name", "full name", "display name", "display_name", "real name"),
    "first": ("first name", "first_name", "first", "given name"),
    "last": ("last name", "last_name", "last", "surname", "family name"),
    "role": ("role", "moderation", "mod"),
    "delivery": ("delivery", "delivery mode", "delivery_mode", "email delivery"),
    "agency": ("agency", "organization", "organisation", "company", "department"),
}


def is_sheet(text: str) -> bool:
    """Whether the first row names a column of addresses."""
    first = text.lstrip().partition("\n")[0].lower()
    return bool({column.strip(' "\r') for column in re.split(r"[,;\t]", first)} & set(_COLUMNS["address"]))


def lines(text: str, file: str) -> Iterator[Line]:
    """The rows. Raises NotARoster where the text cannot be divided into rows."""
    source = text.lstrip()
    delimiter = max(",;\t", key=source.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(source), delimiter=delimiter)
    before = text[: len(text) - len(source)].count("\n")
    try:
        for row in reader:
            known = {str(key or "").strip().lower(): value for key, value in row.items() if isinstance(value, str)}
            if any(value.strip() for value in known.values()):
                yield _line(before + reader.line_num, known)
    except csv.Error as error:
        words = gettext("%(file)s, line %(line)d: this is no CSV (%(error)s). Nothing was changed.")
        raise NotARoster(words % {"file": file, "line": reader.line_num, "error": error}) from None


def _line(number: int, row: dict[str, str]) -> Line:
    found = {column: next((row[n] for n in names if row.get(n)), "").strip() for column, names in _COLUMNS.items()}
    return Line(
        number,
        found["address"],
        name_of(found["name"] or f"{found['first']} {found['last']}"),
        role_of(found["role"]),
        delivery_of(found["delivery"]),
        found["agency"],
    )
