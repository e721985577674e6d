"""Choosing the language of the site: in this browser, for letters, and wherever one signs in next."""

from __future__ import annotations

import re

from django.test import Client

from junto.people import actions


def test_a_stranger_chooses_for_this_browser(db):
    browser = Client()
    answer = browser.post("/language/", {"language": "es", "next": "/about/"})
    assert (answer.status_code, answer["Location"]) == (302, "/about/")
    assert '<html lang="es">' in browser.get("/about/").content.decode()


def test_a_language_that_nobody_speaks_here_changes_nothing(client_of, ben):
    browser = client_of(ben)
    answer = browser.post("/language/", {"language": "xx", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    ben.refresh_from_db()
    assert ben.language == ""
    assert '<html lang="en">' in browser.get("/about/").content.decode()


def test_another_site_chooses_for_nobody(client_of, ben):
    browser = client_of(ben)
    for told in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        answer = browser.post("/language/", {"language": "es"}, headers=told)
        assert answer["Location"] == "/"
        assert "language" not in answer.cookies
    ben.refresh_from_db()
    assert ben.language == ""


def test_a_choice_is_kept_with_the_person_for_letters(client_of, ben):
    client_of(ben).post("/language/", {"language": "es"})
    ben.refresh_from_db()
    assert ben.language == "es"


def test_it_comes_along_to_the_next_browser(ben, posted):
    actions.set_language(person=ben, language="es", by=ben)
    browser = Client()
    _sign_in(browser, ben, posted)
    assert browser.cookies["language"].value == "es"


def test_what_a_browser_chose_is_kept_when_somebody_signs_in_there(ben, posted):
    browser = Client()
    browser.post("/language/", {"language": "es"})
    _sign_in(browser, ben, posted)
    ben.refresh_from_db()
    assert ben.language == "es"


def _sign_in(browser, person, posted):
    browser.post("/sign-in/", {"email": person.email})
    browser.post("/sign-in/code/", {"code": re.search(r"\d{4} \d{4}", posted[-1].letter.text)[0]})
