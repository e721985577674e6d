"""People as search documents: one for each audience to which somebody tells more than to the one before.

Whoever shares no community with somebody never finds the document for colleagues: `keys_among_colleagues` is a condition of the
search itself, so that nothing here has to follow who joins, leaves or conceals themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from junto.people import queries, rules
from junto.people.models import Audience, Person
from junto.search import actions as search
from junto.search.documents import Document

KIND = "person"
LABELS = {
    Audience.EVERYONE: "public",
    Audience.GOVERNMENT: "people:government",
    Audience.COLLEAGUES: "people:colleagues",
}
_AT_ONCE = 500


def labels_of(viewer: Person | None) -> list[str]:
    """The labels of people's documents that somebody may find, beside what is public."""
    if viewer is None:
        return []
    of_government = [LABELS[Audience.GOVERNMENT]] if rules.is_government(viewer) else []
    return [*of_government, LABELS[Audience.COLLEAGUES]]


def keys_among_colleagues(colleagues: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """The keys of what these people, selected as `person`, let their colleagues find: a condition for `search.queries.find`."""
    ending = f":{Audience.COLLEAGUES}"
    key = Concat(Value("people.person:"), Cast("person", CharField()), Value(ending), output_field=CharField())
    return colleagues.values_list(key)


def reindex(ids: Collection[int]) -> int:
    """Put some people in the index as they are, and take out what they no longer tell. Returns how many documents stay."""
    people = Person.objects.filter(pk__in=ids, is_active=True).select_related("agency", "profile")
    documents = [document for person in people for document in _documents_of(person)]
    kept = {document.key for document in documents}
    search.remove(key for pk in ids for key in _keys_of(pk) if key not in kept)
    return search.index(documents)


def reindex_all() -> int:
    """The same for everybody, a few hundred at a time."""
    ids = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    return sum(reindex(ids[begin : begin + _AT_ONCE]) for begin in range(0, len(ids), _AT_ONCE))


def _documents_of(person: Person) -> Iterator[Document]:
    """Colleagues see the name in lists of members anyway; to the others nobody is named who tells them nothing."""
    profile = queries.profile_of(person)
    told_before: dict[str, str] = {}
    for audience, key in zip(LABELS, _keys_of(person.pk), strict=True):
        told = rules.fields_told_to(profile, rules.UP_TO[audience])
        if told != told_before or audience == Audience.COLLEAGUES:
            yield _document(person, key, LABELS[audience], told)
        told_before = told


def _document(person: Person, key: str, label: str, told: dict[str, str]) -> Document:
    words = (told.get(field, "") for field in ("helps_with", "learning", "job_title", "about"))
    return Document(
        key=key,
        kind=KIND,
        title=person.display_name,
        text="\n\n".join(filter(None, words)),
        url=f"/people/{person.pk}/",
        label=label,
        agency=told.get("agency", ""),
    )


def _keys_of(pk: int) -> list[str]:
    return [f"people.person:{pk}:{audience}" for audience in LABELS]
