"""A letter as a value: what a room hands to the engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.conf import settings


def _marker(name: str) -> str:
    """A word that nobody outside can write: what a member posts must never be taken for a slot."""
    return f"x{blake2b(name.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=12).hexdigest()}x"


class slots:  # noqa: N801
    """Places that differ in each copy. They may stand in text, HTML and headers; the engine fills them last.

    ADDRESS is the recipient's address; REF a token that names the recipient (read it with `kit.tokens.read(scope, …)`).
    """

    ADDRESS = _marker("address")
    REF = _marker("ref")


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a letter. `description` says what a picture shows."""

    file_name: str
    content_type: str
    content: bytes
    description: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, for one reader or for thousands.

    `kind` is dotted (discussions.post) and is what counts and logs are kept by. `scope` is the purpose under which
    the REF slot is signed. `automatic` is the value of Auto-Submitted (RFC 3834), empty for what a person wrote.
    `digest` are whole messages that go along, each as it is (multipart/digest, RFC 2046 section 5.1.5).
    Empty `sender`, `to` and `message_id` become the site's own address, the recipient's, and a fresh one.
    """

    kind: str
    subject: str
    text: str
    html: str = ""
    sender_name: str = ""
    sender: str = ""
    to: str = ""
    reply_to: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    digest: tuple[Letter | RawLetter, ...] = ()
    automatic: str = "auto-generated"
    scope: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RawLetter:
    """A letter whose bytes must pass as they are (S/MIME-signed, RFC 8551): only outer headers are dropped or added."""

    kind: str
    raw: bytes
    drop: frozenset[str] = frozenset()
    headers: tuple[tuple[str, str], ...] = ()
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a mailing goes to: the name of a stream that config/mail_routes.py lists, and what it is to be told (JSON)."""

    name: str
    told: dict[str, Any]
