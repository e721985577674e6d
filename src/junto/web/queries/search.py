"""What the search page shows: only what this person may read, and nothing that tells of the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from junto.communities import queries as communities
from junto.communities.models import Community, Topic
from junto.communities.rules import labels_of
from junto.discussions.rules import search_kinds
from junto.events import queries as events
from junto.people.models import Agency, Person
from junto.search import queries as index
from junto.search.documents import Facets, Found, Tally

PER_PAGE = 20
MOST_SUGGESTED = 200
OTHER_KINDS = {
    "community": ["community", "page"],
    "page": ["page"],
    "news": ["library.news"],
    "resource": ["library.resource", "library.guide"],
}
EVENT = "event"
"""Both an event and a thread that tells of one."""
LAST_START = 1_980


@dataclass(frozen=True, slots=True)
class Searchable:
    """Where somebody may search: labels for the index, and communities (slug, name) to choose from."""

    labels: list[str]
    places: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Narrower:
    """Links that narrow a search, under one heading: what it leads to, the address, how many hits it leaves."""

    heading: str
    links: Sequence[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits. `newer` and `older` are addresses; `first` is the number of the first hit."""

    found: Found
    first: int
    last: int
    newer: str
    older: str
    narrower: Sequence[Narrower]


def searchable_by(person: Person | None) -> Searchable:
    """The labels that this person may find, and the communities that their filter may name."""
    readable = communities.readable_ids(person)
    everywhere = list(Community.objects.order_by("name").values_list("pk", "slug", "name", "is_hidden", "retired_at"))
    places = [
        (slug, name)
        for pk, slug, name, is_hidden, retired_at in everywhere
        if pk in readable or not (is_hidden or retired_at)
    ]
    of_events = events.searchable_labels((pk, pk in readable or not is_hidden) for pk, _, _, is_hidden, _ in everywhere)
    return Searchable(["public", *labels_of(person, readable), *of_events], places)


def suggestions(searchable: Searchable) -> dict[str, list[str]]:
    """What the browser offers while somebody types: communities and topics, and agencies whose people are here. Two queries."""
    topics = Topic.objects.order_by("title").values_list("title", flat=True)[:MOST_SUGGESTED]
    known = Person.objects.exclude(agency=None).values("agency")
    agencies = Agency.objects.filter(pk__in=known).order_by("name").values_list("name", flat=True)[:MOST_SUGGESTED]
    names = [name for _, name in searchable.places[:MOST_SUGGESTED]]
    return {"words": list(dict.fromkeys([*names, *topics])), "agencies": list(dict.fromkeys(agencies))}


def results(asked: Mapping[str, Any], searchable: Searchable, *, start: int, kinds: Mapping[str, str]) -> Results:
    """Run a search: words under `q`, filters under the names of the form; `kinds` are its types, as people call them."""
    found = index.find(
        asked["q"],
        labels=searchable.labels,
        kinds=_kinds(asked["type"], is_answered=asked["answered"]),
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
        narrower=_narrower(asked, found.facets, kinds),
    )


def start_of(text: str) -> int:
    """The number of hits to skip, from the address; nonsense counts as none."""
    return min(int(text), LAST_START) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _kinds(asked: str, *, is_answered: bool) -> Sequence[str]:
    """The names in the index of what is asked for; none for everything."""
    if asked in OTHER_KINDS:
        return OTHER_KINDS[asked]
    if asked == EVENT:
        return [EVENT, *search_kinds(asked)]
    if asked in {"", "message"}:
        return search_kinds(is_answered=is_answered) if asked or is_answered else ()
    return search_kinds(asked, is_answered=is_answered)


def _narrower(asked: Mapping[str, Any], facets: Facets, kinds: Mapping[str, str]) -> list[Narrower]:
    """Facets that are not chosen yet and would leave something out."""
    types = [] if asked["type"] or asked["answered"] else _types(asked, facets.kinds, kinds)
    return [
        Narrower(heading, links)
        for heading, links in (
            ("Kind", types),
            ("Community", _links(asked, "community", facets.scopes)),
            ("Agency", _links(asked, "agency", facets.agencies)),
        )
        if len(links) > 1
    ]


def _types(asked: Mapping[str, Any], tallies: Sequence[Tally], kinds: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """A type covers several names in the index, and a name may fall under several types."""
    counts = {one.value: one.count for one in tallies}
    found = {kind: sum(counts.get(name, 0) for name in _kinds(kind, is_answered=False)) for kind in kinds}
    links = [(kinds[kind], _address({**asked, "type": kind}, 0), count) for kind, count in found.items() if count]
    answered = sum(counts.get(name, 0) for name in _kinds("", is_answered=True))
    return (
        [*links, ("Questions with an answer", _address({**asked, "answered": "on"}, 0), answered)]
        if answered
        else links
    )


def _links(asked: Mapping[str, Any], field: str, tallies: Sequence[Tally]) -> list[tuple[str, str, int]]:
    return [] if asked[field] else [(one.name, _address({**asked, field: one.value}, 0), one.count) for one in tallies]


def _address(asked: Mapping[str, Any], start: int) -> str:
    kept = {name: "on" if value is True else value for name, value in asked.items() if value}
    return "?" + urlencode(kept | ({"start": start} if start else {}))
