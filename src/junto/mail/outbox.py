"""The built-in outbox: instead of a relay, copies become rows that are read in the browser."""

from __future__ import annotations

from django.conf import settings

from junto.mail.job import SKIPPED, Job, Outcomes, Ticket, may_be_sent
from junto.mail.journal import Journal
from junto.mail.models import OutboxCopy

NEWEST = 10_000
_END = b".\r\n"


def is_on() -> bool:
    return str(settings.RELAY_URL).startswith("outbox:")


class Outbox:
    """Carries tickets as `relay.Pool` does: fed, run, asked for what is not settled."""

    def __init__(self) -> None:
        self.outcomes = Outcomes()
        self.next_ordinal = 0
        self._queue: list[Ticket] = []
        self._job: Job | None = None
        self._journal: Journal | None = None

    def start(self, job: Job, journal: Journal) -> None:
        self._job, self._journal = job, journal

    def feed(self, recipients: list[tuple[int, str]]) -> None:
        for key, address in recipients:
            ticket = Ticket(self.next_ordinal, key, address)
            self.next_ordinal += 1
            if may_be_sent(address):
                self._queue.append(ticket)
            else:
                self.outcomes.answers.append((ticket, SKIPPED))

    def run_for(self, seconds: float, *, wake_below: int = 0) -> None:
        OutboxCopy.objects.bulk_create([self._copy(ticket) for ticket in self._queue], batch_size=500)
        for ticket in self._queue:
            self._journal.add(ticket.key)  # type: ignore[union-attr]
        self._queue.clear()

    def low_water(self) -> Ticket | None:
        return self._queue[0] if self._queue else None

    def drop_all(self) -> None:
        self._queue.clear()
        self.outcomes.answers.clear()

    def close(self) -> None:
        prune()

    def _copy(self, ticket: Ticket) -> OutboxCopy:
        assert self._job is not None
        content = self._job.content(ticket).removesuffix(_END).replace(b"\r\n..", b"\r\n.")
        return OutboxCopy(
            mailing_id=self._job.mailing_id,
            recipient=ticket.address,
            return_path=self._job.return_path.of(ticket.key),
            content=content,
        )


def prune() -> int:
    """Forget all but the newest ten thousand copies. Returns how many went."""
    oldest = OutboxCopy.objects.order_by("-pk").values_list("pk", flat=True)[NEWEST : NEWEST + 1].first()
    return OutboxCopy.objects.filter(pk__lte=oldest).delete()[0] if oldest else 0
