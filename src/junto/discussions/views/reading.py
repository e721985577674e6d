"""Reading discussions."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from junto.communities import queries as communities
from junto.communities.models import Community
from junto.discussions import queries, rules
from junto.discussions.models import PostType, Thread
from junto.discussions.views.composing import Composer, Place, opened
from junto.people.models import Person
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to
from junto.ui.meta import Meta, described


@opens_to(Who.READERS)
@require_safe
def threads(request: HttpRequest, slug: str) -> HttpResponse:
    """All discussions, latest activity first."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_read, person=person)
    show = request.GET.get("show", "")
    page = queries.threads_page(
        community, person, newer=request.GET.get("newer", ""), older=request.GET.get("older", ""), show=show
    )
    context = {
        "community": community,
        "page": page,
        "filters": queries.filters_of(community, person, show),
        "rows": queries.thread_rows(community, page.rows),
        "may_start": rules.may_start(person, community),
        "may_moderate": rules.may_moderate(person, community),
        "is_member": rules.is_member(person, community),
        "feed_path": queries.feed_path(community, person),
        "meta": _meta_of_list(request, community),
    }
    return render(request, "discussions/threads.html", context)


@opens_to(Who.READERS)
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
    return redirect(queries.place_of(found))


@opens_to(Who.READERS)
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
@require_safe
def delivery(request: HttpRequest, slug: str, number: int, message: int) -> HttpResponse:
    """How far the delivery of a message is, with the words of the servers that deferred or refused it."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_manage, person=person)
    found = queries.find_message(queries.find_thread(community, number, person=person), message)
    record = queries.delivery_of(found)
    context = {
        "community": community,
        "message": found,
        "delivery": record,
        "in_words": queries.deliveries_in_words(record) if record else "",
        "trail": trail_of(community, (found.thread.subject, found.thread.get_absolute_url())),
    }
    return render(request, "discussions/delivery.html", context)


def open_thread(request: HttpRequest, slug: str, number: int) -> tuple[Person | None, Thread]:
    person = visitor(request)
    community = communities.find(slug, may=rules.may_read, person=person)
    return person, queries.find_thread(community, number, person=person)


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
        writer=person.pk if person and rules.may_start(person, community) else None,
    )
    context = {
        "community": community,
        "thread": found,
        "page": page,
        "composer": composer,
        "braked_until": found.braked_until if rules.is_braked(found) else None,
        "may_reply": may_reply,
        "may_moderate": rules.may_moderate(person, community),
        "may_mark_answer": person is not None and rules.may_mark_answer(person, found),
        "sums_up": queries.summed_up_by(found) if found.kind == PostType.SUMMARY else None,
        "trail": trail_of(community),
        "feed_path": queries.feed_path(community, person),
        "meta": queries.meta_of_thread(found, page, place=_place_in(request, "after", "before")),
    }
    return render(request, "discussions/thread.html", context, status=status)


def _meta_of_list(request: HttpRequest, community: Community) -> Meta | None:
    if not rules.is_read_by_all(community):
        return None
    path = request.path + _place_in(request, "older", "newer")
    return Meta(f"Discussions of {community.name}", path, described(community.summary))


def _place_in(request: HttpRequest, *names: str) -> str:
    """What of the address says which page of several this is: the rest of it does not make another page."""
    return next((f"?{urlencode({name: request.GET[name]})}" for name in names if request.GET.get(name)), "")


def trail_of(community: Community, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """The way back from a page below the list of discussions."""
    return [("Discussions", f"{community.get_absolute_url()}discussions/"), *further]
