"""A post on its way to a list, and what the chain may decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from django.conf import settings

from junto.communities.models import Community, Membership
from junto.discussions.models import HeldPost, Message
from junto.mail.reading import ParsedMail
from junto.mail.seals import Seal
from junto.people.models import Person


class Verdict(StrEnum):
    ACCEPT = "accept"
    HOLD = "hold"
    CONFIRM = "confirm"
    ASK = "ask"
    WAIT = "wait"
    REDIRECT = "redirect"
    REJECT = "reject"
    DISCARD = "discard"


@dataclass(frozen=True)
class Post:
    """A letter on its way to a list, with what the rules need to know of it.

    `raw` is its key in the mail store, `size` counts bytes, `sender` is the envelope's (empty for the null sender).
    `zone` is set for a post that another list feeds. `held` is set when a post that was held goes through the chain
    again; `is_proven` then says that its author confirmed it. `seal` is the signature by which its copies may keep the
    From line; a post that waited has none. `written_to` is the list that a letter was sent to, where the discussion that it
    answers was moved from there.
    """

    community: Community
    mail: ParsedMail
    raw: str
    size: int
    sender: str
    received_at: datetime
    is_proven: bool
    author: Person | None = None
    membership: Membership | None = None
    parent: Message | None = None
    came_by: str = "mail"
    arrival_id: int | None = None
    held: HeldPost | None = None
    zone: str = ""
    seal: Seal | None = None
    written_to: Community | None = None

    @property
    def email(self) -> str:
        return self.mail.from_address

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint_of(self.mail)

    @property
    def message_id(self) -> str:
        """The letter's own Message-ID, or one minted from its fingerprint, so that a second copy gets the same."""
        return self.mail.message_id or f"junto.{self.fingerprint[:32]}@{settings.LIST_DOMAIN}"

    @property
    def is_from_a_member(self) -> bool:
        return self.membership is not None and self.membership.is_active()


@dataclass(frozen=True, slots=True)
class Decision:
    """What the chain says: the rule that spoke (its name is what logs and held posts show), the verdict, and why."""

    rule: str
    verdict: Verdict
    reason: str


def fingerprint_of(mail: ParsedMail) -> str:
    """The same for two copies of one letter, whatever their Message-IDs: who, when, what."""
    said = (mail.from_address, mail.header("date"), mail.subject, mail.text, *(f.file_name for f in mail.files))
    return sha256("\x00".join(said).encode("utf-8", "replace")).hexdigest()


Rule = Callable[[Post], str]


def list_address(community: Community) -> str:
    """cx-cop@lists.agency.gov"""
    return f"{community.list_name}@{settings.LIST_DOMAIN}".lower()
