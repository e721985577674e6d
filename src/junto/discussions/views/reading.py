"""Reading discussions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from junto.communities import queries as communities
from junto.communities.models import Community
from junto.discussions import queries, rules
from junto.discussions.models import PostType, Thread
from junto.discussions.views.composing import Composer, Place, opened
from junto.kit.rulings import Ruling, require
from junto.people.models import Person
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to
from junto.ui.meta import Meta, described

View = TypeVar("View", bound=Callable[..., HttpResponse])


class HasMoved(Http404):
    """The discussion stands at another address now. Who only looks is led there; for anything else, this one is not there."""

    def __init__(self, thread: Thread) -> None:
        super().__init__(gettext("This discussion stands elsewhere now."))
        self.thread = thread


def follows_moves(view: View) -> View:
    """Lead whoever opens a former address of a discussion, or of something in it, to where it is now."""

    @wraps(view)
    def led(request: HttpRequest, slug: str, number: int, **places: Any) -> HttpResponse:
        try:
            return view(request, slug, number, **places)
        except HasMoved as moved:
            rest = request.get_full_path().partition(f"/discussions/{number}/")[2]
            return redirect(f"{moved.thread.get_absolute_url()}{rest}")

    return cast(View, led)


@opens_to(Who.READERS)
@require_safe
def threads(request: HttpRequest, slug: str) -> HttpResponse:
    """All discussions, latest activity first; what is pinned stands on top of the first page."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_read, person=person)
    show, by, newer, older = (request.GET.get(name, "") for name in ("show", "by", "newer", "older"))
    page = queries.threads_page(community, person, newer=newer, older=older, show=show, by=by)
    pinned = [] if show or by or newer or older else queries.pinned_threads(community, person)
    rest = [one for one in page.rows if one not in pinned]
    context = {
        "community": community,
        "page": page,
        "filters": queries.filters_of(community, person, show, by),
        "orders": queries.orders_of(show, by),
        "rows": queries.thread_rows(community, [*pinned, *rest], since=person.away_since() if person else None),
        "may_start": rules.may_start(person, community),
        "may_moderate": rules.may_moderate(person, community),
        "is_member": rules.is_member(person, community),
        "feed_path": queries.feed_path(community, person),
        "meta": _meta_of_list(request, community),
    }
    return render(request, "discussions/threads.html", context)


@opens_to(Who.READERS)
@follows_moves
@require_safe
def thread(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One discussion in order, with a form to reply."""
    person, found = open_thread(request, slug, number)
    return show_thread(request, person, found)


@opens_to(Who.READERS)
@require_safe
def message_by_id(request: HttpRequest, slug: str) -> HttpResponse:
    """From the Message-ID of a mail to its permanent address."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_read, person=person)
    found = queries.message_by_id(community, request.GET.get("id", ""), person=person)
    require(rules.may_read(person, found.thread.community))
    return redirect(queries.place_of(found))


@opens_to(Who.READERS)
@follows_moves
@require_safe
def attachment(request: HttpRequest, slug: str, number: int, message: int, position: int) -> HttpResponse:
    """A file. Only images that cannot hold a script are shown; all else is saved, and runs nothing here."""
    _, found = open_thread(request, slug, number)
    file = queries.find_attachment(found, message, position)
    is_inert = file.content_type in rules.INERT_IMAGES
    return HttpResponse(
        queries.bytes_of(file),
        content_type=file.content_type if is_inert else "application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(not is_inert, file.file_name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600",
        },
    )


@opens_to(Who.MANAGERS)
@follows_moves
@require_safe
def delivery(request: HttpRequest, slug: str, number: int, message: int) -> HttpResponse:
    """How far the delivery of a message is, with the words of the servers that deferred or refused it."""
    _person, of = open_thread(request, slug, number, may=rules.may_manage)
    community = of.community
    found = queries.find_message(of, message)
    record = queries.delivery_of(found)
    context = {
        "community": community,
        "message": found,
        "delivery": record,
        "in_words": queries.deliveries_in_words(record) if record else "",
        "state": queries.state_in_words(record) if record else "",
        "said": queries.words_of_servers(record) if record else [],
        "trail": trail_of(community, (found.thread.subject, found.thread.get_absolute_url())),
    }
    return render(request, "discussions/delivery.html", context)


def open_thread(
    request: HttpRequest, slug: str, number: int, *, may: Callable[[Person | None, Community], Ruling] = rules.may_read
) -> tuple[Person | None, Thread]:
    """Who looks, and the discussion that has this number, or had it before it was moved or merged: then whoever only looks
    is led there, and what is sent goes there. Raises Http404, Refused."""
    person = visitor(request)
    community = communities.find(slug, may=may, person=person)
    found = queries.find_thread(community, number, person=person)
    if queries.stands_elsewhere(found, community, number):
        require(may(person, found.community))
        if request.method in {"GET", "HEAD"}:
            raise HasMoved(found)
    return person, found


def show_thread(
    request: HttpRequest,
    person: Person | None,
    found: Thread,
    composer: Composer | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A thread, with the composer as it stands after a form came, or as whoever may reply finds it."""
    community, may_reply = found.community, rules.may_reply(person, found)
    if composer is None and person is not None and may_reply:
        composer = opened(request, Place(community, found, person))
    page = queries.thread_page(
        found,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        shows_addresses=bool(rules.may_see_addresses(person, community)),
        shows_delivery=bool(rules.may_manage(person, community)),
        reader=person,
        takes_part=bool(rules.may_start(person, community)),
    )
    context = {
        **_beside(found, person),
        "community": community,
        "thread": found,
        "page": page,
        "composer": composer,
        "braked_until": found.braked_until if rules.is_braked(found) else None,
        "may_reply": may_reply,
        "sums_up": queries.summed_up_by(found) if found.kind == PostType.SUMMARY else None,
        "trail": trail_of(community),
        "feed_path": queries.feed_path(community, person),
        "meta": queries.meta_of_thread(found, page, place=_place_in(request, "after", "before")),
    }
    return render(request, "discussions/thread.html", context, status=status)


def _beside(found: Thread, person: Person | None) -> dict[str, Any]:
    """What stands around the messages: its state, related and neighboring discussions, where parts of it went."""
    sign, word = queries.state_of(found)
    may_moderate = rules.may_moderate(person, found.community)
    marks_answer = person is not None and bool(rules.may_mark_answer(person, found))
    return {
        "may_moderate": may_moderate,
        "may_mark_answer": marks_answer,
        "tools": marks_answer or bool(may_moderate),
        "thread_href": found.get_absolute_url(),
        "sign": sign,
        "state": word,
        "around": queries.around(found, person),
        "parts": queries.split_off(found, person),
        "is_member": rules.is_member(person, found.community),
    }


def _meta_of_list(request: HttpRequest, community: Community) -> Meta | None:
    if not rules.is_read_by_all(community):
        return None
    path = request.path + _place_in(request, "older", "newer")
    return Meta(
        gettext("Discussions of %(community)s") % {"community": community.name}, path, described(community.summary)
    )


def _place_in(request: HttpRequest, *names: str) -> str:
    """What of the address says which page of several this is: the rest of it does not make another page."""
    return next((f"?{urlencode({name: request.GET[name]})}" for name in names if request.GET.get(name)), "")


def trail_of(community: Community, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """The way back from a page below the list of discussions."""
    return [(gettext("Discussions"), f"{community.get_absolute_url()}discussions/"), *further]
