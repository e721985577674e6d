"""A real browser for tests: Chromium, axe-core, and the checks that axe does not make."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import ROOT

CHROMIUM = Path("/usr/bin/chromium")
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTHS = (360, 1280)

_RUN_AXE = """async () => {
  const found = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]});
  return found.violations.map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(" | ")}`);
}"""
_RUN_AXE_ON_COLORS = """async () => {
  const found = await axe.run(document, {runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}});
  return found.violations.map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(" | ")}`);
}"""
_DANGLING = """() => {
  const missing = [];
  for (const name of ["for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-owns"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      for (const id of element.getAttribute(name).split(/\\s+/).filter(Boolean)) {
        if (!document.getElementById(id)) missing.push(`${name}=${id}`);
      }
    }
  }
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    const id = link.getAttribute("href").slice(1);
    if (id && !document.getElementById(id)) missing.push(`href=#${id}`);
  }
  return missing;
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of the machine. Without it the test is skipped, and in CI, which installs it, it fails."""
    if not CHROMIUM.exists() or not AXE.exists():
        missing = "needs /usr/bin/chromium and node_modules/axe-core (npm ci)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def window(browser: Browser, *, width: int = 1280, scheme: str = "light") -> BrowserContext:
    """A fresh session. The content policy is lifted, or axe could not be brought in."""
    return browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)


def faults(page: Page) -> list[str]:
    """What is wrong with the page: violations that axe knows, not one h1, ids that lead nowhere, wider than the screen."""
    page.evaluate(AXE.read_text())
    found = [*page.evaluate(_RUN_AXE), *page.evaluate(_DANGLING)]
    if (headings := page.locator("h1").count()) != 1:
        found.append(f"{headings} h1")
    if (excess := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
        found.append(f"scrolls sideways by {excess} px")
    return found


def faults_in_the_dark(page: Page) -> list[str]:
    """What cannot be read in the dark. Ask `faults` first, which brings axe in."""
    page.emulate_media(color_scheme="dark")
    found: list[str] = page.evaluate(_RUN_AXE_ON_COLORS)
    page.emulate_media(color_scheme="light")
    return found


def assert_accessible(page: Page) -> None:
    """Fails with every fault of the page."""
    found = faults(page)
    assert not found, "\n".join([page.url, *found])
