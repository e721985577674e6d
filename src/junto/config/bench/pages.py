"""What a page costs: queries, processor time of the server, and bytes on the wire.

Requests go through the WSGI application that the web server calls, with the settings of production, so that everything
between the web server and the database is counted, and the network is not.
"""

from __future__ import annotations

import gzip
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import cycle, islice
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from junto.communities.models import Community, Membership
from junto.config import static
from junto.discussions.models import Message, Thread
from junto.people.models import Address, Agency, Level, Person
from junto.search import actions as search
from junto.search.documents import Document

PER_THREAD, COMMUNITIES, WARM_UP = 30, 30, 10
_STARTED = datetime(2024, 1, 2, 14, tzinfo=UTC)
_WORDS = (
    "The survey of our call center ended last week. We asked what people look for and where they give up, and compared "
    "the answers with the search log. Plain language on the first page saved the most calls. Has anybody else tried this? "
)


def run(*, size: int = 200, threads: int = 400) -> dict[str, Any]:
    """Open each kind of page `size` times as a member. Needs a database without communities.

    Returns, for each page: queries, CPU milliseconds (median), p50 and p95 of the time on the clock, bytes, bytes
    compressed. Raises ValueError.
    """
    call_command("migrate", verbosity=0)
    if Community.objects.exists():
        raise ValueError("There are communities in this database. Run this on a fresh home.")
    static.collect()
    member, community = make_member()
    _discussions(community, member, threads)
    results: dict[str, Any] = {"requests": size, "threads": threads, "messages_on_the_thread_page": PER_THREAD}
    reader = Reader(member)
    for name, address in _pages(community):
        results |= measure(name, reader, [address], size)
    results["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return results


class Reader:
    """Opens pages as one person who is signed in, through the WSGI application; it wants static files collected."""

    def __init__(self, person: Person) -> None:
        client = Client()
        client.force_login(person)
        self._requests = RequestFactory(HTTP_HOST="localhost", HTTP_COOKIE=client.cookies.output(header="", sep=";"))
        self._application = import_module("junto.config.wsgi").application

    def open(self, address: str) -> bytes:
        """The body of the page. Raises ValueError where the answer is another than 200."""
        said: list[str] = []

        def begin(status: str, headers: list[tuple[str, str]], error: object = None, /) -> Callable[[bytes], object]:
            said.append(status)
            return lambda data: None

        response = self._application(self._requests.get(address).environ, begin)
        try:
            body = b"".join(response)
        finally:
            response.close()
        if said != ["200 OK"]:
            raise ValueError(f"{address} answered {said}; nothing was measured.")
        return body


def _pages(community: Community) -> Iterator[tuple[str, str]]:
    yield "thread", reverse("discussions:thread", args=[community.slug, 1])
    yield "threads", reverse("discussions:threads", args=[community.slug])
    yield "community", community.get_absolute_url()
    yield "search", reverse("web:search") + "?q=survey+calls"
    yield "directory", reverse("communities:directory")
    yield "home", reverse("web:home")
    yield "about", reverse("web:about")


def measure(name: str, reader: Reader, addresses: Sequence[str], size: int) -> dict[str, Any]:
    """Open pages `size` times in turn; queries and bytes are those of the first of them."""
    for address in islice(cycle(addresses), WARM_UP):
        reader.open(address)
    with CaptureQueriesContext(connection) as asked:
        body = reader.open(addresses[0])
    queries = len(asked)
    processor, clock = [], []
    for address in islice(cycle(addresses), size):
        cpu, wall = time.process_time(), time.perf_counter()
        reader.open(address)
        processor.append((time.process_time() - cpu) * 1_000)
        clock.append((time.perf_counter() - wall) * 1_000)
    return {
        f"{name}_queries": queries,
        f"{name}_cpu_ms": round(statistics.median(processor), 2),
        f"{name}_p50_ms": round(statistics.median(clock), 2),
        f"{name}_p95_ms": round(statistics.quantiles(clock, n=20)[18], 2) if size > 1 else round(clock[0], 2),
        f"{name}_bytes": len(body),
        f"{name}_bytes_compressed": len(gzip.compress(body, 6)),
    }


def make_member() -> tuple[Person, Community]:
    """Thirty communities that none but members may read, somebody who is a member of five, and the first of these."""
    agency = Agency.objects.create(
        name="General Services Administration", key="bench", short_name="GSA", level=Level.FEDERAL_EXECUTIVE
    )
    person = Person.objects.create(email="ada@gsa.gov", name="Ada Alvarez", agency=agency)
    address = Address.objects.create(
        person=person, email=person.email, agency=agency, level=agency.level, proved_at=timezone.now()
    )
    communities = [
        Community.objects.create(
            slug=f"bench-{number}",
            name=f"Community {number}",
            summary=_WORDS[:120],
            list_name=f"bench-{number}",
            list_id=f"bench-{number}.lists.example.gov",
        )
        for number in range(COMMUNITIES)
    ]
    for community in communities[:5]:
        Membership.objects.create(community=community, person=person, address=address, joined_at=timezone.now())
    return person, communities[0]


def _discussions(community: Community, author: Person, threads: int) -> None:
    for number in range(1, threads + 1):
        count = PER_THREAD if number == 1 else 3
        started = _STARTED + timedelta(hours=number)
        thread = Thread.objects.create(
            community=community,
            number=number,
            subject=f"What did your survey of calls show? ({number})",
            started_at=started,
            last_at=started + timedelta(minutes=count),
            message_count=count,
            author_name=author.name,
            author_agency="GSA",
        )
        _messages(thread, author, count)


def _messages(thread: Thread, author: Person, count: int) -> None:
    rows = Message.objects.bulk_create(
        Message(
            community=thread.community,
            thread=thread,
            author=author,
            author_name=author.name,
            author_email=author.email,
            agency=author.agency,
            author_agency="GSA",
            message_id=f"{thread.number}-{position}@bench.example.gov",
            subject=thread.subject,
            sent_at=thread.started_at + timedelta(minutes=position),
            text=_WORDS * 3,
            shown=f"<p>{_WORDS}</p>" * 3,
        )
        for position in range(count)
    )
    search.index(
        Document(
            key=f"discussions.message:{row.pk}",
            kind="message",
            title=row.subject,
            text=row.text,
            url=f"{thread.get_absolute_url()}#message-{row.pk}",
            label=f"community:{thread.community_id}",
            scope=thread.community.slug,
            scope_name=thread.community.name,
            author=row.author_name,
            agency=row.author_agency,
            at=row.sent_at,
        )
        for row in rows
    )
