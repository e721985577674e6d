"""The storm brake: a discussion that explodes is slowed down, and its managers are told."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.audit.models import Entry
from junto.discussions import letters, queries, rules
from junto.discussions.models import HeldPost, Thread
from junto.discussions.rules import Post
from junto.kit.rulings import require
from junto.mail import actions as mail
from junto.people.models import Person

REDIRECTED = "discussions.command.redirected"


@transaction.atomic
def brake(*, thread: Thread, by: Person | None) -> Thread:
    """Let further replies wait, each time twice as long, and tell the managers. A braked discussion stays as it is."""
    now = Thread.objects.select_for_update().get(pk=thread.pk)
    if not rules.is_braked(now):
        now.braked_until = timezone.now() + rules.brake_lasts(now)
        now.brake_count = min(now.brake_count + 1, 1_000)
        now.save(update_fields=["braked_until", "brake_count"])
        record("discussions.thread.braked", about=now, by=by, until=now.braked_until.isoformat())
        now.community = thread.community
        _tell_managers(now)
    thread.braked_until, thread.brake_count = now.braked_until, now.brake_count
    return thread


@transaction.atomic
def lift_brake(*, thread: Thread, by: Person) -> int:
    """Let replies pass again, and those that wait go on with the next round. Returns how many wait. Raises Refused."""
    require(rules.may_lift_brake(by, thread))
    thread.braked_until = None
    thread.save(update_fields=["braked_until"])
    waiting = HeldPost.objects.waiting().for_the_clock()
    released = waiting.filter(thread=thread, rule=rules.thread_is_braked.__name__).update(release_at=timezone.now())
    record("discussions.thread.brake_lifted", about=thread, by=by, waiting=released)
    return released


@transaction.atomic
def note_command(*, post: Post, by: Person | None) -> None:
    """Put a redirected command into the book; several within an hour to one discussion are a storm as well."""
    thread = post.parent.thread if post.parent else None
    record(REDIRECTED, about=post.community, by=by, thread=thread.pk if thread else 0)
    if thread is None or not post.community.storm_posts:
        return
    since = timezone.now() - timedelta(hours=1)
    told = Entry.objects.filter(fact=REDIRECTED, at__gt=since, details__thread=thread.pk)
    if told.count() >= rules.STORM_OF_COMMANDS:
        thread.community = post.community
        brake(thread=thread, by=None)


def _tell_managers(thread: Thread) -> None:
    for membership in queries.moderators_of(thread.community, thread.zone):
        letter = letters.storm(thread, to=membership.person)
        mail.post(letter, to=membership.address.email, about=f"discussions.thread:{thread.pk}")
