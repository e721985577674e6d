"""What several actions on threads share: the rows, locked, and what a thread keeps about its messages."""

from __future__ import annotations

from django.db.models import Count, F, Max, Min, Sum

from junto.communities.models import Community
from junto.discussions import rules
from junto.discussions.models import Thread


def locked(*threads: Thread) -> list[Thread]:
    """The rows as they are now, and ours until the transaction ends; in one order everywhere, so that two wait in turn."""
    found = Thread.objects.select_for_update(of=("self",)).select_related("community").order_by("pk")
    rows = {one.pk: one for one in found.filter(pk__in=[one.pk for one in threads])}
    return [rows[one.pk] for one in threads]


def next_number(community: Community) -> int:
    """The number of a new thread, which no other gets."""
    number = Community.objects.select_for_update().get(pk=community.pk).next_number
    Community.objects.filter(pk=community.pk).update(next_number=F("next_number") + 1)
    return number


def recount(thread: Thread) -> Thread:
    """Let a thread say again who began it, when, how many messages it has, and until when."""
    told = thread.messages.aggregate(
        count=Count("pk"), first=Min("sent_at"), last=Max("sent_at"), useful=Sum("useful_count")
    )
    first = thread.messages.order_by("sent_at", "id").first()
    assert first is not None, "a thread has a message"
    thread.message_count, thread.started_at, thread.last_at = told["count"], told["first"], told["last"]
    thread.useful_count = told["useful"] or 0
    thread.author_name, thread.author_agency = first.author_name, first.author_agency
    thread.related_at = None
    thread.save()
    return thread


def retype(thread: Thread, subject: str) -> None:
    """Give a thread a subject, and the type that its first word says."""
    said = rules.typed(subject, thread.started_at.date())
    thread.subject, thread.kind, thread.closing_date = subject, said.kind, said.closing_date
