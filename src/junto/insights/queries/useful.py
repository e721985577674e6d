"""The discussions that members found useful: by their marks “also useful”; among equals, by how many people took part."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db.models import Count, Q

from junto.communities.models import Community
from junto.discussions.models import Message, Thread
from junto.discussions.queries.marks import without_addresses

MOST_LOOKED_AT = 30
FEWEST_MESSAGES = 2
_FIELDS = (
    *("number", "subject", "message_count", "useful_count", "started_at", "answered_at", "kind", "zone"),
    "community_id",
)


@dataclass(frozen=True, slots=True)
class Useful:
    """A discussion, with how many people took part in it. The thread knows how many marks its messages have."""

    thread: Thread
    people: int

    @property
    def subject(self) -> str:
        return without_addresses(self.thread.title)


def most_useful(community: Community, *, since: date, zones: Collection[str], limit: int) -> list[Useful]:
    """Of the thirty discussions begun since then with the most marks, then messages: by marks, then by people. Two queries.

    A message without a reply counts where somebody marked it.
    """
    begun = Thread.objects.filter(community=community).within(zones)
    found = begun.filter(Q(message_count__gte=FEWEST_MESSAGES) | Q(useful_count__gt=0))
    if since > date.min:
        found = found.filter(started_at__gte=datetime.combine(since, time(), UTC))
    threads = list(found.only(*_FIELDS).order_by("-useful_count", "-message_count", "-last_at", "-pk")[:MOST_LOOKED_AT])
    rows = (
        Message.objects.filter(thread__in=threads)
        .values_list("thread")
        .annotate(n=Count("author_email", distinct=True))
    )
    people = dict(rows.order_by())
    for thread in threads:
        thread.community = community
    told = [Useful(thread, people.get(thread.pk, 0)) for thread in threads]
    return sorted(told, key=_use, reverse=True)[:limit]


def _use(one: Useful) -> tuple[int, int, int, int]:
    return one.thread.useful_count, one.people, one.thread.message_count, one.thread.pk
