"""What waits in the discussions of one community for whoever manages it, each in one query."""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db.models import BooleanField, Case, Q, Value, When
from django.utils import timezone

from junto.communities.models import Community, Membership
from junto.communities.queries import Heap, heap_of
from junto.communities.rules import within_zone, zones_of
from junto.discussions.models import PostType, Thread
from junto.people.models import Person
from junto.people.rules import audiences_of

ANSWER_IS_MISSED = timedelta(days=3)
QUESTION_IS_FORGOTTEN = timedelta(days=180)
JOB_CLOSES_WITHIN = timedelta(days=3)
MOST_EXPERTS = 12
_SHORTEST_WORD = 4


def held_for_desk(community: Community, person: Person) -> Heap:
    """Posts on which a moderator of these zones decides, the newest first."""
    waiting = community.held_posts.waiting().for_moderators().within(zones_of(person))
    return heap_of(waiting.select_related("author__agency").order_by("-held_at", "-pk"))


def questions_without_reply(community: Community, person: Person) -> Heap:
    """Questions of the last half year to which nobody has replied within three days, the newest first."""
    now = timezone.now()
    asked = community.threads.within(zones_of(person)).unanswered()
    missed = asked.filter(started_at__lt=now - ANSWER_IS_MISSED, started_at__gt=now - QUESTION_IS_FORGOTTEN)
    heap = heap_of(missed.order_by("-started_at", "-pk"))
    for thread in heap.rows:
        thread.community = community
    return heap


def jobs_about_to_close(community: Community, person: Person) -> Heap:
    """Jobs that leave the lists within three days."""
    today = timezone.localdate()
    jobs = community.threads.within(zones_of(person)).filter(kind=PostType.JOB, closed_at=None)
    closing = jobs.filter(closing_date__gte=today, closing_date__lte=today + JOB_CLOSES_WITHIN)
    heap = heap_of(closing.order_by("closing_date", "pk"))
    for thread in heap.rows:
        thread.community = community
    return heap


def experts_for(thread: Thread, viewer: Person) -> list[Membership]:
    """Members who say what they can help with, take questions and may read the thread; those whose words fit come first.

    `fits` tells whether a word of the subject stands in what somebody can help with.
    """
    members = within_zone(Membership.objects.filter(community=thread.community_id).reachable(), thread.zone)
    shows = {"person__profile__helps_with_for__in": audiences_of(viewer, is_colleague=True)}
    willing = members.filter(person__profile__takes_questions=True, person__is_active=True, **shows)
    words = {word.strip("?!.,:;()“”\"'").lower() for word in thread.subject.split()}
    fits = [Q(person__profile__helps_with__icontains=word) for word in sorted(words) if len(word) >= _SHORTEST_WORD]
    rank = Case(
        *([When(reduce(or_, fits), then=Value(True))] if fits else []),
        default=Value(False),
        output_field=BooleanField(),
    )
    asked = willing.exclude(person__profile__helps_with="").exclude(person=viewer)
    marked = asked.annotate(fits=rank).select_related("person__profile", "person__agency", "address", "community")
    return list(marked.exclude(person__messages__thread=thread).order_by("-fits", "person__name", "pk")[:MOST_EXPERTS])
