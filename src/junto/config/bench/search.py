"""How fast documents go into the index, and how fast they are found in it."""

from __future__ import annotations

import random
import resource
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.management import call_command
from django.urls import reverse

from junto.config import static
from junto.config.bench import pages
from junto.config.bench.pages import COMMUNITIES
from junto.search import actions, queries
from junto.search.documents import Document
from junto.search.models import IndexedDocument

VOCABULARY = 40_000
_SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "we",
    "xi",
    "yo",
    "za",
]


def run(*, size: int = 75_000, searches: int = 300, seed: int = 1) -> dict[str, Any]:
    """Index made-up letters, then search for two words, ranked and with highlights: in the index alone, and by the whole
    search page of somebody who reads five of thirty communities. Needs an empty index and no communities.

    Returns documents/s, milliseconds at p50 and p95, and the peak memory of the process in MB. Raises ValueError.
    """
    call_command("migrate", verbosity=0)
    if IndexedDocument.objects.exists():
        raise ValueError("The index is not empty. Run this on a fresh home, so that nothing of yours is in the way.")
    static.collect()
    member, _ = pages.make_member()
    started = time.perf_counter()
    actions.bulk_index(_letters(size, seed))
    indexing = time.perf_counter() - started
    return {
        "documents": size,
        "documents_per_second": round(size / indexing),
        **_search("usual_words", _pairs(3_000, searches, seed)),
        **_search("common_words", _pairs(60, searches, seed)),
        **_search("without_words", [""] * searches),
        **_search("in_one_community", _pairs(60, searches, seed), scope="bench-7"),
        **_search("by_reader_of_one", _pairs(60, searches, seed), labels=["public", "community:7"]),
        **_page("usual_words", pages.Reader(member), _pairs(3_000, searches, seed)),
        **_page("common_words", pages.Reader(member), _pairs(60, searches, seed)),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _search(what: str, asked: list[str], labels: list[str] | None = None, scope: str = "") -> dict[str, float]:
    allowed = labels or ["public", *(f"community:{number + 1}" for number in range(COMMUNITIES))]
    times, hits = [], 0
    for words in asked:
        started = time.perf_counter()
        hits += queries.find(words, labels=allowed, scope=scope).total
        times.append((time.perf_counter() - started) * 1_000)
    cuts = statistics.quantiles(times, n=20)
    return {
        f"{what}_p50_ms": round(statistics.median(times), 2),
        f"{what}_p95_ms": round(cuts[18], 2),
        f"{what}_hits": round(hits / len(asked)),
    }


def _page(what: str, reader: pages.Reader, asked: list[str]) -> dict[str, Any]:
    address = reverse("web:search")
    told = pages.measure(
        f"page_{what}", reader, [f"{address}?{urlencode({'q': words})}" for words in asked], len(asked)
    )
    return {name: value for name, value in told.items() if "bytes" not in name}


def _letters(count: int, seed: int) -> Iterator[Document]:
    """Letters of 20 to 400 words; few words are common and most are rare, as in any language (Zipf)."""
    dice = random.Random(seed)  # noqa: S311 made-up words need no secrecy
    words = _vocabulary()
    first = datetime(2010, 1, 1, tzinfo=UTC)
    for number in range(count):
        text = " ".join(words[int(VOCABULARY ** dice.random()) - 1] for _ in range(dice.randint(20, 400)))
        yield Document(
            key=f"bench:{number}",
            kind="message",
            title=" ".join(text.split()[:6]),
            text=text,
            url=f"/communities/bench/discussions/{number}/",
            label=f"community:{number % COMMUNITIES + 1}",
            scope=f"bench-{number % COMMUNITIES}",
            scope_name=f"Bench {number % COMMUNITIES}",
            author=f"{words[dice.randint(0, 900)].title()} {words[dice.randint(0, 900)].title()}",
            agency=f"Agency of {words[dice.randint(0, 200)].title()}",
            at=first + timedelta(minutes=90 * number),
        )


def _pairs(rank: int, count: int, seed: int) -> list[str]:
    """Pairs of words that are among the `rank` commonest."""
    dice = random.Random(seed + 1)  # noqa: S311
    words = _vocabulary()[:rank]
    return [f"{dice.choice(words)} {dice.choice(words)}" for _ in range(count)]


def _vocabulary() -> list[str]:
    words = []
    for number in range(VOCABULARY):
        word, rest = "", number + 400
        while rest:
            rest, digit = divmod(rest, len(_SYLLABLES))
            word += _SYLLABLES[digit]
        words.append(word)
    return words
