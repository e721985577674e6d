"""Tables as files: CSV (RFC 4180) that a spreadsheet opens as what it is, and several of them in one ZIP."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def to_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One table in UTF-8 with a mark that Excel knows it by. Text that a spreadsheet would run as a formula gets an apostrophe
    in front; numbers stay numbers, and None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_cell(one) for one in head])
    writer.writerows([_cell(one) for one in row] for row in rows)
    return (_BOM + out.getvalue()).encode()


def to_zip(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of these files, by name. The same files make the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def harmless(text: str) -> str:
    """The text of a cell that no spreadsheet takes for a formula: an apostrophe before what it would run (OWASP, CSV injection)."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _cell(value: object) -> object:
    return value if value is None or isinstance(value, int | float) else harmless(str(value))
