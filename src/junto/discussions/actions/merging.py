"""Making one discussion of two, and two of one. Each undoes the other."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from junto.audit.actions import record
from junto.discussions import queries, rules, tasks
from junto.discussions.actions._counting import locked, next_number, recount, retype
from junto.discussions.models import FormerNumber, HeldPost, Message, PostType, Thread, ThreadChoice
from junto.kit.rulings import Refused, no, require
from junto.people.models import Person


@transaction.atomic
def merge(*, thread: Thread, into: Thread, by: Person) -> FormerNumber:
    """Put the messages of a discussion into another, in the order in which they were sent. Raises Refused.

    Returns the number that leads to the other one from now on; `part` undoes the merge with it. Replies by mail to any of
    the messages find the one discussion.
    """
    thread, into = locked(thread, into)
    require(rules.may_merge(by, thread, into))
    keys = list(thread.messages.order_by("sent_at", "id").values_list("pk", flat=True))
    thread.messages.filter(split_from=into).update(split_from=None)
    thread.messages.update(thread=into)
    thread.former_numbers.update(thread=into)
    HeldPost.objects.filter(thread=thread).update(thread=into)
    _hand_over(thread, into)
    record("discussions.thread.merged", about=thread, by=by, into=into.number, number=thread.number)
    former = FormerNumber.objects.create(
        community=into.community,
        number=thread.number,
        thread=into,
        subject=thread.subject,
        messages=keys,
        former_thread=thread.pk,
    )
    thread.delete()
    into.was_split = into.split_off.exists()
    recount(into)
    tasks.index_thread.enqueue(into.pk)
    return former


@transaction.atomic
def part(*, former: FormerNumber, by: Person) -> Thread:
    """Undo a merge: the messages that it brought along stand under their own number again. Raises Refused."""
    former = FormerNumber.objects.select_for_update(of=("self",)).select_related("thread__community").get(pk=former.pk)
    (thread,) = locked(former.thread)
    require(rules.may_tidy(by, thread))
    brought = thread.messages.filter(pk__in=former.messages)
    if not brought.exists() or brought.count() == thread.messages.count():
        raise Refused(no(_("Nothing is left here that could be taken apart.")))
    apart = _begun_by(brought.order_by("sent_at", "id")[0], thread, former.subject, former.number)
    brought.update(thread=apart)
    former.delete()
    _let_go_of_answer(thread, apart)
    recount(apart)
    recount(thread)
    record("discussions.thread.parted", about=thread, by=by, number=apart.number)
    for one in (thread, apart):
        tasks.index_thread.enqueue(one.pk)
    return apart


@transaction.atomic
def split(*, message: Message, subject: str, by: Person) -> Thread:
    """Begin a discussion of its own with a message and all that follow it. Raises Refused.

    Where the messages stood, the page says where they are. Merging the two undoes it.
    """
    (thread,) = locked(message.thread)
    require(rules.may_split(by, thread, message))
    subject = " ".join(subject.split())[:500]
    if not subject:
        raise Refused(no(_("A discussion needs a subject.")))
    apart = _begun_by(message, thread, subject, next_number(thread.community))
    thread.messages.filter(queries.from_here_on(message)).update(thread=apart, split_from=thread)
    thread.was_split = True
    _let_go_of_answer(thread, apart)
    recount(apart)
    recount(thread)
    record("discussions.thread.split", about=thread, by=by, message=message.pk, number=apart.number)
    for one in (thread, apart):
        tasks.index_thread.enqueue(one.pk)
    return apart


def _begun_by(message: Message, beside: Thread, subject: str, number: int) -> Thread:
    """A new thread beside another: in its community, zone, and state."""
    thread = Thread(
        community=beside.community,
        number=number,
        started_at=message.sent_at,
        last_at=message.sent_at,
        zone=beside.zone,
        closed_at=beside.closed_at,
    )
    retype(thread, subject)
    thread.save()
    return thread


def _hand_over(thread: Thread, into: Thread) -> None:
    """What belongs to the thread besides its messages: who follows or mutes it, and the answer where the other has none."""
    taken = into.choices.values("membership")
    ThreadChoice.objects.filter(thread=thread).exclude(membership__in=taken).update(thread=into)
    if into.kind == PostType.QUESTION and into.answered_at is None and thread.answered_at is not None:
        into.answer, into.answered_at = thread.answer, thread.answered_at
    Message.objects.filter(split_from=thread).exclude(thread=into).update(split_from=into)


def _let_go_of_answer(thread: Thread, apart: Thread) -> None:
    """An answer that went along answers the question that it went with, where that is one; otherwise nothing is lost."""
    if thread.answer_id is None or not apart.messages.filter(pk=thread.answer_id).exists():
        return
    if apart.kind == PostType.QUESTION:
        apart.answer, apart.answered_at = thread.answer, thread.answered_at
        thread.answer, thread.answered_at = None, None
