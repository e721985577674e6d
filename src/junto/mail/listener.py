"""One SMTP or LMTP session, seen from the server (RFC 5321, RFC 2033), pipelined as RFC 2920 allows.

Only CR LF . CR LF ends a letter, and only CR LF ends a command: what other servers take for line ends too can smuggle no
second letter in (the SMTP smuggling of 2023). Bare CR and LF in a letter become CR LF before anybody reads it, so that
whoever checks it and whoever passes it on see the same lines.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, cast

LARGEST = 40_000_000
LARGE = 1_000_000
LONGEST_COMMAND = 4_096
LONGEST_ADDRESS = 320
MOST_BAD_COMMANDS = 20
SILENCE = 300.0
LATER = "451 4.3.0 We could not keep the letter just now. Please try again later."
_FEATURES = ("PIPELINING", f"SIZE {LARGEST}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
_PATH = re.compile(r'\s*(?:<((?:"(?:\\.|[^"\\])*"|[^">])*)>|([^\s<>]+))\s*(.*)', re.DOTALL)
_ROUTE = re.compile(r"^@[^:]*:")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")
_BARE = re.compile(rb"\r\n|\r|\n")
_END = b"\r\n.\r\n"
_MAIL_WORDS = frozenset({"SIZE", "BODY", "SMTPUTF8", "AUTH"})


@dataclass(slots=True)
class Envelope:
    """What a session said of one letter before its content."""

    sender: str
    recipients: list[str] = field(default_factory=list)


class Room(Protocol):
    """What a session asks of the mailroom."""

    host_name: str

    def begins(self, session: Session) -> str:
        """An empty text, or the reply with which no session is begun."""

    def ends(self, session: Session) -> None: ...
    def is_full(self) -> bool:
        """True while the letters that are coming in take as much memory as they may."""

    def refusal(self, recipient: str, taken: int) -> str | asyncio.Future[str]:
        """An empty text where the recipient is taken, or else the reply; a promise of one where somebody must be asked."""

    def keep(self, session: Session, envelope: Envelope, content: bytes) -> asyncio.Future[None]:
        """Done when the letter is durable; fails where it is not kept."""


class Session(asyncio.Protocol):
    """Reads commands and letters as they come; while the mailroom thinks, what comes behind has to wait."""

    def __init__(self, room: Room, *, is_lmtp: bool) -> None:
        self.room, self.is_lmtp = room, is_lmtp
        self.client_name = ""
        self.client = "local"
        self.is_in_letter = False
        self.heard_at = 0.0
        self._transport: asyncio.Transport | None = None
        self._envelope: Envelope | None = None
        self._buffer = bytearray()
        self._searched = 0
        self._is_too_much = False
        self._waits = False
        self._is_unheard = False
        self._is_last = False
        self._bad_commands = 0
        self._replies: list[str] = []
        self._now = asyncio.get_running_loop().time

    @property
    def protocol_name(self) -> str:
        return "LMTP" if self.is_lmtp else "ESMTP"

    @property
    def is_waiting(self) -> bool:
        """True while the mailroom thinks."""
        return self._waits

    @property
    def is_busy(self) -> bool:
        """True from DATA until the answer to the letter."""
        return self.is_in_letter or self._waits

    @property
    def in_hand(self) -> int:
        """Bytes that came and are not dealt with yet."""
        return len(self._buffer)

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self.client = str(peer[0]) if isinstance(peer, tuple) else "local"
        self.heard_at = self._now()
        refusal = self.room.begins(self)
        self._say(refusal or f"220 {self.room.host_name} Junto {self.protocol_name}")
        self._flush()
        if refusal:
            self.close()

    def data_received(self, data: bytes) -> None:
        self.heard_at = self._now()
        self._buffer += data
        if self._waits and len(self._buffer) > LONGEST_COMMAND and self._transport is not None:
            self._transport.pause_reading()
        if self.is_in_letter and len(self._buffer) > LARGE and self.room.is_full():
            self.close("421 4.3.1 Too many large letters at once. Please try again later.")
        self._go_on()

    def pause_writing(self) -> None:
        """The other side does not read our replies: nothing more is done for it until it does, or they would fill the memory."""
        self._is_unheard = True
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._is_unheard = False
        self._read_on()
        self._go_on()

    def eof_received(self) -> bool:
        """The other side says no more. It may still listen: what is under way is answered first."""
        self._is_last = True
        return self._waits

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self.room.ends(self)

    def close(self, reply: str = "") -> None:
        """End the session, with a last word; at once where that has been said and the other side does not take it."""
        if self._transport is not None and self._transport.is_closing():
            self._transport.abort()
        elif self._transport is not None:
            if reply:
                self._say(reply)
                self._flush()
            self._transport.close()

    @property
    def _is_held_up(self) -> bool:
        return self._waits or self._is_unheard

    def _read_on(self) -> None:
        if self._transport is not None and not self._is_held_up:
            self._transport.resume_reading()

    # From bytes to commands and letters

    def _go_on(self) -> None:
        """Do what the bytes that are here ask for, and answer it all in one write."""
        while not self._is_held_up and self._transport is not None and not self._transport.is_closing():
            if not (self._take_letter() if self.is_in_letter else self._take_command()):
                break
        self._flush()

    def _take_command(self) -> bool:
        end = self._buffer.find(b"\n") + 1
        if not end or end > LONGEST_COMMAND:
            if len(self._buffer) > LONGEST_COMMAND:
                self.close("500 5.5.2 This line is too long.")
            return False
        line = bytes(self._buffer[:end])
        del self._buffer[:end]
        if not line.endswith(b"\r\n") or b"\r" in line[:-2] or b"\x00" in line:
            self._bad("500 5.5.2 A command is one line that ends with CR LF.")
            return True
        verb, _, argument = line[:-2].decode("utf-8", "surrogateescape").partition(" ")
        command = _COMMANDS.get(verb.upper())
        if command is None:
            self._bad("500 5.5.1 This command is not known here.")
        else:
            command(self, argument.strip())
        return True

    def _take_letter(self) -> bool:
        end = self._buffer.find(_END, self._searched)
        self._is_too_much = self._is_too_much or max(end, len(self._buffer) - len(_END)) > LARGEST
        if end < 0:
            if self._is_too_much:
                del self._buffer[: -len(_END)]
            self._searched = max(len(self._buffer) - len(_END) + 1, 0)
            return False
        content = b"" if self._is_too_much else bytes(self._buffer[: end + 2])
        del self._buffer[: end + len(_END)]
        self.is_in_letter = False
        self._end_letter(content)
        return True

    def _end_letter(self, content: bytes) -> None:
        envelope, self._envelope = self._envelope, None
        assert envelope is not None
        times = len(envelope.recipients) if self.is_lmtp else 1
        if self._is_too_much:
            self._replies += [f"552 5.3.4 A letter may have {LARGEST:,} bytes, this one has more."] * times
            return
        kept = self.room.keep(self, envelope, normal(content.replace(b"\r\n.", b"\r\n")[2:]))
        self._wait_for(kept, lambda done: ["250 2.0.0 Kept"] * times, [LATER] * times)

    def _wait_for(
        self,
        promise: asyncio.Future[str] | asyncio.Future[None],
        tell: Callable[[str | None], list[str]],
        fails: list[str],
    ) -> None:
        """Answer when the mailroom has decided; go on only then."""
        self._waits = True

        def decided(done: asyncio.Future[str] | asyncio.Future[None]) -> None:
            self._waits = False
            is_kept = not done.cancelled() and done.exception() is None
            self._replies += tell(done.result()) if is_kept else fails
            self._read_on()
            self._go_on()
            if self._is_last and not self._waits:
                self.close()

        promise.add_done_callback(decided)

    # Commands

    def _hello(self, argument: str) -> None:
        self.client_name, self._envelope = argument, None
        words = [self.room.host_name, *_FEATURES]
        self._replies += [f"250-{word}" for word in words[:-1]] + [f"250 {words[-1]}"]

    def _ehlo(self, argument: str) -> None:
        if self.is_lmtp:
            self._bad("500 5.5.1 This is LMTP: say LHLO.")
        elif not argument:
            self._bad("501 5.5.4 Say who you are: EHLO host.example")
        else:
            self._hello(argument)

    def _helo(self, argument: str) -> None:
        if self.is_lmtp or not argument:
            self._ehlo(argument)
        else:
            self.client_name, self._envelope = argument, None
            self._say(f"250 {self.room.host_name}")

    def _lhlo(self, argument: str) -> None:
        if not self.is_lmtp or not argument:
            self._bad(
                "500 5.5.1 This is SMTP: say EHLO." if argument else "501 5.5.4 Say who you are: LHLO host.example"
            )
        else:
            self._hello(argument)

    def _mail(self, argument: str) -> None:
        found = _path_behind("FROM:", argument)
        if not self.client_name:
            self._bad("503 5.5.1 Say who you are first.")
        elif self._envelope is not None:
            self._bad("503 5.5.1 A letter is under way. Say RSET to begin anew.")
        elif found is None or is_unfit(found[0]):
            self._bad("553 5.1.7 This sender address is malformed.")
        elif refusal := _unwelcome(found[1]):
            self._say(refusal)
        else:
            self._envelope = Envelope(found[0])
            self._say("250 2.1.0 Ok")

    def _rcpt(self, argument: str) -> None:
        found = _path_behind("TO:", argument)
        if self._envelope is None:
            self._bad("503 5.5.1 Say MAIL first.")
        elif found is None or is_unfit(found[0]) or "@" not in found[0]:
            self._bad("553 5.1.3 This address is malformed.")
        elif found[1]:
            self._say("555 5.5.4 No parameters are known here.")
        else:
            self._ask_about(found[0], self._envelope)

    def _ask_about(self, recipient: str, envelope: Envelope) -> None:
        def tell(refusal: str | None) -> list[str]:
            if not refusal:
                envelope.recipients.append(recipient)
            return [refusal or "250 2.1.5 Ok"]

        refusal = self.room.refusal(recipient, len(envelope.recipients))
        if isinstance(refusal, str):
            self._replies += tell(refusal)
        else:
            self._wait_for(
                refusal, tell, ["451 4.3.0 We could not look the address up just now. Please try again later."]
            )

    def _data(self, argument: str) -> None:
        if self._envelope is None or not self._envelope.recipients:
            self._bad("503 5.5.1 No recipient was taken.")
        elif argument:
            self._bad("501 5.5.4 DATA has no parameters.")
        else:
            self._say("354 Go on. CR LF . CR LF ends the letter.")
            self.is_in_letter, self._is_too_much, self._searched = True, False, 0
            self._buffer[:0] = b"\r\n"

    def _rset(self, argument: str) -> None:
        self._envelope = None
        self._say("250 2.0.0 Ok")

    def _noop(self, argument: str) -> None:
        self._say("250 2.0.0 Ok")

    def _vrfy(self, argument: str) -> None:
        self._say("252 2.1.5 Send a letter, then you will hear.")

    def _quit(self, argument: str) -> None:
        self.close("221 2.0.0 Bye")

    # Replies

    def _say(self, reply: str) -> None:
        self._replies.append(reply)

    def _bad(self, reply: str) -> None:
        self._say(reply)
        self._bad_commands += 1
        if self._bad_commands > MOST_BAD_COMMANDS:
            self.close("421 4.7.0 Too many commands that make no sense.")

    def _flush(self) -> None:
        if self._replies and self._transport is not None:
            self._transport.write(("\r\n".join(self._replies) + "\r\n").encode("ascii", "replace"))
        self._replies.clear()


_COMMANDS: dict[str, Callable[[Session, str], None]] = {
    "HELO": Session._helo,
    "EHLO": Session._ehlo,
    "LHLO": Session._lhlo,
    "MAIL": Session._mail,
    "RCPT": Session._rcpt,
    "DATA": Session._data,
    "RSET": Session._rset,
    "NOOP": Session._noop,
    "VRFY": Session._vrfy,
    "QUIT": Session._quit,
}


def is_unfit(address: str) -> bool:
    """True for what can be no address here: too long, or with blanks, brackets, or what is no UTF-8."""
    return len(address) > LONGEST_ADDRESS or bool(_UNPRINTABLE.search(address))


def normal(content: bytes) -> bytes:
    """A letter in which every line ends with CR LF, also those that ended with one of the two alone."""
    pairs = content.count(b"\r\n")
    if content.count(b"\n") == pairs and content.count(b"\r") == pairs:
        return content
    return _BARE.sub(b"\r\n", content)


def _path_behind(word: str, argument: str) -> tuple[str, list[str]] | None:
    """Address and parameters of MAIL and RCPT, without the route of old (RFC 5321 appendix C); None where malformed."""
    if argument[: len(word)].upper() != word:
        return None
    found = _PATH.fullmatch(argument[len(word) :])
    if not found:
        return None
    return _ROUTE.sub("", found[1] or found[2] or "", count=1) if found[1] else found[2] or "", found[3].split()


def _unwelcome(parameters: list[str]) -> str:
    """The reply to parameters of MAIL that this server cannot obey; empty where there are none."""
    for parameter in parameters:
        name, _, value = parameter.upper().partition("=")
        if name not in _MAIL_WORDS or (name == "BODY" and value not in {"7BIT", "8BITMIME"}):
            return "555 5.5.4 This parameter is not known here."
        if name == "SIZE" and (not value.isdigit() or len(value) > 20 or int(value) > LARGEST):
            return f"552 5.3.4 A letter may have {LARGEST:,} bytes."
    return ""
