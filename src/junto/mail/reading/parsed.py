"""What reading a letter gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class File:
    """An attachment. `content` is decoded; `file_name` is safe to store and show; `description` is what the letter says
    that it is (Content-Description, RFC 2045 section 8), empty where that is no more than its name."""

    file_name: str
    content_type: str
    content: bytes
    description: str = ""


@dataclass(slots=True)
class ParsedMail:
    """What a letter says, with every repair that reading it took.

    `message_id`, `in_reply_to` and `references` are without angle brackets; `sent_at` is aware (UTC), or None where the
    letter has no date that can be believed; `text` is never empty where there is HTML; `html` is as it came (not yet
    sanitised); `headers` maps lower-case names to all decoded values, in order. No text holds a NUL.

    `from_name` and `from_address` are what the first From says; only `read_fast` undoes the "NAME via LIST" of list
    servers, and then `from_address` is empty where the author's address can no longer be told; it leaves `to`, `cc` and
    `reply_to` empty.
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


class Head(NamedTuple):
    """What the head of a letter says for threading and dating; ids are without brackets. `received_at` is the latest
    moment at which a server says that it had the letter. `is_letter` is False for what has no header of a letter."""

    message_id: str
    in_reply_to: str
    references: list[str]
    subject: str
    sent_at: datetime | None
    received_at: datetime | None
    is_letter: bool
