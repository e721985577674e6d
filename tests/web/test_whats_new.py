"""The home of a member: what is new since the last visit, and questions that wait for somebody like them."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from junto.communities.models import Readers
from junto.discussions import actions
from junto.discussions.models import Thread
from junto.people.models import Person
from tests.conftest import enroll


def seen(person: Person, hours_ago: float) -> None:
    Person.objects.filter(pk=person.pk).update(last_seen_at=timezone.now() - timedelta(hours=hours_ago))
    person.refresh_from_db()


def said(community, by, subject, *, days_ago=0.0) -> Thread:
    thread = actions.start(community=community, subject=subject, body="x", by=by).thread
    at = timezone.now() - timedelta(days=days_ago)
    Thread.objects.filter(pk=thread.pk).update(last_at=at, started_at=at)
    thread.refresh_from_db()
    return thread


def home(client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def section(page: str, name: str) -> str:
    """What stands under the heading of this id; empty where there is none."""
    return page.partition(f'<section aria-labelledby="{name}">')[2].partition("</section>")[0]


def test_new_is_what_was_said_since_the_last_visit(cop, ada, ben, client_of):
    said(cop, ada, "Older", days_ago=3)
    said(cop, ada, "Newer", days_ago=1)
    seen(ben, hours_ago=48)
    new = section(home(client_of(ben)), "new")
    assert "Newer" in new
    assert "Older" not in new


def test_it_stays_new_for_the_whole_visit_and_no_longer(cop, ada, ben, client_of):
    said(cop, ada, "Newer", days_ago=1)
    seen(ben, hours_ago=48)
    browser = client_of(ben)
    home(browser)
    assert "Newer" in section(home(browser), "new")
    seen(ben, hours_ago=2)
    home(browser)
    assert "Newer" in section(home(browser), "new")
    seen(ben, hours_ago=5)
    assert "Newer" not in section(home(browser), "new")
    assert "Newer" in section(home(browser), "latest")


def test_a_visit_is_noted_once_an_hour_in_one_update(cop, ben, client_of):
    seen(ben, hours_ago=2)
    browser = client_of(ben)
    with CaptureQueriesContext(connection) as first:
        browser.get("/about/")
    with CaptureQueriesContext(connection) as second:
        browser.get("/about/")
    assert len([one for one in first if one["sql"].startswith("UPDATE")]) == 1
    assert not [one for one in second if one["sql"].startswith("UPDATE")]


def test_strangers_and_signed_links_note_no_visit(cop, ben, client):
    from junto.communities.queries import membership_token

    seen(ben, hours_ago=48)
    before = ben.last_seen_at
    client.get("/")
    client.get(f"/delivery/{membership_token(ben.memberships.get())}/")
    ben.refresh_from_db()
    assert ben.last_seen_at == before


def test_a_busy_database_costs_nobody_their_page(cop, ben, client_of, monkeypatch):
    def busy(*args, **kwargs):
        raise DatabaseError("database is locked")

    monkeypatch.setattr(Person, "objects", SimpleNamespace(note_visit=busy))
    answer = client_of(ben).get("/about/")
    assert answer.status_code == 200


def test_questions_are_of_others_open_and_those_without_a_reply_come_first(cop, ada, ben, other, cleo, client_of):
    enroll(cleo, cop)
    said(cop, ben, "QUESTION: My own?")
    answered = said(cop, ada, "QUESTION: Answered?")
    Thread.objects.filter(pk=answered.pk).update(answered_at=timezone.now())
    with_reply, mine = said(cop, ada, "QUESTION: With a reply?"), said(cop, ada, "QUESTION: With my reply?")
    actions.reply(thread=with_reply, body="Perhaps.", by=cleo)
    actions.reply(thread=mine, body="Yes.", by=ben)
    said(cop, ada, "QUESTION: Nobody yet?", days_ago=2)
    said(cop, ada, "QUESTION: Long ago?", days_ago=400)
    said(other, cleo, "QUESTION: Elsewhere?")
    shown = section(home(client_of(ben)), "questions")
    assert shown.index("Nobody yet?") < shown.index("With a reply?")
    for subject in ("My own?", "Answered?", "With my reply?", "Long ago?", "Elsewhere?"):
        assert subject not in shown, subject


def test_zones_hold_on_the_home_page(cop, ada, dov, client_of):
    enroll(dov, cop)
    thread = said(cop, ada, "QUESTION: For federal people?")
    Thread.objects.filter(pk=thread.pk).update(zone="federal")
    assert "For federal people?" not in home(client_of(dov))


def test_communities_count_what_is_new_in_them(cop, ada, ben, client_of):
    said(cop, ada, "One")
    said(cop, ada, "Two")
    seen(ben, hours_ago=48)
    assert "2 discussions with something new" in section(home(client_of(ben)), "mine")


@pytest.mark.parametrize("communities", [1, 8])
def test_home_asks_at_most_twelve_queries(communities, cop, ada, ben, other, client_of, django_assert_max_num_queries):
    enroll(ben, other, role="manager")
    for n in range(communities):
        said(cop, ada, f"QUESTION: Number {n}?")
    seen(ben, hours_ago=48)
    browser = client_of(ben)
    with django_assert_max_num_queries(12):
        home(browser)


def test_the_home_of_strangers_stays_as_it_is(cop, ada, client):
    cop.readers = Readers.PUBLIC
    cop.save()
    said(cop, ada, "Said in public")
    page = home(client)
    assert "Said in public" in page
    assert 'id="new"' not in page
