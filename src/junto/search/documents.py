"""What goes into the index and what comes out, as values."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits, and how many there are in all (counted up to `capped_at`)."""

    hits: list[Hit]
    total: int
    is_capped: bool
