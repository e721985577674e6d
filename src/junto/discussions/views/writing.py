"""Posting from the web."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from junto.communities import queries as communities
from junto.communities.models import Community
from junto.discussions import actions, queries, rules
from junto.discussions.forms import ReplyForm, StartForm
from junto.discussions.models import HeldPost, Message
from junto.discussions.views.reading import open_thread, show_thread, trail_of
from junto.kit import markdown
from junto.kit.rulings import require
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to


@opens_to(Who.MEMBERS)
@require_POST
def messages(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A reply from the web."""
    person, found = open_thread(request, slug, number)
    require(rules.may_reply(person, found))
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return show_thread(request, person, found, form, status=422)
    if "preview" in request.POST:
        return show_thread(request, person, found, form, preview=markdown.render(form.cleaned_data["body"]))
    assert person is not None
    said = actions.reply(thread=found, body=form.cleaned_data["body"], ticket=form.cleaned_data["ticket"], by=person)
    return _after_posting(request, said)


@opens_to(Who.MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a discussion: write, look at it, send it to everyone."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_start, person=person)
    form = StartForm(request.POST or None)
    if not form.is_valid():
        return _show_form(request, community, form, status=422 if form.is_bound else 200)
    typed = form.cleaned_data
    if "preview" in request.POST:
        return _show_form(request, community, form, preview=markdown.render(typed["body"]))
    assert person is not None
    said = actions.start(
        community=community, subject=typed["subject"], body=typed["body"], ticket=typed["ticket"], by=person
    )
    return _after_posting(request, said)


def _show_form(
    request: HttpRequest, community: Community, form: StartForm, *, preview: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "community": community,
        "form": form,
        "preview": preview,
        "reach": queries.reach_of(community),
        "trail": trail_of(community),
    }
    return render(request, "discussions/new.html", context, status=status)


def _after_posting(request: HttpRequest, said: Message | HeldPost) -> HttpResponse:
    if isinstance(said, HeldPost):
        notices.info(request, f"Your message waits for a moderator. {said.reason}")
        return redirect("discussions:threads", said.community.slug)
    notices.success(request, "Your message is on its way to the members.")
    return redirect(queries.place_of(said))
