"""What a relay needs to know to send the copies of one mailing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from junto.kit.tokens import Signer
from junto.mail.compose import Filler
from junto.mail.models import Mailing
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


class CopySigner(Protocol):
    """Signs copies. `sign` runs in several threads at once."""

    def sign(self, parts: list[bytes]) -> list[bytes]:
        """The parts of the signed copy. `parts` joined are what follows DATA: dots doubled, with the final dot."""


class Job:
    """One mailing as bytes: `envelope` and `content` for each ticket.

    `is_untested`: no server has accepted a copy so far. `exempt`: keys that are tried although their domain puts mail off.
    """

    __slots__ = (
        "_copies",
        "_filler",
        "_references",
        "exempt",
        "is_8bit",
        "is_untested",
        "mailing_id",
        "return_path",
        "signer",
        "size",
    )

    def __init__(self, mailing: Mailing, signer: CopySigner | None = None, *, exempt: frozenset[int] = frozenset()):
        pieces = bytes(mailing.pieces)
        self._filler = Filler(pieces, [(offset, slot) for offset, slot in mailing.places])
        self._references = Signer(mailing.scope or DEFAULT_SCOPE)
        self._copies: dict[int, bytes] = {}
        self.signer = signer
        self.exempt = exempt
        self.is_untested = False
        self.mailing_id = mailing.pk
        self.return_path = ReturnPath(mailing.pk, mailing.return_to)
        self.size = len(pieces)
        self.is_8bit = mailing.is_8bit

    def content(self, ticket: Ticket) -> bytes:
        """The copy, with its final dot."""
        if self.signer is None:
            return self._filler.whole(ticket.address.encode(), self._references.sign(ticket.key).encode())
        return self._copies.pop(ticket.ordinal, b"") or self.prepared(ticket)

    def prepared(self, ticket: Ticket) -> bytes:
        """The copy, signed where there is a signer. May run in any thread."""
        address, reference = ticket.address.encode(), self._references.sign(ticket.key).encode()
        if self.signer is None:
            return self._filler.whole(address, reference)
        return b"".join(self.signer.sign(self._filler.fill(address, reference)))

    def keep(self, tickets: Sequence[Ticket], copies: Sequence[bytes]) -> None:
        """Hold prepared copies until `content` asks for them."""
        for ticket, copy in zip(tickets, copies, strict=True):
            self._copies[ticket.ordinal] = copy

    def forget(self, ticket: Ticket) -> None:
        """A ticket goes no further; its copy is not needed."""
        self._copies.pop(ticket.ordinal, None)


@dataclass(slots=True)
class Outcomes:
    """What befell those that were not simply accepted, since the last checkpoint."""

    answers: list[tuple[Ticket, Answer]] = field(default_factory=list)

    def taken_below(self, ordinal: int) -> list[tuple[Ticket, Answer]]:
        """Takes out those whose place in the order is below `ordinal`."""
        taken = [pair for pair in self.answers if pair[0].ordinal < ordinal]
        self.answers = [pair for pair in self.answers if pair[0].ordinal >= ordinal]
        return taken
