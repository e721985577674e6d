"""What a relay needs to know to send the copies of one mailing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from junto.kit.tokens import Signer
from junto.mail.compose import Filler
from junto.mail.models import Mailing
from junto.mail.signing import signer_for
from junto.mail.verp import ReturnPath

DEFAULT_SCOPE = "mail.reader"
_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f@][^\s<>\x00-\x1f\x7f]*@[^\s<>\x00-\x1f\x7f@]+")


class Ticket(NamedTuple):
    """One recipient on the way: the place in the order in which they were handed out, the key, the address."""

    ordinal: int
    key: int
    address: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, and at which step of the transaction. `code` 0: it said nothing, the connection broke."""

    step: str
    code: int
    words: str

    @property
    def is_refusal(self) -> bool:
        """True for what never will work (5xx). The step MAIL is about us, so it is always tried again."""
        return self.code >= 500 and self.step != "MAIL"


SKIPPED = Answer("SKIPPED", 0, "This is no address that mail could be sent to.")


def may_be_sent(address: str) -> bool:
    """True for what can stand in an SMTP command: no blank, bracket or control character could smuggle in another."""
    return _ADDRESS.fullmatch(address) is not None


class Job:
    """One mailing as bytes: `envelope` and `content` for each ticket."""

    __slots__ = ("_dkim", "_filler", "_signer", "is_8bit", "mailing_id", "return_path", "size")

    def __init__(self, mailing: Mailing) -> None:
        pieces = bytes(mailing.pieces)
        self._filler = Filler(pieces, [(offset, slot) for offset, slot in mailing.places])
        self._signer = Signer(mailing.scope or DEFAULT_SCOPE)
        self._dkim = signer_for(mailing)
        self.mailing_id = mailing.pk
        self.return_path = ReturnPath(mailing.pk, mailing.return_to)
        self.size = len(pieces)
        self.is_8bit = mailing.is_8bit

    def content(self, ticket: Ticket) -> list[bytes]:
        """The copy in parts, with its final dot. A list of its own, which the caller may extend."""
        parts = self._filler.fill(ticket.address.encode(), self._signer.sign(ticket.key).encode())
        return self._dkim.sign(parts) if self._dkim else parts


@dataclass(slots=True)
class Outcomes:
    """What befell those that were not simply accepted, since the last checkpoint."""

    answers: list[tuple[Ticket, Answer]] = field(default_factory=list)

    def taken_below(self, ordinal: int) -> list[tuple[Ticket, Answer]]:
        """Takes out those whose place in the order is below `ordinal`."""
        taken = [pair for pair in self.answers if pair[0].ordinal < ordinal]
        self.answers = [pair for pair in self.answers if pair[0].ordinal >= ordinal]
        return taken
