"""The discussions in which the most people took part: what a community is of use for, as far as a count can tell."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db.models import Count

from junto.communities.models import Community
from junto.discussions.models import Message, Thread
from junto.discussions.queries.marks import without_addresses

MOST_LOOKED_AT = 30
FEWEST_MESSAGES = 2


@dataclass(frozen=True, slots=True)
class Useful:
    """A discussion, with how many people took part in it."""

    thread: Thread
    people: int

    @property
    def subject(self) -> str:
        return without_addresses(self.thread.title)


def most_useful(community: Community, *, since: date, zones: Collection[str], limit: int) -> list[Useful]:
    """Of the thirty longest discussions begun since then, those with the most people in them, the most first. Two queries."""
    found = Thread.objects.filter(community=community, message_count__gte=FEWEST_MESSAGES).within(zones)
    if since > date.min:
        found = found.filter(started_at__gte=datetime.combine(since, time(), UTC))
    fields = ("number", "subject", "message_count", "started_at", "answered_at", "kind", "zone", "community_id")
    threads = list(found.only(*fields).order_by("-message_count", "-last_at", "-pk")[:MOST_LOOKED_AT])
    rows = (
        Message.objects.filter(thread__in=threads)
        .values_list("thread")
        .annotate(n=Count("author_email", distinct=True))
    )
    people = dict(rows.order_by())
    for thread in threads:
        thread.community = community
    ranked = sorted(threads, key=lambda one: (people.get(one.pk, 0), one.message_count, one.pk), reverse=True)
    return [Useful(thread, people.get(thread.pk, 0)) for thread in ranked[:limit]]
