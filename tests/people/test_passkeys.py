"""Passkeys, through the front door, with an authenticator in software."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.people.authenticator import PRESENT, Authenticator, decoded, encoded

from junto.audit.models import Entry
from junto.people import rules
from junto.people.models import Attempt, Passkey, Person, SignedIn
from junto.people.rules.signing_in import ATTEMPTS_PER_NETWORK, MOST_PASSKEYS

pytestmark = pytest.mark.django_db
ADD, SIGN_IN = "/me/sign-in/passkeys/", "/sign-in/passkey/"


def add(client, device, *, name="Work laptop"):
    options = client.post(f"{ADD}options/").json()
    return client.post(ADD, {"answer": device.make(options), "name": name})


def sign_in(client, device, **fields):
    options = client.post(f"{SIGN_IN}options/").json()
    return client.post(SIGN_IN, {"answer": device.sign(options), **fields})


def who_is_in(client):
    return Person.objects.filter(pk=client.session.get("_auth_user_id")).first()


@pytest.fixture
def device(ben, posted, client_of):
    """A passkey of Ben’s."""
    device = Authenticator()
    add(client_of(ben), device)
    posted.clear()
    return device


def test_passkey_is_added_and_signs_in_without_an_address(client, ben, posted, client_of):
    device = Authenticator()
    assert add(client_of(ben), device).url == "/me/sign-in/"
    assert ben.passkeys.get().name == "Work laptop"
    assert sign_in(client, device, next="/communities/").url == "/communities/"
    assert who_is_in(client) == ben
    assert ben.passkeys.get().last_used_at is not None
    assert SignedIn.objects.get(person=ben, way="passkey").session_key == client.session.session_key


def test_options_ask_for_a_verified_user_and_a_key_that_needs_no_address(client, ben, client_of):
    options = client_of(ben).post(f"{ADD}options/").json()
    assert options["rp"] == {"id": "testserver", "name": "Junto"}
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert decoded(options["user"]["id"]) != str(ben.pk).encode()
    asked = client.post(f"{SIGN_IN}options/").json()
    assert asked["userVerification"] == "required"
    assert asked.get("allowCredentials", []) == []


def test_owner_gets_a_letter_when_one_is_added_and_when_one_is_removed(ben, posted, client_of):
    client = client_of(ben)
    add(client, Authenticator())
    client.post(f"{ADD}{ben.passkeys.get().pk}/removal/")
    assert [(item.letter.kind, item.to) for item in posted] == [
        ("people.way_added", ben.email),
        ("people.way_removed", ben.email),
    ]
    assert "Work laptop" in posted[0].letter.text
    assert not Passkey.objects.exists()


def test_removed_passkey_signs_nobody_in(client, ben, device, client_of):
    client_of(ben).post(f"{ADD}{ben.passkeys.get().pk}/removal/")
    assert sign_in(client, device).url == "/sign-in/"
    assert who_is_in(client) is None


def test_answer_counts_once(ben, device):
    client = Client()
    answer = device.sign(client.post(f"{SIGN_IN}options/").json())
    client.post(SIGN_IN, {"answer": answer})
    client.post("/sign-out/")
    client.post(SIGN_IN, {"answer": answer})
    assert who_is_in(client) is None


def test_answer_to_another_browser_is_worth_nothing(ben, device):
    theirs, mine = Client(), Client()
    answer = device.sign(theirs.post(f"{SIGN_IN}options/").json())
    mine.post(f"{SIGN_IN}options/")
    mine.post(SIGN_IN, {"answer": answer})
    assert who_is_in(mine) is None


def test_challenge_ends_after_five_minutes(client, ben, device):
    answer = device.sign(client.post(f"{SIGN_IN}options/").json())
    session = client.session
    kept = session["people.passkey.signing_in"]
    session["people.passkey.signing_in"] = {**kept, "at": kept["at"] - rules.CEREMONY_LASTS.total_seconds() - 1}
    session.save()
    client.post(SIGN_IN, {"answer": answer})
    assert who_is_in(client) is None


@pytest.mark.parametrize(
    "fault",
    [
        {"origin": "https://testserver.evil.example.org"},
        {"flags": PRESENT},
        {"owner": encoded(b"somebody else")},
        {"handle": b"never seen here"},
        {"count": -1},
    ],
    ids=["origin", "no verification", "user handle", "unknown key", "counter"],
)
def test_faulty_answers_all_read_the_same(client, ben, device, fault):
    assert sign_in(Client(), device).url == "/me/"
    for name, value in fault.items():
        setattr(device, name, value)
    answer = sign_in(client, device)
    assert who_is_in(client) is None
    assert "could not be confirmed here" in client.get(answer.url).content.decode()


def test_counter_that_does_not_grow_is_in_the_book(client, ben, device):
    sign_in(Client(), device)
    device.count = 0
    sign_in(client, device)
    assert Entry.objects.filter(fact="people.passkey.refused", about_id=str(ben.pk)).count() == 1


@pytest.mark.parametrize("answer", ["", "x", "[]", "{}", '{"id": 3, "response": {}}', '{"id": "a", "response": "b"}'])
def test_nonsense_is_refused_kindly(client, ben, answer, client_of):
    client.post(f"{SIGN_IN}options/")
    assert client.post(SIGN_IN, {"answer": answer}).url == "/sign-in/"
    mine = client_of(ben)
    mine.post(f"{ADD}options/")
    assert mine.post(ADD, {"answer": answer}).url == "/me/sign-in/"
    assert not Passkey.objects.exists()


def test_unverified_user_cannot_add_one(ben, client_of):
    add(client_of(ben), Authenticator(flags=PRESENT))
    assert not Passkey.objects.exists()


def test_known_key_is_not_added_twice(ben, cleo, device, client_of):
    add(client_of(cleo), device)
    assert not cleo.passkeys.exists()
    options = client_of(ben).post(f"{ADD}options/").json()
    assert [one["id"] for one in options["excludeCredentials"]] == [encoded(device.handle)]


def test_one_account_holds_so_many(ben, client_of):
    for number in range(MOST_PASSKEYS):
        Passkey.objects.create(person=ben, name="x", handle=str(number), owner="x", public_key=b"")
    assert client_of(ben).post(f"{ADD}options/").status_code == 409


def test_closed_account_stays_out(client, ben, device):
    Person.objects.filter(pk=ben.pk).update(is_active=False)
    sign_in(client, device)
    assert who_is_in(client) is None


def test_nobody_names_or_removes_the_passkey_of_another(ben, cleo, device, client_of):
    client, pk = client_of(cleo), ben.passkeys.get().pk
    assert client.post(f"{ADD}{pk}/", {"name": "mine"}).status_code == 404
    assert client.post(f"{ADD}{pk}/removal/").status_code == 404
    assert ben.passkeys.get().name == "Work laptop"
    assert client_of(ben).post(f"{ADD}{pk}/", {"name": " Old  laptop "}).url == "/me/sign-in/"
    assert ben.passkeys.get().name == "Old laptop"


def test_a_flood_from_one_network_is_refused_and_read_by_the_script(client):
    within, most = ATTEMPTS_PER_NETWORK[0]
    client.post(f"{SIGN_IN}options/")
    first = Attempt.objects.get()
    Attempt.objects.bulk_create(Attempt(asked_from=first.asked_from, way="passkey") for _ in range(most - 1))
    refused = client.post(f"{SIGN_IN}options/")
    assert refused.status_code == 429
    assert "Wait 15 minutes" in refused.content.decode()
    Attempt.objects.update(made_at=timezone.now() - within - timedelta(seconds=1))
    assert client.post(f"{SIGN_IN}options/").status_code == 200


def test_site_without_a_name_offers_none(client, settings):
    assert "passkeys.js" in client.get("/sign-in/").content.decode()
    settings.SITE_URL = "http://192.0.2.7:8000"
    assert "passkey" not in client.get("/sign-in/").content.decode().lower()


def test_key_and_its_owner_hold_no_private_thing(ben, device):
    kept = ben.passkeys.get()
    assert ben.email not in json.dumps([kept.owner, kept.handle])
    assert b"PRIVATE" not in bytes(kept.public_key)
