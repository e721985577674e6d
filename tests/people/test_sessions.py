"""Where somebody is signed in, and how long a session lasts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from tests.people.test_signing_in import ask, words_of

from junto.people import actions, tasks
from junto.people.models import Person, SignedIn

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Mobile Safari/604.1"


@pytest.fixture
def signed_in(ben, posted):
    """Signs Ben in with a code, in a browser with this name and network address."""

    def sign_in(browser=FIREFOX, network="203.0.113.77"):
        client = Client(HTTP_USER_AGENT=browser, REMOTE_ADDR=network)
        ask(client)
        client.post("/sign-in/code/", {"code": words_of(posted[-1])})
        return client

    return sign_in


def is_in(client):
    return client.get("/me/sign-in/").status_code == 200


def test_list_says_browser_hour_and_half_an_address(signed_in):
    here, phone = signed_in(), signed_in(IPHONE, "2001:db8:85a3::8a2e:370:7334")
    page = here.get("/me/sign-in/").content.decode()
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert "203.0.x.x" in page
    assert "203.0.113" not in page
    assert "2001:db8:85a3:x" in page
    assert "8a2e" not in page
    assert page.count("This browser") == 1
    assert {one.last_seen_at.minute for one in SignedIn.objects.all()} == {0}
    assert is_in(phone)


def test_edge_is_not_taken_for_chrome(signed_in):
    signed_in(EDGE)
    assert SignedIn.objects.get().browser == "Edge on Windows"


def test_one_other_browser_is_signed_out(signed_in):
    here, there = signed_in(), signed_in(EDGE)
    row = SignedIn.objects.get(browser="Edge on Windows")
    here.post(f"/me/sign-in/browsers/{row.pk}/end/")
    assert is_in(here)
    assert not is_in(there)


def test_all_others_are_signed_out(signed_in):
    here, there, elsewhere = signed_in(), signed_in(EDGE), signed_in(IPHONE)
    page = here.post("/me/sign-in/browsers/others/end/", follow=True).content.decode()
    assert "signed out in 2 other browsers" in page
    assert is_in(here)
    assert not is_in(there)
    assert not is_in(elsewhere)


def test_nobody_signs_another_out(signed_in, cleo, client_of):
    here = signed_in()
    assert client_of(cleo).post(f"/me/sign-in/browsers/{SignedIn.objects.get().pk}/end/").status_code == 404
    client_of(cleo).post("/me/sign-in/browsers/others/end/")
    assert is_in(here)


def test_session_ends_when_it_is_not_used(signed_in, settings, monkeypatch):
    settings.SESSION_IDLE, settings.SESSION_LASTS = timedelta(hours=1), timedelta(days=1)
    here, began = signed_in(), timezone.now()
    _at(monkeypatch, began + timedelta(minutes=50))
    assert is_in(here)
    _at(monkeypatch, began + timedelta(minutes=100))
    assert is_in(here)
    _at(monkeypatch, began + timedelta(minutes=161))
    assert not is_in(here)


def test_session_ends_however_much_it_is_used(signed_in, settings, monkeypatch):
    settings.SESSION_IDLE, settings.SESSION_LASTS = timedelta(hours=1), timedelta(hours=2)
    here, began = signed_in(), timezone.now()
    for minutes in (30, 60, 90, 119):
        _at(monkeypatch, began + timedelta(minutes=minutes))
        assert is_in(here)
    _at(monkeypatch, began + timedelta(minutes=121))
    assert not is_in(here)


def test_most_requests_write_nothing(signed_in, django_assert_num_queries, monkeypatch):
    here = signed_in()
    here.get("/me/sign-in/")
    before = Session.objects.values_list("session_data", "expire_date").get()
    for _ in range(3):
        here.get("/me/sign-in/")
    assert Session.objects.values_list("session_data", "expire_date").get() == before
    _at(monkeypatch, timezone.now() + timedelta(hours=1, minutes=1))
    here.get("/me/sign-in/")
    assert Session.objects.values_list("session_data", "expire_date").get() != before


def test_list_asks_as_many_questions_for_many(signed_in, django_assert_max_num_queries):
    here = signed_in()
    for _ in range(6):
        signed_in(EDGE)
    with django_assert_max_num_queries(9):
        here.get("/me/sign-in/")


def test_signing_out_takes_the_browser_from_the_list(signed_in):
    here, there = signed_in(), signed_in(EDGE)
    there.post("/sign-out/")
    assert "Edge" not in here.get("/me/sign-in/").content.decode()
    SignedIn.objects.update(began_at=timezone.now() - timedelta(hours=1))
    tasks.sweep_codes.call()
    assert SignedIn.objects.count() == 1


def test_closed_account_is_signed_out_everywhere(ben, signed_in):
    here = signed_in()
    actions.close_account(person=Person.objects.get(pk=ben.pk), keeps_name=True, frees_addresses=True, by=ben)
    assert not is_in(here)
    assert not SignedIn.objects.exists()


def _at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
