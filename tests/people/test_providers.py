"""Signing in with an account elsewhere, at a real OpenID provider: the whole flow over HTTP, and each way to forge it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from time import time
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from django.test import Client
from tests.people import oidc_server
from tests.people.test_signing_in import words_of

from junto.kit import oidc
from junto.kit.oidc import provider as provider_module
from junto.people.models import Address, Person, ProviderAccount, SignedIn

pytestmark = pytest.mark.django_db
RETURN = "http://testserver/sign-in/provider/return/"
FLO = {"sub": "flo-1", "email": "flo@epa.gov", "email_verified": True, "name": "Flo Fields"}
KEY = oidc_server.new_key()
SECRET = "a secret of thirty-two characters at least"


@pytest.fixture(scope="module")
def running() -> Iterator[oidc_server.Provider]:
    shared = {
        "redirect_uris": [RETURN],
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "post_logout_redirect_uris": ["http://testserver/"],
        "scope": "openid email all_emails profile",
    }
    by_key = {
        **shared,
        "client_id": "urn:gov:gsa:openidconnect:junto",
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": {"keys": [oidc_server.as_jwk(KEY.public_key(), "ours")]},
    }
    by_secret = {**shared, "client_id": "junto", "client_secret": SECRET}
    with oidc_server.provider([by_key, by_secret]) as running:
        yield running


@pytest.fixture
def provider(running, settings, tmp_path, monkeypatch) -> oidc_server.Provider:
    """The provider with its first keys, and this site as it knows it, with a private key."""
    path = tmp_path / "key.pem"
    path.write_text(oidc_server.as_pem(KEY))
    settings.OIDC_ISSUER, settings.OIDC_LABEL = running.issuer, "Login.gov"
    settings.OIDC_CLIENT_ID, settings.OIDC_KEY_FILE = "urn:gov:gsa:openidconnect:junto", str(path)
    settings.OIDC_KEY_ID = "ours"
    settings.OIDC_SCOPES = ["openid", "email", "all_emails", "profile"]
    settings.OIDC_ACR_VALUES = "urn:acr.login.gov:auth-only"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    provider_module.forget()
    running.tell(account=FLO, keys=0, publishes="own")
    return running


def go(client, *, at="/sign-in/provider/", **fields) -> str:
    """Press the button; the address at the provider to which the page goes on."""
    page = client.post(at, fields)
    assert page.status_code == 200, page.url
    return page.context["address"]


def come_back(address: str) -> str:
    """Sign in at the provider as its account of the moment; the address with which it sends the browser back."""
    with httpx.Client() as browser:
        while not address.startswith(RETURN):
            answer = browser.get(address)
            assert answer.is_redirect, answer.text
            address = str(answer.next_request.url)
    return address


def sign_in(client, **fields):
    return client.get(come_back(go(client, **fields)))


def changed(address: str, **parts: str) -> str:
    split = urlsplit(address)
    return split._replace(query=urlencode({**dict(parse_qsl(split.query)), **parts})).geturl()


def who_is_in(client):
    return Person.objects.filter(pk=client.session.get("_auth_user_id")).first()


def told(client, answer) -> str:
    return client.get(answer.url).content.decode()


def test_whole_flow_with_a_private_key_welcomes_somebody_new(client, provider, posted):
    assert sign_in(client, next="/communities/").url == "/communities/"
    flo = who_is_in(client)
    assert (flo.email, flo.name) == ("flo@epa.gov", "Flo Fields")
    assert flo.addresses.get().is_proved()
    assert flo.provider_accounts.get().subject == "flo-1"
    assert SignedIn.objects.get(person=flo).way == "provider"


def test_flow_asks_for_pkce_state_nonce_and_the_level(client, provider):
    asked = dict(parse_qsl(urlsplit(go(client)).query))
    assert asked["code_challenge_method"] == "S256"
    assert asked["acr_values"] == "urn:acr.login.gov:auth-only"
    assert asked["scope"] == "openid email all_emails profile"
    assert len(asked["state"]) >= 22
    assert len(asked["nonce"]) >= 22
    assert asked["redirect_uri"] == RETURN


def test_flow_works_with_a_secret(client, provider, settings):
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET, settings.OIDC_KEY_FILE = "junto", SECRET, ""
    sign_in(client)
    assert who_is_in(client).email == "flo@epa.gov"


def test_the_second_time_the_subject_decides_and_not_the_address(client, provider):
    sign_in(Client())
    provider.tell(account={**FLO, "email": "flo@gsa.gov"})
    sign_in(client)
    flo = who_is_in(client)
    assert Person.objects.count() == 1
    assert set(flo.addresses.values_list("email", flat=True)) == {"flo@epa.gov", "flo@gsa.gov"}


def test_every_address_verified_there_is_proved_here(client, provider):
    emails = ["flo@private.example.com", "flo@epa.gov", "not an address", "cx-cop@lists.example.gov"]
    provider.tell(account={**FLO, "email": emails[0], "all_emails": emails})
    sign_in(client)
    proved = {one.email for one in who_is_in(client).addresses.all() if one.is_proved()}
    assert proved == {"flo@private.example.com", "flo@epa.gov"}


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_unverified_address_counts_for_nothing(client, provider, verified):
    provider.tell(account={**FLO, "email_verified": verified, "all_emails": ["flo@epa.gov"]})
    answer = sign_in(client)
    assert "has verified no email address" in told(client, answer)
    assert not Person.objects.exists()


def test_address_of_another_account_is_asked_about_and_then_joined(client, provider, ben, posted):
    provider.tell(account={**FLO, "email": "ben@epa.gov", "all_emails": ["ben@epa.gov", "ben@private.example.com"]})
    assert sign_in(client).url == "/sign-in/claim/"
    assert who_is_in(client) is None
    assert not ProviderAccount.objects.exists()
    assert "You have an account here already" in client.get("/sign-in/claim/").content.decode()
    assert client.post("/sign-in/claim/").url == "/sign-in/code/"
    assert client.post("/sign-in/code/", {"code": words_of(posted[-1])}).url == "/sign-in/claim/"
    assert not ProviderAccount.objects.exists()
    assert client.post("/sign-in/claim/").url == "/me/sign-in/"
    assert ProviderAccount.objects.get().person == ben
    assert set(ben.addresses.values_list("email", flat=True)) == {"ben@epa.gov", "ben@private.example.com"}
    assert posted[-1].letter.kind == "people.way_added"
    provider.tell(account={**FLO, "email": "ben@epa.gov"})
    later = Client()
    sign_in(later)
    assert who_is_in(later) == ben


def test_whoever_signs_in_as_somebody_else_joins_nothing(client, provider, ben, cleo):
    provider.tell(account={**FLO, "email": "ben@epa.gov"})
    sign_in(client)
    client.force_login(cleo)
    session = client.session
    session["people.claim"] = _claim(ben)
    session.save()
    assert "None of the addresses" in client.post("/sign-in/claim/").content.decode()
    assert not ProviderAccount.objects.exists()


def _claim(ben):
    claims = {"issuer": "x", "subject": "flo-1", "emails": [ben.email], "name": ""}
    return {"claims": claims, "email": ben.email, "next": "", "at": time()}


def test_somebody_who_only_stood_on_a_list_is_let_in(client, provider, epa):
    waiting = Person.objects.create(email="flo@epa.gov", agency=epa)
    Address.objects.create(person=waiting, email="flo@epa.gov")
    sign_in(client)
    assert who_is_in(client) == waiting


def test_verified_address_of_another_account_stays_there(client, provider, ben):
    sign_in(Client())
    provider.tell(account={**FLO, "all_emails": ["flo@epa.gov", "ben@epa.gov"]})
    sign_in(client)
    assert Address.objects.get(email="ben@epa.gov").person == ben


def test_account_is_added_and_removed_on_ones_page(provider, ben, posted, client_of):
    client = client_of(ben)
    assert client.get(come_back(go(client, at="/me/sign-in/provider/"))).url == "/me/sign-in/"
    account = ben.provider_accounts.get()
    client.post(f"/me/sign-in/provider/{account.pk}/removal/")
    assert not ProviderAccount.objects.exists()
    kinds = {(item.letter.kind, item.to) for item in posted}
    assert {("people.way_added", ben.email), ("people.way_removed", ben.email)} <= kinds


def test_account_that_signs_in_somebody_else_is_not_added(provider, ben, client_of):
    sign_in(Client())
    client = client_of(ben)
    answer = client.get(come_back(go(client, at="/me/sign-in/provider/")))
    assert "signs in somebody else" in told(client, answer)
    assert not ben.provider_accounts.exists()


def refused(client, answer, caplog, reason) -> None:
    assert who_is_in(client) is None
    assert "Login.gov did not confirm who you are" in told(client, answer)
    assert reason in caplog.text
    assert not Person.objects.exists()


def test_token_of_another_sign_in_is_refused(client, provider, caplog):
    answer = client.get(come_back(changed(go(client), nonce="n" * 43)))
    refused(client, answer, caplog, "(nonce)")


def test_code_that_was_asked_with_another_challenge_is_refused(client, provider, caplog):
    answer = client.get(come_back(changed(go(client), code_challenge="c" * 43)))
    refused(client, answer, caplog, "answered 400 invalid_grant")


def test_signature_by_a_key_of_somebody_else_is_refused(client, provider, caplog):
    provider.tell(publishes="stranger")
    refused(client, sign_in(client), caplog, "InvalidSignatureError")


def test_return_from_another_provider_is_refused(client, provider, caplog):
    back = changed(come_back(go(client)), iss="https://evil.example.org")
    refused(client, client.get(back), caplog, "(iss)")


def test_return_without_its_issuer_is_refused(client, provider, caplog):
    split = urlsplit(come_back(go(client)))
    parts = {name: value for name, value in parse_qsl(split.query) if name != "iss"}
    refused(client, client.get(split._replace(query=urlencode(parts)).geturl()), caplog, "(iss)")


def test_wrong_state_is_refused(client, provider, caplog):
    refused(client, client.get(changed(come_back(go(client)), state="s" * 43)), caplog, "the state is not")


def test_return_counts_once_and_in_one_browser(client, provider):
    back = come_back(go(client))
    client.get(back)
    assert who_is_in(client) is not None
    client.post("/sign-out/")
    assert "opened twice" in told(client, client.get(back))
    assert who_is_in(client) is None
    stranger = Client()
    stranger.get(come_back(go(client)))
    assert who_is_in(stranger) is None


def test_no_from_the_provider_is_said_kindly(client, provider, caplog):
    state = dict(parse_qsl(urlsplit(go(client)).query))["state"]
    back = f"{RETURN}?{urlencode({'error': 'access_denied', 'state': state, 'iss': provider.issuer})}"
    refused(client, client.get(back), caplog, "access_denied")


def test_rotated_keys_are_asked_for_again(client, provider, monkeypatch):
    sign_in(Client())
    monkeypatch.setattr(provider_module, "ASKED_AGAIN_AFTER", 0.0)
    provider.tell(keys=1)
    sign_in(client)
    assert who_is_in(client).email == "flo@epa.gov"


def test_unknown_keys_make_the_site_ask_only_once_in_a_while(client, provider, caplog, monkeypatch):
    sign_in(Client())
    provider.tell(keys=1)
    sign_in(client)
    assert who_is_in(client) is None
    assert "a key that the provider does not publish" in caplog.text


def test_provider_that_is_away_is_said_kindly(client, provider, settings, caplog):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    answer = client.post("/sign-in/provider/")
    assert answer.url == "/sign-in/"
    refused(client, answer, caplog, "gave no answer")


def test_provider_with_another_name_is_refused(client, provider, settings, caplog):
    settings.OIDC_ISSUER = provider.issuer + "/"
    refused(client, client.post("/sign-in/provider/"), caplog, "JUNTO_OIDC_ISSUER must be the same")


def test_log_and_database_hold_no_secret(client, provider, settings, caplog):
    caplog.set_level(logging.INFO)
    back = come_back(go(client))
    caplog.clear()
    client.get(back)
    assert who_is_in(client)
    code = dict(parse_qsl(urlsplit(back).query))["code"]
    assert code not in caplog.text
    assert "eyJ" not in caplog.text
    assert "eyJ" not in str(dict(client.session))
    assert "PRIVATE" not in repr(oidc.Client("i", "c", "r", (), key=oidc_server.as_pem(KEY)))


def test_signing_out_leads_to_the_provider_as_well(client, provider):
    sign_in(client)
    page = client.post("/sign-out/").content.decode()
    assert who_is_in(client) is None
    assert f"{provider.issuer}/session/end?client_id=" in page
    assert "post_logout_redirect_uri=http%3A%2F%2Ftestserver%2F" in page


def test_who_came_by_code_is_not_sent_to_the_provider(provider, ben, client_of):
    assert client_of(ben).post("/sign-out/").url == "/"


def test_without_settings_there_is_no_button_and_no_way(client, db, settings):
    settings.OIDC_ISSUER = ""
    assert "/sign-in/provider/" not in client.get("/sign-in/").content.decode()
    assert client.post("/sign-in/provider/").url == "/sign-in/"
