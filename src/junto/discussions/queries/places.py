"""Where a discussion stands now: after it was moved to another community, merged, or split."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404
from django.utils.translation import gettext as _

from junto.communities.models import Community, Membership, Role, Zone
from junto.communities.rules import zones_of
from junto.discussions.models import FormerNumber, Message, Thread
from junto.kit.prepared import Prepared
from junto.people.models import Person

MOST_OFFERED = 12

_THREAD: Prepared[Thread] = Prepared(
    lambda community, number: Thread.objects.filter(community=community, number=number)
)


def find_thread(community: Community, number: int, *, person: Person | None) -> Thread:
    """The thread that has this number, or had it before it was moved or merged: then its number or its community differ
    from what was asked for, and whether the person may read it there is still to be asked. Raises Http404.
    """
    thread = _THREAD.first(community=community.pk, number=number)
    if thread is not None:
        thread.community = community
    else:
        former = FormerNumber.objects.filter(community=community, number=number)
        found = former.select_related("thread__community").first()
        thread = found.thread if found else None
    if thread is None or (thread.zone != Zone.PUBLIC and thread.zone not in zones_of(person)):
        raise Http404(_("There is no such discussion."))
    if thread.community_id == community.pk:
        thread.community = community
    return thread


def stands_elsewhere(thread: Thread, community: Community, number: int) -> bool:
    """Whether an address names a place that the thread has left."""
    return (thread.community_id, thread.number) != (community.pk, number)


def key_now(thread: int) -> int:
    """The key of a thread that a signed link names: its own, or that of the thread it was merged into."""
    former = FormerNumber.objects.filter(former_thread=thread).values_list("thread", flat=True).first()
    return former or thread


def answered_elsewhere(community: Community, ids: Sequence[str]) -> Message | None:
    """The message that a letter to this list answers, where its discussion was moved to another community since."""
    wanted = [one for one in ids if one][:50]
    places = communities_moved_to(community) if wanted else set()
    if not places:
        return None
    moved = Message.objects.with_message_id(*wanted).filter(community__in=places)
    found = moved.filter(thread__former_numbers__community=community).select_related("thread", "community")
    by_id = {message.message_id: message for message in found}
    return next((by_id[one] for one in ids if one in by_id), None)


def communities_moved_to(community: Community) -> set[int]:
    """Where discussions of this community were moved to: mostly nowhere, which saves looking further."""
    away = FormerNumber.objects.filter(community=community).exclude(thread__community=community)
    return set(away.values_list("thread__community", flat=True))


def communities_to_move_to(thread: Thread, person: Person) -> list[Community]:
    """The other communities that somebody moderates."""
    moderated = Membership.objects.filter(person=person, role__in=[Role.MANAGER, Role.MODERATOR]).active()
    found = Community.objects.filter(retired_at=None).exclude(pk=thread.community_id)
    if not person.is_staff:
        found = found.filter(memberships__in=moderated)
    return list(found.order_by("name").distinct())


def threads_to_merge_with(thread: Thread, person: Person | None) -> list[Thread]:
    """Discussions that a thread may have been begun twice as: the related ones first, then the latest."""
    same = thread.community.threads.filter(zone=thread.zone).within(zones_of(person)).exclude(pk=thread.pk)
    found = same.in_bulk([pk for pk, _likeness in thread.related])
    related = [found[pk] for pk, _likeness in thread.related if pk in found][:MOST_OFFERED]
    latest = same.exclude(pk__in=found).order_by("-last_at", "-pk")
    return [*related, *latest[: MOST_OFFERED - len(related)]]


def merges_of(thread: Thread) -> list[FormerNumber]:
    """Merges into this thread that can be undone, the latest first."""
    found = thread.former_numbers.filter(community=thread.community_id).exclude(former_thread=None)
    return list(found.order_by("-pk"))


def split_off(thread: Thread, person: Person | None) -> list[tuple[Thread, list[int]]]:
    """The threads that messages of this one went to, each with the keys of these messages; one query, where there are any."""
    if not thread.was_split:
        return []
    away = thread.split_off.exclude(thread=thread.pk).filter(
        thread__community=thread.community_id, thread__zone__in=zones_of(person)
    )
    found: dict[int, tuple[Thread, list[int]]] = {}
    for message in away.select_related("thread").only("split_from", "thread").order_by("sent_at", "pk"):
        message.thread.community = thread.community
        found.setdefault(message.thread_id, (message.thread, []))[1].append(message.pk)
    return list(found.values())
