"""MIME: the bodies and the files of a letter (RFC 2045, 2046, 2183).

Depth, number of parts and their headers are capped; parts are cut from outside inwards with `bytes.find`, without
recursion, so that no letter costs more than its length. A letter inside a letter stays a file.
"""

from __future__ import annotations

import re
from binascii import Error as BadEncoding
from binascii import a2b_base64, a2b_qp, a2b_uu
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from mimetypes import guess_extension

from junto.mail.reading import headers
from junto.mail.reading.charsets import to_text

MOST_DEPTH = 40
MOST_PARTS = 1_000
LONGEST_DESCRIPTION = 300
_TYPE = re.compile(r"^[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}$")
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff/\\:*?\"<>|]+")
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_FILES_AMONG_TEXTS = frozenset(
    {
        "text/calendar",
        "text/csv",
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "text/rfc822-headers",
        "text/xml",
        "text/css",
    }
)
_NAMES = {
    "message/rfc822": "message.eml",
    "message/global": "message.eml",
    "message/delivery-status": "delivery-status.txt",
    "message/partial": "partial-message.eml",
    "text/calendar": "invitation.ics",
    "text/rfc822-headers": "headers.txt",
    "application/pgp-signature": "signature.asc",
    "application/pkcs7-signature": "smime.p7s",
    "application/ms-tnef": "winmail.dat",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
}


@dataclass(slots=True)
class Leaf:
    """One part that is no multipart. `choice` numbers the multipart/alternative that it stands in, 0 for none."""

    content_type: str
    parameters: dict[str, str]
    disposition: str
    file_name: str
    encoding: str
    raw: bytes
    choice: int
    is_alone: bool
    description: str = ""

    def content(self) -> bytes:
        """The bytes, with the transfer encoding undone as far as it goes."""
        return undone(self.raw, self.encoding)

    @property
    def is_body(self) -> bool:
        """True for what is to be read as the letter itself; everything else is a file."""
        if not self.content_type.startswith("text/") or self.content_type in _FILES_AMONG_TEXTS:
            return False
        if self.disposition == "attachment":
            return self.is_alone and not self.file_name
        return not self.file_name or self.is_alone


@dataclass(slots=True)
class Shape:
    """The leaves of a letter, in order, and what its containers say of it."""

    leaves: list[Leaf] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    repairs: list[str] = field(default_factory=list)


def leaves_of(fields: list[headers.Field], body: bytes) -> Shape:
    """Takes a letter apart. `body` has LF line ends."""
    shape = Shape()
    stack: list[tuple[list[headers.Field], bytes, str, int, int]] = [(fields, body, "text/plain", 0, 0)]
    seen = choices = 0
    while stack:
        fields, body, default, depth, choice = stack.pop()
        seen += 1
        content_type, parameters = _type_of(fields, default)
        shape.types.add(content_type)
        if not content_type.startswith("multipart/") or depth >= MOST_DEPTH:
            shape.leaves.append(_leaf(fields, body, content_type, parameters, choice, depth == 0))
            continue
        pieces = list(_cut(body, parameters.get("boundary", ""), MOST_PARTS - seen - len(stack), shape.repairs))
        if not pieces:
            shape.leaves.append(_leaf(fields, body, "text/plain", parameters, choice, depth == 0))
            continue
        if content_type == "multipart/alternative":
            choices += 1
            choice = choices
        inner = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
        for piece in reversed(pieces):
            inner_fields, inner_body, _ = headers.split(piece)
            stack.append((inner_fields, inner_body, inner, depth + 1, choice))
    return shape


def _first(fields: list[headers.Field], name: str) -> str:
    return next((value for key, value in fields if key == name), "")


def _type_of(fields: list[headers.Field], default: str) -> tuple[str, dict[str, str]]:
    value = _first(fields, "content-type")
    if not value:
        return default, {}
    content_type, parameters = headers.parameters(value)
    if not _TYPE.match(content_type):
        words = content_type.split()
        content_type = words[0] if words and _TYPE.match(words[0]) else "text/plain"
    return content_type, parameters


def _cut(body: bytes, boundary: str, most: int, repairs: list[str]) -> Iterator[bytes]:
    """The pieces between boundary lines. A boundary that is missing or never appears is taken from the first line that
    looks like one; a missing last line does not matter."""
    mark = b"--" + boundary.strip().encode("utf-8", "surrogateescape")
    starts = list(_marks(body, mark, most)) if boundary else []
    if not starts:
        repairs.append("its parts are not where it says")
        mark = _likely_mark(body)
        starts = list(_marks(body, mark, most)) if mark else []
    if len(starts) >= most:
        repairs.append(f"has more than {MOST_PARTS} parts: the rest is left in the raw letter")
    for number, (_, begin, is_last) in enumerate(starts):
        if is_last:
            return
        end = starts[number + 1][0] if number + 1 < len(starts) else len(body)
        yield body[begin:end]


