"""Passkeys with Chromium’s virtual authenticator, and an account at a real OpenID provider, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import WIDTHS, assert_accessible, chromium, window
from tests.journeys.running import Program
from tests.journeys.test_browser import _click, _code, _letter, _newest, _sign_in
from tests.people import oidc_server

pytestmark = pytest.mark.journey
KEY = oidc_server.new_key()
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Site:
    program: Program
    provider: oidc_server.Provider


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The program under a name, as passkeys need one, with a provider that knows it by its key."""
    home = tmp_path_factory.mktemp("home")
    (home / "key.pem").write_text(oidc_server.as_pem(KEY))
    program = Program(home, 0, {"JUNTO_RELAY_URL": "outbox:", "JUNTO_DEBUG": "off"})
    program.site = f"http://localhost:{program.web_port}"
    with oidc_server.provider([_client(program.site)]) as provider:
        program.settings |= {
            "JUNTO_SITE_URL": program.site,
            "JUNTO_OIDC_ISSUER": provider.issuer,
            "JUNTO_OIDC_LABEL": "Login.gov",
            "JUNTO_OIDC_CLIENT_ID": "junto",
            "JUNTO_OIDC_KEY_FILE": str(home / "key.pem"),
            "JUNTO_OIDC_SCOPES": "openid email all_emails",
            "NO_PROXY": "127.0.0.1",
        }
        program.python("from junto.config.command.ground import migrate; migrate()")
        for email, name in (("ada@gsa.gov", "Ada Alvarez"), ("ben@epa.gov", "Ben Brooks")):
            program.python(f"from junto.people import actions; actions.welcome(email={email!r}, name={name!r})")
        program.start()
        yield Site(program, provider)
        program.end()


def _client(site: str) -> dict[str, object]:
    return {
        "client_id": "junto",
        "redirect_uris": [f"{site}/sign-in/provider/return/"],
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "post_logout_redirect_uris": [f"{site}/"],
        "scope": "openid email all_emails",
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": {"keys": [oidc_server.as_jwk(KEY.public_key(), "ours")]},
    }


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_passkey_is_added_signs_in_and_is_removed(site: Site, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(site.program.site + "/sign-in/?next=/me/sign-in/")
    _sign_in(site.program, page, "ada@gsa.gov", is_checked=False)

    page.get_by_label("Name of the new passkey").fill("Work laptop")
    _click(page, "button", "Add a passkey")
    page.get_by_text("signs you in from now on").wait_for()
    assert page.get_by_text("Work laptop", exact=True).is_visible()

    _sign_out(page)
    page.goto(site.program.site + "/sign-in/?next=/me/sign-in/")
    _click(page, "button", "Sign in with a passkey")
    page.get_by_text("With a passkey", exact=True).wait_for()

    page.get_by_role("link", name=re.compile("^Remove.*Work laptop$")).click()
    _click(page, "button", "Remove")
    assert page.get_by_text("You have none yet").is_visible()
    _sign_out(page)
    page.goto(site.program.site + "/sign-in/")
    _click(page, "button", "Sign in with a passkey")
    page.get_by_text("could not be confirmed here").wait_for()
    context.close()


def test_whoever_has_no_passkey_is_told_beside_the_button(site: Site, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**AUTHENTICATOR, "isUserVerified": False}})
    page.goto(site.program.site + "/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("No passkey was used").wait_for()
    context.close()


def test_account_elsewhere_is_joined_by_a_code_and_signs_out_there_too(site: Site, browser: Browser) -> None:
    _say_who(site, sub="ben-1", email="ben@mail.example.com", all_emails=["ben@mail.example.com", "ben@epa.gov"])
    context = window(browser)
    page = context.new_page()
    page.goto(site.program.site + "/sign-in/")
    _sign_in(site.program, page, "ben@epa.gov")
    _sign_out(page)
    context.clear_cookies()

    page.goto(site.program.site + "/sign-in/")
    _click(page, "button", "Sign in with Login.gov")
    page.wait_for_url("**/sign-in/claim/")
    _check(page)
    before = _newest(site.program)
    _click(page, "button", "Send me a code")
    letter = _letter(site.program, context, to="ben@epa.gov", about="code", after=before)
    page.get_by_label("Code").fill(_code(letter))
    _click(page, "button", "Sign in")
    page.wait_for_url("**/sign-in/claim/")
    _check(page)
    _click(page, "button", "Use Login.gov")
    assert page.get_by_text("You sign in with Login.gov.").is_visible()
    page.goto(site.program.site + "/me/")
    assert page.get_by_text("ben@mail.example.com").first.is_visible()

    _sign_out(page)
    page.goto(site.program.site + "/sign-in/?next=/me/sign-in/")
    _click(page, "button", "Sign in with Login.gov")
    page.get_by_text("With an account elsewhere", exact=True).wait_for()
    _sign_out(page)
    assert page.get_by_role("link", name="Sign out of Login.gov").is_visible()
    _check(page)
    context.close()


def test_without_scripts_the_provider_signs_in(site: Site, browser: Browser) -> None:
    _say_who(site, sub="flo-1", email="flo@epa.gov")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.program.site + "/sign-in/")
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    _click(page, "button", "Sign in with Login.gov")
    page.wait_for_url("**/me/profile/")
    page.goto(site.program.site + "/me/")
    assert page.get_by_text("flo@epa.gov").first.is_visible()
    context.close()


def _say_who(site: Site, **account: object) -> None:
    site.provider.tell(account={"email_verified": True, **account})


def _sign_out(page: Page) -> None:
    page.locator("header summary:visible").last.click()
    page.locator("header").get_by_role("button", name="Sign out").locator("visible=true").click()


def _check(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
