"""Feeds in the Atom format (RFC 4287), written as bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_DNS, uuid5
from xml.sax.saxutils import escape, quoteattr

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a feed tells of. `id` never changes; `url` is absolute; `kind` becomes a category."""

    id: str
    title: str
    url: str
    author: str
    summary: str
    published: datetime
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: `url` is the page that shows the same, `own_url` where the feed itself is. Both are absolute."""

    id: str
    title: str
    subtitle: str
    url: str
    own_url: str
    founded: datetime
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime:
        """When its newest entry was published; when it was founded, while there is none."""
        return max((entry.published for entry in self.entries), default=self.founded)


def urn(domain: str, name: str) -> str:
    """An id that stays the same for ever: the UUID of a name below a domain (RFC 9562, version 5)."""
    return f"urn:uuid:{uuid5(uuid5(NAMESPACE_DNS, domain), name)}"


def render(feed: Feed) -> bytes:
    """The document. Characters that XML cannot hold are left out."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        _element("id", feed.id),
        _element("title", feed.title),
        _element("subtitle", feed.subtitle),
        _element("updated", feed.updated.isoformat(timespec="seconds")),
        f'<link rel="alternate" type="text/html" href={_quoted(feed.url)}/>',
        f'<link rel="self" type="application/atom+xml" href={_quoted(feed.own_url)}/>',
        *(line for entry in feed.entries for line in _entry(entry)),
        "</feed>",
    ]
    return "\n".join(lines).encode()


def _entry(entry: Entry) -> list[str]:
    published = entry.published.isoformat(timespec="seconds")
    return [
        "<entry>",
        _element("id", entry.id),
        _element("title", entry.title),
        f'<link rel="alternate" type="text/html" href={_quoted(entry.url)}/>',
        f"<author>{_element('name', entry.author)}</author>",
        *([f"<category term={_quoted(entry.kind)}/>"] if entry.kind else []),
        _element("published", published),
        _element("updated", published),
        _element("summary", entry.summary),
        "</entry>",
    ]


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(_NOT_XML.sub(' ', text))}</{name}>"


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub(" ", text))
