"""Documents that may be about the same as a line of text: they share most of its words that matter, not all of them."""

# ruff: noqa: S608 (every value goes in as a parameter; what is pasted are names that this room chose)

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

from django.db import connection

from junto.search.engines import Expression, engine
from junto.search.queries import CAP
from junto.search.words import Term, folded, without_controls

MOST_WORDS = 7
SHORTEST_WORD = 3
_COMMON = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "also",
        "an",
        "and",
        "any",
        "anyone",
        "are",
        "as",
        "ask",
        "at",
        "be",
        "been",
        "before",
        "best",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "for",
        "from",
        "get",
        "had",
        "has",
        "have",
        "help",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "know",
        "let",
        "like",
        "looking",
        "made",
        "make",
        "may",
        "me",
        "more",
        "most",
        "much",
        "my",
        "need",
        "new",
        "no",
        "not",
        "of",
        "on",
        "one",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "please",
        "question",
        "re",
        "should",
        "so",
        "some",
        "somebody",
        "someone",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "too",
        "try",
        "up",
        "us",
        "use",
        "used",
        "using",
        "very",
        "want",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)


def alike(text: str, *, labels: Collection[str], kinds: Collection[str] = (), limit: int = 20) -> list[str]:
    """Keys of documents that share most of the words that matter with a text, best first; one query.

    Of one to four such words two must be there (or the only one), of five to seven three.
    """
    words = words_that_matter(text)
    if not words or not labels:
        return []
    driver, wanted = engine(), _most_of(words)
    sql = (
        f"WITH candidates AS MATERIALIZED (SELECT d.id, d.key, {driver.score} AS score {driver.matches(wanted)} "
        f"AND d.label IN ({_places(labels)}) "
        + (f"AND d.kind IN ({_places(kinds)}) " if kinds else "")
        + f"ORDER BY {driver.newest_first} LIMIT {CAP}) "
        f"SELECT key FROM candidates ORDER BY {driver.best_first}, id DESC LIMIT {int(limit)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*wanted.params, *labels, *kinds])
        return [key for (key,) in cursor.fetchall()]


def words_that_matter(text: str) -> list[str]:
    """The first words of a text that say what it is about, each once."""
    found = dict.fromkeys(folded(without_controls(text[:1_000])).split())
    return [word for word in found if len(word) >= SHORTEST_WORD and word not in _COMMON][:MOST_WORDS]


def _most_of(words: Sequence[str]) -> Expression:
    """The condition that two of the words are there, or three of many."""
    needed = min(len(words), 2 if len(words) < 5 else 3)
    driver = engine()
    choices = [driver.expression([Term(word) for word in choice]) for choice in combinations(words, needed)]
    if connection.vendor == "postgresql":
        sql = " || ".join(f"({one.sql})" for one in choices)
        return Expression(sql, tuple(param for one in choices for param in one.params))
    return Expression("%s", (" OR ".join(f"({one.params[0]})" for one in choices),))


def _places(values: Collection[str]) -> str:
    return ", ".join(["%s"] * len(values))
