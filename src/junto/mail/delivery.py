"""Carries mailings: leases shards, streams their recipients to the relay, and writes down how far it has come.

The truth is the shard's `cursor`: all recipients up to it are settled. It moves at least every quarter of a second and
never lags more than WINDOW recipients behind what was sent; whom a relay accepted above it stands in the journal. So a
kill repeats at most what was in hand, two for each connection, and loses nobody. Counts, cursor and setbacks change in one
transaction. A lease is taken by compare-and-swap and ends by itself.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice
from typing import Protocol
from uuid import uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Min
from django.utils import timezone

from junto.mail import journal, outbox, poison, registry, setbacks, signing
from junto.mail.job import Answer, Job, Outcomes, Ticket
from junto.mail.journal import Busy, Journal, Turn
from junto.mail.models import Mailing, Setback, Shard, ShardQuerySet
from junto.mail.relay import ContentRefused, Pool, RelayTrouble
from junto.mail.relays import parse

log = logging.getLogger(__name__)

WINDOW = 2_000
JOURNAL_ROOM = 4 * WINDOW
PORTION = 5_000
SHORTEST_SLICE, LONGEST_SLICE = 0.05, 0.25
SLICES_PER_CHECKPOINT_COST = 20
LEASE = timedelta(seconds=20)
NEXT_LOOK = timedelta(seconds=0.5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=30)


class Carrier(Protocol):
    """What takes copies away: the relay's pool of connections, or the outbox."""

    outcomes: Outcomes
    next_ordinal: int

    def start(self, job: Job, journal: Journal) -> None: ...
    def feed(self, recipients: list[tuple[int, str]]) -> None: ...
    def run_for(self, seconds: float, *, wake_below: int = 0) -> None: ...
    def low_water(self) -> Ticket | None: ...
    def drop_all(self) -> None: ...
    def close(self) -> None: ...


class LeaseLost(Exception):
    """Another worker has the shard now, because this one was silent for too long."""


def carrier() -> Carrier:
    """What settings.RELAY_URL names: `outbox:` or relays. Raises relays.BadRelay."""
    return outbox.Outbox() if outbox.is_on() else Pool(parse(str(settings.RELAY_URL)))


def deliver(mailing_id: int, *, seconds: float) -> bool:
    """Carry a mailing's free shards for so many seconds. True where more is left that could go on at once."""
    until = time.monotonic() + seconds
    worker = f"{socket.gethostname()[:40]}-{os.getpid()}-{uuid4().hex[:8]}"
    with closing(carrier()) as carries:
        while time.monotonic() < until and (shard := lease(mailing_id, worker)):
            if not ShardRun(shard, carries, worker).run(until):
                break
    finish(mailing_id)
    return Shard.objects.free().filter(mailing=mailing_id).exists()


def next_turn(mailing_id: int) -> datetime | None:
    """When somebody may go on with a mailing: now, or when the lease of a silent worker ends. None where all is sent."""
    ends = Shard.objects.filter(mailing=mailing_id, state=Shard.State.OPEN).aggregate(first=Min("lease_until"))["first"]
    return max(ends, timezone.now()) if ends else None


def retry_setbacks(mailing_id: int, *, seconds: float) -> None:
    """Try a mailing's due setbacks again for so many seconds. Where the relay is away they stay due for later."""
    until = time.monotonic() + seconds
    if not Mailing.objects.filter(pk=mailing_id, state=Mailing.State.ON_ITS_WAY).exists():
        return
    with closing(carrier()) as carries:
        try:
            while time.monotonic() < until and setbacks.retry(mailing_id, carries):
                continue
        except RelayTrouble as trouble:
            log.warning("Setbacks of mailing %s wait: %s", mailing_id, trouble)
            carries.drop_all()
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            carries.drop_all()
            poison.note_failure(mailing_id, error)
    finish(mailing_id)


def lease(mailing_id: int, worker: str) -> Shard | None:
    """Take the first free shard of a mailing, or None. Only one worker ever wins a shard."""
    free = Shard.objects.free().filter(mailing=mailing_id)
    for pk in free.order_by("pk").values_list("pk", flat=True)[:20]:
        taken = Shard.objects.free().filter(pk=pk).update(leased_by=worker, lease_until=timezone.now() + LEASE)
        if taken:
            return Shard.objects.select_related("mailing").get(pk=pk)
    return None


