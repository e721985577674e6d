"""Planning, publishing, cancelling and restoring, through the front door and by the book."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from junto.audit.models import Entry
from junto.events import actions
from junto.events.models import Audience, Event, State
from junto.kit.rulings import Refused

LIST = "/communities/customer-experience/events/"
TYPED = {
    "title": "  Monthly\r\ncall ",
    "kind": "webinar",
    "summary": "One case from one agency.",
    "day": "2027-07-08",
    "starts": "14:00",
    "ends": "15:00",
    "time_zone": "America/Los_Angeles",
    "link": "meet.example.gov/j/1",
    "address": "",
    "description": "## Agenda\n\n- **One** case\n\n<script>alert(1)</script>",
    "audience": "readers",
    "source_url": "",
}


def test_a_manager_plans_reads_through_and_publishes(cop, ada, client_of):
    browser = client_of(ada)
    answer = browser.post(f"{LIST}new/", TYPED)
    event = Event.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}1/")
    assert (event.title, event.state, event.link) == ("Monthly call", State.DRAFT, "https://meet.example.gov/j/1")
    assert event.starts_at == datetime(2027, 7, 8, 21, tzinfo=UTC)
    page = browser.get(f"{LIST}1/").content.decode()
    assert "This is a draft" in page
    assert "<strong>One</strong> case" in page
    assert "alert(1)" not in page
    browser.post(f"{LIST}1/publication/")
    event.refresh_from_db()
    assert event.state == State.PUBLISHED
    assert [*Entry.objects.filter(fact__startswith="events.").order_by("pk").values_list("fact", flat=True)] == [
        "events.event.planned",
        "events.event.published",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends": "13:00"}, "The event ends before it starts"),
        ({"day": "2027-02-31"}, "Write the date as year, month and day"),
        ({"day": "0001-01-01"}, "Choose a year between"),
        ({"starts": "noon"}, "Write the time like"),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"source_url": "ftp://example.gov/"}, "Enter a valid URL"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"title": ""}, "Give the event a title."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(changes, words, cop, ada, client_of):
    answer = client_of(ada).post(f"{LIST}new/", TYPED | changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Event.objects.exists()


def test_a_preview_saves_nothing(cop, ada, client_of):
    answer = client_of(ada).post(f"{LIST}new/", TYPED | {"preview": "1"})
    assert "<strong>One</strong> case" in answer.content.decode()
    assert not Event.objects.exists()


def test_an_event_over_midnight_names_its_last_day(cop, ada, client_of):
    client_of(ada).post(f"{LIST}new/", TYPED | {"ends": "01:00", "last_day": "2027-07-09"})
    event = Event.objects.get()
    assert event.ends_at - event.starts_at == timedelta(hours=11)
    form = client_of(ada).get(f"{LIST}1/edit/").content.decode()
    assert 'value="2027-07-09"' in form
    assert 'value="14:00"' in form


def test_numbers_count_in_each_community(draft, other, cleo):
    assert [draft().number, draft().number, draft(community=other, by=cleo).number] == [1, 2, 1]


def test_saved_unchanged_an_event_stays_as_it_is(announced, ada, client_of):
    event = announced()
    shown = client_of(ada).get(f"{LIST}1/edit/").context["form"].initial
    client_of(ada).post(f"{LIST}1/edit/", {name: value or "" for name, value in shown.items()})
    assert Event.objects.get().changed_at == event.changed_at
    assert not Entry.objects.filter(fact="events.event.edited").exists()


def test_only_what_matters_to_a_calendar_raises_the_sequence(announced, ada):
    event = announced()
    assert actions.edit(event=event, title="Call", by=ada).sequence == 0
    later = event.ends_at + timedelta(hours=1)
    assert actions.edit(event=event, ends_at=later, by=ada).sequence == 1
    assert actions.cancel(event=event, by=ada).sequence == 2
    restored = actions.restore(event=event, by=ada)
    assert (restored.sequence, restored.uid) == (3, event.uid)
    assert restored.changed_at > event.changed_at


def test_cancelling_asks_and_says_that_no_mail_goes_out(announced, ada, ben, client_of):
    announced()
    browser = client_of(ada)
    page = browser.get(f"{LIST}1/cancellation/").content.decode()
    assert "Nobody is told by mail yet" in page
    assert Event.objects.get().state == State.PUBLISHED
    browser.post(f"{LIST}1/cancellation/", {"note": "The speaker is ill."})
    seen = client_of(ben).get(f"{LIST}1/").content.decode()
    assert "This event is canceled" in seen
    assert "The speaker is ill." in seen
    browser.post(f"{LIST}1/restoration/")
    assert "canceled" not in client_of(ben).get(f"{LIST}1/").content.decode().lower()
    assert Entry.objects.get(fact="events.event.cancelled").reason == "The speaker is ill."


@pytest.mark.parametrize("deed", ["publish", "cancel", "restore", "edit"])
def test_a_member_does_none_of_it(deed, draft, announced, ada, ben):
    event = draft() if deed == "publish" else announced()
    if deed == "restore":
        actions.cancel(event=event, by=ada)
    more = {"title": "Mine"} if deed == "edit" else {}
    with pytest.raises(Refused):
        getattr(actions, deed)(event=event, by=ben, **more)
    getattr(actions, deed)(event=event, by=ada, **more)


def test_nothing_is_published_cancelled_or_restored_twice(announced, draft, ada):
    event = announced()
    for deed in (actions.publish, actions.restore):
        with pytest.raises(Refused):
            deed(event=event, by=ada)
    with pytest.raises(Refused):
        actions.cancel(event=draft(), by=ada)
    with pytest.raises(Refused, match="over"):
        actions.cancel(event=announced(days=-7), by=ada)


def test_a_closed_community_plans_nothing_new(draft, cop, ada, client_of):
    cop.retired_at = timezone.now()
    cop.save()
    with pytest.raises(Refused, match="closed"):
        draft()
    assert client_of(ada).get(f"{LIST}new/").status_code == 403


def test_a_member_of_another_community_manages_nothing_here(announced, cleo, other, client_of):
    announced(audience=Audience.PUBLIC)
    for path in ("new/", "1/edit/", "1/cancellation/"):
        assert client_of(cleo).get(LIST + path).status_code == 403


def test_the_database_refuses_an_event_that_ends_before_it_starts(draft):
    event = draft()
    event.ends_at = event.starts_at
    with pytest.raises(IntegrityError):
        event.save()


def test_no_field_outside_the_list_is_edited(draft, ada):
    with pytest.raises(TypeError, match="state"):
        actions.edit(event=draft(), state=State.PUBLISHED, by=ada)
