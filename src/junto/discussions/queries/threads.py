"""Threads: the list, the latest, one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from junto.communities.models import Community, Zone
from junto.communities.rules import zones_of
from junto.discussions.models import Thread
from junto.discussions.queries.marks import day, mark, read_mark, without_addresses
from junto.people.models import Person

THREADS_ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of a list in keyset order. `newer` and `older` are the query strings of its neighbours, or empty."""

    rows: Sequence[Thread]
    newer: str
    older: str


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread as the list shows it."""

    href: str
    subject: str
    author: str
    agency: str
    messages: str
    when: str
    iso: str
    is_closed: bool


def threads_page(community: Community, person: Person | None, *, newer: str = "", older: str = "") -> Slice:
    """One page of the threads in this person’s zones, latest activity first. `newer` and `older` are marks from a former page's links."""
    threads = community.threads.within(zones_of(person))
    if place := read_mark(older):
        rows = list(threads.filter(_before(*place)).order_by("-last_at", "-id")[: THREADS_ON_A_PAGE + 1])
        return _slice(rows[:THREADS_ON_A_PAGE], has_newer=True, has_older=len(rows) > THREADS_ON_A_PAGE)
    if place := read_mark(newer):
        rows = list(threads.filter(_after(*place)).order_by("last_at", "id")[: THREADS_ON_A_PAGE + 1])
        return _slice(rows[THREADS_ON_A_PAGE - 1 :: -1], has_newer=len(rows) > THREADS_ON_A_PAGE, has_older=True)
    rows = list(threads.order_by("-last_at", "-id")[: THREADS_ON_A_PAGE + 1])
    return _slice(rows[:THREADS_ON_A_PAGE], has_newer=False, has_older=len(rows) > THREADS_ON_A_PAGE)


def thread_rows(community: Community, threads: Sequence[Thread]) -> list[ThreadRow]:
    """Threads as a list shows them; no query."""
    base = reverse("discussions:threads", args=[community.slug])
    return [
        ThreadRow(
            href=f"{base}{thread.number}/",
            subject=without_addresses(thread.subject),
            author=without_addresses(thread.author_name),
            agency=thread.author_agency,
            messages=f"{thread.message_count:,} message{'' if thread.message_count == 1 else 's'}",
            when=day(thread.last_at),
            iso=timezone.localtime(thread.last_at).isoformat(timespec="seconds"),
            is_closed=thread.is_closed,
        )
        for thread in threads
    ]


def latest_threads(community: Community, person: Person | None, limit: int = 5) -> list[Thread]:
    """For a community's front page. Each knows its community, so that its address costs no query."""
    threads = list(community.threads.within(zones_of(person)).order_by("-last_at", "-id")[:limit])
    for thread in threads:
        thread.community = community
    return threads


def unanswered(community: Community, limit: int = 30) -> list[Thread]:
    """Open threads to which nobody has replied yet, oldest first."""
    return list(community.threads.filter(message_count=1, closed_at=None).order_by("started_at", "id")[:limit])


def find_thread(community: Community, number: int, *, person: Person | None) -> Thread:
    """The thread of this number, if it is in one of the person’s zones. Raises Http404."""
    thread = community.threads.filter(number=number).first()
    if thread is None or (thread.zone != Zone.PUBLIC and thread.zone not in zones_of(person)):
        raise Http404("There is no such discussion.")
    thread.community = community
    return thread


def _slice(rows: list[Thread], *, has_newer: bool, has_older: bool) -> Slice:
    return Slice(
        rows=rows,
        newer=f"?newer={mark(rows[0].last_at, rows[0].pk)}" if rows and has_newer else "",
        older=f"?older={mark(rows[-1].last_at, rows[-1].pk)}" if rows and has_older else "",
    )


def _before(at: datetime, pk: int) -> Q:
    return Q(last_at__lte=at) & (Q(last_at__lt=at) | Q(pk__lt=pk))


def _after(at: datetime, pk: int) -> Q:
    return Q(last_at__gte=at) & (Q(last_at__gt=at) | Q(pk__gt=pk))
