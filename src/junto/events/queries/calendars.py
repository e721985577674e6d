"""Events as iCalendar entries: the file of one event, the calendar of a community, and where each stands.

A calendar shows what its reader may see; the link to join is in it for those alone whom the page would show it to.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from junto.communities.models import Community, Membership
from junto.discussions.queries import feed_token
from junto.events import rules
from junto.events.models import Audience, Event
from junto.kit.html import to_text
from junto.kit.ical import Calendar, Entry
from junto.people.models import Person
from junto.people.rules import look_up_addresses

KEEPS = timedelta(days=365)
MOST_ENTRIES = 500


def file_of(event: Event, person: Person | None) -> Calendar:
    """One event for a calendar program to take in."""
    return Calendar(event.title, event.summary, _absolute(event.get_absolute_url()), "", [_entry(event, person)])


def calendar_of(community: Community, person: Person | None, *, path: str) -> Calendar:
    """The events of a community from a year ago on, as far as this person may see them; the cancelled ones say so. Three queries."""
    return Calendar(
        name=_("%(community)s: events") % {"community": community.name},
        description=community.summary,
        url=_absolute(reverse("events:list", args=[community.slug])),
        own_url=_absolute(path),
        entries=_entries(community, person),
    )


def public_calendar_path(community: Community) -> str:
    """The address of the calendar that anybody may subscribe to."""
    return reverse("events:calendar", args=[community.slug])


def private_calendar_path(membership: Membership) -> str:
    """The address of a member's own calendar. It opens with the key of their feed, and ends with it."""
    return reverse("signed:calendar", args=[feed_token(membership)])


def _entries(community: Community, person: Person | None) -> list[Entry]:
    events = Event.objects.filter(community=community, ends_at__gt=timezone.now() - KEEPS).announced()
    if person is not None:
        look_up_addresses(person)
    if not rules.may_see_all(person, community):
        events = events.filter(audience=Audience.PUBLIC)
    return [_entry(event, person) for event in _of(community, events.order_by("-starts_at", "-pk")[:MOST_ENTRIES])]


def _of(community: Community, events: Iterable[Event]) -> Iterable[Event]:
    for event in events:
        event.community = community
        yield event


def _entry(event: Event, person: Person | None) -> Entry:
    link = event.link if event.link and rules.may_see_link(person, event) else ""
    return Entry(
        uid=event.uid,
        title=event.title,
        description=_description(event, link),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.zone,
        place=event.address or link or (_("Online") if event.link else ""),
        url=_absolute(event.get_absolute_url()),
        link=link,
        category=event.get_kind_display(),
        sequence=event.sequence,
        is_cancelled=event.is_cancelled,
        created_at=event.created_at,
        changed_at=event.changed_at,
    )


def _description(event: Event, link: str) -> str:
    told = [
        _("Canceled: %(note)s") % {"note": event.cancellation_note} if event.cancellation_note else "",
        event.summary,
        to_text(event.description_html) if event.description_html else "",
        _("Join online: %(link)s") % {"link": link} if link else "",
        _("More about this event: %(page)s") % {"page": _absolute(event.get_absolute_url())},
    ]
    return "\n\n".join(filter(None, told))


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
