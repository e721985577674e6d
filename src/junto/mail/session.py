"""How an SMTP session with a relay begins: greeting, EHLO, STARTTLS (RFC 3207), AUTH (RFC 4954); and its replies read.

`expected` holds the step that each reply must answer, in order. Once the session is ready, `client.Connection` goes on.
After the handshake nothing of what was said before it counts: features are asked for again, and what the other side sent
ahead of the handshake is thrown away (RFC 3207 section 6; an intruder could have put it there).
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from abc import ABC, abstractmethod
from base64 import b64encode
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast

if TYPE_CHECKING:
    from junto.mail.link import Link
    from junto.mail.relay import Pool

_REPLY = re.compile(rb"(\d{3})([ -]?)([^\r\n]*)\r?\n")
_LONGEST_REPLY = 64 * 1024


class Session(asyncio.Protocol, ABC):
    """The client side of one SMTP session up to the first transaction."""

    hears: ClassVar[dict[str, Callable[[Any, int, str], None]]]

    def __init__(self, pool: Pool, link: Link) -> None:
        self.pool, self.link = pool, link
        self.transport: asyncio.Transport | None = None
        self.expected: deque[str] = deque(["GREETING"])
        self.features: dict[str, str] = {}
        self.pipelines = False
        self.is_ready = False
        self.is_encrypted = False
        self.heard_at = 0.0
        self._buffer = b""
        self._reply_lines: list[str] = []
        self._is_shaking_hands = self._is_over = False

    @abstractmethod
    def begin_job(self) -> None:
        """Another mailing begins."""

    @abstractmethod
    def begin(self) -> None:
        """Take a copy, if there is one, and start its transaction."""

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.heard_at = self.pool.now()
        self.is_encrypted = transport.get_extra_info("ssl_object") is not None
        self.pool.connected(self)
        if self.link.is_barred:
            self.abort()
        end = transport.get_extra_info("socket")
        if end is not None and end.family in (socket.AF_INET, socket.AF_INET6):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        self.heard_at = self.pool.now()
        self._read_replies(data)

    # What the pool calls

    def quit(self) -> None:
        if self.transport is not None:
            if not self.expected and not self._is_shaking_hands:
                self.transport.write(b"QUIT\r\n")
            self.transport.close()

    def abort(self) -> None:
        """End the session: whatever the relay says from here on answers nothing."""
        self._is_over = True
        if self.transport is not None:
            self.transport.abort()

    # Replies

    def _read_replies(self, data: bytes) -> None:
        data = self._buffer + data
        start = 0
        while not (self._is_over or self._is_shaking_hands) and (end := data.find(b"\n", start) + 1):
            self._read_line(data[start:end])
            start = end
        self._buffer = b"" if self._is_shaking_hands else data[start:]
        if len(self._buffer) > _LONGEST_REPLY:
            self.abort()

    def _read_line(self, line: bytes) -> None:
        found = _REPLY.fullmatch(line)
        if not found or len(self._reply_lines) > 100:
            self.link.trouble(f"The relay said something that is no SMTP reply: {line[:80]!r}")
            self.abort()
            return
        self._reply_lines.append(found[3].decode("utf-8", "replace"))
        if found[2] != b"-":
            lines, self._reply_lines = self._reply_lines, []
            self._hear(int(found[1]), lines)

    def _hear(self, code: int, lines: list[str]) -> None:
        if not self.expected or code == 421:
            self.link.trouble(f"{code} {' '.join(lines)}")
            self.abort()
            return
        step = self.expected.popleft()
        if step == "EHLO":
            self._hear_ehlo(code, lines)
        else:
            self.hears[step](self, code, " ".join(lines)[:500])

    def _hear_greeting(self, code: int, words: str) -> None:
        if code != 220:
            self._give_up(code, words)
        else:
            self._say_hello()

    def _say_hello(self) -> None:
        self._ask("EHLO", f"EHLO {self.pool.host_name}\r\n".encode())

    def _hear_ehlo(self, code: int, lines: list[str]) -> None:
        if code != 250:
            self._ask("HELO", f"HELO {self.pool.host_name}\r\n".encode())
            return
        self.features = {}
        for line in lines[1:]:
            word, _, value = line.upper().replace("AUTH=", "AUTH ", 1).partition(" ")
            self.features[word] = value
        self.pipelines = "PIPELINING" in self.features
        self._secure()

    def _hear_helo(self, code: int, words: str) -> None:
        if code == 250:
            self._secure()
        else:
            self._give_up(code, words)

    # TLS

    def _secure(self) -> None:
        relay, is_offered = self.link.relay, "STARTTLS" in self.features
        if self.is_encrypted or not self.link.wants_starttls(is_offered=is_offered):
            self._sign_in()
        elif is_offered:
            self._ask("STARTTLS", b"STARTTLS\r\n")
        else:
            self._give_up(0, f"It offers no STARTTLS, and the setting says tls={relay.tls}.")

    def _hear_starttls(self, code: int, words: str) -> None:
        if code == 220:
            self._is_shaking_hands = True
            self.pool.do(self._shake_hands())
        elif self.link.relay.must_encrypt:
            self._give_up(code, words)
        else:
            self._sign_in()

    async def _shake_hands(self) -> None:
        relay = self.link.relay
        if self.transport is None:
            return
        try:
            secured = await self.pool.loop.start_tls(
                self.transport,
                self,
                relay.context(),
                server_hostname=relay.host,
                ssl_handshake_timeout=self.pool.patience,
            )
        except (OSError, ssl.SSLError) as problem:
            self.link.tls_failed(f"TLS failed: {problem}")
            self.abort()
            self.connection_lost(problem)
            return
        if self.transport is None or secured is None:
            self.connection_lost(None)
            return
        self.transport = cast(asyncio.Transport, secured)
        self.is_encrypted, self._is_shaking_hands = True, False
        self.features, self._buffer, self._reply_lines = {}, b"", []
        self.heard_at = self.pool.now()
        self._say_hello()

    # AUTH

    def _sign_in(self) -> None:
        """The name and password of the setting, where it has them: only where nobody can listen."""
        relay = self.link.relay
        offered = self.features.get("AUTH", "").split()
        if not relay.user:
            self._become_ready()
        elif not (self.is_encrypted or relay.is_loopback):
            self._refuse_to_sign_in("It offers no TLS, so the password is not sent. Use tls=required.")
        elif "PLAIN" in offered:
            self._ask("AUTH", b"AUTH PLAIN " + b64encode(f"\0{relay.user}\0{relay.password}".encode()) + b"\r\n")
        elif "LOGIN" in offered:
            self._ask("AUTH-NAME", b"AUTH LOGIN\r\n")
        else:
            self._refuse_to_sign_in("It offers neither AUTH PLAIN nor AUTH LOGIN.")

    def _hear_auth_name(self, code: int, words: str) -> None:
        if code == 334:
            self._ask("AUTH-PASSWORD", b64encode(self.link.relay.user.encode()) + b"\r\n")
        else:
            self._hear_auth(code, words)

    def _hear_auth_password(self, code: int, words: str) -> None:
        if code == 334:
            self._ask("AUTH", b64encode(self.link.relay.password.encode()) + b"\r\n")
        else:
            self._hear_auth(code, words)

    def _hear_auth(self, code: int, words: str) -> None:
        if code == 235:
            self._become_ready()
        elif 400 <= code < 500:
            self._give_up(code, words)
        else:
            self._refuse_to_sign_in(f"It refused the user name or password of JUNTO_RELAY_URL: {code} {words}")

    def _refuse_to_sign_in(self, words: str) -> None:
        """Trying again would change nothing, and might lock the account."""
        self.link.bar(words)
        self.abort()

    def _become_ready(self) -> None:
        self.is_ready = True
        self.begin_job()
        self.link.opened()
        self.begin()

    def _give_up(self, code: int, words: str) -> None:
        self.link.trouble(f"{code or ''} {words}".strip())
        self.abort()

    # Commands

    def _ask(self, step: str, command: bytes) -> None:
        self.expected.append(step)
        self._write(command)

    def _write(self, data: bytes) -> None:
        if self.transport is not None:
            self.transport.write(data)


Session.hears = {
    "GREETING": Session._hear_greeting,
    "HELO": Session._hear_helo,
    "STARTTLS": Session._hear_starttls,
    "AUTH": Session._hear_auth,
    "AUTH-NAME": Session._hear_auth_name,
    "AUTH-PASSWORD": Session._hear_auth_password,
}
