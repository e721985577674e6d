"""Mailings that cannot be carried are set aside with the reason, so that they do not hold up the others.

Two kinds: carrying the mailing raised an exception MOST_FAILURES times (that is a fault of ours, or of its rows), or the
servers refuse the letter itself, one recipient after the other, with the same words. Staff read why and let it go on.
"""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from junto.mail.job import Answer
from junto.mail.models import Mailing, Setback, Shard

log = logging.getLogger(__name__)

MOST_FAILURES = 3


def note_failure(mailing_id: int, error: Exception) -> bool:
    """Count an exception that carrying a mailing raised. True where that was one too many."""
    log.error("Mailing %s could not be carried: %r", mailing_id, error, exc_info=error)
    Mailing.objects.filter(pk=mailing_id).update(failures=F("failures") + 1)
    has_too_many = Mailing.objects.filter(pk=mailing_id, failures__gte=MOST_FAILURES).exists()
    if has_too_many:
        set_aside(mailing_id, f"It could not be carried {MOST_FAILURES} times: {type(error).__name__}: {error}")
    return has_too_many


def note_refusal(mailing_id: int, answer: Answer) -> None:
    """The letter itself is refused. Those who were written down as refused for it are tried again once it goes on."""
    with transaction.atomic():
        set_aside(mailing_id, f"Every server refused the letter itself: {answer.code} {answer.words}")
        Setback.objects.filter(mailing=mailing_id, kind=Setback.Kind.REFUSED, words=answer.words).update(
            kind=Setback.Kind.DEFERRED, settled_at=None, next_try_at=timezone.now()
        )


@transaction.atomic
def set_aside(mailing_id: int, words: str) -> None:
    """Into quarantine, with all that is open of it. Whoever is at work on a shard notices at the next checkpoint."""
    log.error("Mailing %s is in quarantine: %s", mailing_id, words)
    mailing = Mailing.objects.filter(pk=mailing_id, state=Mailing.State.ON_ITS_WAY)
    if mailing.update(state=Mailing.State.QUARANTINED, words=words[:2000].replace("\x00", "")):
        Shard.objects.filter(mailing=mailing_id, state=Shard.State.OPEN).update(state=Shard.State.HELD, leased_by="")


def release(mailing_id: int) -> None:
    """Out of quarantine: it goes on where it stopped. The caller wakes the workers."""
    now = timezone.now()
    Mailing.objects.filter(pk=mailing_id, state=Mailing.State.QUARANTINED).update(
        state=Mailing.State.ON_ITS_WAY, failures=0
    )
    Shard.objects.filter(mailing=mailing_id, state=Shard.State.HELD).update(state=Shard.State.OPEN, lease_until=now)
