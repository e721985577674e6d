"""The relay: some connections that share one queue of tickets, driven in slices of time by the shard runner.

The event loop runs only inside `run_for`, so the caller may use the database between slices in its own thread.
Nobody is counted one by one: tickets are numbered in the order in which they are handed out, and all below `low_water`
are settled. Who was not accepted stands in `outcomes`.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from contextlib import suppress

import uvloop

from junto.mail.client import Connection
from junto.mail.job import SKIPPED, Answer, Job, Outcomes, Ticket, may_be_sent

CONNECTIONS = 8
PATIENCE = 10.0
SILENCE = 300.0
MOST_LOSSES = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0


class RelayTrouble(Exception):
    """The relay cannot be reached, or takes nothing at all; the words say why. Nothing is lost, try later."""


class Pool:
    """Connections to one relay. `patience` and `silence` are seconds: without any connection, and without a reply."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        connections: int = CONNECTIONS,
        patience: float = PATIENCE,
        silence: float = SILENCE,
    ) -> None:
        self.host, self.port = host, port
        self.host_name = socket.getfqdn() or "localhost"
        self.most_connections, self.patience, self.silence = connections, patience, silence
        self.loop = uvloop.new_event_loop()
        self.now = self.loop.time
        self.outcomes = Outcomes()
        self.queue: deque[Ticket] = deque()
        self.again: list[Ticket] = []
        self.next_ordinal = 0
        self._job: Job | None = None
        self._open: set[Connection] = set()
        self._opening = 0
        self._losses: dict[int, int] = {}
        self._words = ""
        self._well_at = self.now()
        self._pause = FIRST_PAUSE
        self._refused_in_a_row = 0
        self._waker: asyncio.Future[None] | None = None
        self._wake_below = 0
        self._reconnects: set[asyncio.Task[None]] = set()

    # For the runner

    @property
    def job(self) -> Job:
        assert self._job is not None
        return self._job

    def start(self, job: Job) -> None:
        """Begin another mailing. Everything of the one before must be settled."""
        self._job = job
        self._well_at = self.now()
        self._refused_in_a_row = 0
        for connection in self._open:
            connection.begin_job()

    def feed(self, recipients: list[tuple[int, str]]) -> None:
        """Hand out tickets for (key, address), which come in the order of their keys."""
        ordinal = self.next_ordinal
        for key, address in recipients:
            ticket = Ticket(ordinal, key, address)
            ordinal += 1
            if may_be_sent(address):
                self.queue.append(ticket)
            else:
                self.outcomes.answers.append((ticket, SKIPPED))
        self.next_ordinal = ordinal

    def run_for(self, seconds: float, *, wake_below: int = 0) -> None:
        """Send for so long, or until fewer than `wake_below` tickets are waiting, or all is settled. Raises RelayTrouble."""
        self._wake_below = wake_below
        self.loop.run_until_complete(self._slice(seconds))
        self._watch()

    def low_water(self) -> Ticket | None:
        """The first ticket that is not settled, or None where all are."""
        unsettled = [ticket for connection in self._open for ticket in connection.tickets()] + self.again
        if self.queue:
            unsettled.append(self.queue[0])
        return min(unsettled) if unsettled else None

    def drop_all(self) -> None:
        """Forget what is unsettled: the runner gives the shard back."""
        self.queue.clear()
        self.again.clear()
        self._losses.clear()
        for connection in list(self._open):
            connection.content = connection.envelope = None
            connection.abort()
        self._open.clear()
        self.outcomes.answers.clear()

    def close(self) -> None:
        """QUIT on all connections, and end of the event loop."""
        for task in self._reconnects:
            task.cancel()
        for connection in self._open:
            connection.quit()
        with suppress(RuntimeError):
            self.loop.run_until_complete(asyncio.sleep(0.001))
        self._open.clear()
        self.loop.close()

    # For the connections

    def take(self) -> Ticket | None:
        if self.again:
            return self.again.pop()
        queue = self.queue
        if not queue:
            if self._wake_below or self._is_settled():
                self._wake()
            return None
        if len(queue) < self._wake_below:
            self._wake()
        return queue.popleft()

    def settle(self, ticket: Ticket, answer: Answer) -> None:
        """Somebody was deferred or refused."""
        self._losses.pop(ticket.ordinal, None)
        self.outcomes.answers.append((ticket, answer))
        self._refused_in_a_row = self._refused_in_a_row + 1 if answer.step == "MAIL" else 0
        if self._refused_in_a_row > 2 * self.most_connections + 4:
            self._words = f"{answer.code} {answer.words}"
            self._well_at = float("-inf")
            self._wake()

    def connected(self, connection: Connection) -> None:
        self._open.add(connection)

    def opened(self, connection: Connection) -> None:
        self._well_at = self.now()
        self._pause = FIRST_PAUSE

    def trouble(self, words: str) -> None:
        self._words = words[:500]

    def lost(self, connection: Connection, in_hand: list[Ticket], words: str) -> None:
        """A connection broke: whom it had in hand is tried again, three times, then deferred."""
        self._words = self._words or words[:500]
        if connection not in self._open:
            return
        self._open.discard(connection)
        for ticket in in_hand:
            losses = self._losses[ticket.ordinal] = self._losses.get(ticket.ordinal, 0) + 1
            if losses >= MOST_LOSSES:
                self.settle(ticket, Answer("LOST", 0, f"The connection broke {losses} times: {self._words}"))
            else:
                self.again.append(ticket)
        self._connect_as_needed(pause=self._next_pause())
        if self.low_water() is None:
            self._wake()

    # The loop

    async def _slice(self, seconds: float) -> None:
        self._waker = self.loop.create_future()
        self._connect_as_needed(pause=0.0)
        for connection in list(self._open):
            connection.begin()
        if not self._is_settled():
            timer = self.loop.call_later(seconds, self._wake)
            await self._waker
            timer.cancel()
        self._waker = None

    def _is_settled(self) -> bool:
        return self.low_water() is None

    def _wake(self) -> None:
        if self._waker is not None and not self._waker.done():
            self._waker.set_result(None)

    def _connect_as_needed(self, *, pause: float) -> None:
        waiting = len(self.queue) + len(self.again)
        wanted = min(self.most_connections, waiting) - len(self._open) - self._opening
        for _ in range(wanted):
            self._opening += 1
            task = self.loop.create_task(self._connect(pause))
            self._reconnects.add(task)
            task.add_done_callback(self._reconnects.discard)

    async def _connect(self, pause: float) -> None:
        try:
            if pause:
                await asyncio.sleep(pause)
            async with asyncio.timeout(self.patience):
                await self.loop.create_connection(lambda: Connection(self), self.host, self.port)
        except (OSError, TimeoutError) as error:
            self._words = f"{self.host}:{self.port} does not answer: {error or 'no reply in time'}"
            self._opening -= 1
            self._connect_as_needed(pause=self._next_pause())
        else:
            self._opening -= 1

    def _next_pause(self) -> float:
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        return pause

    def _watch(self) -> None:
        """Cuts connections that have been silent for too long, and gives up where there is none for too long."""
        now = self.now()
        for connection in list(self._open):
            if connection.expected and now - connection.heard_at > self.silence:
                self.trouble("The relay was silent for too long.")
                connection.abort()
        if any(connection.is_ready for connection in self._open) and self._well_at > 0:
            self._well_at = now
        elif now - self._well_at > self.patience and not self._is_settled():
            raise RelayTrouble(self._words or "The relay does not answer.")
