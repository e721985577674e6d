"""Calendars: a file for one event, an address to subscribe to for a community, and how one subscribes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from junto.communities import queries as communities
from junto.communities import rules as community_rules
from junto.discussions import queries as discussions
from junto.discussions import rules as discussion_rules
from junto.events import queries, rules
from junto.events.models import Event
from junto.events.views.reading import trail_of
from junto.kit import ical
from junto.people.models import Person
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to
from junto.ui.feeds import answer_with


@opens_to(Who.ANYONE)
@require_safe
def file(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """One event as a file that a calendar program takes in (RFC 5545)."""
    person = visitor(request)
    community = communities.find(slug, may=community_rules.may_see, person=person)
    return _file(queries.find_event(community, number, person=person), person, f"{slug}-{number}.ics")


@opens_to(Who.ANYONE)
@require_safe
def site_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """An event of the whole site as a file."""
    person = visitor(request)
    return _file(queries.find_event(None, number, person=person), person, f"event-{number}.ics")


@opens_to(Who.ANYONE)
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The calendar of a community, to subscribe to: what its reader may see."""
    person = visitor(request)
    community = communities.find(slug, may=community_rules.may_see, person=person)
    found = queries.calendar_of(community, person, path=request.path)
    return _answer(request, found, is_private=person is not None)


@opens_to(Who.SIGNED_LINK)
@require_safe
def private_calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar of one member, at an address that only they know: what they may see, for as long as they may."""
    membership = discussions.membership_of_feed(token)
    if not (ruling := discussion_rules.may_read_by_feed(membership)):
        return HttpResponse(ruling.reason, status=410, content_type="text/plain; charset=utf-8")
    found = queries.calendar_of(membership.community, membership.person, path=request.path)
    return _answer(request, found, is_private=True)


@never_cache
@opens_to(Who.ANYONE)
@require_safe
def subscription(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The address that one gives to a calendar program: a member's own, else the public one."""
    person = visitor(request)
    community = communities.find(slug, may=community_rules.may_see, person=person)
    membership = communities.membership_of(person, community)
    is_member = membership is not None and membership.is_active()
    public = f"{settings.SITE_URL}{queries.public_calendar_path(community)}"
    own = f"{settings.SITE_URL}{queries.private_calendar_path(membership)}" if membership and is_member else ""
    context = {
        "community": community,
        "own": own,
        "public": public,
        "is_public": not community.is_hidden,
        "may_see_all": rules.may_see_all(None, community),
        "trail": trail_of(community),
    }
    return render(request, "events/subscription.html", context)


def _file(event: Event, person: Person | None, name: str) -> HttpResponseBase:
    content = ical.render(queries.file_of(event, person))
    disposition = content_disposition_header(True, name) or "attachment"
    headers = {"Content-Disposition": disposition, "X-Robots-Tag": "noindex", "Cache-Control": "private, max-age=0"}
    return HttpResponse(content, content_type=ical.CONTENT_TYPE, headers=headers)


def _answer(request: HttpRequest, found: ical.Calendar, *, is_private: bool) -> HttpResponseBase:
    return answer_with(request, ical.render(found), content_type=ical.CONTENT_TYPE, is_private=is_private)
