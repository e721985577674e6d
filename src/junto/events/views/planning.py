"""What managers do: plan, change, publish, cancel and restore. A preview needs no script: it is a second button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from junto.communities import queries as communities
from junto.communities import rules as community_rules
from junto.communities.models import Community
from junto.events import actions, queries, rules
from junto.events.forms import CancellationForm, EventForm
from junto.events.models import Event
from junto.events.views.reading import trail_of
from junto.kit import markdown
from junto.kit.rulings import require
from junto.people.models import Person
from junto.ui.asking import is_preview, status, typed
from junto.ui.doors import Who, opens_to


@opens_to(Who.MANAGERS)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan an event: it begins as a draft."""
    community, person = communities.find_managed(request, slug)
    require(rules.may_plan(person, community))
    form = EventForm(typed(request), community=community)
    if request.method == "POST" and form.is_valid() and not is_preview(request):
        event = actions.plan(community=community, by=person, **form.fields_of_event())
        messages.success(request, _("The draft is saved. Read it through, then publish it."))
        return redirect(event)
    return _form(request, community, form, heading=_("Plan an event"), trail=trail_of(community))


@opens_to(Who.MANAGERS)
def edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Change an event."""
    event, person = _found(request, slug, number)
    community = event.community
    assert community is not None, "it was found in one"
    form = EventForm(typed(request), community=community, event=event)
    if request.method == "POST" and form.is_valid() and not is_preview(request):
        actions.edit(event=event, by=person, **form.fields_of_event())
        messages.success(request, _("Saved."))
        return redirect(event)
    heading = _("Change “%(event)s”") % {"event": event.title}
    return _form(request, community, form, heading=heading, trail=_trail(event), event=event)


@opens_to(Who.MANAGERS)
@require_POST
def publication(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a draft to its audience."""
    event, person = _found(request, slug, number)
    actions.publish(event=event, by=person)
    messages.success(request, _("The event is published."))
    return redirect(event)


@opens_to(Who.MANAGERS)
def cancellation(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Ask, then cancel."""
    event, person = _found(request, slug, number)
    require(rules.may_cancel(person, event))
    form = CancellationForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.cancel(event=event, note=form.cleaned_data["note"], by=person)
        messages.success(request, _("The event is canceled. You can restore it."))
        return redirect(event)
    may_start = community_rules.may_take_part(person, event.community) if event.community else False
    context = {
        "community": event.community, "event": event, "form": form, "trail": _trail(event), "may_start": may_start,
    }  # fmt: skip
    return render(request, "events/cancellation.html", context, status=status(request))


@opens_to(Who.MANAGERS)
@require_POST
def restoration(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say that a cancelled event takes place after all."""
    event, person = _found(request, slug, number)
    actions.restore(event=event, by=person)
    messages.success(request, _("The event takes place again."))
    return redirect(event)


def _found(request: HttpRequest, slug: str, number: int) -> tuple[Event, Person]:
    community, person = communities.find_managed(request, slug)
    return queries.find_event(community, number, person=person), person


def _form(request: HttpRequest, community: Community, form: EventForm, **more: Any) -> HttpResponse:
    context = {
        "community": community,
        "form": form,
        "is_preview": is_preview(request),
        "preview": markdown.render(request.POST.get("description", "")) if is_preview(request) else "",
        **more,
    }
    return render(request, "events/edit.html", context, status=200 if is_preview(request) else status(request))


def _trail(event: Event) -> list[tuple[str, str]]:
    assert event.community is not None, "it was found in one"
    return trail_of(event.community, (event.title, event.get_absolute_url()))
