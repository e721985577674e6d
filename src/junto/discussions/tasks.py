"""Work for later: takes ids, makes one call."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone

from junto.discussions import queries
from junto.discussions.indexing import document_of
from junto.discussions.models import Draft, HeldPost, Message, MessageQuerySet, Thread, ThreadQuerySet
from junto.discussions.rules import CONFIRMATION_LASTS, DRAFTS_LAST
from junto.kit.rulings import Refused
from junto.kit.tasks import task
from junto.search import actions as search
from junto.search.documents import Document

AT_ONCE = 500
FEW = 10
MOST_RELATED = 10
TRIED_AGAIN_AFTER = timedelta(minutes=10)

log = logging.getLogger("junto.discussions")


@task()
def index_messages(ids: list[int]) -> int:
    """Put messages into the search index; those that are gone by now are left out. Of a few, related ones are found at once."""
    written = search.index(_documents(ids))
    if len(ids) <= FEW:
        _relate(Thread.objects.filter(messages__in=ids).due_for_relations())
    return written


@task()
def relate_threads() -> int:
    """Find the related discussions of those that got posts, or that an import brought. Runs on the clock, every ten
    minutes, and so long as there are more; returns how many were done."""
    done = _relate(Thread.objects.due_for_relations())
    if done == AT_ONCE:
        relate_threads.enqueue()
    return done


@task()
def index_thread(thread: int) -> int:
    """Put the messages of a thread into the index again: after its question was answered, or opened again."""
    ids = Message.objects.filter(thread=thread).order_by("pk").values_list("pk", flat=True)
    return sum(search.index(_documents(batch)) for batch in _batches(ids.iterator()))


@task()
def reindex_community(community: int) -> int:
    """Put every message of a community into the index again: after an import, or when its name changed."""
    ids = Message.objects.filter(community=community).order_by("pk").values_list("pk", flat=True)
    return sum(search.index(_documents(batch)) for batch in _batches(ids.iterator()))


@task()
def expire_unconfirmed_posts() -> int:
    """Posts that their author never confirmed are over after a week. Runs on the clock, daily."""
    now = timezone.now()
    late = HeldPost.objects.waiting().for_their_author().filter(held_at__lt=now - CONFIRMATION_LASTS)
    return late.update(outcome=HeldPost.Outcome.EXPIRED, decided_at=now)


@task()
def issue_digests() -> int:
    """Send the digests whose hour has struck. Runs on the clock, each quarter of an hour."""
    from junto.discussions import actions  # tasks call back: docs/decisions/0003-tasks-call-back.md

    return actions.issue_digests(by=None)


@task()
def release_due_posts() -> int:
    """Let posts go on whose time has come, in order, each in a transaction of its own: a kill half-way leaves the rest to the
    next round. One that fails makes room for the others, and is tried again later. Every minute; returns how many went on."""
    from junto.discussions import actions

    gone = 0
    for held in HeldPost.objects.due()[:AT_ONCE]:
        try:
            actions.release(held=held, by=None)
            gone += 1
        except Refused as refused:
            log.info("Held post %s stays where it is: %s", held.pk, refused)
        except Exception:
            log.exception("Held post %s could not go on; it is tried again later.", held.pk)
            HeldPost.objects.waiting().filter(pk=held.pk).update(release_at=timezone.now() + TRIED_AGAIN_AFTER)
    return gone


@task()
def sweep_drafts() -> int:
    """Drafts that nobody touched for 90 days are gone. Runs on the clock, daily; returns how many there were."""
    old = Draft.objects.filter(saved_at__lt=timezone.now() - DRAFTS_LAST)
    count = old.count()
    old.delete()
    return count


@task()
def remind_askers() -> int:
    """Ask whoever got replies to a question, a week ago, for the answer. Runs on the clock, daily; returns how many were asked."""
    from junto.discussions import actions

    return sum(actions.remind_asker(thread=thread, by=None) for thread in queries.questions_to_remind_of())


def _relate(threads: ThreadQuerySet) -> int:
    due = list(threads.select_related("community").order_by("pk")[:AT_ONCE])
    for thread in due:
        with transaction.atomic():
            _keep_related(thread, queries.likeness(thread))
    return len(due)


def _keep_related(thread: Thread, found: Mapping[int, float]) -> None:
    """Each names the other; one that many are like keeps the nearest."""
    Thread.objects.filter(pk=thread.pk).update(related=_nearest(found), related_at=timezone.now())
    for other in Thread.objects.select_for_update().filter(pk__in=found).only("related").order_by("pk"):
        likeness = {**dict(other.related), thread.pk: found[other.pk]}
        Thread.objects.filter(pk=other.pk).update(related=_nearest(likeness))


def _nearest(likeness: Mapping[int, float]) -> list[tuple[int, float]]:
    return sorted(likeness.items(), key=lambda one: (-one[1], -one[0]))[:MOST_RELATED]


def _messages() -> MessageQuerySet:
    return Message.objects.select_related("thread", "community")


def _documents(ids: list[int]) -> Iterator[Document]:
    return (document_of(message) for message in _messages().filter(pk__in=ids))


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch
