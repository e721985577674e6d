"""Takes letters in by LMTP and SMTP. 250 means: the bytes are on disk, and a row for each recipient is committed.

Whatever fails before that is answered with 451, and the other server keeps the letter. Letters of sessions that end at
the same time share one fsync of their bytes and one transaction of their rows (docs/decisions/0011-letters-in-lots.md);
nobody waits for a lot to fill. Unknown addresses are refused in the session, so no bounce goes to the innocent.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import format_datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import OperationalError, close_old_connections, connections, transaction
from django.utils import timezone

from junto.mail import router, store, tasks
from junto.mail.listener import SILENCE, Envelope, Session
from junto.mail.models import Arrival

log = logging.getLogger(__name__)

MOST_RECIPIENTS = 500
MOST_SESSIONS = 500
MOST_SESSIONS_OF_ONE = 100
"""From one network address, but for this machine’s own."""
MOST_IN_HAND = 400_000_000
"""Bytes of letters that are coming in, in all sessions together."""
LAST_SECONDS = 10.0
"""Less than the supervisor’s patience, so that what is under way ends in order and nothing is killed."""
KNOWN_FOR = 2.0
"""Seconds for which an address that was known stays known without another look. Unknown ones are looked up each time."""
MOST_KNOWN = 5_000
LARGEST_LOT = 64_000_000
_LOOKS_EVERY = 10.0
_OWN = frozenset({"local", "127.0.0.1", "::1"})
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9.:\[\]_-]")


@dataclass(slots=True)
class Taken:
    """One letter that came in, and the promise of an answer to it."""

    raw: bytes
    arrivals: list[Arrival]
    is_kept: asyncio.Future[None]


class Mailroom:
    """The listeners. A port of 0 lets the system choose, None leaves that listener out; `ports` tells after `start`."""

    def __init__(self, *, host: str = "127.0.0.1", lmtp_port: int | None = None, smtp_port: int | None = None) -> None:
        self.host = host
        self.host_name: str = settings.LIST_DOMAIN
        self.wanted = {"lmtp": lmtp_port, "smtp": smtp_port}
        self.ports: dict[str, int] = {}
        self._servers: list[asyncio.Server] = []
        self._sessions: set[Session] = set()
        self._keeper = Keeper()
        self._rows = ThreadPoolExecutor(1, thread_name_prefix="mail-rows")
        self._looks = ThreadPoolExecutor(1, thread_name_prefix="mail-looks")
        self._known: dict[str, float] = {}
        self._waiting: list[Taken] = []
        self._writer: asyncio.Task[None] | None = None
        self._watcher: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen. Raises OSError where a port is taken."""
        loop = asyncio.get_running_loop()
        for kind, port in self.wanted.items():
            if port is not None:
                server = await loop.create_server(partial(Session, self, is_lmtp=kind == "lmtp"), self.host, port)
                self._servers.append(server)
                self.ports[kind] = server.sockets[0].getsockname()[1]
        self._watcher = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Take no new sessions, finish letters whose DATA is under way (for LAST_SECONDS at most), and close."""
        for server in self._servers:
            server.close()
        loop = asyncio.get_running_loop()
        until = loop.time() + LAST_SECONDS
        while self._is_busy() and loop.time() < until:
            await asyncio.sleep(0.02)
        for session in list(self._sessions):
            session.close("421 4.3.2 This server is being stopped. Please try again later.")
        if self._watcher is not None:
            self._watcher.cancel()
        for executor in (self._rows, self._looks):
            await loop.run_in_executor(executor, connections.close_all)
            executor.shutdown()
        self._keeper.close()

    # For the sessions

    def begins(self, session: Session) -> str:
        if len(self._sessions) >= MOST_SESSIONS:
            return "421 4.3.2 Too many sessions at once. Please try again later."
        if session.client not in _OWN and self._sessions_of(session.client) >= MOST_SESSIONS_OF_ONE:
            return "421 4.7.0 Too many sessions from your address at once. Please try again later."
        self._sessions.add(session)
        return ""

    def ends(self, session: Session) -> None:
        self._sessions.discard(session)

    def is_full(self) -> bool:
        return sum(session.in_hand for session in self._sessions) > MOST_IN_HAND

    def refusal(self, recipient: str, taken: int) -> str | asyncio.Future[str]:
        if recipient.lower().rpartition("@")[2] != settings.LIST_DOMAIN:
            return f"550 5.7.1 Relaying denied: this server takes mail for {settings.LIST_DOMAIN} only."
        if taken >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients. Send the rest in another session."
        if self._known.get(recipient.lower(), 0.0) > time.monotonic():
            return ""
        return asyncio.ensure_future(self._look_up(recipient))

    def keep(self, session: Session, envelope: Envelope, content: bytes) -> asyncio.Future[None]:
        """Done when bytes and rows are durable. Fails with whatever prevented it."""
        recipients = list(dict.fromkeys(envelope.recipients))
        raw = _received(session, recipients) + content
        peer = f"lmtp {session.client}" if session.is_lmtp else session.client
        arrivals = [Arrival(sender=envelope.sender, recipient=one, peer=peer, size=len(raw)) for one in recipients]
        taken = Taken(raw, arrivals, asyncio.get_running_loop().create_future())
        self._waiting.append(taken)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return taken.is_kept

    def _sessions_of(self, client: str) -> int:
        return sum(session.client == client for session in self._sessions)

    async def _look_up(self, recipient: str) -> str:
        try:
            is_known = await asyncio.get_running_loop().run_in_executor(self._looks, _is_known, recipient)
        except Exception:
            log.exception("An address could not be looked up")
            raise
        if is_known:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            self._known[recipient.lower()] = time.monotonic() + KNOWN_FOR
            return ""
        return f"550 5.1.1 Nobody here has the address {recipient}. See {settings.SITE_URL}/communities/"

    async def _write(self) -> None:
        """Keep what is waiting, all in one go; meanwhile the next lot gathers."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            lot = self._lot()
            errors = await loop.run_in_executor(self._rows, self._keeper.keep, lot)
            for taken, error in zip(lot, errors, strict=True):
                _answer(taken.is_kept, error)

    def _lot(self) -> list[Taken]:
        """Letters that wait, as many as are kept at once without much memory; at least one."""
        size = count = 0
        while count < len(self._waiting) and size < LARGEST_LOT:
            size += len(self._waiting[count].raw)
            count += 1
        lot, self._waiting = self._waiting[:count], self._waiting[count:]
        return lot

    def _is_busy(self) -> bool:
        return any(session.is_busy for session in self._sessions) or bool(self._waiting)

    async def _watch(self) -> None:
        """Closes sessions that have said nothing for long (RFC 5321 section 4.5.3.2.7)."""
        while True:
            await asyncio.sleep(_LOOKS_EVERY)
            now = asyncio.get_running_loop().time()
            for session in list(self._sessions):
                if now - session.heard_at > SILENCE and not session.is_waiting:
                    session.close("421 4.4.2 This session was silent for too long.")


