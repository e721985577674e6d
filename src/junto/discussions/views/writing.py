"""Posting from the web."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from junto.communities import queries as communities
from junto.communities.models import Community
from junto.discussions import actions, letters, queries, rules
from junto.discussions.forms import ReplyForm, StartForm
from junto.discussions.models import HeldPost, Message, Thread
from junto.discussions.rules import Advice
from junto.discussions.views.reading import open_thread, show_thread, trail_of
from junto.kit import markdown
from junto.kit.rulings import require
from junto.people.models import Person
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
    assert person is not None
    page = markdown.render(form.cleaned_data["body"])
    hints = _hints(form, page, found.community, found, person)
    if "preview" in request.POST or (hints and form.unseen(hint.name for hint in hints)):
        form.shows(hint.name for hint in hints)
        return show_thread(request, person, found, form, preview=page if "preview" in request.POST else "", hints=hints)
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
    assert person is not None
    page = markdown.render(typed["body"])
    hints = _hints(form, page, community, None, person)
    if "preview" in request.POST or (hints and form.unseen(hint.name for hint in hints)):
        form.shows(hint.name for hint in hints)
        return _show_form(request, community, form, preview=page if "preview" in request.POST else "", hints=hints)
    said = actions.start(
        community=community, subject=typed["subject"], body=typed["body"], ticket=typed["ticket"], by=person
    )
    return _after_posting(request, said)


def _hints(form: ReplyForm, page: str, community: Community, thread: Thread | None, person: Person) -> list[Advice]:
    typed = form.cleaned_data
    return rules.advice_on_the_web(
        community, subject=typed.get("subject", ""), body=typed["body"], html=page, thread=thread, by=person
    )


def _show_form(
    request: HttpRequest,
    community: Community,
    form: StartForm,
    *,
    preview: str = "",
    hints: Sequence[Advice] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "community": community,
        "form": form,
        "preview": preview,
        "hints": hints,
        "reach": queries.reach_of(community),
        "trail": trail_of(community),
    }
    return render(request, "discussions/new.html", context, status=status)


def _after_posting(request: HttpRequest, said: Message | HeldPost) -> HttpResponse:
    if isinstance(said, HeldPost) and said.waits_for == HeldPost.For.CLOCK:
        notices.info(request, f"Your message goes out on {letters.moment(said)}. {said.reason}")
        return redirect("discussions:threads", said.community.slug)
    if isinstance(said, HeldPost):
        notices.info(request, f"Your message waits for a moderator. {said.reason}")
        return redirect("discussions:threads", said.community.slug)
    notices.success(request, "Your message is on its way to the members.")
    return redirect(queries.place_of(said))
