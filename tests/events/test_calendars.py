"""Calendars: what the format (RFC 5545) asks for, who finds what in them, and at which address."""

from __future__ import annotations

from datetime import UTC, datetime

import icalendar
import pytest
from django.test import Client

from junto.communities.models import Community, Membership, Readers, State
from junto.discussions.queries import private_path
from junto.events import actions, queries
from junto.events.models import Audience, Event
from junto.people.models import Person
from tests.events.conftest import LINK

LIST = "/communities/customer-experience/events/"
CALENDAR = f"{LIST}calendar.ics"


def own_calendar(person: Person) -> str:
    return queries.private_calendar_path(Membership.objects.get(person=person))


def raw(address: str, browser: Client | None = None) -> bytes:
    answer = (browser or Client()).get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return answer.content


def read(address: str, browser: Client | None = None) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(raw(address, browser))


def titles(address: str, browser: Client | None = None) -> set[str]:
    return {str(event["SUMMARY"]) for event in read(address, browser).events}


def test_an_event_has_what_the_format_asks_for(announced, ben, client_of):
    event = announced(
        title="Monthly call; one case, one agency",
        starts_at=datetime(2027, 7, 8, 18, tzinfo=UTC),
        ends_at=datetime(2027, 7, 8, 19, tzinfo=UTC),
        description="**Bring** a case",
    )
    text = raw(f"{LIST}1/event.ics", client_of(ben)).decode()
    assert "DTSTART;TZID=America/New_York:20270708T140000\r\n" in text
    assert "SUMMARY:Monthly call\\; one case\\, one agency\r\n" in text
    assert f"DTSTAMP:{event.changed_at:%Y%m%dT%H%M%SZ}\r\n" in text
    found = read(f"{LIST}1/event.ics", client_of(ben)).events[0]
    assert (str(found["UID"]), int(found["SEQUENCE"]), str(found["STATUS"])) == (event.uid, 0, "CONFIRMED")
    assert str(found["URL"]) == f"http://testserver{LIST}1/"
    assert found.end.astimezone(UTC) == event.ends_at
    assert "Bring a case" in str(found["DESCRIPTION"])


def test_the_rules_of_each_zone_come_with_it(announced, ben, client_of):
    announced(time_zone="America/New_York")
    announced(time_zone="Europe/Berlin")
    announced(time_zone="UTC")
    found = read(CALENDAR, client_of(ben))
    assert {str(zone["TZID"]) for zone in found.timezones} == {"America/New_York", "Europe/Berlin"}
    text = raw(CALENDAR, client_of(ben)).decode()
    assert text.count("BEGIN:DAYLIGHT") >= 2
    assert any(line.startswith("DTSTART:") and line.endswith("Z") for line in text.split("\r\n"))


def test_lines_are_short_and_end_as_the_format_says(announced, cop):
    announced(title="Überlänge " * 15, summary="é" * 400, audience=Audience.PUBLIC)
    content = raw(CALENDAR)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert {event["SUMMARY"] for event in read(CALENDAR).events} == {("Überlänge " * 15).strip()}


def test_what_is_typed_adds_no_property(announced):
    Community.objects.update(name="CX; all, of us", summary="One\r\nATTENDEE:mailto:eve@x.gov, two")
    announced(title="Call\r\nATTENDEE:mailto:eve@x.gov", summary="a\x07b\nBEGIN:VALARM", audience=Audience.PUBLIC)
    lines = raw(CALENDAR).split(b"\r\n")
    assert not [line for line in lines if line.startswith((b"ATTENDEE", b"BEGIN:VALARM"))]
    assert b"\x07" not in raw(CALENDAR)
    assert b"X-WR-CALNAME:CX\\; all\\, of us: events" in lines


def test_a_cancelled_event_says_so_with_a_higher_sequence(announced, ada):
    event = announced(audience=Audience.PUBLIC)
    actions.cancel(event=event, note="The speaker is ill.", by=ada)
    found = read(CALENDAR).events[0]
    assert (str(found["UID"]), str(found["STATUS"]), int(found["SEQUENCE"])) == (event.uid, "CANCELLED", 1)
    assert "The speaker is ill." in str(found["DESCRIPTION"])


