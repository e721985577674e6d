"""Takes the pictures in docs/images from a running `junto demo`: twelve pages, wide and on a phone.

    make run                                            # in one terminal
    .venv/bin/python docs/screenshots.py http://localhost:8000

It signs in as Ada, the manager in the sample, with the code that it finds in the outbox. It needs Chromium, and Playwright
for Python, which `make setup-dev` installs. `--dark` takes them in the dark, `--folder` puts them elsewhere.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ADA = "ada@gsa.gov"
FRONT = "/communities/customer-experience/"
WIDTHS = (1280, 360)
PATIENCE = 40
PAGES = {
    "home-of-a-member": "/",
    "communities": "/communities/",
    "community": FRONT,
    "discussions": f"{FRONT}discussions/",
    "thread": "",
    "writing": f"{FRONT}discussions/new/",
    "search": "/search/?q=call",
    "people": "/people/",
    "events": f"{FRONT}events/",
    "desk": f"{FRONT}manage/",
    "insights": f"{FRONT}insights/",
}
"""Beside the home page for strangers, the pages that are opened most."""


def main() -> None:
    told = _arguments()
    told.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        member = browser.new_context()
        _sign_in(told.site, member)
        pages = {**PAGES, "thread": _answered_thread(told.site, member)}
        for width in WIDTHS:
            _take(told, _window(browser, told, width), f"home-{width}", "/")
            own = _window(browser, told, width)
            own.add_cookies(member.cookies())
            for name, path in pages.items():
                _take(told, own, f"{name}-{width}", path)
        browser.close()


def _window(browser: Browser, told: argparse.Namespace, width: int) -> BrowserContext:
    scheme = "dark" if told.dark else "light"
    return browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)


def _take(told: argparse.Namespace, context: BrowserContext, name: str, path: str) -> None:
    page = context.new_page()
    page.goto(told.site + path)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=told.folder / f"{name}.png")
    page.close()


def _sign_in(site: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(site + "/sign-in/")
    page.get_by_label("Your email address").fill(ADA)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(_code(site, context.new_page()))
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/me/")


def _code(site: str, page: Page) -> str:
    for _ in range(PATIENCE):
        page.goto(site + "/outbox/")
        row = page.locator("tbody tr").filter(has_text=ADA).filter(has_text="Your code").first
        if row.count() and (found := re.search(r"\d{4} ?\d{4}", row.inner_text())):
            return found.group(0)
        page.wait_for_timeout(500)
    raise SystemExit("No letter with a code came to the outbox. Does `junto demo` run there?")


def _answered_thread(site: str, context: BrowserContext) -> str:
    page = context.new_page()
    page.goto(site + FRONT + "discussions/?show=question")
    row = page.locator(".j-thread").filter(has_text="Answered").first
    return row.locator("a").first.get_attribute("href") or FRONT


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", help="where the demo runs: http://localhost:8000")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "images", help="where the pictures go")
    parser.add_argument("--dark", action="store_true", help="in the dark")
    return parser.parse_args()


if __name__ == "__main__":
    main()
