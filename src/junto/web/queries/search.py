"""What the search page shows: only what this person may read, and nothing that tells of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from junto.communities import queries as communities
from junto.communities.models import Community
from junto.communities.rules import labels_of
from junto.people.models import Person
from junto.search import queries as index
from junto.search.documents import Found

PER_PAGE = 20
KINDS = {"message": ["message"], "community": ["community", "page"]}
LAST_START = 1_980


@dataclass(frozen=True, slots=True)
class Searchable:
    """Where somebody may search: labels for the index, and communities (slug, name) to choose from."""

    labels: list[str]
    places: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits. `newer` and `older` are addresses; `first` is the number of the first hit."""

    found: Found
    first: int
    last: int
    newer: str
    older: str


def searchable_by(person: Person | None) -> Searchable:
    """The labels that this person may find, and the communities that their filter may name."""
    readable = communities.readable_ids(person)
    everywhere = Community.objects.order_by("name").values_list("pk", "slug", "name", "is_hidden", "retired_at")
    places = [
        (slug, name)
        for pk, slug, name, is_hidden, retired_at in everywhere
        if pk in readable or not (is_hidden or retired_at)
    ]
    return Searchable(["public", *labels_of(person, readable)], places)


def results(asked: Mapping[str, Any], searchable: Searchable, *, start: int) -> Results:
    """Run a search: words under `q`, filters under the names that the search form gives them."""
    found = index.find(
        asked["q"],
        labels=searchable.labels,
        kinds=KINDS.get(asked["type"], ()),
        scope=asked["community"],
        author=asked["author"],
        agency=asked["agency"],
        after=asked["after"],
        before=asked["before"],
        limit=PER_PAGE,
        start=start,
    )
    last = start + len(found.hits)
    return Results(
        found=found,
        first=start + 1,
        last=last,
        newer=_address(asked, max(start - PER_PAGE, 0)) if start else "",
        older=_address(asked, last) if found.hits and last < found.total and last <= LAST_START else "",
    )


def start_of(text: str) -> int:
    """The number of hits to skip, from the address; nonsense counts as none."""
    return min(int(text), LAST_START) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _address(asked: Mapping[str, Any], start: int) -> str:
    kept = {name: value for name, value in asked.items() if value}
    return "?" + urlencode(kept | ({"start": start} if start else {}))
