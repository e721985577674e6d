"""One SMTP connection to the relay, pipelined as RFC 2920 allows.

MAIL, RCPT and DATA go out in one write, and where the relay offers PIPELINING the next transaction goes out in the
same write as the final dot of the one before: one round trip for each copy, four replies to check. `expected` holds
the step that each reply must answer, in order. Where PIPELINING is not offered, one step follows the other.

At most two recipients are in hand: one whose envelope was sent, one whose content was sent and not yet answered for.
When the connection breaks, both go back to the pool.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from junto.mail.job import Answer, Ticket
from junto.mail.session import Session

if TYPE_CHECKING:
    from junto.mail.link import Link
    from junto.mail.relay import Pool

_GOOD_REPLIES = 5


class Connection(Session):
    """The transactions of one SMTP session. The pool gives it tickets and hears what became of them."""

    hears: ClassVar[dict[str, Callable[[Any, int, str], None]]]

    def __init__(self, pool: Pool, link: Link) -> None:
        super().__init__(pool, link)
        self.envelope: Ticket | None = None
        self.content: Ticket | None = None
        self.verdict: Answer | None = None
        self.needs_reset = False
        self._mail_parameters = ""
        self._is_too_large = False

    # What asyncio calls

    def data_received(self, data: bytes) -> None:
        self.heard_at = self.pool.now()
        content = self.content
        if content is not None and self.envelope is not None and not self._buffer and self.verdict is None:
            replies = data.split(b"\r\n")
            if (
                len(replies) == _GOOD_REPLIES
                and replies[0][:4] == b"250 "
                and replies[1][:4] == b"250 "
                and replies[2][:4] == b"250 "
                and replies[3][:4] == b"354 "
                and not replies[4]
                and len(self.expected) == 4
            ):
                self.expected.clear()
                self.content = None
                pool = self.pool
                pool.note(content.key)
                if pool.wary_of:
                    pool.domains.accepted(content)
                self._send_content()
                return
        self._read_replies(data)

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        self.is_ready = False
        in_hand = self.tickets()
        self.content = self.envelope = None
        self.pool.lost(self, in_hand, str(error or "the relay closed the connection"))

    # What the pool calls

    def begin(self) -> None:
        """Take a ticket, if there is one, and start its transaction."""
        if self.is_ready and self.envelope is None and self.content is None and not self.expected:
            ticket = self._take()
            if ticket is not None:
                self.heard_at = self.pool.now()
                self._write(self._first_commands(ticket))

    def begin_job(self) -> None:
        """Another mailing begins: its size and the parameters of MAIL may differ."""
        limit = self.features.get("SIZE", "")
        self._is_too_large = limit.isdecimal() and 0 < int(limit[:20]) < self.pool.job.size
        self._mail_parameters = " BODY=8BITMIME" if self.pool.job.is_8bit and "8BITMIME" in self.features else ""

    def tickets(self) -> list[Ticket]:
        return [ticket for ticket in (self.content, self.envelope) if ticket is not None]

    # Replies

    def _hear_mail(self, code: int, words: str) -> None:
        self._note("MAIL", code, words)
        if not self.pipelines:
            if self.verdict:
                self._finish_envelope(needs_reset=True)
            else:
                assert self.envelope is not None
                self._ask("RCPT", f"RCPT TO:<{self.envelope.address}>\r\n".encode())

    def _hear_rcpt(self, code: int, words: str) -> None:
        self._note("RCPT", code, words)
        if not self.pipelines:
            if self.verdict:
                self._finish_envelope(needs_reset=True)
            else:
                self._ask("DATA", b"DATA\r\n")

    def _hear_data(self, code: int, words: str) -> None:
        if code == 354 and self.verdict is None:
            self._send_content()
        elif code == 354:
            # The relay wants content although it refused the recipient: an empty message ends it (RFC 2920 section 3.1).
            self._ask("EMPTY", b".\r\n")
        else:
            self._note("DATA", code if code >= 400 else 451, words)
            self._finish_envelope(needs_reset=True)

    def _hear_dot(self, code: int, words: str) -> None:
        ticket, self.content = self.content, None
        assert ticket is not None
        if 200 <= code < 300:
            self.pool.note(ticket.key)
            self.pool.domains.accepted(ticket)
        else:
            self.pool.settle(ticket, Answer("DOT", code, words))
        self.begin()

    def _hear_empty(self, code: int, words: str) -> None:
        self._finish_envelope(needs_reset=False)

    def _hear_reset(self, code: int, words: str) -> None:
        if code >= 400:
            self._give_up(code, words)

    def _note(self, step: str, code: int, words: str) -> None:
        if self.verdict is None and not 200 <= code < 300:
            self.verdict = Answer(step, code, words)

    def _finish_envelope(self, *, needs_reset: bool) -> None:
        """The ticket whose envelope was sent goes no further."""
        ticket, verdict = self.envelope, self.verdict
        self.envelope = self.verdict = None
        self.needs_reset = needs_reset
        assert ticket is not None
        assert verdict is not None
        self.pool.settle(ticket, verdict)
        self.link.settled(verdict)
        self.begin()

    # Commands

    def _take(self) -> Ticket | None:
        """The next ticket that this relay can carry."""
        pool = self.pool
        while (ticket := pool.take()) is not None:
            if pool.closed and pool.put_off(ticket):
                continue
            if ticket.address.isascii() or "SMTPUTF8" in self.features:
                if not self._is_too_large:
                    return ticket
                self._cannot(ticket, "SIZE", 52, "5.3.4 The letter is larger than the relay takes.")
            else:
                self._cannot(ticket, "SMTPUTF8", 53, "5.6.7 The relay takes no addresses outside ASCII.")
        return None

    def _cannot(self, ticket: Ticket, feature: str, code: int, words: str) -> None:
        """This relay lacks a feature. Another may have it, so with several relays it is tried again later."""
        hundreds = 400 if len(self.pool.links) > 1 else 500
        self.pool.settle(ticket, Answer(feature, hundreds + code, words))

    def _first_commands(self, ticket: Ticket) -> bytes:
        """MAIL, or MAIL with RCPT and DATA, for a ticket; `expected` is told."""
        self.envelope = ticket
        reset = b""
        if self.needs_reset:
            self.needs_reset = False
            reset = b"RSET\r\n"
            self.expected.append("RSET")
        sender = self.pool.job.return_path.of(ticket.key)
        mail = f"MAIL FROM:<{sender}>{self._mail_parameters}"
        if not ticket.address.isascii():
            mail += " SMTPUTF8"
        if not self.pipelines:
            self.expected.append("MAIL")
            return reset + f"{mail}\r\n".encode()
        self.expected.extend(("MAIL", "RCPT", "DATA"))
        return reset + f"{mail}\r\nRCPT TO:<{ticket.address}>\r\nDATA\r\n".encode()

    def _send_content(self) -> None:
        """The content of the copy whose envelope was taken, and behind it the next envelope."""
        ticket = self.envelope
        assert ticket is not None
        self.content, self.envelope = ticket, None
        try:
            content = self.pool.job.content(ticket)
        except Exception as error:
            self.pool.fail(error)
            self.abort()
            return
        self.expected.append("DOT")
        if self.pipelines:
            following = self._take()
            if following is not None:
                content += self._first_commands(following)
        self._write(content)


Connection.hears = Session.hears | {
    "MAIL": Connection._hear_mail,
    "RCPT": Connection._hear_rcpt,
    "DATA": Connection._hear_data,
    "DOT": Connection._hear_dot,
    "EMPTY": Connection._hear_empty,
    "RSET": Connection._hear_reset,
}
