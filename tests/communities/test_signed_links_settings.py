"""What members change from the links in their messages, without signing in."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from tests.conftest import enroll

from junto.audit.models import Entry
from junto.communities import queries
from junto.communities.models import Delivery, DigestForm, Membership

WHOLE = {
    "delivery": "weekly",
    "digest_form": "mime",
    "digest_hour": "18",
    "digest_weekday": "4",
    "time_zone": "Pacific/Honolulu",
    "wants_receipt": "on",
    "is_concealed": "on",
    "whole": "1",
}


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def mine(cop, ada, ben):
    return lambda: Membership.objects.select_related("person").get(person=ben)


@pytest.fixture
def link(mine):
    return f"/delivery/{queries.membership_token(mine())}/"


def test_one_button_saves_every_setting(browser, link, mine):
    answer = browser.post(link, WHOLE)
    assert answer.status_code == 200
    assert "a digest every week, on Friday at 6 pm (Pacific/Honolulu), with each message attached" in (
        answer.content.decode()
    )
    saved = mine()
    assert (saved.delivery, saved.digest_form, saved.digest_hour, saved.digest_weekday) == (
        Delivery.WEEKLY,
        DigestForm.MIME,
        18,
        4,
    )
    assert (saved.wants_own_posts, saved.wants_receipt, saved.is_concealed) == (False, True, True)
    assert saved.person.time_zone == "Pacific/Honolulu"
    facts = set(Entry.objects.values_list("fact", flat=True))
    assert {"communities.member.delivery_set", "people.person.time_zone_set"} <= facts


def test_the_page_shows_what_is_set(browser, link):
    browser.post(link, WHOLE)
    page = browser.get(link).content.decode()
    assert 'value="weekly"' in page
    for chosen in ('value="mime" selected', 'value="18" selected', 'value="Pacific/Honolulu" selected'):
        assert chosen in page
    assert 'name="is_concealed"' in page


def test_what_an_older_form_does_not_know_stays(browser, link, mine):
    browser.post(link, WHOLE)
    browser.post(link, {"delivery": "each"})
    saved = mine()
    assert saved.delivery == Delivery.EACH
    assert (saved.digest_form, saved.digest_hour, saved.is_concealed) == (DigestForm.MIME, 18, True)
    assert saved.person.time_zone == "Pacific/Honolulu"


@pytest.mark.parametrize(
    "wrong",
    [{"digest_hour": "24"}, {"digest_weekday": "7"}, {"digest_form": "fax"}, {"time_zone": "Mars/Olympus"}],
)
def test_what_is_no_choice_is_refused_and_nothing_is_saved(browser, link, mine, wrong):
    assert browser.post(link, WHOLE | wrong).status_code == 422
    assert mine().delivery == Delivery.EACH


def test_weeks_pause_mail_until_a_day_and_resume_ends_it(browser, link, mine):
    today = timezone.localdate(timezone=ZoneInfo("America/New_York"))
    page = browser.post(f"{link}pause/", {"weeks": "2"}).content.decode()
    day = today + timedelta(days=14)
    assert mine().paused_until == datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("America/New_York"))
    assert f"paused until {day:%B} {day.day}, {day.year}" in page
    assert "Resume mail now" in browser.get(f"{link}pause/").content.decode()
    assert "paused until" in browser.get(link).content.decode()
    assert "Mail comes again" in browser.post(f"{link}pause/", {"resume": "1"}).content.decode()
    assert mine().paused_until is None
    facts = list(Entry.objects.filter(fact__startswith="communities.member.").values_list("fact", flat=True))
    assert facts == ["communities.member.paused", "communities.member.resumed"]


def test_a_pause_until_a_chosen_day(browser, link, mine):
    day = timezone.localdate() + timedelta(days=40)
    assert browser.post(f"{link}pause/", {"weeks": "", "until": day.isoformat()}).status_code == 200
    assert mine().paused_until.astimezone(ZoneInfo("America/New_York")).date() == day


@pytest.mark.parametrize("until", ["2001-01-01", "2199-01-01", "soon", ""])
def test_a_pause_needs_a_day_in_the_next_year(browser, link, mine, until):
    answer = browser.post(f"{link}pause/", {"until": until})
    assert answer.status_code == 422
    assert "usa-alert--error" in answer.content.decode()
    assert mine().paused_until is None


def test_looking_at_the_pages_changes_nothing_and_none_is_kept(browser, link, mine):
    before = Entry.objects.count()
    for path in (link, f"{link}pause/", f"{link}deliveries/"):
        for ask in (browser.get, browser.head):
            answer = ask(path, {"weeks": "1", "resume": "1", "delivery": "none"})
            assert answer.status_code == 200
            assert "no-store" in answer["Cache-Control"]
    assert mine().paused_until is None
    assert Entry.objects.count() == before


def test_a_changed_link_opens_no_page(browser, link):
    token = link.split("/")[2]
    changed = link.replace(token, token[:-1] + ("0" if token[-1] != "0" else "1"))
    for path in (changed, f"{changed}pause/", f"{changed}deliveries/", f"{changed}threads/1/"):
        assert browser.get(path).status_code == 404
        assert browser.post(path, {"weeks": "1", "wish": "mute"}).status_code in {403, 404}


def test_after_leaving_the_links_say_so_and_do_nothing(browser, link, mine, ben):
    browser.post(link.replace("/delivery/", "/unsubscribe/"))
    for path in (f"{link}pause/", f"{link}deliveries/"):
        assert "not a member" in browser.get(path).content.decode()
    browser.post(f"{link}pause/", {"weeks": "1"})
    assert mine().paused_until is None


def test_resuming_after_a_complaint_brings_mail_back(browser, link, mine):
    Membership.objects.update(complained_at=timezone.now())
    assert "reported as spam" in browser.get(link).content.decode()
    browser.post(f"{link}pause/", {"resume": "1"})
    assert mine().complained_at is None


def test_the_community_page_links_a_member_to_the_same_pages(client_of, ben, link):
    page = client_of(ben).get("/communities/customer-experience/").content.decode()
    for path in (link, f"{link}pause/", f"{link}deliveries/"):
        assert f'href="{path}"' in page


def test_the_settings_of_one_list_leave_another_alone(browser, link, ben, other):
    elsewhere = enroll(ben, other)
    browser.post(link, WHOLE)
    browser.post(f"{link}pause/", {"weeks": "1"})
    elsewhere.refresh_from_db()
    assert (elsewhere.delivery, elsewhere.paused_until, elsewhere.is_concealed) == (Delivery.EACH, None, False)
