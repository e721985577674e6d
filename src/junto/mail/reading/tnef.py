"""winmail.dat: the envelope in which Outlook puts a letter and its files when it takes the reader for Outlook (MS-OXTNEF).

Reads any bytes, never raises, and takes time in line with their length: attributes are walked once, numbers that point
outside end the walk, and what was found until then counts. Letters inside letters are opened to a fixed depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from mimetypes import guess_type

from junto.mail.reading import rtf
from junto.mail.reading.charsets import to_text

SIGNATURE = b"\x78\x9f\x3e\x22"
TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
MOST_FILES, MOST_DEPTH, MOST_PROPERTIES = 200, 3, 5_000
_BODY, _MAPI, _CODE_PAGE = 0x800C, 0x9003, 0x9007
_FILE_BEGINS, _FILE_TITLE, _FILE_DATA, _FILE_MAPI = 0x9002, 0x8010, 0x800F, 0x9005
_SUBJECT_ID, _BODY_ID, _RTF_ID, _HTML_ID, _CPID = 0x0037, 0x1000, 0x1009, 0x1013, 0x3FDE
_DATA_ID, _NAME_ID, _LONG_NAME_ID, _MIME_ID, _DISPLAY_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3001
_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = frozenset({0x0D, 0x1E, 0x1F, 0x102})
_UNICODE, _OBJECT = 0x1F, 0x0D
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")


@dataclass(slots=True)
class Enclosed:
    """A file as it was found: name (any text), type, bytes."""

    name: str = ""
    content_type: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Contents:
    """What was in the envelope. `text` and `html` are empty where it had none."""

    subject: str = ""
    text: str = ""
    html: str = ""
    files: list[Enclosed] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.text.strip() or self.html.strip() or self.files)


@dataclass(slots=True)
class _Value:
    kind: int
    raw: bytes


def is_tnef(content_type: str, name: str, content: bytes) -> bool:
    """Whether a file is such an envelope, whatever it calls itself."""
    return content.startswith(SIGNATURE) and (
        content_type in TYPES
        or name.lower() in ("winmail.dat", "win.dat")
        or content_type == "application/octet-stream"
    )


def read(raw: bytes, depth: int = 0) -> Contents:
    """Opens an envelope. What is not one is empty."""
    found = Contents()
    if not raw.startswith(SIGNATURE):
        return found
    code_page = "cp1252"
    for level, name, data in _attributes(raw):
        if name == _CODE_PAGE and len(data) >= 4:
            code_page = _code_page(_number(data, 0))
        elif level == 2:
            _note_file(found, name, data, code_page, depth)
        elif name == _MAPI:
            _note_letter(found, _properties(data), code_page)
        elif name == _BODY:
            found.text = found.text or _words(data, code_page)
    found.files = [file for file in found.files if file.content or file.name]
    return found


def _attributes(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(level, name, data) of each attribute, as far as lengths can be believed."""
    place = 6
    while place + 9 <= len(raw):
        level, name, length = raw[place], _number(raw, place + 1) & 0xFFFF, _number(raw, place + 5)
        begin = place + 9
        if level not in (1, 2) or begin + length > len(raw):
            return
        yield level, name, raw[begin : begin + length]
        place = begin + length + 2


def _note_letter(found: Contents, values: dict[int, _Value], code_page: str) -> None:
    page = _code_page(_number(values[_CPID].raw, 0)) if _CPID in values else code_page
    if _SUBJECT_ID in values:
        found.subject = _string(values[_SUBJECT_ID], code_page)
    if _BODY_ID in values:
        found.text = _string(values[_BODY_ID], code_page) or found.text
    if _HTML_ID in values:
        found.html = _string(values[_HTML_ID], page)
    if _RTF_ID in values:
        text, html = rtf.read(rtf.decompressed(values[_RTF_ID].raw))
        found.html = found.html or html
        found.text = found.text or text


