"""A letter becomes bytes once (RFC 5322, 2045-2047); each copy is those bytes with its slots filled.

The result is ready for the wire: CRLF, dots doubled at the start of lines (RFC 5321 section 4.5.2), the final dot
included. A slot never stands at the edge of what an encoding may cut: in quoted-printable it has a line to itself,
between soft breaks; in headers only blanks are folded at.
"""

from __future__ import annotations

import html
import re
import secrets
from base64 import encodebytes
from dataclasses import dataclass
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from junto.mail.letter import Enclosure, Letter, RawLetter, slots

LINE = 76
_MARK = re.compile(rb"\x00([ATHR])\x00")
_SLOT = re.compile(f"({slots.ADDRESS}|{slots.REF})")
_NAME = re.compile(r"[A-Za-z0-9-]{1,70}")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")
_ATEXT = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ ]+")
_PLAIN_ADDRESS = re.compile(rb"[A-Za-z0-9_+-][A-Za-z0-9._+-]*@[A-Za-z0-9.-]+")
_QP_UNSAFE = re.compile(rb"[^ -<>-~\t]")
_CONTENT_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")


class BadHeader(ValueError):
    """A header that would break the message, or smuggle in another."""


@dataclass(frozen=True, slots=True)
class Form:
    """A letter in bytes. `places` are [offset, slot]: A an address in a header, T in text, H in HTML; R the reference."""

    pieces: bytes
    places: list[tuple[int, str]]
    is_8bit: bool


class Filler:
    """Makes the copies of one form, for the recipient's address and reference: in parts for who signs, or whole."""

    __slots__ = ("_addresses", "_constant", "_parts", "_references")

    def __init__(self, pieces: bytes, places: list[tuple[int, str]]) -> None:
        self._parts: list[bytes] = []
        self._addresses: list[tuple[int, str]] = []
        self._references: list[int] = []
        start = 0
        for offset, slot in places:
            self._parts += [pieces[start:offset], b""]
            start = offset
            at = len(self._parts) - 1
            if slot == "R":
                self._references.append(at)
            else:
                self._addresses.append((at, slot))
        self._parts.append(pieces[start:])
        self._constant = self._parts[::2]

    def whole(self, address: bytes, reference: bytes) -> bytes:
        """One copy. Where the reference alone differs, as in a post, one join makes it: a third of what parts cost."""
        if self._addresses:
            return b"".join(self.fill(address, reference))
        return reference.join(self._constant)

    def fill(self, address: bytes, reference: bytes) -> list[bytes]:
        """The parts of one copy, in order; `b"".join` makes the copy. The caller may append to the list."""
        parts = self._parts.copy()
        for at in self._references:
            parts[at] = reference
        if self._addresses:
            if _PLAIN_ADDRESS.fullmatch(address):
                for at, _ in self._addresses:
                    parts[at] = address
            else:
                for at, slot in self._addresses:
                    parts[at] = _odd_address(address, slot)
        return parts


def compose(letter: Letter | RawLetter) -> Form:
    """The letter as bytes with places. Raises BadHeader for header values with line breaks or control characters."""
    return _compose_raw(letter) if isinstance(letter, RawLetter) else _compose(letter)


def _compose(letter: Letter) -> Form:
    pieces, places = _cut(_ended(_stuffed(_marked_message(letter))))
    return Form(pieces, places, not pieces.isascii())


def _marked_message(letter: Letter) -> bytes:
    body_headers, body = _body(letter)
    head = b"".join(header(name, value) for name, value in _headers(letter))
    return head + body_headers + b"\r\n" + body


def _compose_raw(letter: RawLetter) -> Form:
    ours, kept, body = _raw_parts(letter)
    pieces, places = _cut(_stuffed(ours))
    return Form(_ended(pieces + _stuffed(kept + body, after=pieces)), places, not body.isascii())


def _raw_parts(letter: RawLetter) -> tuple[bytes, bytes, bytes]:
    """Headers of ours, headers that stay, and the body with the blank line before it."""
    raw = re.sub(rb"\r\n|\r|\n", b"\r\n", letter.raw)
    head, gap, body = raw.partition(b"\r\n\r\n")
    dropped = {name.lower().encode() for name in letter.drop}
    fields = [f for f in re.split(rb"\r\n(?![ \t])", head) if f and f.partition(b":")[0].strip().lower() not in dropped]
    ours = b"".join(header(name, value) for name, value in letter.headers)
    return ours, b"".join(field + b"\r\n" for field in fields), (gap[2:] or b"\r\n") + body


