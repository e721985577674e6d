"""Reading: the events of a community, those of the whole site, and one of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from junto.communities import queries as communities
from junto.communities import rules as community_rules
from junto.communities.models import Community
from junto.events import queries, rules
from junto.events.models import Audience, Event
from junto.people.models import Person
from junto.people.queries import visitor
from junto.ui.asking import page_number
from junto.ui.doors import Who, opens_to
from junto.ui.meta import Meta, described


@opens_to(Who.ANYONE)
@require_safe
def site_events(request: HttpRequest) -> HttpResponse:
    """What comes in all communities and anybody may see."""
    found = queries.site_page(page=page_number(request))
    meta = Meta(_("Events"), request.path, _("Public events of all communities."))
    return render(request, "events/site.html", {"found": found, "meta": meta})


@opens_to(Who.ANYONE)
@require_safe
def site_event(request: HttpRequest, number: int) -> HttpResponse:
    """An event of the whole site."""
    person = visitor(request)
    found = queries.find_event(None, number, person=person)
    return render(request, "events/event.html", _told(request, found, person))


@opens_to(Who.ANYONE)
@require_safe
def events(request: HttpRequest, slug: str) -> HttpResponse:
    """The events of a community that this reader may see: what comes, and below what is over."""
    person = visitor(request)
    community = communities.find(slug, may=community_rules.may_see, person=person)
    found = queries.events_page(community, person, page=page_number(request))
    title = _("Events of %(community)s") % {"community": community.name}
    context = {
        "community": community,
        "found": found,
        "may_plan": rules.may_plan(person, community),
        "may_see_all": rules.may_see_all(person, community),
        "meta": None if community.is_hidden else Meta(title, request.path, described(community.summary)),
    }
    return render(request, "events/list.html", context)


@opens_to(Who.ANYONE)
@require_safe
def event(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One event: when, where, what; and for managers what they can do with it."""
    person = visitor(request)
    community = communities.find(slug, may=community_rules.may_see, person=person)
    found = queries.find_event(community, number, person=person)
    context = {
        "community": community,
        "trail": trail_of(community),
        "may_manage": rules.may_manage(person, found),
        "may_publish": rules.may_publish(person, found),
        "may_cancel": rules.may_cancel(person, found),
        "may_restore": rules.may_restore(person, found),
    }
    return render(request, "events/event.html", _told(request, found, person) | context)


def trail_of(community: Community, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """The way back from a page below the list of events."""
    return [(_("Events"), f"{community.get_absolute_url()}events/"), *further]


def _told(request: HttpRequest, found: Event, person: Person | None) -> dict[str, Any]:
    is_public = not found.is_draft and _is_for_all(found)
    return {
        "event": found,
        "may_see_link": rules.may_see_link(person, found),
        "meta": Meta(found.title, request.path, described(found.summary), "article") if is_public else None,
    }


def _is_for_all(found: Event) -> bool:
    community = found.community
    if community is None:
        return True
    return not community.is_hidden and (found.audience == Audience.PUBLIC or community_rules.is_read_by_all(community))
