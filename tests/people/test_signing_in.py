"""Signing in by a code or a link, through the front door."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from junto.audit.models import Entry
from junto.people import actions, letters
from junto.people.models import Address, Person, SignInCode
from junto.people.rules.limits import CODES_PER_EMAIL, CODES_PER_NETWORK

pytestmark = pytest.mark.django_db
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def ask(client, email="ben@epa.gov", **fields):
    return client.post("/sign-in/", {"email": email, **fields})


def words_of(item):
    return re.search(r"\b(\d{4} \d{4})\b", item.letter.text)[1]


def link_of(item):
    return re.search(r"http://testserver(/sign-in/\S+/)", item.letter.text)[1]


def who_is_in(client):
    return Person.objects.filter(pk=client.session.get("_auth_user_id")).first()


def test_code_signs_in(client, ben, posted):
    assert ask(client).url == "/sign-in/code/"
    assert [item.to for item in posted] == ["ben@epa.gov"]
    response = client.post("/sign-in/code/", {"code": words_of(posted[0])})
    assert response.url == "/me/"
    assert who_is_in(client) == ben


@pytest.mark.parametrize("form", [lambda code: code.replace(" ", ""), lambda code: f" {code.replace(' ', '-')} "])
def test_blanks_and_hyphens_in_a_code_do_not_matter(client, ben, posted, form):
    ask(client)
    client.post("/sign-in/code/", {"code": form(words_of(posted[0]))})
    assert who_is_in(client) == ben


def test_code_is_kept_as_a_digest_only(client, ben, posted):
    ask(client)
    words = words_of(posted[0]).replace(" ", "")
    code = SignInCode.objects.get()
    assert words not in str(code.__dict__)
    assert words not in str(list(Entry.objects.values()))
    assert code.asked_from
    assert "127.0.0.1" not in code.asked_from


def test_unknown_address_gets_a_code_too_and_becomes_a_person(client, posted):
    ask(client, "new@somewhere.example.org")
    response = client.post("/sign-in/code/", {"code": words_of(posted[0])})
    assert response.url == "/me/profile/"
    person = who_is_in(client)
    assert person.email == "new@somewhere.example.org"
    assert person.addresses.get().is_proved()


def test_nothing_tells_known_from_unknown_addresses(ben, dov, posted):
    def pages(email):
        client = Client()
        first = ask(client, email)
        second = client.get("/sign-in/code/")
        third = client.post("/sign-in/code/", {"code": "00000000"})
        bodies = [_CSRF.sub("", page.content.decode()).replace(email, "ADDRESS") for page in (second, third)]
        return first.status_code, first.url, *bodies

    answers = {pages(email) for email in ("ben@epa.gov", "dov@contractor.example.com", "nobody@nowhere.example.org")}
    assert len(answers) == 1
    assert len(posted) == 3
    assert len({item.letter.subject[:-9] for item in posted}) == 1


def test_known_and_unknown_addresses_cost_the_same_queries(ben, posted, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = set()
    for email in ("ben@epa.gov", "nobody@nowhere.example.org"):
        with CaptureQueriesContext(connection) as queries:
            ask(Client(), email)
        counts.add(len(queries))
    assert len(counts) == 1


def test_link_signs_in_by_its_button_in_another_browser(client, ben, posted):
    ask(client)
    elsewhere = Client(enforce_csrf_checks=True)
    page = elsewhere.get(link_of(posted[0]))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
    response = elsewhere.post(link_of(posted[0]), {"csrfmiddlewaretoken": token})
    assert response.url == "/me/"
    assert who_is_in(elsewhere) == ben
    assert who_is_in(client) is None


def test_opening_the_link_changes_nothing(client, ben, posted):
    ask(client)
    before = (SignInCode.objects.values().get(), Entry.objects.count(), Person.objects.values().get(pk=ben.pk))
    gateway = Client()
    for _ in range(3):
        assert gateway.get(link_of(posted[0])).status_code == 200
        assert gateway.head(link_of(posted[0])).status_code == 200
    assert who_is_in(gateway) is None
    assert before == (
        SignInCode.objects.values().get(),
        Entry.objects.count(),
        Person.objects.values().get(pk=ben.pk),
    )


def test_code_works_once(client, ben, posted):
    ask(client)
    Client().post(link_of(posted[0]))
    response = client.post("/sign-in/code/", {"code": words_of(posted[0])})
    assert b"used already" in response.content
    assert who_is_in(client) is None
    assert Client().post(link_of(posted[0])).status_code == 410
    assert Client().get(link_of(posted[0])).status_code == 410


def test_code_expires_after_15_minutes(client, ben, posted):
    ask(client)
    SignInCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert b"expired" in client.post("/sign-in/code/", {"code": words_of(posted[0])}).content
    assert Client().get(link_of(posted[0])).status_code == 410
    assert Client().post(link_of(posted[0])).status_code == 410
    assert who_is_in(client) is None


def test_five_wrong_guesses_spend_the_code(client, ben, posted):
    ask(client)
    words = words_of(posted[0])
    wrong = "0000 0000" if words != "0000 0000" else "1111 1111"
    for left in (4, 3, 2, 1):
        assert f"{left} more time" in client.post("/sign-in/code/", {"code": wrong}).content.decode()
    assert b"mistyped too often" in client.post("/sign-in/code/", {"code": wrong}).content
    assert b"no longer good" in client.post("/sign-in/code/", {"code": words}).content
    assert who_is_in(client) is None
    assert Entry.objects.filter(fact="people.code.mistyped").count() == 5


def test_stranger_cannot_spend_the_tries_of_another(client, ben, posted):
    ask(client)
    stranger = Client()
    ask(stranger)
    for _ in range(5):
        stranger.post("/sign-in/code/", {"code": "99999999"})
    client.post("/sign-in/code/", {"code": words_of(posted[0])})
    assert who_is_in(client) == ben


def test_code_page_without_having_asked_leads_to_the_beginning(client, db):
    assert client.get("/sign-in/code/").url == "/sign-in/"


def test_session_key_changes_at_sign_in(client, ben, posted):
    ask(client)
    before = client.session.session_key
    client.post("/sign-in/code/", {"code": words_of(posted[0])})
    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/communities/customer-experience/", "/communities/customer-experience/"),
        ("/search/?q=a&type=b", "/search/?q=a&type=b"),
        ("//evil.example.org/", "/me/"),
        ("https://evil.example.org/", "/me/"),
        ("/\\evil.example.org", "/me/"),
        ("javascript:alert(1)", "/me/"),
        ("me", "/me/"),
        ("/" + "a" * 600, "/me/"),
    ],
)
def test_only_pages_of_this_site_are_gone_on_to(client, ben, posted, wanted, reached):
    ask(client, next=wanted)
    assert client.post("/sign-in/code/", {"code": words_of(posted[0])}).url == reached


def test_next_page_survives_the_form_and_the_first_name(client, posted):
    page = client.get("/sign-in/?next=/communities/x/")
    assert b'name="next" value="/communities/x/"' in page.content
    ask(client, "new@epa.gov", next="/communities/x/")
    response = client.post("/sign-in/code/", {"code": words_of(posted[0])})
    assert response.url == "/me/profile/?next=%2Fcommunities%2Fx%2F"
    saved = client.post("/me/profile/", {"name": "Nia New", "next": "/communities/x/"})
    assert saved.url == "/communities/x/"


def test_signed_in_people_are_sent_on(client_of, ben):
    assert client_of(ben).get("/sign-in/").url == "/me/"


@pytest.mark.parametrize("email", ["", "ben", "ben@", "a b@epa.gov", "ben@epa.gov\r\nBcc: x@y.org"])
def test_what_is_no_address_is_said_to_be_none(client, db, posted, email):
    response = ask(client, email)
    assert response.status_code == 200
    assert posted == []
    assert SignInCode.objects.count() == 0


def test_too_many_codes_for_one_address_are_refused_plainly(ben, posted):
    most = CODES_PER_EMAIL[0][1]
    for n in range(most):
        assert ask(Client(REMOTE_ADDR=f"198.51.100.{n}")).status_code == 302
    response = ask(Client(REMOTE_ADDR="198.51.100.99"))
    assert response.status_code == 429
    assert b"Too many codes were asked for" in response.content
    assert len(posted) == most
    SignInCode.objects.update(made_at=timezone.now() - timedelta(minutes=16))
    assert ask(Client()).status_code == 302


def test_no_code_goes_to_a_list(client, db, posted):
    assert b"address of a mailing list" in ask(client, "cx-cop@lists.example.gov").content
    assert posted == []


def test_limit_is_the_same_for_addresses_that_nobody_has(db, posted):
    for _ in range(CODES_PER_EMAIL[0][1]):
        ask(Client(), "nobody@nowhere.example.org")
    assert ask(Client(), "nobody@nowhere.example.org").status_code == 429


def test_too_many_codes_from_one_network_address_are_refused(db, posted):
    network = Client(REMOTE_ADDR="203.0.113.7")
    most = CODES_PER_NETWORK[0][1]
    for n in range(most):
        ask(network, f"u{n}@epa.gov")
    assert ask(network, "one-more@epa.gov").status_code == 429
    assert ask(Client(REMOTE_ADDR="203.0.113.8"), "one-more@epa.gov").status_code == 302


def test_proxy_is_believed_and_a_browser_is_not(db, posted):
    def network_of(**meta):
        ask(Client(**meta), "a@epa.gov")
        return SignInCode.objects.latest("pk").asked_from

    behind = network_of(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="10.0.0.9, 203.0.113.7")
    assert behind == network_of(REMOTE_ADDR="203.0.113.7")
    assert behind != network_of(REMOTE_ADDR="93.184.216.34", HTTP_X_FORWARDED_FOR="203.0.113.7")


def test_closed_account_is_told_so_and_stays_out(client, ben, posted):
    Person.objects.filter(pk=ben.pk).update(is_active=False)
    ask(client)
    response = client.post("/sign-in/code/", {"code": words_of(posted[0])})
    assert b"This account is closed" in response.content
    assert who_is_in(client) is None


def test_signing_in_proves_the_address_and_is_in_the_book(client, ben, posted):
    Address.objects.update(proved_at=None)
    ask(client)
    client.post("/sign-in/code/", {"code": words_of(posted[0])})
    assert Address.objects.get(email="ben@epa.gov").is_proved()
    facts = set(Entry.objects.values_list("fact", flat=True))
    assert {"people.sign_in.asked", "people.address.proved", "people.person.signed_in"} <= facts


def test_made_up_link_is_refused(client, db):
    assert client.get("/sign-in/1-aaaaaaaaaaaaaaaa/").status_code == 410
    assert client.post("/sign-in/1-aaaaaaaaaaaaaaaa/").status_code == 410


def test_sign_out_is_a_post(client_of, ben):
    client = client_of(ben)
    assert b"Sign out?" in client.get("/sign-out/").content
    assert who_is_in(client) == ben
    assert client.post("/sign-out/").status_code == 302
    assert who_is_in(client) is None


def test_form_has_what_phones_and_password_managers_need(client, ben, posted):
    page = client.get("/sign-in/").content
    assert b'autocomplete="email"' in page
    ask(client)
    page = client.get("/sign-in/code/").content
    assert b'autocomplete="one-time-code"' in page
    assert b'inputmode="numeric"' in page


def test_pages_are_not_kept_by_caches(client, db):
    assert "no-store" in client.get("/sign-in/")["Cache-Control"]


@pytest.mark.parametrize("kind", letters.PREVIEWS)
def test_every_letter_can_be_previewed(kind):
    letter = letters.PREVIEWS[kind]()
    assert letter.kind == kind
    assert letter.subject
    assert "{{" not in letter.text + letter.html
    assert letter.automatic == "auto-generated"


def test_code_for_adding_an_address_does_not_sign_in(client, ben, posted):
    code = actions.add_address(person=ben, email="ben@home.example.org", by=ben)
    session = client.session
    session["people.sign_in"] = {"code": code.pk, "email": code.email}
    session.save()
    response = client.post("/sign-in/code/", {"code": words_of(posted[0])})
    assert b"not known here" in response.content
    assert who_is_in(client) is None
