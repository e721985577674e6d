"""Closing a discussion, and opening it again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.discussions import rules
from junto.discussions.models import Thread
from junto.kit.rulings import require
from junto.people.models import Person


@transaction.atomic
def close(*, thread: Thread, by: Person) -> Thread:
    """No more replies, by mail or on the web. Closing what is closed changes nothing."""
    require(rules.may_moderate(by, thread.community))
    if thread.is_closed:
        return thread
    thread.closed_at = timezone.now()
    thread.save(update_fields=["closed_at"])
    record("discussions.thread.closed", about=thread, by=by)
    return thread


@transaction.atomic
def reopen(*, thread: Thread, by: Person) -> Thread:
    """Replies are welcome again."""
    require(rules.may_moderate(by, thread.community))
    if not thread.is_closed:
        return thread
    thread.closed_at = None
    thread.save(update_fields=["closed_at"])
    record("discussions.thread.reopened", about=thread, by=by)
    return thread
