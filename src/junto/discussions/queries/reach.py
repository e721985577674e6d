"""To whom a message would go, counted before it is sent, and earlier discussions that may already answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.urls import reverse

from junto.communities import queries as communities
from junto.communities.models import Community, Delivery, Membership
from junto.communities.rules import labels_of, within_zone, zones_of
from junto.discussions.models import Message, PostType, Thread
from junto.discussions.queries.audience import receiving
from junto.discussions.queries.marks import without_addresses
from junto.discussions.rules import narrower, search_kinds, topic, zone_named_in
from junto.people.models import Person
from junto.search.alike import alike

MOST_EARLIER = 5
_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class Reach:
    """`people` of `agencies` get the message by mail at once, `digests` more in their next digest. The author is not counted."""

    people: int
    agencies: int
    digests: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """A discussion that may already answer. `place` names its community where that is another one."""

    href: str
    subject: str
    place: str
    at: datetime
    messages: int
    is_question: bool
    is_answered: bool


def reach_of_post(community: Community, author: Person, *, thread: Thread | None = None, subject: str = "") -> Reach:
    """To whom a post of this author goes; two queries, three for a reply."""
    zone = thread.zone if thread is not None else zone_of_subject(community, subject)
    told = {
        "community": community.pk,
        "except_person": author.pk,
        "thread": thread.pk if thread is not None else None,
        "zone": zone,
    }
    each = receiving(told).aggregate(people=Count("pk"), agencies=Count("person__agency", distinct=True))
    reading = within_zone(Membership.objects.filter(community=community).reachable(), zone)
    digests = reading.filter(delivery__in=[Delivery.DAILY, Delivery.WEEKLY]).exclude(person=author).count()
    return Reach(each["people"], each["agencies"], digests)


def zone_of_subject(community: Community, subject: str) -> str:
    """How far a new discussion with this subject would go."""
    named = zone_named_in(subject) if community.has_zones else ""
    return narrower(named or community.default_zone, "")


def earlier_discussions(subject: str, community: Community, person: Person) -> list[Earlier]:
    """At most five discussions that this person may read and that may already answer, those of this community first."""
    about = topic(subject)
    readable = communities.readable_ids(person)
    keys = alike(about, labels=labels_of(person, readable), kinds=search_kinds(), limit=_LOOKED_AT)
    threads = _threads_of(keys)
    zones = zones_of(person)
    found = [one for one in threads if one.community_id in readable and one.zone in zones]
    found.sort(key=lambda thread: thread.community_id != community.pk)
    return [_earlier(thread, community) for thread in found[:MOST_EARLIER]]


def _threads_of(keys: list[str]) -> list[Thread]:
    """The discussions of these documents, each once, in their order; two queries."""
    pks = [int(key.rpartition(":")[2]) for key in keys]
    if not pks:
        return []
    of_message = dict(Message.objects.filter(pk__in=pks).values_list("pk", "thread"))
    order = dict.fromkeys(of_message[pk] for pk in pks if pk in of_message)
    threads = Thread.objects.filter(pk__in=order).listed().select_related("community").in_bulk()
    return [threads[pk] for pk in order if pk in threads]


def _earlier(thread: Thread, community: Community) -> Earlier:
    return Earlier(
        href=reverse("discussions:thread", args=[thread.community.slug, thread.number]),
        subject=without_addresses(thread.title),
        place="" if thread.community_id == community.pk else thread.community.name,
        at=thread.started_at,
        messages=thread.message_count,
        is_question=thread.kind == PostType.QUESTION,
        is_answered=thread.answered_at is not None,
    )
