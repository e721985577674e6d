"""Sending letters. Both actions only write rows, in the caller's transaction; workers carry after the commit.

The engine obeys the rooms: who may send what was ruled on, and written in the book, before a letter comes here.
"""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.kit.rulings import require
from junto.mail import compose, poison, registry, rules, tasks, verp
from junto.mail.letter import Audience, Letter, RawLetter
from junto.mail.models import Arrival, Mailing, Shard

SHARD_SIZE = 5_000
MOST_TASKS = 4


def post(letter: Letter, *, to: str, about: str = "") -> Mailing:
    """Send a letter to one reader. Returns once the row is written; delivery follows the commit."""
    audience = Audience(registry.READER, {"address": to})
    return fan_out(letter, audience=audience, return_to="post", about=about)


@transaction.atomic
def fan_out(letter: Letter | RawLetter, *, audience: Audience, return_to: str, about: str = "") -> Mailing:
    """Send a letter to an audience: the letter is rendered once, here; recipients are read when their shard is sent.

    `return_to` is a short name for the return path (the list's name). Raises compose.BadHeader and LookupError.
    """
    form = compose.compose(letter)
    lowest, highest, count = registry.stream(audience.name).bounds(audience.told)
    mailing = Mailing.objects.create(
        kind=letter.kind,
        return_to=verp.short_name(return_to),
        audience=audience.name,
        told=audience.told,
        pieces=form.pieces,
        places=form.places,
        is_8bit=form.is_8bit,
        scope=letter.scope,
        about=about,
        total=count,
        state=Mailing.State.ON_ITS_WAY if count else Mailing.State.DONE,
        done_at=None if count else timezone.now(),
    )
    if count:
        shards = Shard.objects.bulk_create(_shards(mailing, lowest, highest, count))
        transaction.on_commit(partial(_wake_workers, mailing.pk, len(shards), is_short=count == 1))
    return mailing


@transaction.atomic
def retry(*, arrival: Arrival, by: object) -> None:
    """Let a letter out of quarantine, to be routed once more."""
    require(rules.may_run_mail(by))
    arrival.state, arrival.attempts, arrival.handled_at = Arrival.State.WAITING, 0, None
    arrival.next_try_at = timezone.now()
    arrival.save(update_fields=["state", "attempts", "handled_at", "next_try_at"])
    record("mail.arrival.retried", about=arrival, by=rules.person_of(by), reason=arrival.words[:500])
    transaction.on_commit(partial(tasks.route_arrival.enqueue, arrival.pk))


@transaction.atomic
def discard(*, arrival: Arrival, by: object) -> None:
    """Give up on a letter in quarantine. Its bytes stay in the mail store."""
    require(rules.may_run_mail(by))
    arrival.state, arrival.handled_at = Arrival.State.DISCARDED, timezone.now()
    arrival.save(update_fields=["state", "handled_at"])
    record("mail.arrival.discarded", about=arrival, by=rules.person_of(by), reason=arrival.words[:500])


@transaction.atomic
def release(*, mailing: Mailing, by: object) -> None:
    """Let a mailing out of quarantine: it goes on with those whom it has not reached."""
    require(rules.may_run_mail(by))
    poison.release(mailing.pk)
    record("mail.mailing.released", about=mailing, by=rules.person_of(by), reason=mailing.words[:500])
    transaction.on_commit(partial(tasks.deliver.enqueue, mailing.pk))


def _shards(mailing: Mailing, lowest: int, highest: int, count: int) -> list[Shard]:
    """The range of keys, cut into as many equal parts as there are thousands of recipients for."""
    parts = -(-count // SHARD_SIZE)
    span = -(-(highest - lowest + 1) // parts)
    edges = range(lowest - 1, highest, span)
    return [Shard(mailing=mailing, after=edge, cursor=edge, upto=min(edge + span, highest)) for edge in edges]


def _wake_workers(mailing_id: int, shards: int, *, is_short: bool) -> None:
    deliver = tasks.deliver.using(priority=50) if is_short else tasks.deliver
    for _ in range(min(shards, MOST_TASKS)):
        deliver.enqueue(mailing_id)
