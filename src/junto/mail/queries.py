"""How far a letter has come, in numbers and in the servers' words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, Sum

from junto.mail.models import BounceReport, Mailing, Setback, Shard

MOST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Delivery:
    """Counts of one mailing. `words` are (kind, what servers said, how often), the most frequent first."""

    total: int
    accepted: int
    deferred: int
    refused: int
    skipped: int
    state: str
    first_at: datetime | None
    done_at: datetime | None
    words: list[tuple[str, str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Copy:
    """What became of one recipient's copy of a mailing, in the server's words. ACCEPTED is also what nothing went
    wrong with: whether the recipient was meant at all is for the audience to say, from `told` and the time `at` of the first copy."""

    class Fate(StrEnum):
        ACCEPTED = "accepted"
        DEFERRED = "deferred"
        REFUSED = "refused"
        CAME_BACK = "came back"
        ON_ITS_WAY = "on its way"
        NOT_SENT = "not sent"

    fate: Fate
    words: str
    told: dict[str, Any]
    at: datetime


_FATES: dict[str, Copy.Fate] = {
    Setback.Kind.DEFERRED: Copy.Fate.DEFERRED,
    Setback.Kind.REFUSED: Copy.Fate.REFUSED,
    Setback.Kind.ACCEPTED: Copy.Fate.ACCEPTED,
}


def delivery_of(mailing_id: int) -> Delivery | None:
    """How far one mailing has come; None where there is no such mailing."""
    return deliveries_of([mailing_id]).get(mailing_id)


def deliveries_of(ids: Iterable[int]) -> dict[int, Delivery]:
    """How far each of these mailings has come: in one query where all copies were accepted at once, else in two."""
    totals = list(
        Mailing.objects.filter(pk__in=list(ids))
        .only("total", "state", "first_at", "done_at")
        .annotate(taken=Sum("shards__accepted"), passed_over=Sum("shards__skipped"))
    )
    wanted = [one.pk for one in totals if _at_once(one) < one.total]
    kinds: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    words: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    said = (
        Setback.objects.filter(mailing__in=wanted).values_list("mailing", "kind", "words").annotate(times=Count("pk"))
    )
    for mailing_id, kind, text, times in said.order_by("-times", "words"):
        kinds[mailing_id][kind] += times
        if kind != Setback.Kind.ACCEPTED and len(words[mailing_id]) < MOST_WORDS:
            words[mailing_id].append((kind, text, times))
    return {one.pk: _delivery(one, kinds[one.pk], words[one.pk]) for one in totals}


def _at_once(mailing: Mailing) -> int:
    """Copies that met no setback: accepted, or skipped for somebody who was not to get them any more."""
    return (getattr(mailing, "taken", 0) or 0) + (getattr(mailing, "passed_over", 0) or 0)


def copies_for(key: int, address: str, mailings: Iterable[int]) -> dict[int, Copy]:
    """What became of one recipient's copies of these mailings, in four queries. Mailings that are gone are left out.

    `key` is the recipient's in the audience of all of them; `address` is where the copies went.
    """
    wanted = list(mailings)
    there = Mailing.objects.filter(pk__in=wanted).only("told", "created_at", "first_at")
    shards = Shard.objects.filter(mailing__in=wanted, after__lt=key, upto__gte=key)
    passed = {one.mailing_id: one.cursor >= key for one in shards.only("mailing_id", "cursor")}
    met = {one.mailing_id: one for one in Setback.objects.filter(mailing__in=wanted, key=key)}
    back = BounceReport.objects.filter(mailing__in=wanted, address=address).order_by("pk")
    bounced = {one.mailing_id or 0: one.words for one in back}
    return {one.pk: _copy(one, passed.get(one.pk), met.get(one.pk), bounced.get(one.pk)) for one in there}


def _copy(mailing: Mailing, has_passed: bool | None, met: Setback | None, bounced: str | None) -> Copy:
    """`has_passed` is None where no shard has a place for the recipient."""
    about = {"told": mailing.told, "at": mailing.first_at or mailing.created_at}
    if bounced is not None:
        return Copy(Copy.Fate.CAME_BACK, bounced, **about)
    if met is not None:
        return Copy(_FATES[met.kind], met.words, **about)
    if has_passed is None:
        return Copy(Copy.Fate.NOT_SENT, "", **about)
    return Copy(Copy.Fate.ACCEPTED if has_passed else Copy.Fate.ON_ITS_WAY, "", **about)


def _delivery(mailing: Mailing, kinds: dict[str, int], words: list[tuple[str, str, int]]) -> Delivery:
    return Delivery(
        total=mailing.total,
        accepted=(getattr(mailing, "taken", 0) or 0) + kinds[Setback.Kind.ACCEPTED],
        deferred=kinds[Setback.Kind.DEFERRED],
        refused=kinds[Setback.Kind.REFUSED],
        skipped=getattr(mailing, "passed_over", 0) or 0,
        state=mailing.state,
        first_at=mailing.first_at,
        done_at=mailing.done_at,
        words=words,
    )
