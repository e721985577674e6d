"""What the search field offers while somebody types: places, discussions and people that they may see, at most eight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from junto.communities.models import Topic
from junto.discussions.rules import search_kinds
from junto.people import indexing as people
from junto.search import queries as index
from junto.search.documents import Titled
from junto.search.words import folded
from junto.web.queries.search import Searchable

MOST = 8
SHORTEST = 2
_MOST_OF_A_KIND = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line: what it is, its name, what stands beside the name, and where it leads."""

    kind: str
    name: str
    note: str
    href: str


def suggest(typed: str, searchable: Searchable) -> list[Suggestion]:
    """Communities, discussions by their subject, people and topics that have these words; two queries."""
    if len(typed.strip()) < SHORTEST:
        return []
    kinds = [*search_kinds(), people.KIND]
    found = index.titles(typed, labels=searchable.labels, kinds=kinds, only=searchable.only, limit=2 * MOST)
    persons = [one for one in found if one.kind == people.KIND]
    threads = [one for one in found if one.kind != people.KIND]
    lines = chain(
        islice(_communities(typed, searchable.places), _MOST_OF_A_KIND),
        islice(_people(persons), _MOST_OF_A_KIND),
        islice(_discussions(threads), _MOST_OF_A_KIND + 1),
        _topics(typed),
    )
    return list(islice(lines, MOST))


def _communities(typed: str, places: Iterable[tuple[str, str]]) -> Iterator[Suggestion]:
    words = folded(typed).split()
    for slug, name in places:
        if words and all(word in folded(f"{name} {slug}") for word in words):
            yield Suggestion(gettext("Community"), name, "", f"/communities/{slug}/")


def _discussions(found: Iterable[Titled]) -> Iterator[Suggestion]:
    for one in found:
        yield Suggestion(
            gettext("Discussion"), one.title.removeprefix("Re: "), one.scope_name, one.url.partition("#")[0]
        )


def _people(found: Iterable[Titled]) -> Iterator[Suggestion]:
    for one in found:
        yield Suggestion(gettext("Person"), one.title, "", one.url)


def _topics(typed: str) -> Iterator[Suggestion]:
    titles = (
        Topic.objects.filter(title__icontains=typed.strip()[:100]).order_by("title").values_list("title", flat=True)
    )
    for title in titles[:2]:
        yield Suggestion(gettext("Search for"), title, "", f"{reverse('web:search')}?{urlencode({'q': title})}")
