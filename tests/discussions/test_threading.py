from __future__ import annotations

from datetime import UTC, datetime

import pytest
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
    assert [hit.kind for hit in hits] == ["message"]
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
