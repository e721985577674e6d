"""The pages, as stranger, non-member, member, manager, and manager of another community."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from junto.communities.models import Readers
from junto.discussions import queries
from junto.discussions.models import Message, Thread

pytestmark = pytest.mark.django_db
BASE = "/communities/customer-experience/discussions/"


@pytest.fixture
def talk(send, ada, ben):
    send("question")
    send("answer", change=lambda raw: raw.replace(b"We count", b"Write to ada@gsa.gov. We count"))
    return Thread.objects.get()


def make_threads(cop, count: int) -> None:
    start = timezone.now()
    Thread.objects.bulk_create(
        Thread(
            community=cop,
            number=n,
            subject=f"Subject {n}",
            started_at=start,
            last_at=start - timedelta(hours=n // 2),
            message_count=1,
            author_name="Ben",
            author_agency="EPA",
        )
        for n in range(100, 100 + count)
    )


def make_messages(thread: Thread, count: int) -> None:
    start = timezone.now()
    Message.objects.bulk_create(
        Message(
            community=thread.community,
            thread=thread,
            author_name="Ben",
            author_agency="EPA",
            message_id=f"m{n}@x",
            subject="Re",
            sent_at=start + timedelta(minutes=n // 2),
            shown=f"<p>Words of message {n}.</p>",
            attachment_count=1,
            mailing_id=n + 1,
        )
        for n in range(count)
    )


PRIVATE = [BASE, f"{BASE}1/", f"{BASE}message/?id=question-1@epa.gov"]


@pytest.mark.parametrize("path", PRIVATE)
def test_members_read(talk, client_of, ben, path):
    assert client_of(ben).get(path, follow=True).status_code == 200


@pytest.mark.parametrize("path", PRIVATE)
def test_others_do_not_read_what_is_for_members(talk, client_of, cleo, other, eve, path):
    assert Client().get(path).status_code == 403
    assert client_of(cleo).get(path).status_code == 403
    assert client_of(eve).get(path).status_code == 403


@pytest.mark.parametrize("path", PRIVATE)
def test_a_hidden_community_is_not_there(talk, cop, client_of, eve, path):
    cop.is_hidden = True
    cop.save()
    assert client_of(eve).get(path).status_code == 404
    assert Client().get(path).status_code == 404


def test_strangers_read_a_public_archive_without_addresses(talk, cop):
    cop.readers = Readers.PUBLIC
    cop.save()
    page = Client().get(f"{BASE}1/").content.decode()
    assert "We count tickets" in page
    assert "ada@gsa.gov" not in page
    assert "a…@gsa.gov" in page
    assert "Reply to everyone" not in page
    assert "@epa.gov" not in Client().get(BASE).content.decode()


def test_members_see_what_was_written_whole(talk, client_of, ben):
    page = client_of(ben).get(f"{BASE}1/").content.decode()
    assert "ada@gsa.gov" in page
    assert "Reply to everyone" in page
    assert "GSA" in page
    assert f'id="message-{Message.objects.first().pk}"' in page


def test_threads_show_agency_count_and_no_address(talk, client_of, ben):
    page = client_of(ben).get(BASE).content.decode()
    assert "EPA" in page
    assert "1 reply" in page
    assert "question-1" not in page


def test_the_list_of_threads_is_paged_both_ways(cop, ada, client_of):
    make_threads(cop, 75)
    seen, query = [], ""
    pages = []
    while True:
        page = queries.threads_page(cop, None, older=query)
        pages.append([thread.number for thread in page.rows])
        seen += pages[-1]
        if not page.older:
            break
        query = page.older.removeprefix("?older=")
    assert len(seen) == len(set(seen)) == 75
    back = queries.threads_page(cop, None, newer=page.newer.removeprefix("?newer="))
    assert [thread.number for thread in back.rows] == pages[-2]
    first = queries.threads_page(cop, None, newer=back.newer.removeprefix("?newer="))
    assert [thread.number for thread in first.rows] == pages[0]
    assert first.newer == ""


@pytest.mark.parametrize("query", ["?older=rubbish", "?older=99999999999999999999999999-1", "?newer=-", "?older=1-x"])
def test_a_mangled_page_mark_shows_the_first_page(cop, ada, client_of, query):
    make_threads(cop, 3)
    assert "Subject 100" in client_of(ada).get(BASE + query).content.decode()


def test_a_long_thread_is_paged(talk, client_of, ben, cop):
    make_messages(talk, 120)
    page = queries.thread_page(talk, shows_addresses=True, shows_delivery=False)
    assert (len(page.rows), page.earlier) == (50, "")
    second = queries.thread_page(
        talk, after=page.later.removeprefix("?after="), shows_addresses=True, shows_delivery=False
    )
    third = queries.thread_page(
        talk, after=second.later.removeprefix("?after="), shows_addresses=True, shows_delivery=False
    )
    keys = [row.pk for part in (page, second, third) for row in part.rows]
    assert len(keys) == len(set(keys)) == 122
    assert third.later == ""
    back = queries.thread_page(
        talk, before=third.earlier.removeprefix("?before="), shows_addresses=True, shows_delivery=False
    )
    assert [row.pk for row in back.rows] == [row.pk for row in second.rows]


def test_a_message_deep_in_a_thread_is_found_by_its_message_id(talk, client_of, ben):
    make_messages(talk, 120)
    page = client_of(ben).get(f"{BASE}message/?id=<m100@x>")
    assert "?after=" in page.url
    assert (
        f'id="message-{Message.objects.get(message_id="m100@x").pk}"' in client_of(ben).get(page.url).content.decode()
    )
    assert client_of(ben).get(f"{BASE}message/?id=nothing@x").status_code == 404


def test_the_list_of_threads_costs_seven_queries_at_most(cop, ben, client_of, django_assert_max_num_queries):
    make_threads(cop, 40)
    client = client_of(ben)
    client.get(BASE)
    with django_assert_max_num_queries(7):
        client.get(BASE)


def test_a_thread_of_thirty_messages_costs_few_queries(talk, ben, ada, client_of, django_assert_max_num_queries):
    make_messages(talk, 28)
    member, manager = client_of(ben), client_of(ada)
    member.get(f"{BASE}1/")
    with django_assert_max_num_queries(11):
        member.get(f"{BASE}1/")
    with django_assert_max_num_queries(12):
        manager.get(f"{BASE}1/")


def test_managers_see_how_far_each_delivery_is(talk, carried, client_of, ada, ben, cleo, other):
    carried("post")
    message = Message.objects.order_by("pk").first()
    page = client_of(ada).get(f"{BASE}1/").content.decode()
    assert "2 of 2 accepted" in page
    assert "2 of 2 accepted" not in client_of(ben).get(f"{BASE}1/").content.decode()
    path = f"{BASE}1/messages/{message.pk}/delivery/"
    assert "2 of 2 accepted" in client_of(ada).get(path).content.decode()
    assert client_of(ben).get(path).status_code == 403
    assert client_of(cleo).get(path).status_code == 403
    assert Client().get(path).status_code == 302


def test_deliveries_are_told_in_words():
    from junto.mail.queries import Delivery

    told = Delivery(
        total=2807,
        accepted=2790,
        deferred=12,
        refused=5,
        skipped=0,
        state="on its way",
        first_at=None,
        done_at=None,
        words=[],
    )
    assert queries.deliveries_in_words(told) == "2,790 of 2,807 accepted, 12 deferred, 5 refused"


def test_a_moderator_closes_and_opens_a_discussion(talk, client_of, ada, ben):
    client_of(ada).post(f"{BASE}1/closure/")
    page = client_of(ben).get(f"{BASE}1/").content.decode()
    assert "This discussion is closed" in page
    assert "Reply to everyone" not in page
    assert client_of(ben).post(f"{BASE}1/messages/", {"body": "late"}).status_code == 403
    client_of(ada).post(f"{BASE}1/closure/", {"reopen": "1"})
    assert "Reply to everyone" in client_of(ben).get(f"{BASE}1/").content.decode()


def test_a_member_cannot_close(talk, client_of, ben, cleo, other):
    assert client_of(ben).post(f"{BASE}1/closure/").status_code == 403
    assert client_of(cleo).post(f"{BASE}1/closure/").status_code == 403
    assert client_of(cleo).post("/communities/web-managers/discussions/1/closure/").status_code == 404
    talk.refresh_from_db()
    assert not talk.is_closed


def test_latest_and_unanswered(talk, cop, send, django_assert_num_queries):
    send("no-message-id")
    with django_assert_num_queries(1):
        addresses = [thread.get_absolute_url() for thread in queries.latest_threads(cop, None, 5)]
    assert addresses == [f"{BASE}2/", f"{BASE}1/"]
    assert [thread.number for thread in queries.unanswered(cop)] == [2]


def test_an_empty_archive_invites_members_to_ask(cop, ben, client_of):
    assert "Ask the first question" in client_of(ben).get(BASE).content.decode()
