"""A walk through the sample as a newcomer's curiosity takes it: every link on every page leads somewhere."""

from __future__ import annotations

from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client

from junto.config import sample
from junto.people.models import Person

pytestmark = pytest.mark.journey

SITE = "http://testserver"
# Of one page that can be filtered and sorted, so many ways are tried.
WAYS = 4
MOST_PAGES = 2_000


class Links(HTMLParser):
    """The addresses that a page names, and the ids that it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.ids.add(told.get("id") or "")
        for name in ("href", "src"):
            if address := told.get(name):
                self.addresses.append(address)
        if tag == "form" and (told.get("method") or "get").lower() == "get" and told.get("action"):
            self.addresses.append(told["action"] or "")


def crawl(client: Client) -> tuple[list[str], int]:
    """What leads nowhere, as "address: why (from page)", and how many pages were read."""
    waiting: deque[tuple[str, str]] = deque([("/", "the start")])
    known, ways, faults = {"/"}, Counter[str](), []
    ids: dict[str, set[str]] = {}
    fragments: list[tuple[str, str, str]] = []
    while waiting and len(known) < MOST_PAGES:
        path, origin = waiting.popleft()
        answer = client.get(path, follow=True)
        if answer.status_code != 200:
            faults.append(f"{path}: {answer.status_code} (from {origin})")
            continue
        if not answer["Content-Type"].startswith("text/html"):
            continue
        page = Links(answer.content.decode())
        ids[path] = page.ids
        for address in page.addresses:
            goal, fragment = urldefrag(urljoin(SITE + path, address))
            if not goal.startswith(SITE):
                continue
            goal = goal.removeprefix(SITE) or "/"
            if goal.startswith("/static/"):
                if find(urlsplit(goal).path.removeprefix("/static/")) is None:
                    faults.append(f"{goal}: no such file (from {path})")
                continue
            fragments += [(goal, fragment, path)] if fragment else []
            if goal not in known and ways[urlsplit(goal).path] < WAYS:
                ways[urlsplit(goal).path] += 1
                known.add(goal)
                waiting.append((goal, path))
    faults += [f"{g}#{f}: no such id (from {p})" for g, f, p in fragments if g in ids and f not in ids[g]]
    return faults, len(ids)


@pytest.mark.django_db
@pytest.mark.parametrize("reader", ["", "ben@epa.gov", "ada@gsa.gov", "hal@gsa.gov"])
def test_every_link_leads_somewhere_for(reader: str) -> None:
    sample.make(say=lambda words: None)
    client = Client(raise_request_exception=False)
    if reader:
        client.force_login(Person.objects.get(email=reader), backend="django.contrib.auth.backends.ModelBackend")
    faults, pages = crawl(client)
    assert not faults, "\n".join(sorted(set(faults)))
    assert pages > 15