def finish(mailing_id: int) -> None:
    """Close a mailing of which every shard is done and every setback settled."""
    if not Mailing.objects.filter(pk=mailing_id, state=Mailing.State.ON_ITS_WAY).exists():
        return
    is_open = (
        Shard.objects.filter(mailing=mailing_id, state=Shard.State.OPEN).exists()
        or Setback.objects.filter(mailing=mailing_id, settled_at=None).exists()
    )
    if not is_open:
        journal.forget(mailing_id)
        Mailing.objects.filter(pk=mailing_id, state=Mailing.State.ON_ITS_WAY).update(
            state=Mailing.State.DONE, done_at=timezone.now()
        )


class ShardRun:
    """One worker's run over one shard."""

    def __init__(self, shard: Shard, carries: Carrier, worker: str) -> None:
        self.shard, self.carrier, self.worker = shard, carries, worker
        self._turn: Turn | None = None
        self._journal: Journal | None = None
        self._known: set[int] = set()
        self._read_upto = shard.cursor
        self._rows: deque[tuple[int, str]] = deque()
        self._is_read = False
        self._settled = carries.next_ordinal
        self._last_key = shard.cursor
        self._slice = SHORTEST_SLICE
        self._begun = shard.mailing.first_at is not None

    def run(self, until: float) -> bool:
        """Go on until the shard is done or the clock (time.monotonic) says `until`. False where the relay fails."""
        try:
            self._start()
            while self._goes_on(until):
                self.carrier.run_for(self._slice, wake_below=0 if self._is_dry() else WINDOW // 4)
                self._checkpoint()
            self._release()
        except RelayTrouble as trouble:
            self._give_back(str(trouble))
            return False
        except LeaseLost:
            self.carrier.drop_all()
            return False
        except ContentRefused as refusal:
            self.carrier.drop_all()
            poison.note_refusal(self.shard.mailing_id, refusal.answer)
            return False
        except BaseException as error:
            self.carrier.drop_all()
            if not isinstance(error, Exception) or isinstance(error, OperationalError | InterfaceError):
                raise
            self._fail(error)
            return False
        finally:
            self._let_go()
        return True

    def _start(self) -> None:
        """Read what an earlier run has left in its journal, and tell the carrier what to carry."""
        shard, mailing = self.shard, self.shard.mailing
        self._turn = self._take_turn()
        self._stream = registry.stream(mailing.audience)
        self._journal, self._known = journal.take_over(
            f"{mailing.pk}.{shard.pk}",
            journal.tag_of(mailing, shard.pk),
            after=shard.cursor,
            upto=shard.upto,
            room=JOURNAL_ROOM if mailing.total > WINDOW else mailing.total + 64,
        )
        job = Job(mailing, signing.signer_for(mailing))
        job.is_untested = not (self._known or mailing.shards.filter(accepted__gt=0).exists())
        self.carrier.start(job, self._journal)

    def _take_turn(self) -> Turn:
        """Raises LeaseLost while the worker whose lease has ended is still at it; it notices at its next checkpoint."""
        try:
            return Turn(self.shard.pk)
        except Busy:
            self._mine().update(leased_by="", lease_until=timezone.now() + NEXT_LOOK)
            raise LeaseLost from None

    def _let_go(self) -> None:
        if self._journal is not None:
            self._journal.close()
        if self._turn is not None:
            self._turn.close()

    def _goes_on(self, until: float) -> bool:
        if time.monotonic() < until:
            self._feed()
        return self.carrier.low_water() is not None or self._settled < self.carrier.next_ordinal

    def _feed(self) -> None:
        room = WINDOW - (self.carrier.next_ordinal - self._settled)
        if room <= 0:
            return
        while len(self._rows) < room and not self._is_read:
            self._read()
        portion = [self._rows.popleft() for _ in range(min(room, len(self._rows)))]
        if portion:
            self._last_key = portion[-1][0]
            self.carrier.feed(portion)

    def _read(self) -> None:
        rows = list(islice(self._portion(), PORTION))
        self._rows.extend(row for row in rows if row[0] not in self._known)
        self._is_read = len(rows) < PORTION
        if rows:
            self._read_upto = rows[-1][0]

    def _portion(self) -> Iterator[tuple[int, str]]:
        return self._stream.read(self.shard.mailing.told, self._read_upto, self.shard.upto)

    def _is_dry(self) -> bool:
        return self._is_read and not self._rows

    def _checkpoint(self) -> None:
        """Write down what is settled: cursor, counts and setbacks, in one transaction."""
        began = time.monotonic()
        low = self.carrier.low_water()
        settled = low.ordinal if low else self.carrier.next_ordinal
        others = self.carrier.outcomes.taken_below(settled)
        cursor = max(low.key - 1 if low else self._last_key, self.shard.cursor)
        passed = {key for key in self._known if key <= cursor}
        accepted = settled - self._settled - len(others) + len(passed)
        with transaction.atomic():
            self._move(cursor, accepted, others)
            setbacks.record(self.shard.mailing_id, others)
            self._note_first(accepted)
        self._settled = settled
        self._known -= passed
        if self._journal is not None and self.shard.mailing.total > WINDOW:
            self._journal.make_room(cursor, for_more=WINDOW)
        cost = time.monotonic() - began
        self._slice = min(max(SHORTEST_SLICE, cost * SLICES_PER_CHECKPOINT_COST), LONGEST_SLICE)

    def _move(self, cursor: int, accepted: int, others: list[tuple[Ticket, Answer]]) -> None:
        skipped = sum(answer.step == "SKIPPED" for _, answer in others)
        refused = sum(answer.is_refusal for _, answer in others)
        changed = self._mine().update(
            cursor=cursor,
            accepted=F("accepted") + accepted,
            refused=F("refused") + refused,
            skipped=F("skipped") + skipped,
            deferred=F("deferred") + len(others) - refused - skipped,
            lease_until=timezone.now() + LEASE,
            troubles=0,
            words="",
        )
        if not changed:
            raise LeaseLost

    def _note_first(self, accepted: int) -> None:
        if accepted and not self._begun:
            Mailing.objects.filter(pk=self.shard.mailing_id, first_at=None).update(first_at=timezone.now())
            self._begun = True

    def _release(self) -> None:
        _give_back_pages()
        if self._is_dry():
            released = self._mine().update(
                state=Shard.State.DONE,
                cursor=self.shard.upto,
                accepted=F("accepted") + len(self._known),
                leased_by="",
            )
            self._known.clear()
        else:
            released = self._mine().update(leased_by="", lease_until=timezone.now())
        if released and not self._known and self._journal is not None:
            self._journal.remove()

    def _fail(self, error: Exception) -> None:
        """Something is wrong with this mailing, or with the code: count it, and let the others go first."""
        if not poison.note_failure(self.shard.mailing_id, error):
            words = f"{type(error).__name__}: {error}"
            self._mine().update(leased_by="", lease_until=timezone.now() + FIRST_PAUSE, words=words[:500])

    def _give_back(self, words: str) -> None:
        """The relay is away: keep what is settled, and let somebody try again after a pause that grows."""
        self._checkpoint_quietly()
        self.carrier.drop_all()
        pause = min(FIRST_PAUSE * 2 ** min(self.shard.troubles, 10), LONGEST_PAUSE)
        self._mine().update(
            leased_by="", lease_until=timezone.now() + pause, troubles=self.shard.troubles + 1, words=words[:500]
        )

    def _checkpoint_quietly(self) -> None:
        try:
            self._checkpoint()
        except LeaseLost:
            return

    def _mine(self) -> ShardQuerySet:
        return Shard.objects.filter(pk=self.shard.pk, leased_by=self.worker, state=Shard.State.OPEN)


def _give_back_pages() -> None:
    """Let go of the database pages that the shard has read, so that memory does not grow with the number of readers."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA shrink_memory")


def free_mailings(now: datetime) -> list[int]:
    """Mailings with a shard that nobody is at work on."""
    free = Shard.objects.filter(state=Shard.State.OPEN, lease_until__lte=now)
    return list(free.order_by("mailing_id").values_list("mailing_id", flat=True).distinct()[:500])
