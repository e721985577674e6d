"""A question stays open until its answer is marked, or its asker posts a summary."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from junto.audit.actions import record
from junto.discussions import letters, queries, rules, tasks
from junto.discussions.models import Message, PostType, Thread
from junto.kit.rulings import Refused, no, require
from junto.mail import actions as mail
from junto.people.models import Person

SUMMARY_COMES_WITHIN = timedelta(days=90)


@transaction.atomic
def mark_answer(*, thread: Thread, message: Message, by: Person) -> Thread:
    """The asker or a moderator says which message answers the question. Raises Refused."""
    thread = _locked(thread)
    require(rules.may_mark_answer(by, thread))
    if message.thread_id != thread.pk or message.pk == queries.first_message(thread).pk:
        raise Refused(no(gettext("The answer is a reply in the same discussion.")))
    return _answered(thread, message, by)


@transaction.atomic
def unmark_answer(*, thread: Thread, by: Person) -> Thread:
    """The question is open again. Raises Refused."""
    thread = _locked(thread)
    require(rules.may_mark_answer(by, thread))
    if thread.answered_at is not None:
        thread.answer, thread.answered_at = None, None
        thread.save(update_fields=["answer", "answered_at"])
        record("discussions.question.reopened", about=thread, by=by)
        tasks.index_thread.enqueue(thread.pk)
    return thread


@transaction.atomic
def note_summary(*, message: Message, by: Person | None) -> Thread | None:
    """Where a message is the summary of an open question, the question is answered by it. Returns the question.

    It is, where its subject says SUMMARY, and the asker or a moderator wrote it: in the thread of the question, or within
    90 days in a thread of its own with the same topic.
    """
    if rules.typed(message.subject, timezone.localdate(message.sent_at)).kind != PostType.SUMMARY:
        return None
    question = next((one for one in _summed_up(message) if rules.may_mark_answer(by, one)), None)
    return _answered(_locked(question), message, by) if question else None


@transaction.atomic
def remind_asker(*, thread: Thread, by: Person | None) -> bool:
    """Ask once for the answer to a question that got replies: mark it, or post a summary. False where nobody can be asked."""
    thread = _locked(thread)
    if not rules.wants_reminder(thread):
        return False
    Thread.objects.filter(pk=thread.pk).update(reminded_at=timezone.now())
    membership = queries.asker_of(thread)
    if membership is None:
        return False
    letter = letters.did_you_get_an_answer(thread, membership)
    mail.post(letter, to=membership.address.email, about=f"discussions.thread:{thread.pk}")
    record("discussions.question.reminded", about=thread, by=by)
    return True


def _answered(thread: Thread, message: Message, by: Person | None) -> Thread:
    if thread.answer_id == message.pk:
        return thread
    thread.answer, thread.answered_at = message, timezone.now()
    thread.save(update_fields=["answer", "answered_at"])
    record("discussions.question.answered", about=thread, by=by, message=message.pk)
    tasks.index_thread.enqueue(thread.pk)
    return thread


def _summed_up(message: Message) -> list[Thread]:
    """The open questions that a summary may be about: that of its own thread, or those of the same topic, latest first."""
    thread = message.thread
    if thread.kind == PostType.QUESTION:
        return [thread] if thread.answered_at is None else []
    since = message.sent_at - SUMMARY_COMES_WITHIN
    recent = Thread.objects.filter(community=message.community_id, started_at__gte=since).open_questions()
    topic = rules.topic(message.subject)
    found = recent.select_related("community").order_by("-started_at", "-id")
    return [one for one in found if topic and rules.topic(one.subject) == topic]


def _locked(thread: Thread) -> Thread:
    return Thread.objects.select_for_update(of=("self",)).select_related("community").get(pk=thread.pk)
