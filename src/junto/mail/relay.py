"""The relays: some connections that share one queue of tickets, driven in slices of time by the shard runner.

The event loop runs only inside `run_for`, so the caller may use the database between slices in its own thread.
Nobody is counted one by one: tickets are numbered in the order in which they are handed out, and all below `low_water`
are settled. Who was not accepted stands in `outcomes`.

Where there are several relays, their weights share out the connections, and each connection takes the next ticket when it
is free. A relay that is away is asked again by one connection at a time, and the others carry what was meant for it.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import uvloop

from junto.mail.client import Connection
from junto.mail.domains import Domains
from junto.mail.faults import status_in
from junto.mail.job import SKIPPED, Answer, Job, Outcomes, Ticket, may_be_sent
from junto.mail.link import Link, turn
from junto.mail.lookahead import Lookahead
from junto.mail.relays import CONNECTIONS, Relay

if TYPE_CHECKING:
    from junto.mail.journal import Journal
    from junto.mail.session import Session

PATIENCE = 10.0
SILENCE = 300.0
MOST_LOSSES = 3
MOST_REFUSALS = 50


class RelayTrouble(Exception):
    """No relay can be reached, or none takes anything at all; the words say why. Nothing is lost, try later."""


class ContentRefused(Exception):
    """One server after the other refuses the letter itself, in the same words, and none has accepted it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.code} {answer.words}")
        self.answer = answer


