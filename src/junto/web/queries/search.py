"""What the search page shows: only what this person may read, and nothing that tells of the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities import queries as communities
from junto.communities.models import Community, Topic
from junto.communities.rules import labels_of
from junto.discussions.rules import search_kinds
from junto.events import queries as events
from junto.kit.prepared import Prepared
from junto.people import indexing as people
from junto.people import rules as people_rules
from junto.people.models import Agency, Audience, Person
from junto.search import queries as index
from junto.search.documents import Facets, Found, Hit, Tally

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PER_PAGE = 20
MOST_SUGGESTED = 200
OTHER_KINDS = {
    "person": [people.KIND],
    "community": ["community", "page"],
    "page": ["page"],
    "news": ["library.news"],
    "resource": ["library.resource", "library.guide"],
}
_ONE_OF: Mapping[str, StrOrPromise] = {
    "person": _("Person"),
    "community": _("Community"),
    "page": _("Page"),
    "summary": _("Summary"),
    "job": _("Job"),
    "event": _("Event"),
    "article": _("Article"),
    "library": _("Library"),
}
EVENT = "event"
"""Both an event and a thread that tells of one."""
LAST_START = 1_980
_EVERYWHERE: Prepared[tuple[int, str, str, bool, datetime | None]] = Prepared(
    lambda: Community.objects.order_by("name").values_list("pk", "slug", "name", "is_hidden", "retired_at")
)
_COLLEAGUES: Prepared[tuple[str]] = Prepared(
    lambda person: people.keys_among_colleagues(communities.colleagues_of(person))
)
_TOPICS: Prepared[tuple[str]] = Prepared(lambda: Topic.objects.order_by("title").values_list("title")[:MOST_SUGGESTED])
_AGENCIES: Prepared[tuple[str]] = Prepared(
    lambda: (
        Agency.objects.filter(pk__in=Person.objects.exclude(agency=None).values("agency"))
        .order_by("name")
        .values_list("name")
        .distinct()[:MOST_SUGGESTED]
    )
)


@dataclass(frozen=True, slots=True)
class Searchable:
    """Where somebody may search: labels for the index, and communities (slug, name) to choose from."""

    labels: list[str]
    places: list[tuple[str, str]]
    only: index.Only = field(default_factory=dict)


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
    rows: Sequence[Row] = ()
    chosen: Sequence[Chosen] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A hit as the page shows it: `sign` and `state` of the component `state`, `kind` as a tag; both may be empty."""

    hit: Hit
    kind: str = ""
    sign: str = ""
    state: str = ""

    __getitem__ = object.__getattribute__
    """Templates ask for items first: this spares them an exception for each word that they show."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that is set, in words, with the address of the search without it."""

    words: str
    without: str


def searchable_by(person: Person | None) -> Searchable:
    """The labels that this person may find, and the communities that their filter may name."""
    if person is not None:
        people_rules.look_up_addresses(person)
    readable = communities.readable_ids(person)
    everywhere = _EVERYWHERE.all()
    places = [
        (slug, name)
        for pk, slug, name, is_hidden, retired_at in everywhere
        if pk in readable or not (is_hidden or retired_at)
    ]
    of_events = events.searchable_labels((pk, pk in readable or not is_hidden) for pk, _, _, is_hidden, _ in everywhere)
    labels = ["public", *people.labels_of(person), *labels_of(person, readable), *of_events]
    return Searchable(
        labels, places, {people.LABELS[Audience.COLLEAGUES]: _COLLEAGUES.sql(person=person.pk)} if person else {}
    )


def suggestions(searchable: Searchable) -> dict[str, list[str]]:
    """What the browser offers while somebody types: communities and topics, and agencies whose people are here. Two queries."""
    topics = [title for (title,) in _TOPICS.all()]
    names = [name for _, name in searchable.places[:MOST_SUGGESTED]]
    return {"words": list(dict.fromkeys([*names, *topics])), "agencies": [name for (name,) in _AGENCIES.all()]}


def results(
    asked: Mapping[str, Any], searchable: Searchable, *, start: int, kinds: Mapping[str, StrOrPromise]
) -> Results:
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
        only=searchable.only,
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
        rows=[_row(hit, kinds) for hit in found.hits],
        chosen=chosen(asked, searchable, kinds),
    )


def chosen(asked: Mapping[str, Any], searchable: Searchable, kinds: Mapping[str, StrOrPromise]) -> list[Chosen]:
    """The filters that are set, each with the way to take it off."""
    names = dict(searchable.places)
    told = {
        "type": asked["type"] and str(kinds[asked["type"]]),
        "community": names.get(asked["community"], ""),
        "author": asked["author"] and gettext("Author: %(name)s") % {"name": asked["author"]},
        "agency": asked["agency"] and gettext("Agency: %(name)s") % {"name": asked["agency"]},
        "after": asked["after"] and gettext("From %(day)s") % {"day": date_format(asked["after"])},
        "before": asked["before"] and gettext("Until %(day)s") % {"day": date_format(asked["before"])},
        "answered": asked["answered"] and gettext("With an answer"),
    }
    return [Chosen(words, _address({**asked, field: ""}, 0)) for field, words in told.items() if words]


def _row(hit: Hit, kinds: Mapping[str, StrOrPromise]) -> Row:
    """Questions say whether they are answered; what else is no plain message says what it is."""
    name = hit.kind.removeprefix("message").removeprefix(".")
    if name.startswith("question"):
        is_answered = name.endswith(".answered")
        return Row(
            hit, gettext("Question"), *(("answered", gettext("Answered")) if is_answered else ("open", gettext("Open")))
        )
    return Row(hit, str(_ONE_OF.get(name.partition(".")[0] or name, "") or _ONE_OF.get(name, "")))


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


def _narrower(asked: Mapping[str, Any], facets: Facets, kinds: Mapping[str, StrOrPromise]) -> list[Narrower]:
    """Facets that are not chosen yet and would leave something out."""
    types = [] if asked["type"] or asked["answered"] else _types(asked, facets.kinds, kinds)
    return [
        Narrower(heading, links)
        for heading, links in (
            (gettext("Kind"), types),
            (gettext("Community"), _links(asked, "community", facets.scopes)),
            (gettext("Agency"), _links(asked, "agency", facets.agencies)),
        )
        if len(links) > 1
    ]


def _types(
    asked: Mapping[str, Any], tallies: Sequence[Tally], kinds: Mapping[str, StrOrPromise]
) -> list[tuple[str, str, int]]:
    """A type covers several names in the index, and a name may fall under several types."""
    counts = {one.value: one.count for one in tallies}
    found = {kind: sum(counts.get(name, 0) for name in _kinds(kind, is_answered=False)) for kind in kinds}
    links = [(str(kinds[kind]), _address({**asked, "type": kind}, 0), count) for kind, count in found.items() if count]
    answered = sum(counts.get(name, 0) for name in _kinds("", is_answered=True))
    return (
        [*links, (gettext("Questions with an answer"), _address({**asked, "answered": "on"}, 0), answered)]
        if answered
        else links
    )


def _links(asked: Mapping[str, Any], field: str, tallies: Sequence[Tally]) -> list[tuple[str, str, int]]:
    return [] if asked[field] else [(one.name, _address({**asked, field: one.value}, 0), one.count) for one in tallies]


def _address(asked: Mapping[str, Any], start: int) -> str:
    kept = {name: "on" if value is True else value for name, value in asked.items() if value}
    return "?" + urlencode(kept | ({"start": start} if start else {}))
