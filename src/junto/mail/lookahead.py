"""Copies that are signed ahead of the connections, in threads: OpenSSL lets go of Python's lock while it computes.

Tickets leave in the order in which they came. What is signed and not yet sent is bounded in number and in bytes, so
memory stays flat however large the audience or the letter.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from junto.mail.job import Job, Ticket

THREADS = os.cpu_count() or 1
MOST_AHEAD, MOST_BYTES_AHEAD = 512, 8 << 20
LARGEST_BATCH, MOST_BYTES_IN_BATCH = 16, 1 << 19


class Lookahead:
    """Signs the tickets of one job in batches. `ready(tickets)` and `failed(error)` are called in the event loop."""

    def __init__(
        self,
        job: Job,
        loop: asyncio.AbstractEventLoop,
        *,
        ready: Callable[[list[Ticket]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._job, self._loop, self._ready, self._failed = job, loop, ready, failed
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="sign")
        self._waiting: deque[Ticket] = deque()
        self._batches: deque[tuple[list[Ticket], Future[list[bytes]]]] = deque()
        self._in_batches = 0
        size = max(job.size, 1)
        self.batch = max(1, min(LARGEST_BATCH, MOST_BYTES_IN_BATCH // size))
        self.most = max(2 * THREADS * self.batch, min(MOST_AHEAD, MOST_BYTES_AHEAD // size))

    def __len__(self) -> int:
        return len(self._waiting) + self._in_batches

    def first(self) -> Ticket | None:
        """The first ticket that has not left."""
        if self._batches:
            return self._batches[0][0][0]
        return self._waiting[0] if self._waiting else None

    def feed(self, tickets: list[Ticket], *, unsent: int) -> None:
        """Take tickets in; `unsent` signed copies are waiting for a connection."""
        self._waiting.extend(tickets)
        self.top_up(unsent=unsent)

    def top_up(self, *, unsent: int) -> None:
        """Sign more, as far as the bounds allow."""
        waiting = self._waiting
        while waiting and unsent + self._in_batches < self.most:
            tickets = [waiting.popleft() for _ in range(min(self.batch, len(waiting)))]
            self._in_batches += len(tickets)
            future = self._threads.submit(self._sign, tickets)
            self._batches.append((tickets, future))
            future.add_done_callback(self._tell)

    def close(self) -> None:
        """Forget what has not left."""
        self._waiting.clear()
        self._batches.clear()
        self._in_batches = 0
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _sign(self, tickets: list[Ticket]) -> list[bytes]:
        return [self._job.prepared(ticket) for ticket in tickets]

    def _tell(self, future: Future[list[bytes]]) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._collect)

    def _collect(self) -> None:
        done: list[Ticket] = []
        while self._batches and self._batches[0][1].done():
            tickets, future = self._batches.popleft()
            self._in_batches -= len(tickets)
            try:
                self._job.keep(tickets, future.result())
            except Exception as error:
                self._failed(error)
                return
            done += tickets
        if done:
            self._ready(done)
