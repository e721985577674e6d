"""Profiles, and the directory of people who say what they can help with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import Http404

from junto.people import rules
from junto.people.models import Audience, Person, Profile

PEOPLE_ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Sought:
    """What the directory is asked for. Levels are those of `Level`, states the two letters of the Postal Service."""

    words: str = ""
    name: str = ""
    agency: str = ""
    level: str = ""
    state: str = ""
    after: int = 0

    def query(self) -> dict[str, str]:
        """What stands in an address to ask the same again."""
        told = {"q": self.words, "name": self.name, "agency": self.agency, "level": self.level, "state": self.state}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Expert:
    """One person of the directory, with what of their profile is open to whoever looks."""

    person: Person
    fields: dict[str, str]
    photo: str = ""
    may_be_asked: bool = False


@dataclass(frozen=True, slots=True)
class Experts:
    """A page of the directory by name; `older` is the person after whom the next page begins, or 0."""

    people: list[Expert]
    older: int


def find_person(pk: int) -> Person:
    """Somebody with agency and profile in one query, whether or not their page is open. Raises Http404."""
    person = Person.objects.select_related("agency", "profile").filter(pk=pk).first()
    if person is None:
        raise Http404(rules.NO_PROFILE.reason)
    return person


def profile_of(person: Person) -> Profile:
    """The profile of a person; one with the defaults, that is not kept, where they never filled in the form."""
    try:
        return person.profile
    except Profile.DoesNotExist:
        return Profile(person=person)


def experts(sought: Sought, *, viewer: Person | None, colleagues: QuerySet[Any, Any]) -> Experts:
    """People who say what they can help with, as far as the viewer may know; one query, and one for a later page.

    `colleagues` selects the keys of those who share a community with the viewer. Agency, level and state are matched
    only where the person shows their agency to the viewer: a search tells nothing that the page would not.
    """
    found = Profile.objects.filter(_opens("helps_with", viewer, colleagues), person__is_active=True)
    found = _about(found.exclude(helps_with=""), sought, _opens("agency", viewer, colleagues))
    if sought.after and (last := Person.objects.filter(pk=sought.after).only("name").first()):
        found = found.filter(Q(person__name__gt=last.name) | Q(person__name=last.name, person__gt=last.pk))
    near = ExpressionWrapper(Q(person__in=colleagues), output_field=BooleanField())
    marked = found.annotate(is_near=near).select_related("person__agency").order_by("person__name", "person")
    rows = list(marked[: PEOPLE_ON_A_PAGE + 1])
    shown = [
        Expert(
            row.person,
            rules.fields_open_to(row, viewer, is_colleague=row.is_near),
            photo=_photo(row, viewer),
            may_be_asked=row.is_near and row.takes_questions,
        )
        for row in rows[:PEOPLE_ON_A_PAGE]
    ]
    return Experts(shown, shown[-1].person.pk if len(rows) > PEOPLE_ON_A_PAGE else 0)


def _photo(row: Any, viewer: Person | None) -> str:
    """Where the photo is, if it is open to the viewer; decided without a query, as the fields are."""
    return row.person.photo_address if rules.may_see_photo(viewer, row, is_colleague=row.is_near) else ""


def _opens(field: str, viewer: Person | None, colleagues: QuerySet[Any, Any]) -> Q:
    """The condition under which a field is open to the viewer; the same as rules.fields_open_to, in the database."""
    audience = f"{field}_for__in"
    opens = Q(**{audience: rules.audiences_of(viewer, is_colleague=False)})
    if viewer is None:
        return opens
    seen = Audience.COLLEAGUES, Audience.GOVERNMENT, Audience.EVERYONE
    return opens | (Q(**{audience: seen}) & (Q(person__in=colleagues) | Q(person=viewer)))


def _about(found: QuerySet[Profile], sought: Sought, shows_agency: Q) -> QuerySet[Profile]:
    """Those who have all of the words, in the agency, level and state that are asked for."""
    for word in sought.words.split()[:8]:
        found = found.filter(Q(helps_with__icontains=word) | Q(person__name__icontains=word))
    for word in sought.name.split()[:8]:
        found = found.filter(person__name__icontains=word)
    if sought.agency:
        named = Q(person__agency__name__icontains=sought.agency) | Q(person__agency__short_name__iexact=sought.agency)
        found = found.filter(shows_agency, named)
    if sought.level:
        found = found.filter(shows_agency, person__agency__level=sought.level)
    return found.filter(shows_agency, person__agency__state=sought.state) if sought.state else found