class Pool:
    """Connections to the relays. `patience` and `silence` are seconds: without any connection, and without a reply."""

    def __init__(self, relays: Sequence[Relay], *, patience: float = PATIENCE, silence: float = SILENCE) -> None:
        heaviest = max(relay.weight for relay in relays)
        self.links = [
            Link(self, relay, relay.connections or max(1, round(CONNECTIONS * relay.weight / heaviest)))
            for relay in relays
        ]
        self.host_name = socket.getfqdn() or "localhost"
        self.patience, self.silence = patience, silence
        self.loop = uvloop.new_event_loop()
        self.now = self.loop.time
        self.outcomes = Outcomes()
        self.domains = Domains()
        self.wary_of, self.closed = self.domains.streaks, self.domains.closed
        self.note: Callable[[int], None] = lambda key: None
        self.queue: deque[Ticket] = deque()
        self.again: list[Ticket] = []
        self.next_ordinal = 0
        self.words = ""
        self._job: Job | None = None
        self._journal: Journal | None = None
        self._lookahead: Lookahead | None = None
        self._losses: dict[int, int] = {}
        self._well_at = self.now()
        self._refusals: tuple[str, int] = ("", 0)
        self._failure: Exception | None = None
        self._waker: asyncio.Future[None] | None = None
        self._wake_below = 0
        self._tasks: set[asyncio.Task[None]] = set()

    # For the runner

    @property
    def job(self) -> Job:
        assert self._job is not None
        return self._job

    def start(self, job: Job, journal: Journal) -> None:
        """Begin another mailing or shard. Everything of the one before must be settled."""
        self._job, self._journal, self.note = job, journal, journal.add
        self._well_at = self.now()
        self._refusals = ("", 0)
        self._end_lookahead()
        if job.signer is not None:
            self._lookahead = Lookahead(job, self.loop, ready=self._are_signed, failed=self.fail)
        for connection in self._open():
            connection.begin_job()

    def feed(self, recipients: list[tuple[int, str]]) -> None:
        """Hand out tickets for (key, address), which come in the order of their keys."""
        ordinal = self.next_ordinal
        tickets = []
        for key, address in recipients:
            ticket = Ticket(ordinal, key, address)
            ordinal += 1
            if may_be_sent(address):
                tickets.append(ticket)
            else:
                self.outcomes.answers.append((ticket, SKIPPED))
        self.next_ordinal = ordinal
        if self._lookahead is None:
            self.queue.extend(tickets)
        else:
            self._lookahead.feed(tickets, unsent=len(self.queue))

    def run_for(self, seconds: float, *, wake_below: int = 0) -> None:
        """Send for so long, or until fewer than `wake_below` tickets are waiting, or all is settled.

        Raises RelayTrouble, ContentRefused, and whatever composing or signing raised.
        """
        self._wake_below = wake_below
        self.loop.run_until_complete(self._slice(seconds))
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        self._watch()

    def low_water(self) -> Ticket | None:
        """The first ticket that is not settled, or None where all are."""
        unsettled = [ticket for connection in self._open() for ticket in connection.tickets()] + self.again
        if self.queue:
            unsettled.append(self.queue[0])
        if self._lookahead is not None and (first := self._lookahead.first()):
            unsettled.append(first)
        return min(unsettled) if unsettled else None

    def drop_all(self) -> None:
        """Forget what is unsettled: the runner gives the shard back."""
        self._end_lookahead()
        self.queue.clear()
        self.again.clear()
        self._losses.clear()
        for link in self.links:
            for connection in list(link.open):
                connection.content = connection.envelope = None
                connection.abort()
            link.open.clear()
        self.outcomes.answers.clear()
        self._failure = None

    def close(self) -> None:
        """QUIT on all connections, and end of the event loop."""
        self._end_lookahead()
        for task in self._tasks:
            task.cancel()
        for connection in self._open():
            connection.quit()
        with suppress(RuntimeError):
            self.loop.run_until_complete(asyncio.sleep(0.001))
        for link in self.links:
            link.open.clear()
        self.loop.close()

    # For the connections

    def take(self) -> Ticket | None:
        if self.again:
            return self.again.pop()
        queue = self.queue
        if self._lookahead is not None:
            self._look_ahead(self._lookahead)
        elif not queue:
            if self._wake_below or self._is_settled():
                self.wake()
        elif len(queue) < self._wake_below:
            self.wake()
        return queue.popleft() if queue else None

    def settle(self, ticket: Ticket, answer: Answer) -> None:
        """Somebody was deferred or refused."""
        self._losses.pop(ticket.ordinal, None)
        self.outcomes.answers.append((ticket, answer))
        self.job.forget(ticket)
        self.domains.deferred(ticket, answer)
        self._note_refusal(answer)

    def put_off(self, ticket: Ticket) -> bool:
        """Settle a ticket at once where its domain puts all mail off."""
        answer = None if ticket.key in self.job.exempt else self.domains.answer_for(ticket)
        if answer is not None:
            self._losses.pop(ticket.ordinal, None)
            self.outcomes.answers.append((ticket, answer))
            self.job.forget(ticket)
        return answer is not None

    def fail(self, error: Exception) -> None:
        """Composing or signing raised: the run ends with that."""
        self._failure = self._failure or error
        self.wake()

    def connected(self, connection: Session) -> None:
        connection.link.open.add(cast(Connection, connection))

    def opened(self) -> None:
        self._well_at = self.now()
        self._connect_as_needed()

    def lost(self, connection: Connection, in_hand: list[Ticket], words: str) -> None:
        """A connection broke: whom it had in hand is tried again, three times, then deferred."""
        link = connection.link
        if connection not in link.open:
            return
        link.open.discard(connection)
        link.failed()
        self.words = self.words or f"{link.relay.shown}: {words}"[:500]
        for ticket in in_hand:
            losses = self._losses[ticket.ordinal] = self._losses.get(ticket.ordinal, 0) + 1
            if losses >= MOST_LOSSES:
                self.settle(ticket, Answer("LOST", 0, f"The connection broke {losses} times: {self.words}"))
            else:
                self.again.append(ticket)
        self._connect_as_needed()
        if in_hand:
            self.loop.call_soon(self._begin_all)
        if self.low_water() is None:
            self.wake()

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine in the loop, for as long as the pool lives."""
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def wake(self) -> None:
        if self._waker is not None and not self._waker.done():
            self._waker.set_result(None)

    # The loop

    async def _slice(self, seconds: float) -> None:
        self._waker = self.loop.create_future()
        self._connect_as_needed()
        self._begin_all()
        if not self._is_settled() and self._failure is None:
            timer = self.loop.call_later(seconds, self.wake)
            await self._waker
            timer.cancel()
        self._waker = None

    def _open(self) -> list[Connection]:
        return [connection for link in self.links for connection in link.open]

    def _begin_all(self) -> None:
        for connection in self._open():
            connection.begin()

    def _is_settled(self) -> bool:
        return self.low_water() is None

    def _note_refusal(self, answer: Answer) -> None:
        """Counts servers that refuse the letter itself with the same code, while nobody has accepted it."""
        if answer.step != "DOT" or not answer.is_refusal:
            return
        said = f"{answer.code} {status_in(answer.words)}"
        times = self._refusals[1] + 1 if said == self._refusals[0] else 1
        self._refusals = (said, times)
        nobody_has = self._journal is not None and not self._journal.count
        if times >= MOST_REFUSALS and self.job.is_untested and nobody_has:
            self.fail(ContentRefused(answer))

    # Signing ahead

    def _look_ahead(self, ahead: Lookahead) -> None:
        queue = self.queue
        if len(queue) < ahead.most // 2:
            ahead.top_up(unsent=len(queue))
        left = len(queue) + len(ahead)
        if left < self._wake_below or (not left and self._is_settled()):
            self.wake()

    def _are_signed(self, tickets: list[Ticket]) -> None:
        self.queue.extend(tickets)
        if self._lookahead is not None:
            self._lookahead.top_up(unsent=len(self.queue))
        self._begin_all()

    def _end_lookahead(self) -> None:
        if self._lookahead is not None:
            self._lookahead.close()
            self._lookahead = None

    # Connections

    def _connect_as_needed(self) -> None:
        """As many connections as there are tickets waiting, by weight; and one to each relay that is away."""
        waiting = len(self.queue) + len(self.again) + len(self._lookahead or ())
        if not waiting:
            return
        for link in self.links:
            if link.is_away and not link.opening:
                self._open_one(link)
        well = [link for link in self.links if not link.is_away and not link.is_barred]
        wanted = waiting - sum(link.connections for link in well)
        while wanted > 0 and (free := [link for link in well if link.has_room]):
            self._open_one(min(free, key=turn))
            wanted -= 1

    def _open_one(self, link: Link) -> None:
        if not link.is_barred:
            link.opening += 1
            self.do(self._connect(link, link.next_pause()))

    async def _connect(self, link: Link, pause: float) -> None:
        relay = link.relay
        try:
            if pause:
                await asyncio.sleep(pause)
            tls = relay.context() if relay.tls == "implicit" else None
            async with asyncio.timeout(self.patience):
                await self.loop.create_connection(
                    lambda: Connection(self, link),
                    relay.host,
                    relay.port,
                    ssl=tls,
                    server_hostname=relay.host if tls else None,
                )
        except OSError as error:
            link.trouble(f"It does not answer: {error or 'no reply in time'}")
            link.failed()
            link.opening -= 1
            self._connect_as_needed()
        else:
            link.opening -= 1

    def _watch(self) -> None:
        """Cuts connections that have been silent for too long, and gives up where there is none for too long."""
        now = self.now()
        for connection in self._open():
            if connection.expected and now - connection.heard_at > self.silence:
                connection.link.trouble("It was silent for too long.")
                connection.abort()
        if all(link.is_barred for link in self.links) and not self._is_settled():
            raise RelayTrouble(self.words)
        if any(connection.is_ready for connection in self._open()):
            self._well_at = now
        elif now - self._well_at > self.patience and not self._is_settled():
            raise RelayTrouble(self.words or "The relay does not answer.")
