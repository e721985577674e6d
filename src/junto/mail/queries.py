"""How far a letter has come, in numbers and in the servers' words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Sum

from junto.mail.models import Mailing, Setback

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


def delivery_of(mailing_id: int) -> Delivery | None:
    """How far one mailing has come; None where there is no such mailing."""
    return deliveries_of([mailing_id]).get(mailing_id)


def deliveries_of(ids: Iterable[int]) -> dict[int, Delivery]:
    """How far each of these mailings has come, in two queries."""
    wanted = list(ids)
    totals = (
        Mailing.objects.filter(pk__in=wanted)
        .only("total", "state", "first_at", "done_at")
        .annotate(taken=Sum("shards__accepted"), passed_over=Sum("shards__skipped"))
    )
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
