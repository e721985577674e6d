"""Leads each arrival to the door of a room, once.

The door runs in ONE transaction with the mark that the arrival is done: run twice, or killed half-way, it acts once.
What a door cannot digest goes to quarantine with its reason, and the queue goes on.

A worker claims letters before it begins, and the claim counts the try and puts the next one off. So no two workers do
the same work, and a letter that kills its worker waits behind the others, is then tried alone, and ends in quarantine.
"""

from __future__ import annotations

import logging
import re
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from junto.kit.rulings import Refused
from junto.mail import reading, registry, store
from junto.mail.models import Arrival

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from junto.mail.authentication import Proof
    from junto.mail.seals import Seal

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
MOST_AT_ONCE = 500
PAUSES = (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))
PATIENCE_WITH_TRY_AGAIN = timedelta(days=2)
CLAIM = timedelta(minutes=1)
"""How long nobody else begins with a letter that a worker has begun with. Two who do are still no harm."""
BEGUN = "Begun, time {} without an answer."
ABANDONED = "Workers began with this letter {} times and did not come back: it may have brought them down."
_BEGUN = re.compile(re.escape(BEGUN).replace(r"\{\}", r"(\d+)"))


class TryAgain(Exception):
    """A door cannot take the letter now; it is tried again later."""


class NeverWorks(Exception):
    """A door will never be able to take this letter; it goes to quarantine at once. The text is the reason."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an arrival, in words for whoever looks after the mail."""

    state: str
    words: str


def done(words: str) -> Outcome:
    return Outcome(Arrival.State.DONE, words)


def discarded(words: str) -> Outcome:
    return Outcome(Arrival.State.DISCARDED, words)


def held(words: str) -> Outcome:
    return Outcome(Arrival.State.HELD, words)


def always(**_: str) -> bool:
    return True


@dataclass(frozen=True)
class Route:
    """Pattern of the local part (a whole match, in lower case), the room's door, and who knows whether it exists.

    Door and `exists` get the named groups of the pattern as keywords; the door gets the Incoming before them.
    `needs_proof` is False for doors that do not care who wrote: nobody's DNS is asked for them. `prepare` is called
    like the door, before its transaction, for whatever else takes time.
    """

    pattern: str
    door: Callable[..., Outcome]
    exists: Callable[..., bool] = always
    needs_proof: bool = True
    prepare: Callable[..., None] | None = None

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def match(self, local: str) -> dict[str, str] | None:
        """The named groups, where the local part fits; None where it does not."""
        found = self._compiled.fullmatch(local)
        return {name: value or "" for name, value in found.groupdict().items()} if found else None


class Incoming:
    """A letter at a door. What takes time to find out is found out when first asked for, and kept."""

    def __init__(self, arrival: Arrival) -> None:
        self.arrival_id = arrival.pk
        self.raw_key = arrival.raw_key
        self.sender = arrival.sender
        self.recipient = arrival.recipient
        self.peer = arrival.peer
        self.received_at: datetime = arrival.received_at

    @cached_property
    def raw(self) -> bytes:
        return store.get(self.raw_key)

    @cached_property
    def mail(self) -> reading.ParsedMail:
        found: reading.ParsedMail = reading.read(self.raw)
        return found

    @cached_property
    def proof(self) -> Proof:
        from junto.mail import authentication

        return authentication.prove(self.raw, self.mail.from_address, sender=self.sender, peer=self.peer)

    @cached_property
    def seal(self) -> Seal | None:
        """The signature by which copies may keep the From line. To be asked for before the transaction of a door."""
        from junto.mail import seals

        return seals.seal_of(self.raw, self.mail.from_address)

    def make_ready(self) -> None:
        """Find out now what takes time: what the letter says, and who wrote it."""
        _ = self.proof


def find(recipient: str) -> tuple[Route, dict[str, str]] | None:
    """The route for an address of our domain, and its named groups; None where no route knows it.

    Local parts are taken without regard to case. A detail behind "+" is left off where nothing knows the whole.
    """
    local, _, domain = recipient.lower().rpartition("@")
    if domain != settings.LIST_DOMAIN or not local:
        return None
    bare = local.partition("+")[0]
    return _find_local(local) or (_find_local(bare) if bare and bare != local else None)


def handle(arrival_id: int) -> None:
    """Lead a waiting arrival to its door. Does nothing for one that is not waiting; never raises for a bad letter."""
    if _claim_one(arrival_id):
        _handle_claimed(arrival_id)


def handle_new(arrival_ids: list[int], *, seconds: float) -> list[int]:
    """Lead letters that nobody has begun with to their doors, for so many seconds. Returns those that still wait."""
    until = time.monotonic() + seconds
    claimed = _claim_new(arrival_ids)
    for place, arrival_id in enumerate(claimed):
        if place and time.monotonic() > until:
            left = claimed[place:]
            Arrival.objects.filter(pk__in=left, state=Arrival.State.WAITING, attempts=1).update(
                attempts=0, words="", next_try_at=timezone.now()
            )
            return left
        _handle_claimed(arrival_id)
    return []


def handle_due(*, seconds: float) -> None:
    """Lead what has come due to its door, each letter alone, for so many seconds: what a task or a worker left behind."""
    until = time.monotonic() + seconds
    due = Arrival.objects.due().order_by("next_try_at", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE]
    for arrival_id in list(due):
        if time.monotonic() > until:
            return
        if _claim_one(arrival_id, is_due=True):
            _handle_claimed(arrival_id)


