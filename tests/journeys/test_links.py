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


class Crawl:
    """A walk from the home page along every link; `faults` are "address: why (from page)"."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.faults: list[str] = []
        self.ids: dict[str, set[str]] = {}
        self.parts: list[tuple[str, str, str]] = []
        self.known, self.ways = {"/"}, Counter[str]()
        self.waiting: deque[tuple[str, str]] = deque([("/", "the start")])
        while self.waiting and len(self.known) < MOST_PAGES:
            self._open(*self.waiting.popleft())
        for goal, part, origin in self.parts:
            if goal in self.ids and part not in self.ids[goal]:
                self.faults.append(f"{goal}#{part}: no such id (from {origin})")

    def _open(self, path: str, origin: str) -> None:
        answer = self.client.get(path, follow=True)
        if answer.status_code != 200:
            self.faults.append(f"{path}: {answer.status_code} (from {origin})")
        elif answer["Content-Type"].startswith("text/html"):
            page = Links(answer.content.decode())
            self.ids[path] = page.ids
            for address in page.addresses:
                self._follow(urljoin(SITE + path, address), path)

    def _follow(self, address: str, origin: str) -> None:
        goal, part = urldefrag(address)
        if not goal.startswith(SITE):
            return
        goal = goal.removeprefix(SITE) or "/"
        place = urlsplit(goal).path
        if part:
            self.parts.append((goal, part, origin))
        if place.startswith("/static/"):
            if find(place.removeprefix("/static/")) is None:
                self.faults.append(f"{goal}: no such file (from {origin})")
        elif goal not in self.known and self.ways[place] < WAYS:
            self.ways[place] += 1
            self.known.add(goal)
            self.waiting.append((goal, origin))


@pytest.mark.django_db
@pytest.mark.parametrize("reader", ["", "ben@epa.gov", "ada@gsa.gov", "hal@gsa.gov"])
def test_every_link_leads_somewhere_for(reader: str) -> None:
    sample.make(say=lambda words: None)
    client = Client(raise_request_exception=False)
    if reader:
        client.force_login(Person.objects.get(email=reader), backend="django.contrib.auth.backends.ModelBackend")
    walk = Crawl(client)
    assert not walk.faults, "\n".join(sorted(set(walk.faults)))
    assert len(walk.ids) > 15
