"""What search engines may know of: the site's own pages, communities with their pages, and public discussions.

Up to 10,000 addresses stand in one file; beyond that /sitemap.xml names further files (sitemaps.org, protocol 0.9), the
first of communities and pages, the others of 10,000 discussions each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from junto.communities.models import Community, Page, Readers, Zone
from junto.discussions.models import Thread
from junto.events import queries as events
from junto.library import queries as library

ON_A_PAGE = 10_000
MOST_FILES = 50_000
_SITE = ("web:home", "communities:directory", "site-events:list", "library:pieces", "web:about", "web:accessibility")


@dataclass(frozen=True, slots=True)
class Place:
    """An address, from the root of the site, and when what stands there last changed, where that is known."""

    path: str
    changed_at: datetime | None = None


def places() -> list[Place]:
    """The pages of the site, then communities, their pages, public events and the library: four queries."""
    pages = (
        Page.objects.shown()
        .filter(community__is_hidden=False)
        .order_by("pk")
        .values_list("community__slug", "slug", "changed_at")
    )
    last = Subquery(
        _public_threads().filter(community=OuterRef("pk")).order_by("-last_at", "-pk").values("last_at")[:1]
    )
    communities = (
        Community.objects.filter(is_hidden=False).annotate(last=last).order_by("pk").values_list("slug", "last")
    )
    return [
        *(Place(reverse(name)) for name in _SITE),
        *(Place(reverse("communities:front", args=[slug]), at) for slug, at in communities),
        *(Place(reverse("communities:page", args=[slug, page]), at) for slug, page, at in pages),
        *(Place(path, at) for path, at in events.public_addresses()),
        *(Place(piece.get_absolute_url()) for piece in library.public_addresses()),
    ]


def thread_count() -> int:
    return _public_threads().count()


def thread_files(count: int) -> int:
    """How many files the discussions fill."""
    return -(-count // ON_A_PAGE)


def threads(file: int) -> Iterator[Place]:
    """The discussions of one file, which count from 1; in order of their rows, so that a file changes little."""
    start = (file - 1) * ON_A_PAGE
    rows = _public_threads().order_by("pk").values_list("community__slug", "number", "last_at")
    for slug, number, last_at in rows[start : start + ON_A_PAGE]:
        yield Place(f"/communities/{slug}/discussions/{number}/", last_at)


def _public_threads() -> QuerySet[Thread]:
    readable = {"community__readers": Readers.PUBLIC, "community__is_hidden": False}
    return Thread.objects.within({Zone.PUBLIC}).listed().filter(**readable)