def _claim_new(arrival_ids: list[int]) -> list[int]:
    """Those of the letters that nobody has begun with, claimed in one step."""
    with transaction.atomic():
        new = Arrival.objects.filter(pk__in=arrival_ids, state=Arrival.State.WAITING, attempts=0)
        claimed = sorted(new.select_for_update(skip_locked=True).values_list("pk", flat=True))
        _begin(Arrival.objects.filter(pk__in=claimed))
    return claimed


def _claim_one(arrival_id: int, *, is_due: bool = False) -> bool:
    """Claim a letter, alone. False where it does not wait any more, or has brought down too many workers."""
    with transaction.atomic():
        waiting = Arrival.objects.due() if is_due else Arrival.objects.filter(state=Arrival.State.WAITING)
        arrival = waiting.filter(pk=arrival_id).select_for_update(skip_locked=True).first()
        if arrival is None:
            return False
        abandoned = int(found[1]) if (found := _BEGUN.fullmatch(arrival.words)) else 0
        if abandoned >= MOST_ATTEMPTS:
            log.error("Arrival %s goes to quarantine: workers began with it and did not come back", arrival_id)
            _quarantine(arrival_id, ABANDONED.format(abandoned))
            return False
        _begin(Arrival.objects.filter(pk=arrival_id), time=abandoned + 1)
    return True


def _begin(claimed: QuerySet[Arrival], *, time: int = 1) -> None:
    claimed.update(attempts=F("attempts") + 1, words=BEGUN.format(time), next_try_at=timezone.now() + CLAIM)


def _handle_claimed(arrival_id: int) -> None:
    try:
        arrival = Arrival.objects.filter(pk=arrival_id, state=Arrival.State.WAITING).first()
        if arrival is not None:
            _lead(arrival)
    except TryAgain as reason:
        _put_off(arrival_id, str(reason) or "The room asked to try again.", counts=False)
    except NeverWorks as reason:
        _quarantine(arrival_id, str(reason) or "The room said that this never will work.")
    except OperationalError as error:
        _put_off(arrival_id, f"The database was not ready: {error}", counts=False)
    except Exception as error:
        log.exception("Arrival %s could not be handled", arrival_id)
        _put_off(arrival_id, _told(error), counts=True)


def _find_local(local: str) -> tuple[Route, dict[str, str]] | None:
    for route in [*_own_routes(), *registry.routes()]:
        groups = route.match(local)
        if groups is not None and route.exists(**groups):
            return route, groups
    return None


def _own_routes() -> list[Route]:
    from junto.mail import inbound

    return inbound.ROUTES


def _lead(arrival: Arrival) -> None:
    """Read the letter and find out who wrote it, which may ask the DNS; only then open the transaction of the door."""
    found = find(arrival.recipient)
    if found is None:
        raise NeverWorks(f"Nobody here has the address {arrival.recipient} any more.")
    route, groups = found
    incoming = Incoming(arrival)
    if route.needs_proof:
        incoming.make_ready()
    if route.prepare is not None:
        route.prepare(incoming, **groups)
    with transaction.atomic():
        locked = Arrival.objects.select_for_update().filter(pk=arrival.pk, state=Arrival.State.WAITING).first()
        if locked is not None:
            _settle(locked, _through_the_door(route, incoming, groups))


def _through_the_door(route: Route, incoming: Incoming, groups: dict[str, str]) -> Outcome:
    try:
        with transaction.atomic():
            return route.door(incoming, **groups)
    except Refused as refusal:
        return done(f"Refused: {refusal.ruling.reason}")


def _settle(arrival: Arrival, outcome: Outcome) -> None:
    arrival.state, arrival.words, arrival.handled_at = outcome.state, outcome.words, timezone.now()
    arrival.save(update_fields=["state", "words", "handled_at"])


def _put_off(arrival_id: int, words: str, *, counts: bool) -> None:
    """Try again later; after the third failure, or two days of asking to try again, into quarantine."""
    arrival = Arrival.objects.get(pk=arrival_id)
    attempts = max(arrival.attempts, 1)
    is_too_old = timezone.now() - arrival.received_at > PATIENCE_WITH_TRY_AGAIN
    if (counts and attempts >= MOST_ATTEMPTS) or is_too_old:
        _quarantine(arrival_id, words)
        return
    pause = PAUSES[min(attempts, len(PAUSES)) - 1]
    Arrival.objects.filter(pk=arrival_id, state=Arrival.State.WAITING).update(
        attempts=min(attempts, 10_000), words=words, next_try_at=timezone.now() + pause
    )


def _quarantine(arrival_id: int, words: str) -> None:
    Arrival.objects.filter(pk=arrival_id, state=Arrival.State.WAITING).update(
        state=Arrival.State.QUARANTINED, words=words, handled_at=timezone.now()
    )


def _told(error: Exception) -> str:
    """An unexpected failure, for whoever looks into the quarantine: what, and where in the code."""
    return f"{type(error).__name__}: {error}\n\n{''.join(traceback.format_exception(error))[-4000:]}".replace(
        "\x00", ""
    )
