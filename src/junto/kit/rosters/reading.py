"""Finds out what form a roster has, and reads it."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from junto.kit.rosters import rest, sheets, texts
from junto.kit.rosters.lines import Form, Line, NotARoster

__all__ = ["Form", "Line", "NotARoster", "read"]
_NOT_AT_ALL = gettext_noop(
    "{file} holds no e-mail address. Give a CSV file whose first row names the columns address and name, the output of "
    "LISTSERV’s REVIEW, or a list with one address on a line. Nothing was changed."
)


def read(text: str, *, file: str = "The roster") -> tuple[Form, list[Line]]:
    """The form of a roster and everybody on it, as written. Lines that name nobody come back too, to be told.

    Raises NotARoster where no line holds an address; `file` is what the message calls it.
    """
    bare = text.lstrip("\ufeff").replace("\x00", "")
    form, lines = _read(bare, file)
    if not any("@" in line.address for line in lines):
        raise NotARoster(gettext(_NOT_AT_ALL).format(file=file))
    return form, lines


def _read(text: str, file: str) -> tuple[Form, list[Line]]:
    if text.lstrip().startswith(("{", "[")):
        return Form.REST, list(rest.lines(text, file))
    if sheets.is_sheet(text):
        return Form.SHEET, list(sheets.lines(text, file))
    lines = list(texts.lines(text))
    return texts.form_of(text, lines), lines
