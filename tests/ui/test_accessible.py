"""Pages in a real browser: axe, ids that lead nowhere, sideways scrolling; at two widths, by day and by night."""

import os

import pytest
from tests.browser import WIDTHS, assert_accessible, chromium, window

PATHS = (
    "/",
    "/communities/",
    "/communities/customer-experience/",
    "/about/",
    "/accessibility/",
    "/search/?q=x",
    "/sign-in/",
)


@pytest.mark.journey
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(live_server, settings, ada, cop, scheme, monkeypatch):
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    settings.DEBUG = True
    with chromium() as browser:
        for width in WIDTHS:
            page = window(browser, width=width, scheme=scheme).new_page()
            for path in (*PATHS, "/dev/components/", "/dev/letters/"):
                page.goto(live_server.url + path)
                assert_accessible(page)
