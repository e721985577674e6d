"""Threads: the list, the latest, one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from junto.communities.models import Community
from junto.communities.rules import zones_of
from junto.discussions.models import PostType, Thread, ThreadQuerySet
from junto.discussions.queries.marks import mark, read_mark, without_addresses
from junto.discussions.rules import MOST_PINNED
from junto.kit import calendar
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
    """A thread as the list shows it. `sign` is a kind of the component `state`, and `state` its word; both may be empty."""

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
    sign: str = ""
    replies: str = ""
    useful: str = ""
    is_pinned: bool = False
    is_new: bool = False

    __getitem__ = object.__getattribute__
    """Templates ask for items first: this spares them an exception for each word that they show."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A link that shows some of the threads, with how many there are."""

    href: str
    label: str
    count: int
    is_chosen: bool


UNANSWERED, CLOSED_JOBS = "unanswered", "closed-jobs"
_LABELS = {
    PostType.QUESTION: _("Questions"),
    UNANSWERED: _("Unanswered questions"),
    PostType.SUMMARY: _("Summaries"),
    PostType.JOB: _("Jobs"),
    PostType.EVENT: _("Events"),
    PostType.ARTICLE: _("Articles"),
    PostType.DISCUSS: _("To discuss"),
    CLOSED_JOBS: _("Closed jobs"),
}
NEWEST, USEFUL = "newest", "useful"
_ORDERS = {
    "": ("last_at", _("Latest activity")),
    NEWEST: ("started_at", _("Newest")),
    USEFUL: ("useful_count", _("Most useful")),
}


def filters_of(community: Community, person: Person | None, show: str, by: str = "") -> list[Filter]:
    """Links to the types that this list has threads of, in one query; none where no subject ever named a type."""
    is_open = Q(answered_at=None, closed_at=None)
    is_over = Q(kind=PostType.JOB, closing_date__lt=timezone.localdate())
    typed = community.threads.within(zones_of(person)).filter(kind__gt="").order_by().values_list("kind")
    counts = dict.fromkeys(_LABELS, 0)
    for kind, count, open_, over in typed.annotate(
        Count("pk"), open=Count("pk", filter=is_open), over=Count("pk", filter=is_over)
    ):
        counts[kind] = count - over
        counts[CLOSED_JOBS] += over
        counts[UNANSWERED] += open_ if kind == PostType.QUESTION else 0
    found = [
        Filter(_query(name, by), str(label), counts[name], name == show)
        for name, label in _LABELS.items()
        if counts[name]
    ]
    every = Filter(_query("", by), gettext("All"), 0, show not in _LABELS)
    return [every, *found] if found or show in _LABELS else []


def orders_of(show: str, by: str) -> list[Filter]:
    """Links that sort the list another way."""
    chosen = by if by in _ORDERS else ""
    return [Filter(_query(show, name), str(label), 0, name == chosen) for name, (_field, label) in _ORDERS.items()]


def shown_by(community: Community, person: Person | None, show: str) -> ThreadQuerySet:
    """The threads of a filter. All that are listed, where the filter is not known."""
    threads = community.threads.within(zones_of(person))
    if show == UNANSWERED:
        return threads.open_questions()
    if show == CLOSED_JOBS:
        return threads.closed_jobs()
    return threads.listed().filter(kind=show) if show in PostType.values else threads.listed()


def threads_page(
    community: Community,
    person: Person | None,
    *,
    newer: str = "",
    older: str = "",
    show: str = "",
    by: str = "",
) -> Slice:
    """One page of the threads in this person’s zones. `newer` and `older` are marks from a former page's links; `show`
    filters, and `by` sorts: by latest activity, or `newest`, or `useful`, which leaves out what nobody marked."""
    field = _ORDERS.get(by, _ORDERS[""])[0]
    threads = shown_by(community, person, show)
    found = _threads_page(threads.filter(useful_count__gt=0) if by == USEFUL else threads, newer, older, field)
    kept = _query(show, by).lstrip("?")
    if not kept:
        return found
    return Slice(found.rows, *(f"{mark_}&{kept}" if mark_ else "" for mark_ in (found.newer, found.older)))


def pinned_threads(community: Community, person: Person | None) -> list[Thread]:
    """What moderators put on top of the list, the latest pinned first."""
    return list(community.threads.pinned().within(zones_of(person)).order_by("-pinned_at", "-pk")[:MOST_PINNED])


def _threads_page(threads: ThreadQuerySet, newer: str, older: str, field: str) -> Slice:
    most = THREADS_ON_A_PAGE
    if place := _read_mark(older, field):
        rows = list(threads.filter(_before(field, *place)).order_by(f"-{field}", "-id")[: most + 1])
        return _slice(rows[:most], field, has_newer=True, has_older=len(rows) > most)
    if place := _read_mark(newer, field):
        rows = list(threads.filter(_after(field, *place)).order_by(field, "id")[: most + 1])
        return _slice(rows[most - 1 :: -1], field, has_newer=len(rows) > most, has_older=True)
    rows = list(threads.order_by(f"-{field}", "-id")[: most + 1])
    return _slice(rows[:most], field, has_newer=False, has_older=len(rows) > most)


