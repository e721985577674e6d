"""The directory of communities."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Q

from junto.communities.models import (
    Community,
    Membership,
    Topic,
)

PER_PAGE = 50
LONG_TEXTS = ("description", "description_html", "guidelines", "terms")
"""What no list of communities shows, and a page of fifty would read in vain."""


@dataclass(frozen=True, slots=True)
class Directory:
    """One page of the directory: communities with `member_count`, the topics to choose from, and what was asked."""

    communities: list[Community]
    topics: list[Topic]
    words: str
    topic: Topic | None
    newer: int
    older: int
    total: int


def directory(*, words: str = "", topic: str = "", page: int = 1) -> Directory:
    """Visible communities by weight and name. Members of all of them are counted in one aggregate query."""
    found = Community.objects.visible()
    for word in words.split()[:8]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(short_name__icontains=word)
            | Q(summary__icontains=word)
            | Q(topics__title__icontains=word)
        )
    topics = list(Topic.objects.filter(communities__in=Community.objects.visible()).distinct().order_by("title"))
    chosen = next((one for one in topics if one.slug == topic), None)
    if topic:
        found = found.filter(topics__slug=topic)
    if words or topic:
        found = found.distinct()
    named = found.defer(*LONG_TEXTS).order_by("-weight", "name", "pk").prefetch_related("topics")
    pages = Paginator(named, PER_PAGE)
    shown = pages.get_page(page)
    communities = list(shown)
    _count_members(communities)
    return Directory(
        communities,
        topics,
        words,
        chosen,
        newer=shown.previous_page_number() if shown.has_previous() else 0,
        older=shown.next_page_number() if shown.has_next() else 0,
        total=pages.count,
    )


def _count_members(communities: list[Community]) -> None:
    rows = Membership.objects.active().filter(community__in=communities).values("community_id")
    counts = dict(rows.annotate(n=Count("pk")).order_by().values_list("community_id", "n"))
    for community in communities:
        community.member_count = counts.get(community.pk, 0)  # type: ignore[attr-defined]
