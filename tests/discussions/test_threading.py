from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from junto.discussions.models import Message, Thread
from junto.search import queries as search

pytestmark = pytest.mark.django_db


def test_a_reply_joins_its_thread_by_references(send, ada, ben):
    send("question")
    send("answer")
    thread = Thread.objects.get()
    answer = Message.objects.get(message_id="answer-1@gsa.gov")
    assert (answer.thread, answer.parent.message_id, answer.depth) == (thread, "question-1@epa.gov", 1)
    assert thread.message_count == 2
    assert thread.last_at == answer.sent_at


def test_the_same_subject_alone_joins_nothing(send, ada, ben):
    send("question")
    send(
        "answer",
        change=lambda raw: raw.replace(b"In-Reply-To: <question-1@epa.gov>\n", b"").replace(
            b"<question-1@epa.gov>", b"<x@y.gov>"
        ),
    )
    assert Thread.objects.count() == 2


def _without_references(raw: bytes) -> bytes:
    lines = [line for line in raw.split(b"\n") if not line.startswith((b"In-Reply-To:", b"References:"))]
    return b"\n".join(lines)


def test_a_reply_that_lost_its_references_joins_the_same_subject_of_the_last_days(send, ada, ben):
    send("question")
    Thread.objects.update(last_at=timezone.now())
    send("answer", change=_without_references)
    assert Thread.objects.count() == 1
    assert Message.objects.order_by("pk").last().parent == Message.objects.order_by("pk").first()


def test_a_reply_without_references_joins_no_old_discussion(send, ada, ben):
    send("question")
    Thread.objects.update(last_at=timezone.now() - timedelta(days=20))
    send("answer", change=_without_references)
    assert Thread.objects.count() == 2


def test_a_reply_without_references_is_never_guessed_into_a_zone(send, ada, ben):
    send("question")
    Thread.objects.update(last_at=timezone.now(), zone="federal")
    send("answer", change=_without_references)
    assert Thread.objects.count() == 2


def test_a_new_letter_with_an_old_subject_begins_a_discussion(send, ada, ben):
    send("question")
    Thread.objects.update(last_at=timezone.now())
    send("answer", change=lambda raw: _without_references(raw).replace(b"Subject: Re: ", b"Subject: "))
    assert Thread.objects.count() == 2


def test_outlooks_conversation_keeps_replies_together_when_the_subject_was_changed(send, ada, ben):
    index = b64encode(bytes(range(22))).decode()
    longer = b64encode(bytes(range(27))).decode()
    send("question", change=lambda raw: f"Thread-Index: {index}\n".encode() + raw)
    send(
        "answer",
        change=lambda raw: (
            f"Thread-Index: {longer}\n".encode() + _without_references(raw).replace(b"Re: ", b"Re: Also ")
        ),
    )
    assert Thread.objects.count() == 1


def test_references_do_not_reach_into_another_community(send, ada, ben, other):
    send("question")
    Message.objects.update(community=other)
    Thread.objects.update(community=other, number=77)
    send("answer")
    assert Message.objects.get(message_id="answer-1@gsa.gov").parent is None


def test_numbers_count_within_the_community(send, cop, ada, ben):
    send("question")
    send("no-message-id")
    cop.refresh_from_db()
    assert sorted(Thread.objects.values_list("number", flat=True)) == [1, 2]
    assert cop.next_number == 3


@pytest.mark.parametrize("date", ["Tue, 3 Nov 2099 09:15:00 -0500", "Tue, 3 Nov 1998 09:15:00 -0500"])
def test_a_date_that_cannot_be_is_not_believed(send, ben, date):
    send("no-message-id", change=lambda raw: raw.replace(b"Tue, 3 Nov 2026 13:00:00 -0500", date.encode()))
    assert Message.objects.get().sent_at == datetime(2026, 11, 3, 20, 0, tzinfo=UTC)


def test_an_accepted_post_is_found_by_search_after_the_commit(send, cop, ben, django_capture_on_commit_callbacks):
    from junto.discussions import tasks

    send("question")
    assert tasks.index_messages.func([Message.objects.get().pk]) == 1
    label = {f"community:{cop.pk}"}
    hits = search.find("counter", labels=label).hits
    assert [hit.kind for hit in hits] == ["message.question"]
    assert hits[0].url.endswith(f"/discussions/1/#message-{Message.objects.get().pk}")
    assert not search.find("counter", labels={"public"}).hits
    assert tasks.reindex_community.func(cop.pk) == 1


def test_a_document_costs_no_query_and_holds_no_address(send, ben, django_assert_num_queries):
    from junto.discussions.indexing import document_of

    send(
        "answer",
        change=lambda raw: raw.replace(b"ada@gsa.gov", b"ben@epa.gov").replace(
            b"We count", b"Ask ben@epa.gov. We count"
        ),
    )
    message = Message.objects.select_related("thread", "community").get()
    with django_assert_num_queries(0):
        document = document_of(message)
    assert "ben@epa.gov" not in document.text
    assert "b…@epa.gov" in document.text
    assert document.agency == "EPA"


def test_the_task_that_indexes_a_post_is_a_row_of_its_transaction(send, ben):
    """Nothing is left to do after the commit, where a kill would keep the message out of search for good."""
    send("question")
    waiting = DBTaskResult.objects.ready().filter(task_path="junto.discussions.tasks.index_messages")
    assert [task.args_kwargs["args"] for task in waiting] == [[[Message.objects.get().pk]]]
