"""Second thoughts of authors through signed links, and what moderators do about posts that wait for the clock."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from junto.communities import queries as communities
from junto.discussions import actions, letters, queries, rules
from junto.discussions.actions.releasing import second_look
from junto.discussions.forms import SecondThoughtForm, WaitingForm
from junto.discussions.models import HeldPost
from junto.discussions.rules import Verdict
from junto.kit.rulings import Refused
from junto.kit.tokens import BadToken
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to

SENT = {
    Verdict.ACCEPT: _("Your message is on its way to everyone."),
    Verdict.HOLD: _("A moderator reads your message next, and you will get a mail."),
}


@opens_to(Who.SIGNED_LINK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send_post(request: HttpRequest, token: str) -> HttpResponse:
    """“This goes to 2,447 people. Send it?” Opening the page changes nothing; one of its buttons does."""
    try:
        held = queries.sendable_of_token(token)
    except BadToken as bad:
        return render(request, "discussions/send.html", {"problem": str(bad)}, status=404)
    form = SecondThoughtForm(request.POST) if request.method == "POST" else None
    if form is None or not form.is_valid():
        return _show_choice(request, held, status=422 if form else 200)
    try:
        words = _decide(held, form.cleaned_data["answer"])
    except Refused as refused:
        return _show_choice(request, held, problem=str(refused))
    return render(request, "discussions/confirmed.html", {"post": held, "words": words})


@opens_to(Who.SIGNED_LINK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hints(request: HttpRequest, token: str) -> HttpResponse:
    """No more hints by mail, for whoever wants none."""
    try:
        membership = queries.member_of_hints_token(token)
    except BadToken as bad:
        return render(request, "discussions/hints.html", {"problem": str(bad)}, status=404)
    if request.method == "POST":
        actions.want_no_hints(membership=membership, by=membership.person)
    context = {"community": membership.community, "is_done": request.method == "POST"}
    return render(request, "discussions/hints.html", context)


@opens_to(Who.MODERATORS)
@require_POST
def brake(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Lift the storm brake of a discussion."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_moderate, person=person)
    found = queries.find_thread(community, number, person=person)
    assert person is not None
    waiting = actions.lift_brake(thread=found, by=person)
    notices.success(request, gettext("The brake is off. Replies that go out now: %(count)d.") % {"count": waiting})
    return redirect(found)


@opens_to(Who.MODERATORS)
@require_POST
def waiting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let a post that waits for the clock go at once, or drop it."""
    person = visitor(request)
    held = queries.find_waiting(communities.find(slug, may=rules.may_moderate, person=person), pk, person=person)
    form = WaitingForm(request.POST)
    assert person is not None
    try:
        if not form.is_valid():
            notices.error(request, gettext("Choose whether the post goes out now, or not at all."))
        elif form.cleaned_data["outcome"] == "drop":
            actions.drop(held=held, by=person)
            notices.success(request, gettext("“%(subject)s” is dropped.") % {"subject": held})
        else:
            actions.let_go(held=held, by=person)
            notices.success(request, gettext("“%(subject)s” goes on.") % {"subject": held})
    except Refused as refused:
        notices.warning(request, str(refused))
    return redirect("discussions:held", slug)


def _decide(held: HeldPost, answer: str) -> str:
    if answer == "drop":
        actions.take_back(held=held, by=held.author)
        return gettext("Your message was not sent.")
    if answer == "private":
        actions.send_privately(held=held, by=held.author)
        return gettext("Your message is on its way to one person. Nobody else gets it.")
    decided = actions.send_now(held=held, by=held.author)
    if decided.verdict == Verdict.WAIT:
        held.refresh_from_db()
        words = gettext("Your message goes out on %(when)s. %(reason)s")
        return words % {"when": letters.moment(held), "reason": rules.said(decided.reason)}
    return str(SENT.get(decided.verdict) or rules.said(decided.reason))


def _show_choice(request: HttpRequest, held: HeldPost, *, problem: str = "", status: int = 200) -> HttpResponse:
    may_stop = rules.may_stop(held)
    answers, found = second_look(held)
    context = {
        "post": held,
        "problem": problem or may_stop.reason,
        "may_send": rules.may_send_now(held),
        "when": letters.moment(held) if held.release_at else "",
        "readers": rules.readers_of(held.community),
        "answers": answers,
        "hints": found,
    }
    return render(request, "discussions/send.html", context, status=status)