class Keeper:
    """Makes lots of letters durable: first their bytes, then their rows. For one thread, which may be blocked."""

    def __init__(self) -> None:
        self._lots = store.Lots()

    def keep(self, lot: list[Taken]) -> list[Exception | None]:
        """What prevented each of them, or None where it is kept.

        Where disk and database work and the lot fails all the same, one letter is to blame; the others are kept alone.
        """
        error = self._try(lot)
        if error is None or isinstance(error, OSError | OperationalError) or len(lot) == 1:
            return [error] * len(lot)
        return [self._try([taken]) for taken in lot]

    def close(self) -> None:
        self._lots.close()

    def _try(self, lot: list[Taken]) -> Exception | None:
        try:
            keys = self._lots.put([taken.raw for taken in lot])
            for taken, key in zip(lot, keys, strict=True):
                for arrival in taken.arrivals:
                    arrival.pk, arrival.raw_key = None, key
            commit([arrival for taken in lot for arrival in taken.arrivals])
        except Exception as error:
            log.exception("Letters could not be kept and were put off with 451")
            return error
        return None


def commit(arrivals: list[Arrival]) -> None:
    """The rows of some letters and the tasks that lead them on, in one transaction."""
    close_old_connections()
    with transaction.atomic():
        kept = Arrival.objects.bulk_create(arrivals, batch_size=500)
        tasks.route_soon([arrival.pk for arrival in kept])


def _received(session: Session, recipients: list[str]) -> bytes:
    """The trace header of RFC 5321 section 4.4; what the other server says of itself is cut to harmless letters."""
    name = _NOT_A_NAME.sub("", session.client_name)[:200] or "unknown"
    client = _NOT_A_NAME.sub("", session.client)
    named = f"\r\n\tfor <{recipients[0]}>" if len(recipients) == 1 and recipients[0].isascii() else ""
    return (
        f"Received: from {name} ([{client}])\r\n\tby {settings.LIST_DOMAIN} (Junto) with {session.protocol_name}"
        f"{named};\r\n\t{format_datetime(timezone.now())}\r\n"
    ).encode()


def _is_known(recipient: str) -> bool:
    close_old_connections()
    return router.find(recipient) is not None


def _answer(promise: asyncio.Future[Any], error: Exception | None) -> None:
    if promise.done():
        return
    if error is None:
        promise.set_result(None)
    else:
        promise.set_exception(error)
