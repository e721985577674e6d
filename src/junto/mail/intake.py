"""Takes letters in by LMTP and SMTP. 250 means: the bytes are on disk, and a row for each recipient is committed.

Whatever fails before that is answered with 451, and the other server keeps the letter. Rows of sessions that end at
the same time share one transaction. Unknown addresses are refused in the session, so no bounce goes to the innocent.
"""

from __future__ import annotations

import asyncio
import logging
import re
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import close_old_connections, connections, transaction
from django.utils import timezone

from junto.mail import router, store, tasks
from junto.mail.models import Arrival

log = logging.getLogger(__name__)

LARGEST = 40_000_000
MOST_RECIPIENTS = 500
LONGEST_LINE = 1_000_000
LONGEST_ADDRESS = 320
LAST_SECONDS = 10.0
"""Less than the supervisor’s patience, so that what is under way ends in order and nothing is killed."""
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9.:\[\]_-]")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f<>]")
_NULL_SENDER = "<>"
_LATER = "451 4.3.0 We could not keep the letter just now. Please try again later."


@dataclass(slots=True)
class Taken:
    """One letter whose bytes are on disk, waiting for its rows to be committed."""

    arrivals: list[Arrival]
    is_committed: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Mailroom:
    """The listeners. A port of 0 lets the system choose, None leaves that listener out; `ports` tells after `start`."""

    def __init__(self, *, host: str = "127.0.0.1", lmtp_port: int | None = None, smtp_port: int | None = None) -> None:
        self.host = host
        self.wanted = {"lmtp": lmtp_port, "smtp": smtp_port}
        self.ports: dict[str, int] = {}
        self._servers: list[asyncio.Server] = []
        self._protocols: weakref.WeakSet[SMTP] = weakref.WeakSet()
        self._files = ThreadPoolExecutor(4, thread_name_prefix="mail-files")
        self._rows = ThreadPoolExecutor(1, thread_name_prefix="mail-rows")
        self._waiting: list[Taken] = []
        self._writer: asyncio.Task[None] | None = None
        self._busy = 0

    async def start(self) -> None:
        """Listen. Raises OSError where a port is taken."""
        loop = asyncio.get_running_loop()
        for kind, port in self.wanted.items():
            if port is not None:
                server = await loop.create_server(self._protocol_of(kind), self.host, port)
                self._servers.append(server)
                self.ports[kind] = server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Take no new sessions, finish letters whose DATA is under way (for LAST_SECONDS at most), and close."""
        for server in self._servers:
            server.close()
        loop = asyncio.get_running_loop()
        until = loop.time() + LAST_SECONDS
        while self._busy and loop.time() < until:
            await asyncio.sleep(0.02)
        for protocol in list(self._protocols):
            if protocol.transport is not None:
                protocol.transport.close()
        await loop.run_in_executor(self._rows, connections.close_all)
        self._rows.shutdown()
        self._files.shutdown()

    # For the handler

    async def exists(self, recipient: str) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._rows, _is_known, recipient)

    async def keep(self, raw: bytes, arrivals: list[Arrival]) -> None:
        """Returns when bytes and rows are durable. Raises whatever prevented it."""
        key = await asyncio.get_running_loop().run_in_executor(self._files, store.put, raw)
        for arrival in arrivals:
            arrival.raw_key = key
        taken = Taken(arrivals)
        self._waiting.append(taken)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await taken.is_committed

    def data_begins(self) -> None:
        self._busy += 1

    def data_ends(self) -> None:
        self._busy -= 1

    async def _write(self) -> None:
        """Commit what is waiting, all in one transaction; meanwhile the next lot gathers."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            lot, self._waiting = self._waiting, []
            try:
                await loop.run_in_executor(self._rows, commit, [a for taken in lot for a in taken.arrivals])
            except Exception as error:
                log.exception("Letters could not be committed and were put off with 451")
                for taken in lot:
                    _fail(taken.is_committed, error)
            else:
                for taken in lot:
                    _succeed(taken.is_committed)

    def _protocol_of(self, kind: str) -> Callable[[], SMTP]:
        made: type[_Smtp] | type[_Lmtp] = _Lmtp if kind == "lmtp" else _Smtp
        handler = _Handler(self, "LMTP" if kind == "lmtp" else "ESMTP")

        def make() -> SMTP:
            protocol = made(
                handler,
                data_size_limit=LARGEST,
                enable_SMTPUTF8=True,
                hostname=settings.LIST_DOMAIN,
                ident="Junto",
                loop=asyncio.get_running_loop(),
            )
            protocol.room = self
            self._protocols.add(protocol)
            return protocol

        return make


