"""What a public page says of itself to search engines and to programs that show links.

A page without it asks not to be indexed: whatever nobody declared public stays out of search engines.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Meta:
    """`path` is the one address of the page, from the root of the site; `description` a sentence or two."""

    title: str
    path: str
    description: str = ""
    kind: str = "website"


def described(text: str) -> str:
    """The beginning of a text as one line of at most 200 characters, cut between words."""
    line = " ".join(text[: 4 * MOST_CHARACTERS].split())
    return line if len(line) <= MOST_CHARACTERS else line[:MOST_CHARACTERS].rsplit(" ", 1)[0] + "…"
