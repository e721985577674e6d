"""Header fields: found in the bytes, unfolded, decoded (RFC 5322 section 2.2, RFC 2047), and their parameters (RFC 2231)."""

from __future__ import annotations

import re
from binascii import Error as BadBase64
from binascii import a2b_base64, a2b_qp
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from junto.mail.reading.charsets import codec, to_text

MOST_FIELDS = 1_000
MOST_BYTES = 100_000
_MOST_PARAMETERS = 10_000

_FIELD = re.compile(r"^(([!-9;-~]+)[ \t]*:(.*(?:\n[ \t].*)*)\n?)", re.MULTILINE)
"""Searched in bytes that were decoded as Latin-1: a character for each byte, and no byte that cannot be decoded."""
_BLANKS = " \t\n\r\x0b\x0c"
_FOLD = re.compile(r"[\r\n]+(?=[ \t])|[\r\n]")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*){0,20})\?=")
_PARAMETER = re.compile(r";\s*([^\s=;\"]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]*))")
_ESCAPED = re.compile(r"\\(.)")
_PIECE = re.compile(r"^(.+?)\*(\d{1,3})?(\*)?$")

Field = tuple[str, str]


def split(raw: bytes) -> tuple[list[Field], bytes, bool]:
    """The fields of a head (lower-case name, unfolded value, not yet decoded), the body, and whether lines were amiss.

    `raw` has LF line ends. A line that is no field is passed over when a field follows it; otherwise the body begins there.
    """
    if raw.startswith(b"\n"):
        return [], raw[1:], False
    end = raw.find(b"\n\n")
    head, body = (raw, b"") if end < 0 else (raw[: end + 1], raw[end + 2 :])
    fields, place = _fields(head.decode("latin-1"))
    if len(fields) == MOST_FIELDS:
        return fields, body, True
    if place < 0:
        return fields, body, False
    if place < len(head.rstrip(b"\n")):
        return fields, head[place:] + (b"\n" + body if end >= 0 else b""), True
    return fields, body, True


def _fields(head: str) -> tuple[list[Field], int]:
    """The first fields of a head, and where the last of them ends; -1 where nothing but fields was there."""
    found = _FIELD.findall(head)
    if len(found) < MOST_FIELDS and sum([len(whole) for whole, _, _ in found]) == len(head):
        return [(name.lower(), _plain(value)) for _, name, value in found], -1
    fields: list[Field] = []
    place, is_amiss = 0, False
    for match in _FIELD.finditer(head):
        is_amiss = is_amiss or match.start() > place
        place = match.end()
        fields.append((match[2].lower(), _plain(match[3])))
        if len(fields) == MOST_FIELDS:
            break
    return fields, place if is_amiss or place < len(head.rstrip("\n")) else -1


def some(raw: bytes, names: frozenset[str], first: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """The values of a few fields by lower-case name, unfolded and not decoded: for who reads very many heads. Of the
    fields in `first` only the first value is given."""
    end = raw.find(b"\n\n")
    values: dict[str, list[str]] = {}
    for _, name, value in _FIELD.findall(raw[: end + 1 if end >= 0 else len(raw)].decode("latin-1")):
        name = name.lower()
        if name in names and (name not in first or name not in values):
            values.setdefault(name, []).append(_plain(value))
    return values


def _plain(value: str) -> str:
    """One value as text, unfolded. Bytes beyond ASCII, which no header may hold, are UTF-8 or guessed."""
    text = value[:MOST_BYTES].strip(_BLANKS)
    if not text.isascii():
        raw = text.encode("latin-1")
        try:
            text = raw.decode("utf-8")
        except UnicodeError:
            text = to_text(raw, "")[0]
    if text.isprintable():
        return text
    return _harmless(text.replace("\n", "").replace("\r", "").replace("\x00", ""))


def _harmless(text: str) -> str:
    """A value without control characters: no header may hold them, and they could end the line in one that is written."""
    return text if text.isprintable() else _CONTROLS.sub(" ", text)


def decoded(value: str) -> str:
    """A value with its encoded words decoded. Neighbouring words of one charset are joined before decoding, since some
    senders cut through the middle of a character."""
    if "=?" not in value:
        return value
    pieces: list[str] = []
    waiting, charset, place = b"", "", 0
    for match in _WORD.finditer(value):
        between = value[place : match.start()]
        word_charset = match[1].partition("*")[0].lower()
        if waiting and (between.strip() or word_charset != charset):
            pieces.append(to_text(waiting, charset)[0])
            waiting = b""
        if between.strip() or (not pieces and not waiting):
            pieces.append(between)
        waiting, charset, place = waiting + _word(match[2], match[3]), word_charset, match.end()
    pieces.append(to_text(waiting, charset)[0])
    pieces.append(value[place:])
    return _harmless(_FOLD.sub(" ", "".join(pieces)))


def _word(way: str, encoded: str) -> bytes:
    raw = encoded.encode("utf-8", "replace")
    if way in "qQ":
        return a2b_qp(raw.replace(b" ", b"_"), header=True)
    for pad in (b"", b"=", b"=="):
        try:
            return a2b_base64(raw + pad)
        except BadBase64:
            continue
    return raw


@lru_cache(maxsize=1024)
def _parameters(value: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    head = value.partition(";")[0].strip().lower()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(value):
        name = match[1].lower()
        text = _ESCAPED.sub(r"\1", match[2]) if match[2] is not None else match[3].strip().strip('"')
        piece = _PIECE.match(name)
        if piece:
            pieces.setdefault(piece[1], {})[int(piece[2] or 0)] = (text, bool(piece[3]) or piece[2] is None)
        else:
            plain.setdefault(name, text)
    for name, numbered in pieces.items():
        plain[name] = _joined(numbered)
    return head, tuple(plain.items())


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """What stands before the first ";" in lower case, and the parameters by lower-case name."""
    head, pairs = _parameters(value[:_MOST_PARAMETERS])
    return head, dict(pairs)


def _joined(numbered: dict[int, tuple[str, bool]]) -> str:
    """A value that was cut into numbered pieces, some percent-encoded (RFC 2231 sections 3 and 4)."""
    raw, charset = b"", ""
    for position, number in enumerate(sorted(numbered)):
        text, is_encoded = numbered[number]
        if is_encoded and position == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if is_encoded else text.encode("utf-8", "replace")
    return _harmless(to_text(raw, charset if codec(charset) else "")[0])
