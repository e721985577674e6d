"""Threads: the list, the latest, one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from junto.communities.models import Community, Zone
from junto.communities.rules import zones_of
from junto.discussions.models import PostType, Thread, ThreadQuerySet
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
    kind: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A link that shows some of the threads, with how many there are."""

    href: str
    label: str
    count: int
    is_chosen: bool


UNANSWERED, CLOSED_JOBS = "unanswered", "closed-jobs"
_LABELS = {
    PostType.QUESTION: "Questions",
    UNANSWERED: "Unanswered questions",
    PostType.SUMMARY: "Summaries",
    PostType.JOB: "Jobs",
    PostType.EVENT: "Events",
    PostType.ARTICLE: "Articles",
    PostType.DISCUSS: "To discuss",
    CLOSED_JOBS: "Closed jobs",
}


def filters_of(community: Community, person: Person | None, show: str) -> list[Filter]:
    """Links to the types that this list has threads of, in one query; none where no subject ever named a type."""
    is_open = Q(answered_at=None, closed_at=None)
    is_over = Q(kind=PostType.JOB, closing_date__lt=timezone.localdate())
    counts = (
        community.threads.within(zones_of(person))
        .filter(kind__gt="")
        .aggregate(
            **{kind.value: Count("pk", filter=Q(kind=kind)) for kind in PostType},
            open_questions=Count("pk", filter=is_open & Q(kind=PostType.QUESTION)),
            closed_jobs=Count("pk", filter=is_over),
        )
    )
    counts[UNANSWERED], counts[CLOSED_JOBS] = counts["open_questions"], counts["closed_jobs"]
    counts[PostType.JOB] -= counts[CLOSED_JOBS]
    found = [
        Filter(f"?show={name}", label, counts[name], name == show) for name, label in _LABELS.items() if counts[name]
    ]
    return [Filter("?", "All", 0, show not in _LABELS), *found] if found or show in _LABELS else []


def shown_by(community: Community, person: Person | None, show: str) -> ThreadQuerySet:
    """The threads of a filter. All that are listed, where the filter is not known."""
    threads = community.threads.within(zones_of(person))
    if show == UNANSWERED:
        return threads.open_questions()
    if show == CLOSED_JOBS:
        return threads.closed_jobs()
    return threads.listed().filter(kind=show) if show in PostType.values else threads.listed()


def threads_page(
    community: Community, person: Person | None, *, newer: str = "", older: str = "", show: str = ""
) -> Slice:
    """One page of the threads in this person’s zones, latest activity first. `newer` and `older` are marks from a former page's links; `show` filters."""
    found = _threads_page(shown_by(community, person, show), newer, older)
    if show not in _LABELS:
        return found
    return Slice(found.rows, *(f"{mark_}&show={show}" if mark_ else "" for mark_ in (found.newer, found.older)))


def _threads_page(threads: ThreadQuerySet, newer: str, older: str) -> Slice:
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
            kind=thread.get_kind_display(),
            state=_state(thread),
        )
        for thread in threads
    ]


def latest_threads(community: Community, person: Person | None, limit: int = 5) -> list[Thread]:
    """For a community's front page. Each knows its community, so that its address costs no query."""
    threads = list(community.threads.within(zones_of(person)).listed().order_by("-last_at", "-id")[:limit])
    for thread in threads:
        thread.community = community
    return threads


def unanswered(community: Community, limit: int = 30) -> list[Thread]:
    """Open threads to which nobody has replied yet, oldest first."""
    return list(community.threads.filter(message_count=1, closed_at=None).order_by("started_at", "id")[:limit])


def _state(thread: Thread) -> str:
    """What beside its type is worth knowing of a thread in a list."""
    if thread.kind == PostType.QUESTION:
        return "Answered" if thread.answered_at else "Open"
    if thread.kind == PostType.JOB and thread.closing_date:
        word = "Closed" if thread.closing_date < timezone.localdate() else "Closes"
        return f"{word} {thread.closing_date:%b} {thread.closing_date.day}, {thread.closing_date.year}"
    return ""


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