def _stuffed(content: bytes, after: bytes = b"\r\n") -> bytes:
    dotted = content.replace(b"\r\n.", b"\r\n..")
    starts_line = not after or after.endswith(b"\r\n")
    return b"." + dotted if starts_line and dotted.startswith(b".") else dotted


def _ended(content: bytes) -> bytes:
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")


def _cut(marked: bytes) -> tuple[bytes, list[tuple[int, str]]]:
    parts = _MARK.split(marked)
    places, length = [], 0
    for piece, slot in zip(parts[0::2], parts[1::2], strict=False):
        length += len(piece)
        places.append((length, slot.decode()))
    return b"".join(parts[0::2]), places


# Headers


def _headers(letter: Letter) -> list[tuple[str, str]]:
    domain = settings.LIST_DOMAIN
    sender = _bare(letter.sender or f"junto@{domain}")
    name = letter.sender_name or ("" if letter.sender else settings.SITE_NAME)
    found = [
        ("From", mailbox(name, sender)),
        ("To", letter.to or slots.ADDRESS),
        ("Reply-To", letter.reply_to),
        ("Subject", letter.subject or "(no subject)"),
        ("Date", format_datetime(letter.sent_at or timezone.now())),
        ("Message-ID", _angled(letter.message_id or f"{secrets.token_hex(12)}@{domain}")),
        ("In-Reply-To", _angled(letter.in_reply_to)),
        ("References", " ".join(_angled(reference) for reference in letter.references)),
        ("Auto-Submitted", letter.automatic),
        *letter.headers,
        ("MIME-Version", "1.0"),
    ]
    return [(field, value) for field, value in found if value]


def header(name: str, value: str) -> bytes:
    """One header field, encoded (RFC 2047) and folded at blanks, with its CRLF. Raises BadHeader."""
    if not _NAME.fullmatch(name):
        raise BadHeader(f"“{name[:40]}” is no name for a header.")
    if _FORBIDDEN.search(value):
        raise BadHeader(f"The header {name} has a line break or a control character in its value.")
    words = _encoded_words(value.strip(), len(name) + 2)
    lines, line = [], f"{name}:"
    for word in words:
        if len(line) + 1 + len(word) > LINE and line != f"{name}:" and line.strip():
            lines.append(line)
            line = ""
        line += f" {word}"
    return _marked("\r\n".join([*lines, line]), address="A").encode("utf-8", "replace") + b"\r\n"