def commit(arrivals: list[Arrival]) -> None:
    """The rows of some letters and the tasks that lead them on, in one transaction."""
    close_old_connections()
    with transaction.atomic():
        for arrival in Arrival.objects.bulk_create(arrivals):
            tasks.route_arrival.enqueue(arrival.pk)


class _Smtp(SMTP):
    line_length_limit = LONGEST_LINE
    room: Mailroom

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        self.room.data_begins()
        try:
            await super().smtp_DATA(arg)
        finally:
            self.room.data_ends()


class _Lmtp(LMTP):
    line_length_limit = LONGEST_LINE
    room: Mailroom

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        self.room.data_begins()
        try:
            await super().smtp_DATA(arg)
        finally:
            self.room.data_ends()


class _Handler:
    """What aiosmtpd asks at each step of a session."""

    def __init__(self, room: Mailroom, protocol_name: str) -> None:
        self.room, self.protocol_name = room, protocol_name

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str | None, options: list[str]
    ) -> str:
        sender = "" if address in (None, _NULL_SENDER) else str(address)
        if _is_unfit(sender):
            return "553 5.1.7 This sender address is malformed."
        envelope.mail_from = sender or _NULL_SENDER
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = await self._refusal(envelope, address)
        if not refusal:
            envelope.rcpt_tos.append(address)
        return refusal or "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipients = list(dict.fromkeys(envelope.rcpt_tos))
        raw = self._received(session, recipients) + _bytes_of(envelope)
        peer = str(session.peer[0]) if isinstance(session.peer, tuple) else ""
        arrivals = [
            Arrival(
                sender=(envelope.mail_from or "").removeprefix(_NULL_SENDER),
                recipient=recipient,
                peer=f"lmtp {peer}" if self.protocol_name == "LMTP" else peer,
                size=len(raw),
            )
            for recipient in recipients
        ]
        try:
            await self.room.keep(raw, arrivals)
            answer = "250 2.0.0 Kept"
        except Exception:
            log.exception("A letter could not be kept")
            answer = _LATER
        times = len(envelope.rcpt_tos) if self.protocol_name == "LMTP" else 1
        return "\r\n".join([answer] * times)

    async def handle_exception(self, error: Exception) -> str:
        log.exception("A session failed", exc_info=error)
        return _LATER

    async def _refusal(self, envelope: Envelope, address: str) -> str:
        if _is_unfit(address) or "@" not in address:
            return "553 5.1.3 This address is malformed."
        if address.lower().rpartition("@")[2] != settings.LIST_DOMAIN:
            return f"550 5.7.1 Relaying denied: this server takes mail for {settings.LIST_DOMAIN} only."
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients. Send the rest in another session."
        try:
            is_known = await self.room.exists(address)
        except Exception:
            log.exception("An address could not be looked up")
            return "451 4.3.0 We could not look the address up just now. Please try again later."
        if is_known:
            return ""
        return f"550 5.1.1 Nobody here has the address {address.encode('ascii', 'replace').decode()}. See {settings.SITE_URL}/communities/"

    def _received(self, session: Session, recipients: list[str]) -> bytes:
        """The trace header of RFC 5321 section 4.4; what the other server says of itself is cut to harmless letters."""
        name = _NOT_A_NAME.sub("", str(session.host_name or ""))[:200] or "unknown"
        peer = _NOT_A_NAME.sub("", str(session.peer[0]) if isinstance(session.peer, tuple) else "local")
        named = f"\r\n\tfor <{recipients[0]}>" if len(recipients) == 1 and recipients[0].isascii() else ""
        return (
            f"Received: from {name} ([{peer}])\r\n\tby {settings.LIST_DOMAIN} (Junto) with {self.protocol_name}"
            f"{named};\r\n\t{format_datetime(timezone.now())}\r\n"
        ).encode()


def _bytes_of(envelope: Envelope) -> bytes:
    content = envelope.content or b""
    return content if isinstance(content, bytes) else content.encode()


def _is_known(recipient: str) -> bool:
    close_old_connections()
    return router.find(recipient) is not None


def _is_unfit(address: str) -> bool:
    return len(address) > LONGEST_ADDRESS or bool(_UNPRINTABLE.search(address))


def _succeed(future: asyncio.Future[Any]) -> None:
    if not future.done():
        future.set_result(None)


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
