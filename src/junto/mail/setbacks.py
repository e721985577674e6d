"""Recipients whose server did not take the letter: written down, tried again for five days, then refused.

RFC 5321 section 4.5.4.1 asks for 4 to 5 days of retries, the first after some minutes, later ones some hours apart.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from junto.mail import faults, journal, registry, signing
from junto.mail.domains import MOST_PUT_OFF
from junto.mail.job import Answer, Job, Ticket
from junto.mail.journal import Journal
from junto.mail.models import Mailing, Setback

if TYPE_CHECKING:
    from junto.mail.delivery import Carrier

log = logging.getLogger(__name__)

PAUSES = tuple(timedelta(minutes=m) for m in (5, 15, 45, 120, 240))
GIVE_UP_AFTER = timedelta(days=5)
CLAIM = timedelta(minutes=15)
PORTION = 200
_STEPS_ABOUT_RECIPIENTS = frozenset({"RCPT", "DATA", "DOT"})


def record(mailing_id: int, others: list[tuple[Ticket, Answer]]) -> None:
    """Write down who was deferred or refused at the first try. The caller's transaction is the checkpoint's."""
    met = [(ticket, answer) for ticket, answer in others if answer.step != "SKIPPED"]
    Setback.objects.bulk_create(
        [_setback(mailing_id, ticket, answer) for ticket, answer in met], ignore_conflicts=True, batch_size=500
    )
    refused = [(ticket, answer) for ticket, answer in met if answer.is_refusal]
    told = Mailing.objects.values_list("told", flat=True).get(pk=mailing_id) if refused else {}
    for ticket, answer in refused:
        _tell(ticket.address, answer, told)


def retry(mailing_id: int, carries: Carrier, *, portion: int = PORTION) -> int:
    """Try some due setbacks of a mailing once more. Returns how many were tried. Raises RelayTrouble."""
    due = _claim(mailing_id, portion)
    if not due:
        return 0
    mailing = Mailing.objects.get(pk=mailing_id)
    name, tag = f"{mailing_id}.setbacks", journal.tag_of(mailing, "setbacks")
    known = journal.read(name, tag, after=due[0].key - 1, upto=due[-1].key)
    with transaction.atomic():
        for setback in due:
            if setback.key in known:
                _note(setback, None)
    _try(mailing, [setback for setback in due if setback.key not in known], carries, Journal(name, tag, room=portion))
    return len(due)


def _try(mailing: Mailing, due: list[Setback], carries: Carrier, noted: Journal) -> None:
    exempt = frozenset(setback.key for setback in due if setback.attempts >= MOST_PUT_OFF)
    carries.start(Job(mailing, signing.signer_for(mailing), exempt=exempt), noted)
    first = carries.next_ordinal
    carries.feed([(setback.key, setback.address) for setback in due])
    try:
        while carries.low_water() is not None:
            carries.run_for(1.0)
    finally:
        noted.close()
        _note_settled(carries, first, due)
    noted.remove()


def _note_settled(carries: Carrier, first: int, due: list[Setback]) -> None:
    """Write down what became of those whose answer is there, even where the relay went away half-way."""
    low = carries.low_water()
    end = low.ordinal if low else carries.next_ordinal
    answers = {ticket.ordinal: answer for ticket, answer in carries.outcomes.taken_below(end)}
    with transaction.atomic():
        for ordinal, setback in enumerate(due[: end - first], start=first):
            _note(setback, answers.get(ordinal))


def _claim(mailing_id: int, portion: int) -> list[Setback]:
    """Due setbacks, put off so that no other worker takes them too."""
    with transaction.atomic():
        due = list(
            Setback.objects.due()
            .filter(mailing=mailing_id)
            .select_for_update(skip_locked=True)
            .order_by("key")[:portion]
        )
        Setback.objects.filter(pk__in=[setback.pk for setback in due]).update(next_try_at=timezone.now() + CLAIM)
    return due


def _setback(mailing_id: int, ticket: Ticket, answer: Answer) -> Setback:
    now = timezone.now()
    return Setback(
        mailing_id=mailing_id,
        key=ticket.key,
        address=ticket.address,
        kind=Setback.Kind.REFUSED if answer.is_refusal else Setback.Kind.DEFERRED,
        status=_status(answer),
        words=answer.words,
        first_at=now,
        settled_at=now if answer.is_refusal else None,
        next_try_at=None if answer.is_refusal else now + PAUSES[0],
    )


def _note(setback: Setback, answer: Answer | None) -> None:
    """What the next try brought. No answer: accepted."""
    now = timezone.now()
    setback.attempts += 1
    if answer is None:
        setback.kind, setback.settled_at = Setback.Kind.ACCEPTED, now
    else:
        setback.status, setback.words = _status(answer), answer.words
        is_too_late = now - setback.first_at > GIVE_UP_AFTER
        if answer.is_refusal or is_too_late:
            setback.kind, setback.settled_at = Setback.Kind.REFUSED, now
            _tell(setback.address, answer, setback.mailing.told)
        else:
            setback.next_try_at = now + PAUSES[min(setback.attempts, len(PAUSES)) - 1]
    setback.save()


def _tell(address: str, answer: Answer, told: dict[str, Any]) -> None:
    """Tell the room that keeps addresses; where it is the letter or ourselves that a server refuses, who sent it."""
    status = faults.status_in(answer.words)
    fault = faults.of(answer.code, status, answer.words)
    if answer.step not in _STEPS_ABOUT_RECIPIENTS:
        return
    try:
        with transaction.atomic():
            if fault is faults.Fault.POLICY:
                registry.hear_of_refusal(told=told, status=_status(answer), words=answer.words)
            else:
                is_permanent = fault is faults.Fault.PERMANENT
                registry.hear_of_bounce(
                    email=address, is_permanent=is_permanent, status=_status(answer), words=answer.words
                )
    except Exception:
        log.exception("A refusal could not be noted")


def _status(answer: Answer) -> str:
    return f"{answer.code or ''} {faults.status_in(answer.words)}".strip()
