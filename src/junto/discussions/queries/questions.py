"""Questions: who asked, what was replied, which await the answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext

from junto.communities.models import Membership, Zone
from junto.discussions.models import Message, Thread
from junto.discussions.queries.marks import day
from junto.discussions.queries.places import key_now
from junto.discussions.rules import REMINDS_AFTER, REMINDS_UNTIL, asked_by
from junto.kit import tokens

ANSWERS = "discussions.answers"
MOST_REPLIES = 100
_EXCERPT = 400


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as the asker's page shows it."""

    pk: int
    author: str
    agency: str
    when: str
    excerpt: str
    is_answer: bool


def first_message(thread: Thread) -> Message:
    """The question itself. Raises Http404 for a thread without messages."""
    found = thread.messages.order_by("sent_at", "id").first()
    if found is None:
        raise Http404(gettext("There is nothing in this discussion."))
    return found


def asker_of(thread: Thread) -> Membership | None:
    """The membership of whoever asked, where mail of the list still reaches them."""
    asker = asked_by(thread)
    found = Membership.objects.filter(community=thread.community_id, person=asker).reachable()
    return found.select_related("person", "address").first() if asker else None


def replies_to(thread: Thread) -> list[Reply]:
    """What others replied, in order, for the page on which the asker marks the answer."""
    first = first_message(thread)
    found = thread.messages.exclude(pk=first.pk).order_by("sent_at", "id")[:MOST_REPLIES]
    return [
        Reply(
            pk=one.pk,
            author=one.author_name or gettext("Somebody"),
            agency=one.author_agency,
            when=day(one.sent_at),
            excerpt=one.text.strip()[:_EXCERPT],
            is_answer=one.pk == thread.answer_id,
        )
        for one in found
    ]


def question_of_token(token: str) -> Thread:
    """The question that an asker's signed link names. Raises BadToken, Http404."""
    pk = tokens.read(ANSWERS, token)
    found = Thread.objects.filter(pk=key_now(pk)).select_related("community").first()
    if found is None:
        raise Http404(gettext("This discussion is no longer here."))
    return found


def answer_link_token(thread: Thread) -> str:
    return tokens.sign(ANSWERS, thread.pk)


def questions_to_remind_of(limit: int = 500) -> list[Thread]:
    """Open questions a week old with replies, about which nobody was asked yet. Imported ones are left alone."""
    now = timezone.now()
    due = Thread.objects.open_questions().filter(
        started_at__lte=now - REMINDS_AFTER, started_at__gte=now - REMINDS_UNTIL, message_count__gt=1, reminded_at=None
    )
    return list(due.exclude(messages__came_by="import").order_by("started_at", "id")[:limit])


def summed_up_by(thread: Thread) -> Thread | None:
    """The question that a thread is the summary of, where whoever reads the one may read the other."""
    here = Thread.objects.filter(community=thread.community_id)
    open_to_all = here.filter(answer__thread=thread, zone__in={thread.zone, Zone.PUBLIC})
    return open_to_all.exclude(pk=thread.pk).order_by("-answered_at").first()
