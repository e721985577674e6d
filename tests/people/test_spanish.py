"""Whoever chose Spanish reads Spanish: on the pages that everybody sees, and in the letters of their account."""

from __future__ import annotations

import html
import re
from functools import cache

import polib
import pytest
from django.test import Client
from django.utils import timezone

from junto.config.messages import CATALOGS
from junto.people import actions, letters
from junto.people.models import Way

SHORTEST = 12
_BLANK = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<[^>]*>")
_HIDDEN = re.compile(r"<(style|script|svg)\b.*?</\1>", re.DOTALL)


def test_a_code_comes_in_the_language_of_its_reader_not_of_the_page(ben, posted):
    actions.set_language(person=ben, language="es", by=ben)
    page = Client().post("/sign-in/", {"email": ben.email}, follow=True).content.decode()
    letter = posted[-1].letter
    assert '<html lang="en">' in page
    assert "Enter your code" in page
    assert letter.subject.startswith("Su código para")
    assert "Escríbalo en la página donde lo pidió." in letter.text
    assert '<html lang="es"' in letter.html


def test_somebody_new_gets_the_code_in_the_language_of_the_page(db, posted):
    browser = Client()
    browser.post("/language/", {"language": "es"})
    page = browser.post("/sign-in/", {"email": "new@epa.gov"}, follow=True).content.decode()
    assert "Escriba su código" in page
    assert posted[-1].letter.subject.startswith("Su código para")


def test_whoever_is_known_and_chose_no_language_gets_the_code_in_that_of_the_site(ben, posted):
    browser = Client()
    browser.post("/language/", {"language": "es"})
    browser.post("/sign-in/", {"email": ben.email})
    assert posted[-1].letter.subject.startswith("Your code for")


def test_letters_about_an_account_speak_the_language_of_its_owner(ben):
    ben.language = "es"
    drawn = (
        letters.way_added(ben, what="Laptop", kind=Way.PASSKEY),
        letters.way_removed(ben, what="Login.gov", kind=Way.PROVIDER),
        letters.account_closed(ben, is_free=True),
        letters.account_closed(ben, is_free=False),
    )
    for letter in drawn:
        assert not english_in(letter.subject + "\n" + letter.text), letter.kind
        assert not english_in(words_of(letter.html)), letter.kind


def test_letters_about_an_address_speak_the_language_of_its_owner(ben):
    address = ben.addresses.get()
    address.person.language = "es"
    for letter in (letters.fresh_proof(address), letters.probe(address)):
        assert not english_in(letter.subject + "\n" + letter.text), letter.kind
    day = timezone.localtime(address.proved_at).day
    assert f"confirmada hasta el {day} " in letters.fresh_proof(address).text, "the day is written in Spanish"


@pytest.mark.parametrize(
    "path", ["/", "/sign-in/", "/communities/", "/about/", "/accessibility/", "/events/", "/library/"]
)
def test_pages_for_everybody_have_no_english_sentence(path, db, client):
    assert not english_in(spanish_page(client, path, 200))


def test_the_search_for_english_finds_it(db, client):
    assert "How it works" in english_in(words_of(client.get("/about/").content.decode()))


def test_a_missing_page_is_told_in_spanish(db, client):
    words = spanish_page(client, "/nothing/here/", 404)
    assert "No encontramos esa página" in words
    assert not english_in(words)


def test_a_refusal_is_told_in_spanish(eve, cop, client_of):
    browser = client_of(eve)
    browser.cookies["language"] = "es"
    words = words_of(browser.get("/exceptions/").content.decode())
    assert "No puede hacer esto" in words
    assert not english_in(words)


def test_a_page_that_stood_open_for_too_long_is_told_in_spanish(db):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["language"] = "es"
    answer = browser.post("/sign-in/", {"email": "ben@epa.gov"})
    assert answer.status_code == 403
    assert "La página estuvo abierta demasiado tiempo." in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/me/data/", "/me/data/leaving/", "/me/sign-in/", "/me/addresses/"])
def test_pages_of_a_member_have_no_english_sentence(path, ben, client_of):
    browser = client_of(ben)
    assert not english_in(spanish_page(browser, path, 200))


def test_errors_of_a_form_are_told_in_spanish(db, client):
    client.cookies["language"] = "es"
    words = words_of(client.post("/sign-in/", {"email": "not an address"}).content.decode())
    assert "no es una dirección de correo electrónico" in words
    assert not english_in(words)


def test_the_banner_has_the_words_that_the_government_chose(db, client, settings):
    settings.SHOWS_BANNER = True
    words = spanish_page(client, "/about/", 200)
    assert "Un sitio oficial del Gobierno de Estados Unidos" in words
    assert "Así es como usted puede verificarlo" in words


def spanish_page(browser: Client, path: str, status: int) -> str:
    browser.cookies["language"] = "es"
    answer = browser.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    page = answer.content.decode()
    assert '<html lang="es">' in page
    return words_of(page)


def words_of(page: str) -> str:
    """What can be read on a page, a line for each piece."""
    return html.unescape(re.sub(r"<[^>]*>", "\n", _HIDDEN.sub("", page)))


def english_in(words: str) -> list[str]:
    """The English texts of the catalog that stand in words; of a text with blanks, the pieces between them."""
    plain = " ".join(words.split())
    return [piece for piece in english() if piece in plain]


@cache
def english() -> tuple[str, ...]:
    entries = polib.pofile(str(CATALOGS / "es" / "LC_MESSAGES" / "django.po")).translated_entries()
    return tuple(sorted({piece for entry in entries for piece in _pieces(entry.msgid) if piece not in _spanish(entry)}))


def _pieces(text: str) -> list[str]:
    pieces = (" ".join(piece.split()) for piece in _BLANK.split(text))
    return [piece for piece in pieces if len(piece) >= SHORTEST and " " in piece]


def _spanish(entry: polib.POEntry) -> str:
    return " ".join((entry.msgstr, *entry.msgstr_plural.values()))
