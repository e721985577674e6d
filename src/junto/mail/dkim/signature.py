"""Signs each copy of a mailing: relaxed/relaxed, no l=, the whole body, From once more than it is there.

Every copy differs (RFC 8058 wants the one-click header signed), yet most of its bytes are the same. A `MailingSigner`
brings the constant pieces into canonical form once, when the mailing begins, and hashes what stands before the first
slot once; a copy then costs some copies of hash states, what follows its first slot, and the signature itself.

What is signed has no doubled dots and no final dot (RFC 6376 section 3.7: the content as it is before the transport).
A value with a blank, a line break or a leading dot could change what is canonical around it: such a copy is joined and
brought into canonical form as a whole.
"""

from __future__ import annotations

import base64
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Any

from junto.mail.dkim.keys import Key

SIGNED = tuple(
    b"from to cc subject date message-id in-reply-to references reply-to sender mime-version content-type "
    b"content-transfer-encoding list-id list-post list-help list-subscribe list-unsubscribe list-unsubscribe-post "
    b"list-owner list-archive".split()
)
OVERSIGNED = b"from"
_END = b".\r\n"
_COLUMN = 72
_PLAIN = re.compile(rb"[!-\-/-~\x80-\xff][!-~\x80-\xff]*")
_BLANKS = re.compile(rb"[ \t]+")
_BLANKS_AT_END = re.compile(rb"[ \t]+(?=\r\n|\Z)")
_FIELD_END = re.compile(rb"\r\n(?![ \t])")


class MailingSigner:
    """Signs the copies of one mailing, from any thread. `pieces` and `places` are those of the mailing."""

    __slots__ = ("_body", "_head", "_names", "_stamps", "_values")

    def __init__(
        self,
        pieces: bytes,
        places: Sequence[tuple[int, str]],
        *,
        keys: Sequence[Key],
        domain: str,
        signed_at: int | None = None,
    ) -> None:
        mark = b"\x00%s:" % secrets.token_hex(8).encode()
        fields, body = _canonical(_marked(pieces, [offset for offset, _ in places], mark))
        self._values = len(places)
        self._names = _names(fields, mark)
        self._head = _Template(_chosen(fields, self._names), mark)
        self._body = _Template(body, mark)
        when = int(time.time()) if signed_at is None else signed_at
        names = b":".join([*self._names, OVERSIGNED])
        is_letter = OVERSIGNED in self._names
        self._stamps = [_Stamp.of(key, domain, when, names) for key in keys] if is_letter else []

    def sign(self, parts: list[bytes]) -> list[bytes]:
        """The parts of one copy as `compose.Filler` makes them, behind a DKIM-Signature for each key.

        A message without From cannot be signed (RFC 6376 section 5.4) and comes back as it is.
        """
        if not self._stamps:
            return parts
        values = parts[1::2]
        if len(values) == self._values and all(map(_PLAIN.fullmatch, set(values))):
            head, body = self._head.hashed(values), self._body.hashed(values)
        else:
            fields, whole = _canonical(b"".join(parts))
            head, body = sha256(_chosen(fields, self._names)), sha256(whole)
        body_hash = base64.b64encode(body.digest())
        return [b"".join(stamp.header(head.copy(), body_hash) for stamp in self._stamps), *parts]


class _Template:
    """Canonical bytes with marks, of which all before the first mark is hashed already."""

    __slots__ = ("_begun", "_rest", "_values")

    def __init__(self, marked: bytes, mark: bytes) -> None:
        pieces = re.split(re.escape(mark) + rb"(\d+)\x00", marked)
        self._begun = sha256(pieces[0])
        self._rest = [b"" if at % 2 == 0 else piece for at, piece in enumerate(pieces[1:])]
        self._values = [(2 * at, int(number)) for at, number in enumerate(pieces[1::2])]

    def hashed(self, values: list[bytes]) -> Any:
        """The SHA-256 state over the template with its values filled in; it may be added to."""
        state = self._begun.copy()
        if self._values:
            rest = self._rest.copy()
            for at, number in self._values:
                rest[at] = values[number]
            state.update(b"".join(rest))
        return state


@dataclass(frozen=True, slots=True)
class _Stamp:
    """The header of one key, ready but for the hash of the body and the signature."""

    key: Key
    written: bytes
    canonical: bytes

    @classmethod
    def of(cls, key: Key, domain: str, when: int, names: bytes) -> _Stamp:
        tags = b"v=1; a=%s-sha256; c=relaxed/relaxed; d=%s;\r\n s=%s; t=%d;\r\n h=%s;\r\n bh=" % (
            key.algorithm.encode(),
            domain.encode("idna"),
            key.selector.encode(),
            when,
            _folded_names(names),
        )
        return cls(key, b"DKIM-Signature: " + tags, _canonical_field(b"dkim-signature: " + tags)[1])

    def header(self, hashed: Any, body_hash: bytes) -> bytes:
        """The whole field. `hashed` is the state over the fields that are signed; it is used up."""
        hashed.update(self.canonical + body_hash + b"; b=")
        signature = base64.b64encode(self.key.sign(hashed.digest()))
        lines = [signature[at : at + _COLUMN] for at in range(0, len(signature), _COLUMN)]
        return self.written + body_hash + b";\r\n b=" + b"\r\n ".join(lines) + b"\r\n"


def _marked(pieces: bytes, offsets: list[int], mark: bytes) -> bytes:
    borders = [0, *offsets, len(pieces)]
    cut = [pieces[start:end] for start, end in pairwise(borders)]
    return cut[0] + b"".join(mark + b"%d\x00" % number + piece for number, piece in enumerate(cut[1:]))


def _canonical(wire: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Fields as (name, name:value) and the body of what goes over the wire, relaxed (RFC 6376 section 3.4)."""
    content = (b"\r\n" + wire).removesuffix(_END).replace(b"\r\n.", b"\r\n")[2:]
    head, gap, body = content.partition(b"\r\n\r\n")
    if content.startswith(b"\r\n"):
        head, body = b"", content[2:]
    elif not gap:
        head = head.removesuffix(b"\r\n")
    return [_canonical_field(field) for field in _FIELD_END.split(head) if field], _canonical_body(body)


def _canonical_field(field: bytes) -> tuple[bytes, bytes]:
    name, _, value = field.partition(b":")
    name = name.strip().lower()
    return name, name + b":" + _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")


def _canonical_body(body: bytes) -> bytes:
    lines = _BLANKS.sub(b" ", _BLANKS_AT_END.sub(b"", body)).rstrip(b"\r\n")
    return lines + b"\r\n" if lines else b""


def _names(fields: list[tuple[bytes, bytes]], mark: bytes) -> list[bytes]:
    """What h= lists but for the From that is not there: constant fields first, so that they are hashed once."""
    varying = {name for name, field in fields if mark in field}
    there = [name for name in SIGNED for _ in range(sum(field == name for field, _ in fields))]
    return sorted(there, key=lambda name: name in varying)


def _chosen(fields: list[tuple[bytes, bytes]], names: list[bytes]) -> bytes:
    """The fields of these names, each with its line break; of one name the last first (RFC 6376 section 5.4.2)."""
    waiting: dict[bytes, list[bytes]] = {}
    for name, field in fields:
        waiting.setdefault(name, []).append(field)
    return b"".join(waiting[name].pop() + b"\r\n" for name in names)


def _folded_names(names: bytes) -> bytes:
    lines = [b""]
    for name in names.split(b":"):
        if len(lines[-1]) + len(name) > _COLUMN:
            lines.append(b"")
        lines[-1] += name + b":"
    return b"\r\n ".join(lines)[:-1]