def mailbox(name: str, address: str) -> str:
    """A display name and an address as one value: quoted where it must be. Raises BadHeader."""
    if _FORBIDDEN.search(name) or re.search(r"[\s<>\x00]", address):
        raise BadHeader("A name or address has a line break or a blank where none may be.")
    if not name:
        return address
    if name.isascii() and not _ATEXT.fullmatch(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    elif not name.isascii():
        name = re.sub(r'[<>"]', "", name)
        return f"{_encoded(name, 6)} <{address}>"
    return f"{name} <{address}>"


def _bare(address: str) -> str:
    return address.strip().strip("<>")


def _angled(message_id: str) -> str:
    return f"<{message_id.strip().strip('<>')}>" if message_id else ""


def _encoded_words(value: str, column: int) -> list[str]:
    """The words of a value. Runs of words outside ASCII become encoded words; a slot stays as it is."""
    words: list[str] = []
    run: list[str] = []
    for word in value.split(" "):
        if (word.isascii() and ("=?" not in word or _is_encoded(word))) or _SLOT.search(word):
            if run:
                words += _encoded(" ".join(run), column).split(" ")
                run = []
            words.append(word)
        else:
            run.append(word)
    if run:
        words += _encoded(" ".join(run), column).split(" ")
    return words


def _is_encoded(word: str) -> bool:
    return word.startswith("=?utf-8?") and word.endswith("?=")


def _encoded(text: str, column: int) -> str:
    return (
        Header(text.encode("utf-8", "replace").decode(), "utf-8", maxlinelen=LINE - column).encode(linesep="").strip()
    )


# Bodies


def _body(letter: Letter) -> tuple[bytes, bytes]:
    part = _text_part("plain", letter.text, "T")
    if letter.html:
        part = _multipart("alternative", [part, _text_part("html", letter.html, "H")])
    if letter.enclosures:
        part = _multipart("mixed", [part, *(_enclosed(enclosure) for enclosure in letter.enclosures)])
    if letter.digest:
        part = _multipart("mixed", [part, _multipart("digest", [_message_part(one) for one in letter.digest])])
    return part


def _message_part(letter: Letter | RawLetter) -> tuple[bytes, bytes]:
    """A message in a message (RFC 2046 section 5.2.1). It is not encoded again; the places in it stay places.

    What came from outside could hold what marks a place, so NUL is taken out of it (RFC 5322 has no use for it).
    """
    if isinstance(letter, Letter):
        content = _marked_message(letter)
    else:
        ours, kept, body = _raw_parts(letter)
        content = ours + (kept + body).replace(b"\x00", b"")
    return b"Content-Type: message/rfc822\r\n" + _as_it_is(content), content + b"\r\n" * (not content.endswith(b"\r\n"))


def _as_it_is(content: bytes) -> bytes:
    """What must stand above content that is not encoded and not ASCII (RFC 2045 section 6.4)."""
    return b"" if content.isascii() else b"Content-Transfer-Encoding: 8bit\r\n"


def _text_part(kind: str, text: str, slot: str) -> tuple[bytes, bytes]:
    text = re.sub(r"\r\n|\r|\n", "\n", text.replace("\x00", ""))
    lines = (text if text.endswith("\n") else text + "\n").split("\n")[:-1]
    is_plain = text.isascii() and not _SLOT.search(text) and all(len(line) <= LINE for line in lines)
    is_plain = is_plain and not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: '
    if is_plain:
        return f"{head}7bit\r\n".encode(), "".join(f"{line}\r\n" for line in lines).encode()
    return f"{head}quoted-printable\r\n".encode(), b"".join(_quoted(line, slot) + b"\r\n" for line in lines)


def _quoted(line: str, slot: str) -> bytes:
    """One line of text in quoted-printable (RFC 2045 section 6.7), no longer than 76; slots between soft breaks."""
    done = [
        _marked(part, address=slot).encode() if _SLOT.fullmatch(part) else _softly_broken(part)
        for part in _SLOT.split(line)
        if part
    ]
    return b"=\r\n".join(done)


def _softly_broken(text: str) -> bytes:
    quoted = text.encode("utf-8", "replace")
    if _QP_UNSAFE.search(quoted):
        quoted = _QP_UNSAFE.sub(lambda found: b"=%02X" % found[0][0], quoted)
    if quoted[-1:] in (b" ", b"\t"):
        quoted = quoted[:-1] + b"=%02X" % quoted[-1]
    lines, start = [], 0
    while len(quoted) - start >= LINE:
        end = start + LINE - 1
        escape = quoted.rfind(b"=", end - 2, end)
        end = escape if escape >= 0 else end
        lines.append(quoted[start:end])
        start = end
    return b"=\r\n".join([*lines, quoted[start:]])


def _marked(text: str, *, address: str) -> str:
    return text.replace(slots.ADDRESS, f"\x00{address}\x00").replace(slots.REF, "\x00R\x00")


def _enclosed(enclosure: Enclosure) -> tuple[bytes, bytes]:
    kind = enclosure.content_type if _CONTENT_TYPE.fullmatch(enclosure.content_type) else "application/octet-stream"
    if kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    name = re.sub(r'[\x00-\x1f\x7f"\\/]', "_", enclosure.file_name)[:150] or "file"
    shown = f'filename="{name}"' if name.isascii() else f"filename*=utf-8''{quote(name, safe='')}"
    head = (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n {shown}\r\n"
    )
    told = _FORBIDDEN.sub(" ", enclosure.description.replace("\x09", " ")).strip()
    described = header("Content-Description", told) if told else b""
    return head.encode() + described, encodebytes(enclosure.content).replace(b"\n", b"\r\n") or b"\r\n"


def _multipart(kind: str, parts: list[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    boundary = f"=_{secrets.token_hex(12)}".encode()
    head = b'Content-Type: multipart/%s;\r\n boundary="%s"\r\n' % (kind.encode(), boundary)
    body = b"".join(b"--%s\r\n%s\r\n%s" % (boundary, part_head, content) for part_head, content in parts)
    return head + _as_it_is(body), body + b"--%s--\r\n" % boundary


def _odd_address(address: bytes, slot: str) -> bytes:
    """An address with characters that a body must escape, for where it stands."""
    if slot == "A":
        return address
    text = address.decode("utf-8", "replace")
    escaped = html.escape(text) if slot == "H" else text
    quoted = _softly_broken(escaped)
    return b"=2E" + quoted[1:] if quoted.startswith(b".") else quoted.replace(b"\r\n.", b"\r\n..")
