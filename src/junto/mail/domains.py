"""Domains that put mail off: after some deferrals in a row the rest of their recipients wait without being tried.

A relay that asks the receiving server while it listens (or whose policy limits a domain) says 4xx to each recipient of a
domain that is down or wants less. Twenty thousand such answers help nobody. So after MOST_DEFERRALS in a row, without one
success between them, the others of that domain are put off at once; their setbacks say when each is tried again, and
the pauses there grow. That is known for as long as one pool of connections lives, some seconds, then tried afresh.

Only domains that have deferred are looked at: as long as there is none, this costs one look at an empty dictionary.
There is no limit of connections for each domain, because it is the relay that connects to domains, and every MTA has
such a limit (default_destination_concurrency_limit in Postfix); here it would only make all other domains wait.

Greylisting defers whoever is new, so somebody who was never tried would stay new for ever: from the third try on
everybody is tried (`Job.exempt`), and nobody is given up unheard.
"""

from __future__ import annotations

from junto.mail.job import Answer, Ticket

MOST_DEFERRALS = 5
MOST_PUT_OFF = 3
_STEPS = frozenset({"RCPT", "DATA"})


class Domains:
    """What the domains of this run have said. `streaks` holds those that deferred the last time."""

    __slots__ = ("closed", "streaks")

    def __init__(self) -> None:
        self.streaks: dict[str, int] = {}
        self.closed: dict[str, str] = {}

    def deferred(self, ticket: Ticket, answer: Answer) -> None:
        """A server put a recipient off; other answers change nothing."""
        if answer.step in _STEPS and 400 <= answer.code < 500:
            domain = _domain(ticket)
            self.streaks[domain] = self.streaks.get(domain, 0) + 1
            if self.streaks[domain] >= MOST_DEFERRALS:
                self.closed.setdefault(domain, answer.words)

    def accepted(self, ticket: Ticket) -> None:
        domain = _domain(ticket)
        self.streaks.pop(domain, None)
        self.closed.pop(domain, None)

    def answer_for(self, ticket: Ticket) -> Answer | None:
        """The answer of a recipient whose domain is closed; None where it is open."""
        words = self.closed.get(_domain(ticket))
        return None if words is None else Answer("DOMAIN", 450, words)


def _domain(ticket: Ticket) -> str:
    return ticket.address.rpartition("@")[2].lower()
