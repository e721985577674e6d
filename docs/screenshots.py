"""Takes pictures of pages of a running site, at two widths.

    python docs/screenshots.py http://localhost:8000 OUT_DIR / /communities/ [--session KEY] [--dark]

It needs Playwright for Python and the Chromium of the machine.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTHS = (1280, 360)


def main() -> None:
    told = _arguments()
    told.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for width in WIDTHS:
            _take(browser, told, width)
        browser.close()


def _take(browser: Browser, told: argparse.Namespace, width: int) -> None:
    scheme = "dark" if told.dark else "light"
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    if told.session:
        context.add_cookies([{"name": "sessionid", "value": told.session, "url": told.site}])
    page = context.new_page()
    for path in told.paths:
        page.goto(told.site.rstrip("/") + path)
        name = path.strip("/").replace("/", "-") or "home"
        page.screenshot(path=told.folder / f"{name}-{width}.png", full_page=told.full)
    context.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", help="where the site runs: http://localhost:8000")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("paths", nargs="+", help="paths of pages")
    parser.add_argument("--session", default="", help="the session cookie of somebody who is signed in")
    parser.add_argument("--dark", action="store_true", help="in the dark")
    parser.add_argument("--full", action="store_true", help="the whole page, not the first view")
    return parser.parse_args()


if __name__ == "__main__":
    main()