def test_a_calendar_names_itself_and_when_to_ask_again(announced):
    announced(audience=Audience.PUBLIC)
    text = raw(CALENDAR).decode()
    for line in ("VERSION:2.0", "X-WR-CALNAME:Customer Experience: events", "X-PUBLISHED-TTL:PT6H"):
        assert f"{line}\r\n" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in text
    assert "METHOD" not in text


def test_each_sees_in_the_calendar_what_they_see_on_the_page(announced, draft, ben, eve, client_of):
    announced(title="Members")
    announced(title="Public", audience=Audience.PUBLIC)
    draft(title="Draft")
    assert titles(CALENDAR) == titles(CALENDAR, client_of(eve)) == {"Public"}
    assert titles(CALENDAR, client_of(ben)) == titles(own_calendar(ben)) == {"Members", "Public"}


def test_the_link_to_join_is_in_the_calendar_of_members_only(announced, ben):
    announced(audience=Audience.PUBLIC)
    assert LINK.encode() not in raw(CALENDAR).replace(b"\r\n ", b"")
    found = read(own_calendar(ben)).events[0]
    assert (str(found["CONFERENCE"]), str(found["LOCATION"])) == (LINK, LINK)
    assert found["CONFERENCE"].params["FEATURE"] == ["AUDIO", "VIDEO"]
    assert read(CALENDAR).events[0]["LOCATION"] == "Online"


def test_a_changed_address_opens_nothing(announced, ben):
    address = own_calendar(ben)
    for wrong in (address.replace("/feeds/", "/feeds/1"), "/feeds/x/calendar.ics"):
        assert Client().get(wrong).status_code == 404


@pytest.mark.parametrize("state", [State.LEFT, State.REMOVED])
def test_a_calendar_ends_with_the_membership(state, announced, ben):
    address = own_calendar(ben)
    Membership.objects.filter(person=ben).update(state=state)
    assert Client().get(address).status_code == 410


def test_a_new_key_ends_feed_and_calendar(announced, ben, client_of):
    before = (own_calendar(ben), private_path(Membership.objects.get(person=ben)))
    client_of(ben).post("/communities/customer-experience/discussions/feed/address/")
    assert [Client().get(address).status_code for address in before] == [404, 404]
    assert Client().get(own_calendar(ben)).status_code == 200


def test_whoever_has_it_already_is_told_so(announced, ada):
    event = announced(audience=Audience.PUBLIC)
    tag = Client().get(CALENDAR)["ETag"]
    assert Client().get(CALENDAR, headers={"If-None-Match": tag}).status_code == 304
    actions.edit(event=event, audience=Audience.READERS, by=ada)
    assert Client().get(CALENDAR, headers={"If-None-Match": tag}).status_code == 200


def test_no_shared_cache_keeps_what_is_private(announced, ben, client_of):
    announced()
    assert "private" in Client().get(own_calendar(ben))["Cache-Control"]
    assert "private" in client_of(ben).get(CALENDAR)["Cache-Control"]
    assert "private" in client_of(ben).get(f"{LIST}1/event.ics")["Cache-Control"]


def test_a_calendar_asks_few_queries(announced, cop, cleo, ben, client_of, django_assert_max_num_queries):
    for n in range(12):
        announced(title=f"Call {n}", audience=Audience.PUBLIC)
    own = own_calendar(ben)
    with django_assert_max_num_queries(3):
        raw(own)
    browser = client_of(cleo)
    with django_assert_max_num_queries(6):
        raw(CALENDAR, browser)


def test_a_calendar_without_events_is_a_calendar(cop):
    assert titles(CALENDAR) == set()


def test_members_find_their_own_address_and_others_the_public_one(announced, cop, ben, client_of):
    told = client_of(ben).get(f"{LIST}subscription/").content.decode()
    assert f"http://testserver{own_calendar(ben)}" in told
    assert "Make a new one" in told
    strangers = Client().get(f"{LIST}subscription/").content.decode()
    assert f"http://testserver{CALENDAR}" in strangers
    assert "/feeds/" not in strangers
    Community.objects.update(readers=Readers.PUBLIC)
    assert "It shows all events" in Client().get(f"{LIST}subscription/").content.decode()


def test_uids_differ_and_stay(announced):
    assert announced().uid != announced().uid
    assert {event.uid for event in Event.objects.all()} == {event.uid for event in Event.objects.all()}
