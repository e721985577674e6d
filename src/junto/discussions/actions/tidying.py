"""Changing a subject, and pinning on top of the list."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junto.audit.actions import record
from junto.communities.models import Community
from junto.discussions import rules, tasks
from junto.discussions.actions._counting import locked, retype
from junto.discussions.models import Thread
from junto.kit.rulings import Refused, no, require
from junto.people.models import Person


@transaction.atomic
def rename(*, thread: Thread, subject: str, by: Person) -> Thread:
    """Give a discussion another subject; its first word says the type. Messages keep theirs. Raises Refused."""
    (thread,) = locked(thread)
    require(rules.may_tidy(by, thread))
    subject = " ".join(subject.split())[:500]
    if not subject:
        raise Refused(no(_("A discussion needs a subject.")))
    if subject == thread.subject:
        return thread
    before, thread.first_subject = thread.subject, thread.first_subject or thread.subject
    retype(thread, subject)
    thread.related_at = None
    thread.save(update_fields=["subject", "first_subject", "kind", "closing_date", "related_at"])
    record("discussions.thread.renamed", about=thread, by=by, before=before)
    tasks.index_thread.enqueue(thread.pk)
    return thread


@transaction.atomic
def pin(*, thread: Thread, by: Person) -> Thread:
    """Keep a discussion on top of the list of its community. Raises Refused where three are there already."""
    Community.objects.select_for_update().get(pk=thread.community_id)  # two moderators at once wait here
    (thread,) = locked(thread)
    if thread.pinned_at is not None:
        return thread
    require(rules.may_pin(by, thread))
    thread.pinned_at = timezone.now()
    thread.save(update_fields=["pinned_at"])
    record("discussions.thread.pinned", about=thread, by=by)
    return thread


@transaction.atomic
def unpin(*, thread: Thread, by: Person) -> Thread:
    """Back to its place in the list."""
    (thread,) = locked(thread)
    require(rules.may_tidy(by, thread))
    if thread.pinned_at is None:
        return thread
    thread.pinned_at = None
    thread.save(update_fields=["pinned_at"])
    record("discussions.thread.unpinned", about=thread, by=by)
    return thread
