"""Reads a letter: any bytes in, a `ParsedMail` out, never an exception."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class File:
    """An attachment. `content` is decoded; `file_name` is safe to store and show."""

    file_name: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class ParsedMail:
    """What a letter says, with every repair that reading it took.

    `message_id`, `in_reply_to` and `references` are without angle brackets; `sent_at` is aware, or None where the
    letter has no date that can be believed; `text` is never empty where there is HTML; `html` is as it came (not yet
    sanitised); `headers` maps lower-case names to all decoded values, in order.
    """

    message_id: str = ""
    in_reply_to: str = ""
    references: list[str] = field(default_factory=list)
    from_name: str = ""
    from_address: str = ""
    reply_to: str = ""
    to: list[str] = field(default_factory=list)
    cc: list[str] = field(default_factory=list)
    subject: str = ""
    sent_at: datetime | None = None
    text: str = ""
    html: str = ""
    files: list[File] = field(default_factory=list)
    headers: dict[str, list[str]] = field(default_factory=dict)
    is_signed: bool = False
    is_encrypted: bool = False
    repairs: list[str] = field(default_factory=list)

    def header(self, name: str) -> str:
        """The first value of a header, or an empty text."""
        values = self.headers.get(name.lower())
        return values[0] if values else ""


def read(raw: bytes) -> ParsedMail:
    import email
    import email.policy
    from email.utils import getaddresses, parseaddr, parsedate_to_datetime

    m = email.message_from_bytes(raw, policy=email.policy.default)
    p = ParsedMail()
    for k, v in m.items():
        p.headers.setdefault(k.lower(), []).append(str(v))
    p.message_id = p.header("message-id").strip("<> ")
    p.in_reply_to = p.header("in-reply-to").strip("<> ")
    p.references = [r.strip("<>") for r in p.header("references").split()]
    p.from_name, p.from_address = parseaddr(p.header("from"))
    p.from_address = p.from_address.lower()
    p.reply_to = parseaddr(p.header("reply-to"))[1]
    p.to = [a for _, a in getaddresses([p.header("to")])]
    p.subject = p.header("subject")
    try:
        p.sent_at = parsedate_to_datetime(p.header("date"))
    except Exception:
        pass
    for part in m.walk():
        if part.is_multipart():
            continue
        t = part.get_content_type()
        if part.get_filename():
            p.files.append(File(part.get_filename(), t, part.get_payload(decode=True) or b""))
        elif t == "text/plain" and not p.text:
            p.text = part.get_content()
        elif t == "text/html" and not p.html:
            p.html = part.get_content()
    if not p.text and p.html:
        from junto.kit import html

        p.text = html.to_text(p.html)
    p.is_signed = m.get_content_type() == "multipart/signed"
    p.is_encrypted = "pkcs7-mime" in m.get_content_type() or m.get_content_type() == "multipart/encrypted"
    return p
