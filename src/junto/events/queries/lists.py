"""Lists of events: the next ones for other rooms, a community's own, those of the whole site; and one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import Http404
from django.utils import timezone

from junto.communities.models import Community, Membership
from junto.communities.queries import LONG_TEXTS
from junto.events import rules
from junto.events.models import Audience, Event, EventQuerySet
from junto.kit.prepared import Prepared
from junto.kit.rulings import require
from junto.people.models import Person

PAST_ON_A_PAGE = 20
UPCOMING_ON_A_PAGE = 50
MOST_UPCOMING = 200
MOST_NEXT = 20
_NOT_IN_LISTS = ("description", "description_html", *(f"community__{column}" for column in LONG_TEXTS))


@dataclass(frozen=True, slots=True)
class EventsPage:
    """A page of events. `newer` and `older` are the numbers of its neighbours, 0 where there is none."""

    upcoming: Sequence[Event]
    past: Sequence[Event]
    drafts: Sequence[Event]
    newer: int
    older: int

    @property
    def newer_href(self) -> str:
        return f"?page={self.newer}" if self.newer else ""

    @property
    def older_href(self) -> str:
        return f"?page={self.older}" if self.older else ""


def next_public(limit: int = 5) -> list[Event]:
    """The next events that anybody may see, of all communities and of the site; the soonest first. One query."""
    return list(_listed(Event.objects.standing().for_everyone().upcoming())[:limit])


def next_for(person: Person, limit: int = 5) -> list[Event]:
    """The next events of the communities that a person is in, the cancelled ones too; 20 at most. One query."""
    return _NEXT_OF_MEMBER.all(person=person.pk, now=timezone.now())[:limit]


def _next_of_member(person: int, now: datetime) -> EventQuerySet:
    mine = Membership.objects.filter(person=person).active().values("community")
    return _listed(Event.objects.announced().filter(community__in=mine).upcoming(now))[:MOST_NEXT]


_NEXT_OF_MEMBER: Prepared[Event] = Prepared(_next_of_member)


def next_in(community: Community, limit: int = 3, *, person: Person | None = None) -> list[Event]:
    """The next events of a community, as far as this person may see them. One query; without a person, what all may see.

    A community that came through `communities.queries.find` knows the membership already.
    """
    return _known(community, _listed(_visible_in(community, person).upcoming())[:limit])


def events_page(community: Community, person: Person | None, *, page: int = 1) -> EventsPage:
    """What comes, on the first page; below it what is over, the latest first; and the drafts, for managers. Four queries."""
    visible = _visible_in(community, person)
    pages = Paginator(visible.past().defer(*_NOT_IN_LISTS).order_by("-starts_at", "-pk"), PAST_ON_A_PAGE)
    shown = pages.get_page(page)
    is_first = shown.number == 1
    return EventsPage(
        upcoming=_known(community, _listed(visible.upcoming())[:MOST_UPCOMING]) if is_first else [],
        past=_known(community, shown),
        drafts=_drafts(community) if is_first and rules.may_plan(person, community) else [],
        newer=shown.previous_page_number() if shown.has_previous() else 0,
        older=shown.next_page_number() if shown.has_next() else 0,
    )


def site_page(*, page: int = 1) -> EventsPage:
    """All events to come that anybody may see, the soonest first. Two queries."""
    pages = Paginator(_listed(Event.objects.announced().for_everyone().upcoming()), UPCOMING_ON_A_PAGE)
    shown = pages.get_page(page)
    newer = shown.previous_page_number() if shown.has_previous() else 0
    return EventsPage(list(shown), [], [], newer=newer, older=shown.next_page_number() if shown.has_next() else 0)


def find_event(community: Community | None, number: int, *, person: Person | None) -> Event:
    """The event of that number, if this person may see it. Raises Http404, or Refused with the ruling."""
    event = Event.objects.filter(community=community, number=number).first()
    if event is None:
        raise Http404(str(rules.NOT_THERE))
    event.community = community
    require(rules.may_see(person, event))
    return event


def public_addresses() -> list[tuple[str, datetime]]:
    """The pages of events that anybody may see, and when each changed last; for search engines. One query."""
    events = Event.objects.announced().for_everyone().select_related("community").order_by("pk")
    return [
        (event.get_absolute_url(), event.changed_at) for event in events.only("number", "changed_at", "community__slug")
    ]


def searchable_labels(communities: Iterable[tuple[int, bool]]) -> list[str]:
    """The search labels of public events in communities, given as (key, whether this reader may see it)."""
    return [rules.public_label(pk) for pk, may_see in communities if may_see]


def _listed(events: EventQuerySet) -> EventQuerySet:
    return events.select_related("community").defer(*_NOT_IN_LISTS).order_by("starts_at", "pk")


def _visible_in(community: Community, person: Person | None) -> EventQuerySet:
    events = Event.objects.filter(community=community).announced()
    return events if rules.may_see_all(person, community) else events.filter(audience=Audience.PUBLIC)


def _drafts(community: Community) -> list[Event]:
    drafts = Event.objects.filter(community=community).exclude(pk__in=Event.objects.announced().values("pk"))
    return _known(community, drafts.defer(*_NOT_IN_LISTS).order_by("starts_at", "pk")[:MOST_UPCOMING])


def _known(community: Community, events: Iterable[Event]) -> list[Event]:
    """Events that know their community, so that their address costs no query."""
    found = list(events)
    for event in found:
        event.community = community
    return found
