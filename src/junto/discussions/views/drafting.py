"""Drafts, the files that go with them, and what the composer asks for while somebody writes."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from junto.communities import queries as communities
from junto.discussions import actions, queries, rules
from junto.discussions.forms import ReplyForm, StartForm
from junto.discussions.models import Draft
from junto.discussions.views import composing
from junto.discussions.views.composing import Composer, Place, keeps_what_was_typed
from junto.discussions.views.reading import open_thread
from junto.kit.rulings import require
from junto.people.queries import visitor
from junto.ui.asking import in_place
from junto.ui.doors import Who, opens_to


@keeps_what_was_typed
@opens_to(Who.MEMBERS)
@require_POST
def draft(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """Keep what is written so far: every few seconds by script, or by the button “Save draft”."""
    place = _place(request, slug, number)
    kept, problems = composing.taken_in(request, place)
    if in_place(request):
        return render(request, "discussions/_draft_state.html", {"saved_at": kept.saved_at if kept else None})
    for problem in problems:
        notices.warning(request, problem)
    if kept is not None:
        notices.success(request, _("Your draft is saved. You find it here, and under “My communities”, for 90 days."))
    else:
        notices.info(request, _("There is nothing to save yet."))
    return redirect(place.page)


@keeps_what_was_typed
@opens_to(Who.MEMBERS)
@require_POST
def draft_files(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """Attach files to a draft or take one off, by script; without one the same form goes to where it is sent."""
    place = _place(request, slug, number)
    kept, problems = composing.taken_in(request, place)
    if not in_place(request):
        for problem in problems:
            notices.warning(request, problem)
        return redirect(place.page)
    composer = Composer(place, _form(place), files=composing.rows(kept), problems=problems)
    return composing.part(request, "_attachments", composer)


@opens_to(Who.MEMBERS)
@require_safe
def earlier(request: HttpRequest, slug: str) -> HttpResponse:
    """Earlier discussions that may already answer, while somebody types the subject."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_start, person=person)
    assert person is not None
    found = queries.earlier_discussions(request.GET.get("subject", "")[:500], community, person)
    return render(request, "discussions/_earlier.html", {"earlier": found})


@opens_to(Who.MEMBERS)
@require_safe
def reach(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """To how many people a reply goes."""
    place = _place(request, slug, number)
    told = queries.reach_of_post(place.community, place.person, thread=place.thread)
    return render(request, "discussions/_reach.html", {"reach": told})


@opens_to(Who.SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def discard_draft(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Throw a draft away, after a page that shows what goes."""
    found = _own(request, slug, pk)
    if request.method == "POST":
        actions.discard_draft(draft=found, by=found.person)
        notices.success(request, _("The draft is discarded."))
        return redirect("web:me")
    context = {"draft": found, "files": composing.rows(found), "trail": [(_("My communities"), "/me/")]}
    return render(request, "discussions/discard.html", context)


@opens_to(Who.SIGNED_IN)
@require_safe
def draft_file(request: HttpRequest, slug: str, pk: int, position: int) -> HttpResponse:
    """A file of one’s own draft: a picture, to see what there is to describe; all else is only ever saved."""
    file = queries.find_draft_file(_own(request, slug, pk), position)
    is_picture = rules.is_picture(file)
    return HttpResponse(
        bytes(file.content),
        content_type=file.content_type if is_picture else rules.PLAIN_FILE,
        headers={
            "Content-Disposition": content_disposition_header(not is_picture, file.file_name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )


def _own(request: HttpRequest, slug: str, pk: int) -> Draft:
    person, found = visitor(request), queries.find_draft(slug, pk)
    require(rules.may_use_draft(person, found))
    return found


def _place(request: HttpRequest, slug: str, number: int | None) -> Place:
    """Where somebody writes who may write there. Raises Http404, Refused."""
    if number is not None:
        person, thread = open_thread(request, slug, number)
        require(rules.may_keep_draft(person, thread.community))
        assert person is not None
        return Place(thread.community, thread, person)
    person = visitor(request)
    community = communities.find(slug, may=rules.may_keep_draft, person=person)
    assert person is not None
    return Place(community, None, person)


def _form(place: Place) -> ReplyForm:
    return ReplyForm() if place.thread is not None else StartForm()
