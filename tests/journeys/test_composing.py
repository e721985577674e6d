"""Writing in a real browser, with a script and without: preview, picture, words for it, earlier discussions, outbox."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import WIDTHS, assert_accessible, chromium, window
from tests.journeys.running import Program, wait_until
from tests.journeys.scene import PIXEL

pytestmark = pytest.mark.journey

DISCUSSIONS = "/communities/customer-experience/discussions/"
NEW = f"{DISCUSSIONS}new/"
EARLIER = "How do you tell callers how long they wait?"


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


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    path = tmp_path / "chart.png"
    path.write_bytes(PIXEL)
    return path


def test_write_look_attach_describe_send(site: tuple[Program, dict[str, Any]], browser: Browser, chart: Path) -> None:
    program, _ = site
    page = _as_manager(window(browser), site)
    _wait_for_the_index(page, program)
    page.goto(program.site + NEW)
    page.get_by_text("Question", exact=True).click()
    page.get_by_label("Subject").press_sequentially(EARLIER)
    expect(page.get_by_role("heading", name="Was this asked before?")).to_be_visible()
    message = page.get_by_label("Your message")
    message.fill("which")
    message.press("Control+a")
    message.press("Control+b")
    assert message.input_value() == "**which**"
    page.set_input_files("#id_files", chart)
    words = page.get_by_label("What does the picture show?")
    expect(words).to_be_focused()
    words.fill("Calls wait four minutes")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview-head")).to_be_focused()
    assert page.locator(".j-preview strong").inner_text() == "which"
    assert page.locator(".j-preview img").get_attribute("alt") == "Calls wait four minutes"
    expect(page.get_by_text(re.compile(r"This goes to \d+ people in \d+ agencies by mail"))).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
    page.get_by_role("button", name=re.compile("^Send to ")).click()
    _is_sent(page, program, EARLIER, "Calls wait four minutes")


def test_the_same_without_a_script(site: tuple[Program, dict[str, Any]], browser: Browser, chart: Path) -> None:
    program, _ = site
    page = _as_manager(browser.new_context(java_script_enabled=False), site)
    _wait_for_the_index(page, program)
    page.goto(program.site + NEW)
    assert not page.get_by_role("button", name="Bold").is_visible()
    page.get_by_label("Subject").fill("Telling callers how long they wait, on paper")
    page.get_by_label("Your message").fill("Mine is *short*, so what does yours ask of callers?")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Your draft is saved.")).to_be_visible()
    page.set_input_files("#id_files", chart)
    page.get_by_role("button", name=re.compile("^Send to ")).click()
    expect(page.get_by_text("It has not been sent yet")).to_be_visible()
    expect(page.get_by_role("heading", name="Was this asked before?")).to_be_visible()
    expect(page.get_by_text("Say what the picture shows, or that it is decoration.")).to_be_visible()
    assert page.locator(".j-preview em").inner_text() == "short"
    page.get_by_label("What does the picture show?").fill("A form with three questions")
    page.get_by_role("button", name=re.compile("^Send ")).click()
    _is_sent(page, program, "Telling callers how long they wait, on paper", "A form with three questions")


def test_what_was_typed_is_there_again(site: tuple[Program, dict[str, Any]], browser: Browser) -> None:
    program, facts = site
    page = _as_manager(window(browser, width=360), site)
    page.goto(program.site + facts["places"]["thread"])
    message = page.get_by_label("Your message")
    message.fill("I begin to")
    expect(page.get_by_text(re.compile("Draft saved at"))).to_be_visible()
    assert_accessible(page)
    page.reload()
    assert message.input_value() == "I begin to"
    page.context.clear_cookies(name="sessionid")
    message.fill("I begin to write, and was signed out")
    expect(page.get_by_text("You have been signed out.")).to_be_visible()
    page.goto(program.site + "/me/")
    assert "/sign-in/" in page.url


def _as_manager(context: BrowserContext, site: tuple[Program, dict[str, Any]]) -> Page:
    program, facts = site
    context.add_cookies([{"name": "sessionid", "value": facts["sessions"]["manager"], "url": program.site}])
    return context.new_page()


def _wait_for_the_index(page: Page, program: Program) -> None:
    def is_found() -> int:
        page.goto(program.site + "/search/?q=callers+wait")
        return page.locator("main a", has_text="callers").count()

    wait_until(is_found, "the search finds the earlier discussion")


def _is_sent(page: Page, program: Program, subject: str, alt: str) -> None:
    """It stands in the archive with its picture, and in the outbox with its file."""
    expect(page.locator("h1")).to_have_text(subject)
    assert page.locator(".j-message__body img").get_attribute("alt") == alt
    link = page.locator("main a", has_text=subject)

    def is_in_the_outbox() -> int:
        page.goto(program.site + "/outbox/")
        return link.count()

    wait_until(is_in_the_outbox, "the copies are in the outbox")
    link.first.click()
    raw = page.request.get(page.url.rstrip("/") + "/raw/").text()
    assert "chart.png" in raw
    assert f"Content-Description: {alt}" in raw