def _note_file(found: Contents, name: int, data: bytes, code_page: str, depth: int) -> None:
    if name == _FILE_BEGINS or not found.files:
        if len(found.files) >= MOST_FILES:
            return
        found.files.append(Enclosed())
    file = found.files[-1]
    if name == _FILE_TITLE:
        file.name = file.name or _words(data, code_page)
    elif name == _FILE_DATA:
        file.content = data
    elif name == _FILE_MAPI:
        _note_properties(found, file, _properties(data), code_page, depth)
    file.content_type = file.content_type or guess_type(file.name)[0] or ""


def _note_properties(found: Contents, file: Enclosed, values: dict[int, _Value], code_page: str, depth: int) -> None:
    for known in (_DISPLAY_ID, _NAME_ID, _LONG_NAME_ID):
        if known in values:
            file.name = _string(values[known], code_page).strip() or file.name
    if _MIME_ID in values:
        told = _string(values[_MIME_ID], code_page).strip().lower()
        file.content_type = told if _TYPE.fullmatch(told) else ""
    data = values.get(_DATA_ID)
    if data is None:
        return
    content = data.raw[16:] if data.kind == _OBJECT else data.raw
    if content.startswith(SIGNATURE) and depth < MOST_DEPTH:
        _unpack(found, file, read(content, depth + 1))
    else:
        file.content = file.content or content


def _unpack(found: Contents, file: Enclosed, inner: Contents) -> None:
    """A letter that was put into the letter: its words become a file, its files stand beside."""
    file.name = f"{(inner.subject or file.name or 'message').strip()[:100]}.{'html' if inner.html else 'txt'}"
    file.content_type = "text/html" if inner.html else "text/plain"
    file.content = (inner.html or inner.text).encode("utf-8", "replace")
    found.files += inner.files[: MOST_FILES - len(found.files)]


# MAPI properties


def _properties(data: bytes) -> dict[int, _Value]:
    """The first value of each property that has a number, as far as they can be read."""
    values: dict[int, _Value] = {}
    place = 4
    for _ in range(min(_number(data, 0), MOST_PROPERTIES)):
        if place + 4 > len(data):
            break
        kind, name = _number(data, place) & 0xFFFF, _number(data, place) >> 16
        place = _after_name(data, place + 4) if name >= 0x8000 else place + 4
        value, place = _value(data, place, kind)
        if place < 0:
            break
        if name < 0x8000:
            values.setdefault(name, _Value(kind & 0xFFF, value))
    return values


def _after_name(data: bytes, place: int) -> int:
    """Where the name of a named property ends: a GUID, a kind, and a number or a text."""
    if _number(data, place + 16) == 0:
        return place + 24
    return place + 24 + _padded(_number(data, place + 20))


def _value(data: bytes, place: int, kind: int) -> tuple[bytes, int]:
    """The first value and the place behind all values; a negative place where it cannot be told."""
    is_many, kind = bool(kind & 0x1000), kind & 0xFFF
    size = _SIZES.get(kind)
    if size is None and kind not in _VARIABLE:
        return b"", -1
    count = 1
    if is_many or size is None:
        count, place = _number(data, place), place + 4
    if size is not None:
        end = place + size * count
        return (data[place : place + size], end) if end <= len(data) else (b"", -1)
    return _variable(data, place, count)


def _variable(data: bytes, place: int, count: int) -> tuple[bytes, int]:
    first = b""
    for number in range(count):
        if place + 4 > len(data):
            return first, -1
        length = _number(data, place)
        begin = place + 4
        if begin + length > len(data):
            return first, -1
        if number == 0:
            first = data[begin : begin + length]
        place = begin + _padded(length)
    return first, place


def _number(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 4], "little")


def _padded(length: int) -> int:
    return (length + 3) & ~3


def _string(value: _Value, code_page: str) -> str:
    if value.kind == _UNICODE:
        return value.raw.decode("utf-16-le", "replace").partition("\x00")[0]
    return _words(value.raw, code_page)


def _words(raw: bytes, code_page: str) -> str:
    return to_text(raw.partition(b"\x00")[0], code_page)[0]


def _code_page(number: int) -> str:
    special = {
        65001: "utf-8",
        20127: "us-ascii",
        28591: "iso-8859-1",
        50220: "iso-2022-jp",
        20866: "koi8-r",
        0: "cp1252",
    }
    return special.get(number, f"cp{number}")
