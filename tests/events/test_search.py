"""Events are found by whoever may see them, and by nobody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from junto.communities.models import Community
from junto.discussions import actions as discussions
from junto.events import actions, indexing
from junto.events.models import Audience, Event
from junto.search.models import IndexedDocument
from tests.events.conftest import LINK


@pytest.fixture
def indexed(announced):
    def make(**fields):
        event = announced(**fields)
        indexing.reindex(event.pk)
        return event

    return make


def finds(browser: Client, words: str, **more: str) -> list[str]:
    results = browser.get("/search/", {"q": words, **more}).context["results"]
    return [hit.url for hit in results.found.hits]


def test_members_find_what_is_for_readers_and_strangers_what_is_public(indexed, ben, eve, client_of):
    mine = indexed(title="Headsets compared").get_absolute_url()
    public = indexed(title="Headsets for all", audience=Audience.PUBLIC).get_absolute_url()
    assert set(finds(client_of(ben), "headsets")) == {mine, public}
    assert finds(Client(), "headsets") == finds(client_of(eve), "headsets") == [public]


def test_public_events_of_a_community_that_is_hidden_now_are_not_found(indexed, ben, client_of):
    public = indexed(title="Headsets", audience=Audience.PUBLIC).get_absolute_url()
    Community.objects.update(is_hidden=True)
    assert finds(Client(), "headsets") == []
    assert finds(client_of(ben), "headsets") == [public]


def test_the_type_event_finds_events_and_threads_that_tell_of_one(indexed, cop, ben, client_of):
    event = indexed(title="Headsets").get_absolute_url()
    discussions.start(community=cop, subject="QUESTION: Headsets?", body="Which?", by=ben)
    assert finds(client_of(ben), "headsets", type="event") == [event]
    page = client_of(ben).get("/search/?q=headsets").content.decode()
    assert "Events" in page


def test_events_are_found_by_their_date(indexed, ben, client_of):
    event = indexed(title="Headsets")
    day = event.starts_at.date()
    assert finds(client_of(ben), "headsets", after=str(day.replace(year=day.year - 1))) == [event.get_absolute_url()]
    assert finds(client_of(ben), "headsets", before=str(day.replace(year=day.year - 1))) == []


def test_the_link_is_not_part_of_the_document(indexed):
    event = indexed(title="Headsets", description="Bring yours", address="Room 7")
    document = indexing.document_of(event)
    assert "Bring yours" in document.text
    assert "Room 7" in document.text
    assert LINK not in document.text


def test_drafts_are_not_found_and_neither_is_what_is_gone(indexed, ada):
    event = indexed(title="Headsets")
    Event.objects.filter(pk=event.pk).update(state="draft")
    indexing.reindex(event.pk)
    assert not IndexedDocument.objects.exists()


def test_each_change_asks_for_the_event_to_be_indexed_again(announced, draft, ada):
    draft()
    assert not DBTaskResult.objects.exists()
    event = announced(title="Old name")
    actions.edit(event=event, title="New name", by=ada)
    assert [task.args_kwargs["args"] for task in DBTaskResult.objects.all()] == [[event.pk], [event.pk]]
