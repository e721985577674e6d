"""Journeys with nothing but a keyboard: joining, writing, deciding; focus is always seen and never covered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import WIDTHS, chromium, window
from tests.journeys.running import Program

pytestmark = pytest.mark.journey

FRONT = "/communities/customer-experience/"
PATIENCE = 250
# The element in focus: what a screen reader would call it, whether a ring is drawn, and whether its middle can be seen.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getClientRects()[0] || one.getBoundingClientRect(), style = getComputedStyle(one);
  const x = box.x + box.width / 2, y = box.y + box.height / 2;
  const top = document.elementFromPoint(x, y);
  const label = one.id && document.querySelector(`label[for="${one.id}"]`);
  const drawn = one.matches(".usa-radio__input, .usa-checkbox__input") ? label : one;
  const ring = getComputedStyle(drawn), before = getComputedStyle(drawn, "::before");
  return {
    tag: one.tagName.toLowerCase(),
    name: (one.getAttribute("aria-label") || (label && label.textContent) || one.textContent || one.value || "").trim().replace(/\\s+/g, " "),
    ring: [ring, before].some(s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || style.boxShadow !== "none",
    covered: Boolean(top) && drawn === one && !one.contains(top) && !top.contains(one) && !(label && label.contains(top)),
    isInside: x >= 0 && x <= innerWidth && y >= 0 && y <= innerHeight,
    width: box.width, height: box.height,
  };
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, dict[str, Any]]]:
    program = Program(tmp_path_factory.mktemp("home"), 0, {"JUNTO_RELAY_URL": "outbox:", "JUNTO_DEBUG": "off"})
    told = program.home / "facts.json"
    program.python(f"from tests.journeys import scene; scene.make({str(told)!r})")
    program.start()
    yield program, json.loads(told.read_text())
    program.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def _open(site: tuple[Program, dict[str, Any]], browser: Browser, role: str, path: str, *, width: int = 1280) -> Page:
    program, facts = site
    context = window(browser, width=width)
    if role in facts["sessions"]:
        context.add_cookies([{"name": "sessionid", "value": facts["sessions"][role], "url": program.site}])
    page = context.new_page()
    page.goto(program.site + path)
    return page


def _tab_to(page: Page, name: str, *, tag: str = "") -> None:
    """Press Tab until something of that name has the focus; each stop on the way must be seen."""
    for _ in range(PATIENCE):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            continue
        _assert_seen(focused)
        if re.search(name, focused["name"]) and tag in ("", focused["tag"]):
            return
    raise AssertionError(f"the Tab key does not lead to “{name}” on {page.url}")


def _assert_seen(focused: dict[str, Any]) -> None:
    assert focused["ring"], f"no ring around {focused}"
    assert not focused["covered"], f"covered: {focused}"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("place", ["front", "threads", "thread", "new-thread", "manage", "members", "edit", "person"])
def test_every_stop_of_the_tab_key_is_seen(
    place: str, width: int, site: tuple[Program, dict[str, Any]], browser: Browser
) -> None:
    page = _open(site, browser, "manager", site[1]["places"][place], width=width)
    stops, small = 0, []
    for _ in range(PATIENCE):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        _assert_seen(focused)
        if focused["tag"] in ("button", "summary", "select") and min(focused["width"], focused["height"]) < 24:
            small.append(focused["name"])
        stops += 1
    assert stops > 5
    assert not small, f"targets under 24 px: {small}"
    page.context.close()


def test_a_discussion_is_started_with_the_keyboard(site: tuple[Program, dict[str, Any]], browser: Browser) -> None:
    page = _open(site, browser, "manager", FRONT + "discussions/")
    _tab_to(page, "Start a discussion")
    page.keyboard.press("Enter")
    page.wait_for_url("**/new/")
    _tab_to(page, "Subject")
    page.keyboard.type("A keyboard is enough")
    _tab_to(page, "Your message")
    page.keyboard.type("No mouse was near.")
    _tab_to(page, "^Send", tag="button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/discussions/[0-9]+/"))
    assert page.locator("h1").inner_text() == "A keyboard is enough"
    page.context.close()


def test_the_menu_opens_and_leads_on_with_the_keyboard(site: tuple[Program, dict[str, Any]], browser: Browser) -> None:
    page = _open(site, browser, "member", "/", width=360)
    _tab_to(page, "^Menu$")
    page.keyboard.press("Enter")
    _tab_to(page, "^My communities$")
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/")
    page.context.close()


def test_a_slash_leads_to_the_search(site: tuple[Program, dict[str, Any]], browser: Browser) -> None:
    page = _open(site, browser, "member", "/")
    page.keyboard.press("/")
    page.keyboard.type("wait")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search/[?]q=wait"))
    page.context.close()
