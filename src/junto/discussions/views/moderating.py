"""What moderators do."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from junto.communities import queries as communities
from junto.communities.models import Community
from junto.discussions import actions, queries, rules
from junto.discussions.forms import DecisionForm
from junto.discussions.models import HeldPost
from junto.discussions.views.reading import trail_of
from junto.kit.rulings import Refused
from junto.people.models import Person
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to


@opens_to(Who.MODERATORS)
@require_POST
def closure(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Close a discussion, or open it again with `reopen`."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_moderate, person=person)
    found = queries.find_thread(community, number, person=person)
    assert person is not None
    if "reopen" in request.POST:
        actions.reopen(thread=found, by=person)
    else:
        actions.close(thread=found, by=person)
    return redirect(found)


@opens_to(Who.MODERATORS)
@require_safe
def held(request: HttpRequest, slug: str) -> HttpResponse:
    """Posts that wait for a moderator."""
    community = communities.find(slug, may=rules.may_moderate, person=visitor(request))
    return _show_held(request, community)


@opens_to(Who.MODERATORS)
@require_POST
def decision(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Accept, reject with a reason, or discard. Who comes second is told who was first."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_moderate, person=person)
    post = queries.find_held(community, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        notices.error(request, " ".join(str(words) for errors in form.errors.values() for words in errors))
        return redirect("discussions:held", slug)
    assert person is not None
    try:
        _decide(post, form, person)
    except Refused as refused:
        notices.warning(request, str(refused))
    else:
        notices.success(request, f"“{post}” is {form.cleaned_data['outcome']}.")
    return redirect("discussions:held", slug)


def _decide(post: HeldPost, form: DecisionForm, person: Person) -> None:
    outcome = form.cleaned_data["outcome"]
    if outcome == HeldPost.Outcome.ACCEPTED:
        actions.accept_held(held=post, by=person)
    elif outcome == HeldPost.Outcome.REJECTED:
        actions.reject_held(held=post, reason=form.cleaned_data["note"], by=person)
    else:
        actions.discard_held(held=post, by=person)


def _show_held(request: HttpRequest, community: Community) -> HttpResponse:
    context = {
        "community": community,
        "posts": queries.held_for_moderators(community),
        "waiting": queries.waiting_for_the_clock(community),
        "trail": trail_of(community),
    }
    return render(request, "discussions/held.html", context)
