"""The real program in a real browser: the journey of a member, every page for every reader, keyboard, and no scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver, resolve
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import WIDTHS, assert_accessible, chromium, faults, faults_in_the_dark, window
from tests.journeys.running import Program, wait_until
from tests.journeys.walks import ELSEWHERE, FRONT, NO_PAGES, WALKS

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, dict[str, Any]]]:
    program = Program(tmp_path_factory.mktemp("home"), 0, {"JUNTO_RELAY_URL": "outbox:", "JUNTO_DEBUG": "off"})
    told = program.home / "facts.json"
    program.python(f"from tests.journeys import scene; scene.make({str(told)!r})")
    facts = json.loads(told.read_text())
    program.start()
    yield program, facts
    program.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("role", WALKS)
def test_every_page_is_accessible_to(role: str, site: tuple[Program, dict[str, Any]], browser: Browser) -> None:
    program, facts = site
    context = window(browser)
    if role in facts["sessions"]:
        context.add_cookies([{"name": "sessionid", "value": facts["sessions"][role], "url": program.site}])
    page, found = context.new_page(), []
    for path in _walk(role, facts):
        answer = page.goto(program.site + path)
        assert answer is not None
        if answer.status >= 500:
            found.append(f"{path}: {answer.status}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{path} at {width}: {fault}" for fault in faults(page)]
            found += [f"{path} at {width} in the dark: {fault}" for fault in faults_in_the_dark(page)]
    context.close()
    assert not found, "\n".join(found)


def test_the_walk_leaves_no_page_out(site: tuple[Program, dict[str, Any]]) -> None:
    """A new page fails here until somebody walks it: add it to WALKS."""
    walked = {_name_of(path) for role in WALKS for path in _walk(role, site[1])}
    assert _names() - walked - ELSEWHERE - NO_PAGES == set()


@pytest.mark.parametrize("width", WIDTHS)
def test_join_confirm_post_read_search_leave(
    width: int, site: tuple[Program, dict[str, Any]], browser: Browser
) -> None:
    program, _ = site
    context = window(browser, width=width)
    page = context.new_page()
    subject = f"QUESTION: Which headset works at {width} pixels?"

    page.goto(program.site + FRONT)
    _join(program, page)
    _post(page, subject)
    assert subject in _letter(program, context, to="ben@epa.gov", about=f"Which headset works at {width}")
    page.get_by_label("Your message").fill("Found one: the gray one.")
    _click(page, "button", "Send the reply")
    assert page.locator(".j-message").count() == 2
    _find(page, f"headset {width}")
    assert page.locator("h1").inner_text() == subject.removeprefix("QUESTION: ")
    _leave(page)
    page.goto(program.site + FRONT + "discussions/")
    assert page.get_by_text("Only members may read").is_visible()
    assert_accessible(page)
    context.close()


def test_whoever_asks_by_mail_confirms_with_a_button(site: tuple[Program, dict[str, Any]], browser: Browser) -> None:
    program, _ = site
    program.mail(
        sender="nadia.new@epa.gov",
        to="cx-cop-subscribe-request@lists.example.gov",
        content="From: Nadia New <nadia.new@epa.gov>\nTo: cx-cop-subscribe-request@lists.example.gov\nSubject: hello\n\n\n",
    )
    context = window(browser)
    page = context.new_page()
    letter = _letter(program, context, to="nadia.new@epa.gov", about="")
    link = re.search(r"https?://\S+/confirm/[^\s/]+/", letter)
    assert link, letter
    page.goto(link.group(0))
    assert_accessible(page)
    page.get_by_text("I accept the guidelines").click()
    _click(page, "button", "Join")
    assert_accessible(page)
    assert "Customer Experience" in page.locator("main").inner_text()
    context.close()


def test_a_second_address_is_added_with_a_code(site: tuple[Program, dict[str, Any]], browser: Browser) -> None:
    program, facts = site
    context = window(browser)
    context.add_cookies([{"name": "sessionid", "value": facts["sessions"]["member"], "url": program.site}])
    page = context.new_page()
    page.goto(program.site + "/me/addresses/")
    page.locator("main [type=email]").fill("ben.brooks@epa.gov")
    page.locator("main form button").first.click()
    page.wait_for_url("**/me/addresses/code/")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
    page.get_by_label("Code").fill(_code(_letter(program, context, to="ben.brooks@epa.gov", about="")))
    page.locator("main form button").first.click()
    page.wait_for_url("**/me/**")
    assert page.get_by_text("ben.brooks@epa.gov").first.is_visible()
    context.close()


def test_the_skip_link_leads_past_the_header(site: tuple[Program, dict[str, Any]], browser: Browser) -> None:
    page = window(browser).new_page()
    page.goto(site[0].site + "/communities/")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to main content"
    wait_until(lambda: (focused.bounding_box() or {"y": -1})["y"] >= 0, "the skip link slides in", patience=5)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_without_scripts_one_can_join_and_post(site: tuple[Program, dict[str, Any]], browser: Browser) -> None:
    program, _ = site
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(program.site + FRONT + "join/")
    _click(page, "link", "Sign in and join")
    _sign_in(program, page, "cleo@epa.gov", is_checked=False)
    page.get_by_text("I accept the guidelines").click()
    _click(page, "button", "Join")
    _click(page, "link", "Discussions")
    _click(page, "link", "Start a discussion")
    page.get_by_label("Subject").fill("Nothing but plain pages")
    page.get_by_label("Your message").fill("This browser runs none.")
    _send(page)
    assert page.locator("h1").inner_text() == "Nothing but plain pages"
    context.close()


def _join(program: Program, page: Page) -> None:
    _click(page, "link", "Join Customer Experience")
    _click(page, "link", "Sign in and join")
    _sign_in(program, page, "cleo@epa.gov")
    assert_accessible(page)
    page.get_by_text("I accept the guidelines").click()
    _click(page, "button", "Join")
    assert page.get_by_text("Welcome to Customer Experience").is_visible()
    assert_accessible(page)


def _post(page: Page, subject: str) -> None:
    _click(page, "link", "Discussions")
    _click(page, "link", "Start a discussion")
    page.get_by_label("Subject").fill(subject)
    page.get_by_label("Your message").fill("Ours hum. **Which** one do you use?\n\n- wired\n- wireless")
    _click(page, "button", "Preview")
    assert page.locator(".j-preview strong").inner_text() == "Which"
    assert_accessible(page)
    _send(page)
    assert page.locator("h1").inner_text() == subject.removeprefix("QUESTION: ")
    assert page.get_by_text("Your message is on its way").is_visible()
    assert_accessible(page)


def _send(page: Page) -> None:
    """Send, and once more where earlier discussions are shown first."""
    page.get_by_role("button", name=re.compile("^Send to ")).click()
    page.wait_for_load_state()
    if page.get_by_role("heading", name="Was this asked before?").is_visible():
        page.get_by_role("button", name=re.compile("^Send ")).first.click()
        page.wait_for_load_state()


def _find(page: Page, words: str) -> None:
    if (glass := page.locator("header a.j-header__glass")).is_visible():
        glass.click()
        field = page.locator("main [name=q]")
    else:
        field = page.locator("#find")
    field.fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search/[?]"))
    hits = page.get_by_role("link", name=re.compile("headset"))
    wait_until(lambda: page.reload() and hits.count(), "the search finds it")
    assert_accessible(page)
    hits.first.click()


def _leave(page: Page) -> None:
    page.locator("header summary:visible").last.click()
    assert_accessible(page)
    page.locator("header").get_by_role("link", name="My communities").click()
    assert_accessible(page)
    _click(page, "link", "Leave Customer Experience")
    assert_accessible(page)
    _click(page, "button", "Leave")
    assert page.get_by_text("You have left Customer Experience").is_visible()
    assert_accessible(page)


def _walk(role: str, facts: dict[str, Any]) -> list[str]:
    paths, places = WALKS[role]
    return [*paths, *(facts["places"][place] for place in places)]


def _name_of(path: str) -> str:
    try:
        return resolve(path.partition("?")[0]).view_name
    except LookupError:
        return ""
    except Exception as nowhere:
        if type(nowhere).__name__ == "Resolver404":
            return ""
        raise


def _names() -> set[str]:
    """The names of all addresses, with their namespaces."""
    found, waiting = set(), [("", get_resolver())]
    while waiting:
        prefix, resolver = waiting.pop()
        for one in resolver.url_patterns:
            if hasattr(one, "url_patterns"):
                waiting.append((f"{prefix}{one.namespace}:" if one.namespace else prefix, one))
            elif one.name:
                found.add(prefix + one.name)
    return found


def _click(page: Page, role: Any, name: str) -> None:
    """Press what stands in the page, not in its header, if both have it; then wait for the next page."""
    inside = page.locator("main").get_by_role(role, name=name, exact=True)
    (inside if inside.count() else page.get_by_role(role, name=name, exact=True)).first.click()
    page.wait_for_load_state()


def _sign_in(program: Program, page: Page, email: str, *, is_checked: bool = True) -> None:
    before = _newest(program)
    if is_checked:
        assert_accessible(page)
    page.locator("main [name=email]").fill(email)
    _click(page, "button", "Send me a code")
    if is_checked:
        assert_accessible(page)
    letter = _letter(program, page.context, to=email, about="code", after=before)
    page.locator("[name=code]").fill(_code(letter))
    _click(page, "button", "Sign in")


def _code(letter: str) -> str:
    found = re.search(r"\b\d{4} ?\d{4}\b", letter)
    assert found, letter
    return found.group(0)


def _newest(program: Program) -> int:
    return program.ask("select coalesce(max(id), 0) from mail_outboxcopy")[0][0]


def _letter(program: Program, context: BrowserContext, *, to: str, about: str, after: int = 0) -> str:
    """The text of the newest letter to somebody, as the page of the outbox shows it."""
    page = context.new_page()

    def is_there() -> bool:
        page.goto(program.site + "/outbox/")
        rows = page.locator("tbody tr").filter(has_text=to).filter(has_text=about)
        if not rows.count():
            return False
        href = rows.first.locator("a").get_attribute("href") or ""
        if int(href.strip("/").split("/")[-1]) <= after:
            return False
        page.goto(program.site + href)
        return True

    wait_until(is_there, f"a letter to {to} about {about!r} is in the outbox")
    text = page.locator("main").inner_text()
    page.close()
    return text
