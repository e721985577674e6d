"""One relay of the pool: its connections, how it is doing, and whether it is to be left alone."""

from __future__ import annotations

import random
from base64 import b64encode
from typing import TYPE_CHECKING

from junto.mail.job import Answer
from junto.mail.relays import Relay

if TYPE_CHECKING:
    from junto.mail.client import Connection
    from junto.mail.relay import Pool

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0


class Link:
    """One relay and the connections to it."""

    def __init__(self, pool: Pool, relay: Relay, connections: int) -> None:
        self.pool, self.relay, self._most_connections = pool, relay, connections
        self.open: set[Connection] = set()
        self.opening = 0
        self.is_barred = False
        self._is_proven = not relay.user
        self._has_failed = False
        self._skips_tls = False
        self._pause = FIRST_PAUSE
        self._refused_in_a_row = 0

    @property
    def is_away(self) -> bool:
        return self._has_failed and not self.open

    @property
    def has_room(self) -> bool:
        """Room for another connection. A password is tried on one first: many wrong ones at once lock an account."""
        return self.connections < (self._most_connections if self._is_proven else 1)

    @property
    def connections(self) -> int:
        return len(self.open) + self.opening

    def wants_starttls(self, *, is_offered: bool) -> bool:
        return not self._skips_tls and self.relay.wants_starttls(is_offered=is_offered)

    def opened(self) -> None:
        """A connection is ready for transactions."""
        self._has_failed, self._is_proven, self._pause = False, True, FIRST_PAUSE
        self.pool.opened()

    def failed(self) -> None:
        self._has_failed = True

    def trouble(self, words: str) -> None:
        """Keep the words for whoever reads why mail waits."""
        if self.relay.password:
            for secret in (self.relay.password, b64encode(self.relay.password.encode()).decode()):
                words = words.replace(secret, "…")
        self.pool.words = f"{self.relay.shown}: {words}"[:500]

    def tls_failed(self, words: str) -> None:
        """Where TLS was only a try, the next connection goes without it."""
        self.trouble(words)
        self._skips_tls = not self.relay.must_encrypt and not self.relay.is_verified

    def bar(self, words: str) -> None:
        """Leave this relay alone for as long as the pool lives."""
        self.trouble(words)
        self.is_barred = True
        for connection in list(self.open):
            connection.abort()
        self.pool.wake()

    def settled(self, verdict: Answer) -> None:
        """A recipient went no further. A relay that refuses every sender means us, not the recipients."""
        self._refused_in_a_row = self._refused_in_a_row + 1 if verdict.step == "MAIL" else 0
        if self._refused_in_a_row > 2 * self._most_connections + 4:
            self.bar(f"{verdict.code} {verdict.words}")

    def next_pause(self) -> float:
        """Seconds to wait before connecting; none where the relay is well."""
        if not self._has_failed:
            return 0.0
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        return pause


def turn(link: Link) -> tuple[float, float]:
    """Who gets the next connection. The smallest is first: who has the fewest for its weight, else by lot."""
    return link.connections / link.relay.weight, random.expovariate(link.relay.weight)
