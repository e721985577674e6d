"""What every form of roster comes down to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.header import decode_header, make_header
from enum import StrEnum


class NotARoster(ValueError):
    """The text names nobody; the message says what is expected."""


class Form(StrEnum):
    """What wrote a roster."""

    REVIEW = "LISTSERV REVIEW"
    MAILMAN = "Mailman list"
    REST = "Mailman 3 REST"
    SHEET = "CSV"
    ADDRESSES = "list of addresses"


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a roster, as written. `number` is the line in the text, or the entry in JSON.

    `role` is member, moderator, manager or nonmember; `delivery` each, daily, weekly or none; both empty where nothing is
    said, and as written where it means nothing here.
    """

    number: int
    address: str
    name: str = ""
    role: str = ""
    delivery: str = ""
    agency: str = ""


_ROLES = {"owner": "manager", "admin": "manager", "editor": "moderator", "subscriber": "member"}
_DELIVERIES = {
    "nomail": "none", "no mail": "none", "disabled": "none", "web": "none", "web only": "none", "special": "none",
    "by_user": "none", "by_moderator": "none", "by_bounces": "none",
    "digest": "daily", "digests": "daily", "index": "daily", "html digest": "daily", "daily digest": "daily",
    "plaintext_digests": "daily", "mime_digests": "daily", "summary_digests": "daily",
    "mail": "each", "regular": "each", "single": "each", "individual": "each", "each message": "each", "enabled": "each",
    "weekly digest": "weekly",
}  # fmt: skip
_NO_NAME = re.compile(r"^\W*(?:no name(?: available)?|anonymous|<?concealed>?|none|null)\W*$", re.IGNORECASE)


def role_of(text: str) -> str:
    """A role in Junto's word for it; as written where there is none."""
    word = text.strip().lower()
    return _ROLES.get(word, word)


def delivery_of(text: str) -> str:
    """A way of delivery in Junto's word for it; as written where there is none."""
    word = text.strip().lower()
    return _DELIVERIES.get(word, word)


def name_of(text: str) -> str:
    """A name without quotation marks, header encoding (RFC 2047) and the words that stand for no name."""
    bare = " ".join(text.strip().strip("\"'").split())
    if "=?" in bare:
        try:
            bare = str(make_header(decode_header(bare)))
        except (ValueError, LookupError):
            return bare
    return "" if _NO_NAME.match(bare) else bare
