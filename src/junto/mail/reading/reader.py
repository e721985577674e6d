"""Puts a letter together from its head and its parts."""

from __future__ import annotations

import re
from hashlib import blake2b, sha256
from html import escape, unescape

from junto.kit.html import clean
from junto.kit.html import to_text as html_to_text
from junto.mail.reading import authors, dates, headers, ids, parts, tnef
from junto.mail.reading.parsed import File, Head, ParsedMail

MOST_BYTES = 100_000_000
MOST_SAME = 10
_LONGEST_HEAD = 200_000
_OF_HEAD = frozenset({"message-id", "in-reply-to", "references", "subject", "date", "received", "from", "to"})
_NESTS = re.compile(r"<(?:div|table|blockquote|ul|ol|dl|section|article|fieldset|center)\b", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>")
_DEEPEST_HTML, _LONGEST_HTML = 400, 2_000_000
_OF_TNEF = -1
_PGP_SEALED = "-----BEGIN PGP MESSAGE-----"
_MOST_BEFORE_SEALED = 200
_OF_CMS = {
    bytes.fromhex("2a864886f70d010702"): "signed-data",
    bytes.fromhex("2a864886f70d010703"): "enveloped-data",
    bytes.fromhex("2a864886f70d0109100117"): "authenveloped-data",
}
_PGP_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"


def read(raw: bytes) -> ParsedMail:
    """Reads one letter as it came in. Never raises; what had to be mended is in `repairs`."""
    return _read(raw, is_archived=False)


def read_fast(raw: bytes) -> ParsedMail:
    """Reads one letter of an archive: as `read`, but looks for the author behind "NAME via LIST", and not for whom it went to."""
    return _read(raw, is_archived=True)


def head_of(raw: bytes) -> Head:
    """Reads the head alone, ten times as fast; it says the same as `read`. Never raises."""
    values = headers.some(_lines(raw[:_LONGEST_HEAD]), _OF_HEAD, _OF_HEAD - {"references"})
    first = {name: listed[0] for name, listed in values.items()}
    received = first.get("received", "").rpartition(";")[2]
    return Head(
        ids.one(first.get("message-id", "")),
        ids.replied(first.get("in-reply-to", "")),
        ids.many(" ".join(values.get("references", ()))),
        " ".join(headers.decoded(first.get("subject", "")).split())[:1000],
        dates.parse(headers.decoded(first.get("date", "")))[0],
        dates.parse(received)[0] if received else None,
        bool(first),
    )


def minted_id(raw: bytes) -> str:
    """A Message-ID for a letter that has none: the same bytes give the same id."""
    return f"{sha256(_lines(raw).strip()).hexdigest()[:32]}@no-message-id.invalid"


def fingerprint(mail: ParsedMail) -> str:
    """Tells apart letters that share a Message-ID, and knows the same letter from another export of it: made of subject
    and words without regard to blanks, and of the names and sizes of its files."""
    digest = blake2b(digest_size=16)
    digest.update("".join((mail.subject + mail.text).split()).encode("utf-8", "replace"))
    for file in mail.files:
        digest.update(f"\0{file.file_name}\0{len(file.content)}".encode("utf-8", "replace"))
    return digest.hexdigest()


def _lines(raw: bytes) -> bytes:
    """The letter with LF line ends, without a byte order mark, blank lines or an mbox line in front."""
    raw = raw[:MOST_BYTES]
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n")
        if b"\n" not in raw:
            raw = raw.replace(b"\r", b"\n")
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\n")
    while raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    return raw


def _read(raw: bytes, *, is_archived: bool) -> ParsedMail:
    mail = ParsedMail()
    fields, body, is_amiss = headers.split(_lines(raw))
    if is_amiss:
        mail.repairs.append("a line among the headers is no header")
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    mail.headers = {name: [headers.decoded(v) if "=?" in v else v for v in listed] for name, listed in values.items()}
    _read_head(mail, values)
    if is_archived:
        _undo_munging(mail, values)
    else:
        _read_recipients(mail, values)
    _read_body(mail, parts.leaves_of(fields, body))
    return mail


def _read_head(mail: ParsedMail, values: dict[str, list[str]]) -> None:
    mail.message_id = ids.one(_once(mail, values, "message-id"))
    mail.in_reply_to = ids.replied(values.get("in-reply-to", [""])[0])
    mail.references = ids.many(" ".join(values.get("references", [])))
    mail.subject = " ".join(mail.header("subject").split())[:1000]
    mail.sent_at, note = dates.parse(mail.header("date"))
    writers = authors.mailboxes(_once(mail, values, "from")) or authors.mailboxes(values.get("sender", [""])[0])
    mail.from_name, mail.from_address = writers[0] if writers else ("", "")
    if note:
        mail.repairs.append(note)
    if not mail.message_id:
        mail.repairs.append("Message-ID is missing")
    if "@" not in mail.from_address:
        mail.repairs.append("author’s address is missing")


def _read_recipients(mail: ParsedMail, values: dict[str, list[str]]) -> None:
    mail.to = _addresses(values, "to")
    mail.cc = _addresses(values, "cc")
    mail.reply_to = next(iter(_addresses(values, "reply-to")), "")


def _once(mail: ParsedMail, values: dict[str, list[str]], name: str) -> str:
    """The first value of a header that may stand only once."""
    found = values.get(name, [""])
    if len(set(found)) > 1:
        mail.repairs.append(f"has {len(found)} {name} headers, the first is taken")
    return found[0]


def _addresses(values: dict[str, list[str]], name: str) -> list[str]:
    return [address for value in values.get(name, [])[:MOST_SAME] for _, address in authors.mailboxes(value) if address]


def _undo_munging(mail: ParsedMail, values: dict[str, list[str]]) -> None:
    behind = authors.author_behind(mail.from_name, mail.from_address, values)
    if behind:
        mail.from_name, mail.from_address = behind
        where = "found in other headers" if behind[1] else "cannot be told"
        mail.repairs.append(f"From was rewritten by a list server; the author’s address is {where}")


def _read_body(mail: ParsedMail, shape: parts.Shape) -> None:
    mail.repairs += shape.repairs
    bodies: list[tuple[bool, str, int]] = []
    for leaf in shape.leaves:
        if not leaf.is_body:
            files, inside = _files(leaf)
            mail.files += files
            if inside:
                _take_words(bodies, inside, mail)
            continue
        text, note = parts.text_of(leaf)
        if note:
            mail.repairs.append(note)
        if text.strip():
            bodies.append((leaf.content_type == "text/html", text, leaf.choice))
    mail.html = _html_of(bodies)
    mail.text = _text_of(bodies)
    mail.is_signed, mail.is_encrypted = _sealed(shape, mail.text)


def _files(leaf: parts.Leaf) -> tuple[list[File], tnef.Contents]:
    """The file that a part is; for a winmail.dat, the files in it, and the words of the letter that came with them."""
    file = _file(leaf)
    inside = tnef.Contents()
    if tnef.is_tnef(file.content_type, file.file_name, file.content):
        inside = tnef.read(file.content)
    if not inside:
        return [file], inside
    unpacked = []
    for one in inside.files:
        kind = one.content_type or "application/octet-stream"
        unpacked.append(File(parts.safe_name(one.name, kind), kind[:120], one.content))
    return unpacked, inside


def _take_words(bodies: list[tuple[bool, str, int]], inside: tnef.Contents, mail: ParsedMail) -> None:
    """Let the words of a winmail.dat be read where the letter outside has none of that kind."""
    mail.repairs.append("winmail.dat was unpacked")
    have = {is_html for is_html, _, _ in bodies}
    choice = next((choice for _, _, choice in bodies if choice), _OF_TNEF)
    bodies[:] = [(is_html, words, choice) for is_html, words, _ in bodies]
    for is_html, words in ((False, inside.text), (True, inside.html)):
        words = words.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        if words.strip() and is_html not in have:
            bodies.append((is_html, words, choice))


def _file(leaf: parts.Leaf) -> File:
    name = leaf.file_name
    content = leaf.content()
    if not name and leaf.content_type == "message/rfc822":
        inner = headers.split(_lines(content[:20_000]))[0]
        subject = next((headers.decoded(v) for k, v in inner if k == "subject"), "")
        name = f"{subject[:100]}.eml" if subject.strip() else ""
    return File(parts.safe_name(name, leaf.content_type), leaf.content_type[:120], content, leaf.description)


def _text_of(bodies: list[tuple[bool, str, int]]) -> str:
    """What a reader of plain text sees: of alternatives the plain one, and the text of HTML that has none."""
    have_plain = {choice for is_html, _, choice in bodies if not is_html and choice}
    pieces = [
        _plain(text) if is_html else text for is_html, text, choice in bodies if not (is_html and choice in have_plain)
    ]
    return "\n".join(pieces)


def _html_of(bodies: list[tuple[bool, str, int]]) -> str:
    """The HTML of a letter, with its plain parts put in between; empty where no part is HTML."""
    have_html = {choice for is_html, _, choice in bodies if is_html}
    if not have_html:
        return ""
    pieces = [
        text if is_html else f"<div>{escape(text.strip()).replace(chr(10), '<br>')}</div>"
        for is_html, text, choice in bodies
        if is_html or not choice or choice not in have_html
    ]
    return "\n".join(pieces)


def _plain(html: str) -> str:
    """The text of HTML; of HTML that is too long or too deep to lay out, only its words."""
    html = html[:_LONGEST_HTML]
    try:
        if len(_NESTS.findall(html)) < _DEEPEST_HTML:
            return html_to_text(html)
    except Exception:  # noqa: S110 the layout engine meets any HTML at all; words alone are the way out
        pass
    words = unescape(_TAGS.sub(" ", clean(html)))
    return "\n".join(line.strip() for line in words.split("\n") if line.strip())


def _sealed(shape: parts.Shape, text: str) -> tuple[bool, bool]:
    """(is signed, is encrypted): S/MIME (RFC 8551), PGP/MIME (RFC 3156) and PGP in the text."""
    is_signed = "multipart/signed" in shape.types or text.lstrip().startswith(_PGP_SIGNED)
    is_encrypted = "multipart/encrypted" in shape.types or _holds_a_sealed_text(text)
    for leaf in shape.leaves:
        kind = _smime_kind(leaf)
        is_signed = is_signed or kind == "signed-data"
        is_encrypted = is_encrypted or kind in ("enveloped-data", "authenveloped-data")
    return is_signed, is_encrypted


def _holds_a_sealed_text(text: str) -> bool:
    """Whether a letter is a block of PGP with little before it; not where somebody asks what such a block is."""
    place = text.find(_PGP_SEALED)
    return 0 <= place <= _MOST_BEFORE_SEALED and (place == 0 or text[place - 1] == "\n")


def _smime_kind(leaf: parts.Leaf) -> str:
    """What a part of CMS is: as it says, or as the object identifier at its beginning does (RFC 5652 section 3)."""
    is_smime = leaf.content_type in ("application/pkcs7-mime", "application/x-pkcs7-mime")
    if not is_smime and not (leaf.content_type == "application/octet-stream" and leaf.file_name.lower() == "smime.p7m"):
        return ""
    told = leaf.parameters.get("smime-type", "").lower()
    if told in ("signed-data", "enveloped-data", "authenveloped-data"):
        return told
    start = leaf.content()[:60]
    found = next((kind for mark, kind in _OF_CMS.items() if mark in start), "")
    return found or ("enveloped-data" if is_smime and not told else "")