def thread_rows(community: Community, threads: Sequence[Thread], *, since: datetime | None = None) -> list[ThreadRow]:
    """Threads as a list shows them; no query. What had something said after `since` is marked as new."""
    base = f"{community.get_absolute_url()}discussions/"
    today, counts = timezone.localdate(), {one.message_count for one in threads}
    counted = {count: _counted(count) for count in counts}
    return [_thread_row(one, base, today, since, counted[one.message_count]) for one in threads]


def latest_threads(community: Community, person: Person | None, limit: int = 5) -> list[Thread]:
    """For a community's front page. Each knows its community, so that its address costs no query."""
    threads = list(community.threads.within(zones_of(person)).listed().order_by("-last_at", "-id")[:limit])
    for thread in threads:
        thread.community = community
    return threads


def unanswered(community: Community, limit: int = 30) -> list[Thread]:
    """Open threads to which nobody has replied yet, oldest first."""
    return list(community.threads.filter(message_count=1, closed_at=None).order_by("started_at", "id")[:limit])


def _counted(messages: int) -> tuple[str, str]:
    """How many messages and replies there are, in words; looked up once for each count of a page."""
    said = ngettext("%(count)s message", "%(count)s messages", messages) % {"count": f"{messages:,}"}
    if messages <= 1:
        return said, gettext("No reply yet")
    return said, ngettext("%(count)s reply", "%(count)s replies", messages - 1) % {"count": f"{messages - 1:,}"}


def _thread_row(thread: Thread, base: str, today: date, since: datetime | None, counted: tuple[str, str]) -> ThreadRow:
    last = timezone.localtime(thread.last_at)
    sign, state = _state(thread, today)
    return ThreadRow(
        href=f"{base}{thread.number}/",
        subject=without_addresses(thread.title),
        author=without_addresses(thread.author_name),
        agency=thread.author_agency,
        messages=counted[0],
        when=calendar.day(last),
        iso=last.isoformat(timespec="seconds"),
        is_closed=thread.is_closed,
        kind=thread.get_kind_display() if thread.kind else "",
        state=state,
        sign=sign,
        replies=counted[1],
        useful=_useful(thread.useful_count) if thread.useful_count else "",
        is_pinned=thread.pinned_at is not None,
        is_new=since is not None and thread.last_at > since,
    )


def _useful(count: int) -> str:
    return ngettext("marked useful once", "marked useful %(count)s times", count) % {"count": f"{count:,}"}


def state_of(thread: Thread) -> tuple[str, str]:
    """How a thread stands: a kind of the component `state`, and its word; both empty where there is nothing to say."""
    return _state(thread, timezone.localdate())


def _state(thread: Thread, today: date) -> tuple[str, str]:
    if thread.kind == PostType.QUESTION and thread.answered_at:
        return "answered", gettext("Answered")
    if thread.closed_at is not None:
        return "closed", gettext("Closed")
    if thread.kind == PostType.QUESTION:
        return "open", gettext("Open")
    if thread.kind == PostType.JOB and thread.closing_date:
        ends = thread.closing_date
        words = {"date": calendar.day(ends)}
        if ends < today:
            return "closed", gettext("Closed %(date)s") % words
        return "open", gettext("Closes %(date)s") % words
    return "", ""


def _query(show: str, by: str) -> str:
    kept = {"show": show if show in _LABELS else "", "by": by if by in _ORDERS else ""}
    return "?" + urlencode({name: value for name, value in kept.items() if value})


def _slice(rows: list[Thread], field: str, *, has_newer: bool, has_older: bool) -> Slice:
    return Slice(
        rows=rows,
        newer=f"?newer={_mark(rows[0], field)}" if rows and has_newer else "",
        older=f"?older={_mark(rows[-1], field)}" if rows and has_older else "",
    )


def _mark(thread: Thread, field: str) -> str:
    value = getattr(thread, field)
    return f"{value}-{thread.pk}" if field == "useful_count" else mark(value, thread.pk)


def _read_mark(text: str, field: str) -> tuple[Any, int] | None:
    if field != "useful_count":
        return read_mark(text)
    count, _dash, pk = text.partition("-")
    return (int(count), int(pk)) if count.isdecimal() and pk.isdecimal() and len(text) < 30 else None


def _before(field: str, value: Any, pk: int) -> Q:
    return Q(**{f"{field}__lte": value}) & (Q(**{f"{field}__lt": value}) | Q(pk__lt=pk))


def _after(field: str, value: Any, pk: int) -> Q:
    return Q(**{f"{field}__gte": value}) & (Q(**{f"{field}__gt": value}) | Q(pk__gt=pk))
