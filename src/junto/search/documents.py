"""What goes into the index and what comes out, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found. `key` is unique (discussions.message:17); `label` is "public" or, for what only some
    may read, a name such as "community:3"; `scope` is the slug of the community; `text` beyond 50,000 characters is not indexed."""

    key: str
    kind: str
    title: str
    text: str
    url: str
    label: str
    scope: str = ""
    scope_name: str = ""
    author: str = ""
    agency: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found. `title` and `excerpt` are safe HTML with <mark> around the words."""

    key: str
    kind: str
    title: str
    excerpt: str
    url: str
    scope: str
    scope_name: str
    author: str
    agency: str
    at: datetime | None

    __getitem__ = object.__getattribute__
    """Templates ask for items first: this spares them an exception for each word that they show."""


@dataclass(frozen=True, slots=True)
class Titled:
    """A document by its title alone, in plain text."""

    kind: str
    title: str
    url: str
    scope_name: str


@dataclass(frozen=True, slots=True)
class Tally:
    """A value that hits have, what people call it, and how many hits have it."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What the hits have in common, the most frequent first: of all that were counted, not of one page."""

    kinds: Sequence[Tally] = ()
    scopes: Sequence[Tally] = ()
    agencies: Sequence[Tally] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits, how many there are in all (counted up to `capped_at`), and what they have in common."""

    hits: list[Hit]
    total: int
    is_capped: bool
    facets: Facets = Facets()
