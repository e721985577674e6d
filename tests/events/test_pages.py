"""Who sees which event, and where: lists, pages, times, the link to join."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from junto.communities.models import Community, Readers, State
from junto.events import actions, queries
from junto.events.models import Audience, Event
from junto.people.models import Person
from tests.conftest import enroll
from tests.events.conftest import LINK, at

LIST = "/communities/customer-experience/events/"
HTML_LINK = LINK.replace("&", "&amp;")


def page(address: str, browser: Client | None = None) -> str:
    answer = (browser or Client()).get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_members_see_what_comes_first_and_then_what_is_over(announced, ben, client_of):
    announced(title="Next week")
    announced(title="Tomorrow", days=1)
    announced(title="Last year", days=-300)
    found = page(LIST, client_of(ben))
    assert found.index("Tomorrow") < found.index("Next week") < found.index("Past events") < found.index("Last year")


def test_strangers_see_public_events_only(announced, eve, client_of):
    announced(title="For members")
    announced(title="For all", audience=Audience.PUBLIC)
    for browser in (Client(), client_of(eve)):
        found = page(LIST, browser)
        assert "For all" in found
        assert "For members" not in found
        assert browser.get(f"{LIST}1/").status_code == 403
        assert browser.get(f"{LIST}1/event.ics").status_code == 403
        assert "For all" in page(f"{LIST}2/", browser)


def test_drafts_are_there_for_managers_alone(draft, ada, ben, client_of):
    draft(title="Not yet")
    assert "Not yet" in page(LIST, client_of(ada))
    for browser in (client_of(ben), Client()):
        assert "Not yet" not in page(LIST, browser)
        for path in ("1/", "1/event.ics"):
            assert browser.get(LIST + path).status_code == 404


def test_a_hidden_community_hides_its_public_events(announced, cop, ben, client_of):
    announced(title="For all", audience=Audience.PUBLIC)
    Community.objects.update(is_hidden=True)
    assert "For all" not in page("/events/")
    assert Client().get(LIST).status_code == 404
    assert Client().get(f"{LIST}1/").status_code == 404
    assert queries.next_public() == []
    assert "For all" in page(LIST, client_of(ben))


def test_where_anybody_reads_anybody_sees_the_events(announced, cop):
    announced(title="Monthly call")
    assert Client().get(f"{LIST}1/").status_code == 403
    Community.objects.update(readers=Readers.PUBLIC)
    assert "Monthly call" in page(f"{LIST}1/")
    assert "Monthly call" in page("/events/")


@pytest.mark.parametrize("audience", Audience.values)
def test_the_link_is_for_members_and_of_public_events_for_government(
    audience, announced, ada, ben, cleo, eve, client_of
):
    announced(audience=audience)
    Community.objects.update(readers=Readers.GOVERNMENT)
    is_public = audience == Audience.PUBLIC
    assert HTML_LINK in page(f"{LIST}1/", client_of(ben))
    assert HTML_LINK in page(f"{LIST}1/", client_of(ada))
    assert (HTML_LINK in page(f"{LIST}1/", client_of(cleo))) is is_public
    if is_public:
        assert "Sign in to see the link" in page(f"{LIST}1/")
        assert HTML_LINK not in page(f"{LIST}1/", client_of(eve))


def test_the_link_is_in_no_list(announced, ada, client_of):
    announced(audience=Audience.PUBLIC)
    for address in (LIST, "/events/", "/communities/customer-experience/"):
        assert LINK.partition("?")[0] not in page(address, client_of(ada))


def test_times_stand_in_the_zone_of_the_event_and_of_the_reader(announced, ben, client_of):
    event = announced(starts_at=at(14), ends_at=at(15))
    told = page(f"{LIST}1/", client_of(ben))
    assert "2:00 p.m.</time> to" in told
    assert "3:00 p.m.</time> Eastern" in told
    assert f'datetime="{event.starts_at.astimezone(event.zone).isoformat(timespec="minutes")}"' in told
    assert "your time" not in told
    Person.objects.filter(pk=ben.pk).update(time_zone="America/Los_Angeles")
    ben.refresh_from_db()
    assert "(11:00 a.m. your time)" in page(f"{LIST}1/", client_of(ben))
    Person.objects.filter(pk=ben.pk).update(time_zone="America/Detroit")
    ben.refresh_from_db()
    assert "your time" not in page(f"{LIST}1/", client_of(ben))


def test_another_day_on_the_clock_of_the_reader_is_named(announced, ben, client_of):
    announced(starts_at=at(20), ends_at=at(21))
    Person.objects.filter(pk=ben.pk).update(time_zone="Asia/Tokyo")
    ben.refresh_from_db()
    there = at(20).astimezone(ZoneInfo("Asia/Tokyo"))
    assert f"({there:%a}, {there:%b} {there.day}, {there.year}, " in page(f"{LIST}1/", client_of(ben))


def test_the_next_events_of_my_communities_are_mine(announced, cop, other, ada, ben, cleo):
    announced(title="Mine", days=2)
    announced(title="Of others", community=other, by=cleo, days=1)
    announced(title="Over", days=-1)
    cancelled = announced(title="Off", days=3)
    actions.cancel(event=cancelled, by=ada)
    assert [event.title for event in queries.next_for(ben)] == ["Mine", "Off"]
    ben.memberships.update(state=State.LEFT)
    assert queries.next_for(ben) == []


def test_the_next_public_events_take_place(announced, other, ada, cleo):
    announced(title="Members")
    announced(title="Public", audience=Audience.PUBLIC, days=4)
    announced(title="Also", audience=Audience.PUBLIC, community=other, by=cleo, days=3)
    actions.cancel(event=announced(title="Off", audience=Audience.PUBLIC), by=ada)
    assert [event.title for event in queries.next_public()] == ["Also", "Public"]
    assert [event.title for event in queries.next_public(1)] == ["Also"]


def test_other_rooms_ask_one_query_each(announced, cop, ben, django_assert_num_queries):
    for n in range(8):
        announced(title=f"Call {n}", audience=Audience.PUBLIC)
    for ask in (lambda: queries.next_public(), lambda: queries.next_for(ben), lambda: queries.next_in(cop)):
        with django_assert_num_queries(1):
            assert [event.get_absolute_url() for event in ask()]


def test_the_front_page_shows_what_comes(announced, ben, client_of):
    front = "/communities/customer-experience/"
    assert "Next events" not in page(front)
    announced(title="For members")
    assert "For members" in page(front, client_of(ben))
    assert "Next events" not in page(front)
    announced(title="For all", audience=Audience.PUBLIC)
    assert "For all" in page(front)


def test_the_front_page_knows_the_clock_of_its_reader(announced, ben, client_of):
    announced()
    Person.objects.filter(pk=ben.pk).update(time_zone="America/Los_Angeles")
    ben.refresh_from_db()
    assert "(11:00 a.m. your time)" in page("/communities/customer-experience/", client_of(ben))


def test_lists_ask_few_queries(announced, cop, ben, client_of, django_assert_max_num_queries):
    browser = client_of(ben)
    for n in range(30):
        announced(title=f"Call {n}", days=n - 15 or 20)
    with django_assert_max_num_queries(8):
        assert page(LIST, browser).count("j-event__title") == 30
    Event.objects.update(audience=Audience.PUBLIC)
    with django_assert_max_num_queries(2):
        page("/events/")


def test_what_is_over_fills_pages(announced):
    for n in range(1, 24):
        announced(title=f"Call {n:02}", days=-n, audience=Audience.PUBLIC)
    first, second = page(LIST), page(f"{LIST}?page=2")
    assert "Call 20" in first
    assert "Call 21" not in first
    assert "Call 21" in second
    assert "Upcoming" not in second
    assert "?page=2" in first
    assert "?page=1" in second


def test_empty_lists_say_what_to_do_next(cop, ada, ben, client_of):
    assert "Write down when and where you meet next" in page(LIST, client_of(ada))
    assert "Start a discussion" in page(LIST, client_of(ben))
    assert "Join the community to see them" in page(LIST)
    assert "Find a community" in page("/events/")


def test_events_of_the_site_have_pages_of_their_own(db, ben, client_of):
    event = Event.objects.create(
        number=3, title="Summit", state="published", starts_at=at(9), ends_at=at(17), link=LINK, audience="public"
    )
    assert event.get_absolute_url() == "/events/3/"
    assert "Summit" in page("/events/")
    assert HTML_LINK not in page("/events/3/")
    assert HTML_LINK in page("/events/3/", client_of(ben))
    assert "BEGIN:VEVENT" in page("/events/3/event.ics")
    assert Client().get("/events/4/").status_code == 404


def test_what_goes_on_just_now_is_not_over(announced):
    now = timezone.now()
    announced(
        title="Now", starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(minutes=5),
        audience=Audience.PUBLIC,
    )  # fmt: skip
    assert [event.title for event in queries.next_public()] == ["Now"]


def test_only_public_pages_may_be_indexed(announced, ben, client_of):
    announced()
    announced(audience=Audience.PUBLIC)
    assert 'content="noindex' in page(f"{LIST}1/", client_of(ben))
    assert 'content="noindex' not in page(f"{LIST}2/")


def test_a_contractor_who_joined_sees_the_link(announced, cop, dov, client_of):
    announced()
    assert client_of(dov).get(f"{LIST}1/").status_code == 403
    enroll(dov, cop)
    assert HTML_LINK in page(f"{LIST}1/", client_of(dov))


def test_search_engines_are_told_of_public_events(announced, draft, django_assert_num_queries):
    announced()
    announced(audience=Audience.PUBLIC)
    draft(audience=Audience.PUBLIC)
    told = Client().get("/sitemap.xml").content.decode()
    assert [f"{LIST}{n}/" in told for n in (1, 2, 3)] == [False, True, False]
    assert "http://testserver/events/</loc>" in told
    with django_assert_num_queries(1):
        assert len(queries.public_addresses()) == 1
