"""Putting documents into the index and taking them out. Both happen in the transaction of whoever calls.

Every other action of the house asks a rule and writes in the book; these do neither: they only repeat, in another form,
what a room has decided and written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import transaction

from junto.kit import rows
from junto.search.documents import Document
from junto.search.engines import engine
from junto.search.models import IndexedDocument
from junto.search.words import folded, without_controls

MOST_CHARACTERS = 50_000
BATCH, LARGE_BATCH = 500, 4_000


def index(documents: Iterable[Document]) -> int:
    """Put documents into the index, or replace those with the same key. Returns how many were written."""
    return sum(_write(batch) for batch in _batches(documents, BATCH))


def bulk_index(documents: Iterable[Document]) -> int:
    """The same for very many: one transaction for each 4,000, which the full-text index writes in large pieces.

    Killed half-way, what was committed is found and the rest is missing; run it again and it is whole.
    """
    return sum(_write(batch) for batch in _batches(documents, LARGE_BATCH))


def remove(keys: Iterable[str]) -> int:
    """Take documents out of the index by their keys. Returns how many were there."""
    wanted = iter(keys)
    gone = 0
    with transaction.atomic():
        while batch := list(islice(wanted, BATCH)):
            gone += IndexedDocument.objects.filter(key__in=batch).delete()[0]
    return gone


def _write(batch: list[Document]) -> int:
    by = engine()
    given = [_values(document) for document in batch]
    rows.insert(
        IndexedDocument,
        list(given[0]),
        [(*one.values(), *by.takes(one["title"], one["author"], one["text"])) for one in given],
        replacing="key",
        made=by.made,
    )
    return len(batch)


def _batches(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    """Batches in which each key stands once: an upsert cannot touch a row twice."""
    source = iter(documents)
    while batch := list(islice(source, size)):
        yield list({document.key: document for document in batch}.values())


def _values(document: Document) -> dict[str, Any]:
    """The columns of a document, in the order of the table, as the database takes them."""
    author, agency = _fit(document.author, 200), _fit(document.agency, 250)
    return {
        "key": document.key,
        "kind": document.kind,
        "label": document.label,
        "scope": document.scope,
        "scope_name": _fit(document.scope_name, 200),
        "author": author,
        "author_key": _folded(author)[:220],
        "agency": agency,
        "agency_key": f" {_folded(agency)[:268]} ",
        "at": document.at and rows.moment(document.at),
        "url": document.url[:500],
        "title": _fit(document.title, 1_000),
        "text": _fit(document.text, MOST_CHARACTERS),
    }


_folded = lru_cache(maxsize=1_000)(folded)


def _fit(text: str, most: int) -> str:
    return without_controls(text[:most]).strip()
