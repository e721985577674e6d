"""Moving a discussion to another community. Its old address leads to the new one."""

from __future__ import annotations

from django.db import transaction

from junto.audit.actions import record
from junto.communities.models import Community, Membership
from junto.discussions import letters, queries, rules, tasks
from junto.discussions.actions._counting import locked, next_number
from junto.discussions.models import FormerNumber, HeldPost, Thread, ThreadChoice
from junto.kit.rulings import require
from junto.mail import actions as mail
from junto.people.models import Person


@transaction.atomic
def move(*, thread: Thread, target: Community, by: Person) -> Thread:
    """Take a discussion with all of its messages to another community. Raises Refused.

    Its zone stays: readers of the other community whom the zone leaves out do not see it there either. Back where it was
    once, it gets its old number again. Nothing is mailed but a word to whoever began it.
    """
    (thread,) = locked(thread)
    require(rules.may_move(by, thread, target))
    origin, number = thread.community, thread.number
    FormerNumber.objects.create(community=origin, number=number, thread=thread)
    thread.community, thread.number = target, _number_in(target, thread)
    thread.pinned_at, thread.related_at, thread.related = None, None, []
    thread.save(update_fields=["community", "number", "pinned_at", "related_at", "related"])
    thread.messages.update(community=target)
    HeldPost.objects.waiting().filter(thread=thread).update(community=target)
    _keep_choices(thread)
    record("discussions.thread.moved", about=thread, by=by, origin=origin.slug, number=number, target=target.slug)
    tasks.index_thread.enqueue(thread.pk)
    _tell_author(thread, origin, by)
    return thread


def _number_in(target: Community, thread: Thread) -> int:
    """The number that the discussion had there before, or a new one."""
    before = FormerNumber.objects.filter(community=target, thread=thread, former_thread=None).order_by("pk").first()
    if before is None:
        return next_number(target)
    before.delete()
    return before.number


def _keep_choices(thread: Thread) -> None:
    """Who follows or mutes the discussion does so in the other community as well, where they belong to both."""
    chosen = {one.membership.person_id: one for one in thread.choices.select_related("membership")}
    there = Membership.objects.filter(community=thread.community, person__in=chosen)
    ThreadChoice.objects.bulk_create(
        [ThreadChoice(thread=thread, membership=one, wish=chosen[one.person_id].wish) for one in there],
        ignore_conflicts=True,
    )


def _tell_author(thread: Thread, origin: Community, by: Person) -> None:
    """One letter, to the address at which the author gets mail of the list that the discussion was in."""
    author = queries.first_message(thread).author_id
    if author is None or author == by.pk:
        return
    own = Membership.objects.filter(person=author)
    membership = own.filter(community=origin).reachable().select_related("address", "person").first()
    if membership is not None:
        belongs = own.filter(community=thread.community).active().exists()
        letter = letters.moved(thread, origin, membership, belongs=belongs)
        mail.post(letter, to=membership.address.email, about=f"discussions.thread:{thread.pk}")