def _marks(body: bytes, mark: bytes, most: int) -> Iterator[tuple[int, int, bool]]:
    """(end of what stands before, begin of what follows, is the last) for each boundary line."""
    place = body.find(mark)
    count = 0
    while place >= 0 and count < most:
        after = place + len(mark)
        if place == 0 or body[place - 1 : place] == b"\n":
            line_end = body.find(b"\n", after)
            line_end = len(body) if line_end < 0 else line_end
            rest = body[after : min(line_end, after + 80)].strip()
            if rest in (b"", b"--"):
                count += 1
                yield max(place - 1, 0), min(line_end + 1, len(body)), rest == b"--"
            after = line_end
        place = body.find(mark, after)


def _likely_mark(body: bytes) -> bytes:
    for line in body[:4000].split(b"\n"):
        if line.startswith(b"--") and len(line.strip()) > 8 and b" " not in line.strip():
            return line.strip()
    return b""


def _leaf(
    fields: list[headers.Field], body: bytes, content_type: str, parameters: dict[str, str], choice: int, is_alone: bool
) -> Leaf:
    disposition, more = headers.parameters(_first(fields, "content-disposition"))
    name = more.get("filename") or parameters.get("name") or ""
    encoding = _first(fields, "content-transfer-encoding").partition(";")[0].strip("\"' ").lower()
    told = " ".join(headers.decoded(_first(fields, "content-description")).split())[:LONGEST_DESCRIPTION]
    shown = headers.decoded(name)
    told = "" if told == shown else told
    return Leaf(content_type, parameters, disposition, shown, encoding, body, choice, is_alone, told)


def undone(raw: bytes, encoding: str) -> bytes:
    """Bytes with their transfer encoding undone. Broken base64 gives what can be had; unknown encodings change nothing."""
    if encoding == "quoted-printable":
        return a2b_qp(raw)
    if encoding == "base64":
        return _from_base64(raw)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _from_uu(raw)
    return raw


def _from_base64(raw: bytes) -> bytes:
    try:
        return a2b_base64(raw)
    except BadEncoding:
        bare = raw.partition(b"=")[0].translate(None, _NOT_BASE64)
        bare = bare[:-1] if len(bare) % 4 == 1 else bare
        return a2b_base64(bare + b"=" * (-len(bare) % 4))


def _from_uu(raw: bytes) -> bytes:
    pieces = []
    for line in raw.split(b"\n"):
        if line.startswith(b"begin ") or not line.strip():
            continue
        if line.strip() == b"end":
            break
        try:
            pieces.append(a2b_uu(line))
        except BadEncoding:
            size = ((((line[0] - 32) & 63) * 4 + 5) // 3) + 1
            try:
                pieces.append(a2b_uu(line[:size]))
            except BadEncoding:
                continue
    return b"".join(pieces)


def text_of(leaf: Leaf) -> tuple[str, str]:
    """The text of a body with LF line ends, and a note of the repair."""
    text, note = to_text(leaf.content(), leaf.parameters.get("charset", ""))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if leaf.content_type in ("text/enriched", "text/richtext"):
        text = _MARKUP.sub("", text)
    if leaf.parameters.get("format", "").lower() == "flowed" and leaf.content_type == "text/plain":
        text = unflowed(text, deletes_space=leaf.parameters.get("delsp", "").lower() == "yes")
    return text, note


def unflowed(text: str, *, deletes_space: bool) -> str:
    """Text whose soft line breaks are undone (RFC 3676 section 4): quotation by quotation, signatures apart."""
    lines: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        if depth == open_depth and bare != "-- ":
            lines[-1] += bare
        else:
            lines.append((">" * depth + " " if depth else "") + bare)
        is_soft = bare.endswith(" ") and bare != "-- "
        open_depth = depth if is_soft else -1
        if is_soft and deletes_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def safe_name(name: str, content_type: str) -> str:
    """A file name without path, controls and marks that turn text round; never empty, at most 255 bytes."""
    base = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    base = " ".join(_FORBIDDEN.sub(" ", base).split()).strip(". ")
    if not base:
        return _NAMES.get(content_type) or "file" + _extension(content_type)
    if len(base.encode("utf-8", "replace")) <= 255:
        return base.encode("utf-8", "replace").decode("utf-8")
    stem, dot, ending = base.rpartition(".")
    ending = f".{ending}" if dot and len(ending.encode("utf-8", "replace")) <= 20 else ""
    room = 255 - len(ending.encode("utf-8", "replace"))
    return (stem or base).encode("utf-8", "replace")[:room].decode("utf-8", "ignore") + ending


@lru_cache(maxsize=256)
def _extension(content_type: str) -> str:
    return guess_extension(content_type) or ".bin"
