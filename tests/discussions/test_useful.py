"""“Also useful”, follow and mute on the page of a discussion, and what the list shows of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from junto.audit.models import Entry
from junto.communities.models import Readers
from junto.discussions import actions, queries
from junto.discussions.models import Message, Thread, ThreadChoice, UsefulMark
from junto.people.models import Person

pytestmark = pytest.mark.django_db
BASE = "/communities/customer-experience/discussions/"


@pytest.fixture
def talk(send, ada, ben) -> Thread:
    """A question of Ben with an answer of Ada."""
    send("question")
    send("answer")
    return Thread.objects.get()


@pytest.fixture
def answer(talk) -> Message:
    return talk.messages.get(author__email="ada@gsa.gov")


def mark(client, message: Message, useful: str = "1", **how):
    return client.post(f"{BASE}1/messages/{message.pk}/usefulness/", {"useful": useful}, **how)


def test_a_member_marks_once_and_takes_it_back(talk, answer, ben, client_of):
    client = client_of(ben)
    assert mark(client, answer).url.endswith(f"#message-{answer.pk}")
    mark(client, answer)
    answer.refresh_from_db()
    talk.refresh_from_db()
    assert (answer.useful_count, talk.useful_count, UsefulMark.objects.count()) == (1, 1, 1)
    assert "Useful to you" in client.get(f"{BASE}1/").content.decode()
    mark(client, answer, "0")
    answer.refresh_from_db()
    assert answer.useful_count == 0
    assert Entry.objects.filter(fact="discussions.message.found_useful").count() == 1


def test_htmx_gets_the_button_alone(talk, answer, ben, client_of):
    said = mark(client_of(ben), answer, headers={"HX-Request": "true"}).content.decode()
    assert said.count("<button") == 1
    assert 'aria-pressed="true"' in said
    assert "<html" not in said


def test_nobody_marks_what_they_wrote_and_strangers_mark_nothing(talk, answer, ada, cleo, eve, client_of):
    assert mark(client_of(ada), answer).status_code == 403
    assert mark(client_of(cleo), answer).status_code == 403
    assert mark(client_of(eve), answer).status_code == 403
    assert not UsefulMark.objects.exists()


def test_readers_see_how_many_found_it_useful(talk, answer, cop, ben, client_of, client):
    cop.readers = Readers.PUBLIC
    cop.save()
    mark(client_of(ben), answer)
    page = client.get(f"{BASE}1/").content.decode()
    assert "1 person found this useful" in page
    assert "Also useful" not in page


def test_the_list_is_sorted_by_use_and_by_age(talk, answer, cop, ada, ben, client_of):
    second = actions.start(community=cop, subject="The newer one", body="Some words to begin with.", by=ada).thread
    Thread.objects.filter(pk=talk.pk).update(last_at=timezone.now() + timedelta(minutes=5))
    numbers = [one.number for one in queries.threads_page(cop, None, by="newest").rows]
    assert numbers == [second.number, talk.number]
    assert [one.number for one in queries.threads_page(cop, None).rows] == [talk.number, second.number]
    mark(client_of(ben), answer)
    page = client_of(ben).get(f"{BASE}?by=useful").content.decode()
    assert "marked useful once" in page
    assert "The newer one" not in page


def test_an_order_by_use_is_paged_without_gaps(cop, ada):
    at = timezone.now()
    Thread.objects.bulk_create(
        Thread(community=cop, number=n, subject=f"S{n}", started_at=at, last_at=at, useful_count=1 + n % 3)
        for n in range(100, 170)
    )
    seen, older = [], ""
    while True:
        page = queries.threads_page(cop, None, by="useful", older=older)
        seen += [one.number for one in page.rows]
        if not page.older:
            break
        older = page.older.removeprefix("?older=").partition("&")[0]
    assert len(seen) == len(set(seen)) == 70
    back = queries.threads_page(cop, None, by="useful", newer=page.newer.removeprefix("?newer=").partition("&")[0])
    assert [one.number for one in back.rows] == seen[30:60]


def test_an_order_without_marks_says_what_to_do(talk, ben, client_of):
    assert "Nothing was marked as useful yet" in client_of(ben).get(f"{BASE}?by=useful").content.decode()


def test_what_is_new_since_the_last_visit_is_marked(talk, ben, client_of):
    hour = timedelta(hours=1)
    Thread.objects.update(last_at=timezone.now() - 3 * hour)
    Person.objects.filter(pk=ben.pk).update(last_visit_at=timezone.now() - 2 * hour)
    assert "j-thread__new" not in client_of(ben).get(BASE).content.decode()
    Person.objects.filter(pk=ben.pk).update(last_visit_at=timezone.now() - 4 * hour)
    assert "j-thread__new" in client_of(ben).get(BASE).content.decode()


def test_a_member_follows_and_mutes_on_the_page(talk, ben, client_of):
    client = client_of(ben)
    page = client.post(f"{BASE}1/wish/", {"wish": "mute"}, follow=True).content.decode()
    assert "You muted this" in page
    client.post(f"{BASE}1/wish/", {"wish": "follow"})
    assert ThreadChoice.objects.get().wish == "follow"
    client.post(f"{BASE}1/wish/", {"wish": "neither"})
    assert not ThreadChoice.objects.exists()
    assert client.post(f"{BASE}1/wish/", {"wish": "rubbish"}).status_code == 302


def test_authors_are_shown_with_agency_and_role_and_the_type_is_said_once(talk, ada, ben, client_of):
    actions.rename(thread=talk, subject="QUESTION: How do you measure wait times?", by=ada)
    page = client_of(ben).get(f"{BASE}1/").content.decode()
    assert "<h1>How do you measure wait times?</h1>" in page
    assert ">Manager</span>" in page
    assert "GSA" in page
    assert page.count("QUESTION:") == 0
    rows = client_of(ben).get(BASE).content.decode()
    assert ">How do you measure wait times?</a>" in rows
    assert ">How do you measure wait times?</a>" in client_of(ben).get("/").content.decode()


def test_neighbors_lead_on_within_the_zones_of_the_reader(talk, cop, ada, ben, client_of):
    for subject in ("The second one", "The third one"):
        actions.start(community=cop, subject=subject, body="Some words to begin with.", by=ada)
    page = client_of(ben).get(f"{BASE}2/").content.decode()
    assert f'rel="prev" href="{BASE}1/"' in page
    assert f'rel="next" href="{BASE}3/"' in page
