"""Every address, walked by everybody: what a door declares (`@opens_to`) is what six kinds of visitor meet.

The cast walks: a stranger who is not signed in, Eve (signed in, no government), Cleo (eligible, not a member, manager of
another community), Ben (member), Ada (manager), and Hal (runs the site). A new address gets its arguments in
`arguments_of`; a door that takes only a POST is tried with an empty one by those who may not pass; a door that answers otherwise than its declaration says stands in `OTHERWISE` with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from junto.communities.models import Community, Membership
from junto.kit import tokens
from junto.people.models import Person
from junto.ui.doors import Who
from tests.house.test_declarations import views

OPEN = frozenset({200, 204, 301, 302, 304, 405})
CLOSED = frozenset({403, 404})
SIGN_IN = frozenset({302})
VISITORS = ("stranger", "eve", "cleo", "ben", "ada", "hal")

EXPECTED: dict[Who, dict[str, frozenset[int]]] = {
    Who.ANYONE: dict.fromkeys(VISITORS, OPEN | {400, 404}),
    Who.SIGNED_LINK: dict.fromkeys(VISITORS, OPEN | CLOSED | {400, 410}),
    Who.SIGNED_IN: {**dict.fromkeys(VISITORS, OPEN | {404}), "stranger": SIGN_IN},
    Who.READERS: {
        **dict.fromkeys(VISITORS, OPEN | {404}),
        **dict.fromkeys(("eve", "cleo"), CLOSED),
        "stranger": SIGN_IN | CLOSED,
        "hal": OPEN | CLOSED,
    },
    Who.MEMBERS: {
        **dict.fromkeys(VISITORS, OPEN),
        **dict.fromkeys(("eve", "cleo"), CLOSED),
        "stranger": SIGN_IN,
        "hal": OPEN | CLOSED,
    },
    Who.MODERATORS: {
        **dict.fromkeys(("eve", "cleo", "ben"), CLOSED),
        "stranger": SIGN_IN,
        "ada": OPEN | {404},
        "hal": OPEN | CLOSED,
    },
    Who.MANAGERS: {
        **dict.fromkeys(("eve", "cleo", "ben"), CLOSED),
        "stranger": SIGN_IN,
        "ada": OPEN | {404},
        "hal": OPEN | CLOSED,
    },
    Who.STAFF: {**dict.fromkeys(VISITORS, CLOSED), "stranger": SIGN_IN, "hal": OPEN | {404}},
    Who.DEVELOPERS: dict.fromkeys(VISITORS, OPEN | {404}),
}

OTHERWISE: dict[str, dict[str, frozenset[int]]] = {
    # Leaving is for those who belong; somebody who does not is told so, or sent to the community's page.
    "communities:leave": dict.fromkeys(("eve", "cleo", "hal"), OPEN | CLOSED),
    # The register of exceptions belongs to the site: whoever manages any community looks after it, Cleo too.
    **{
        f"people:{name}": {"cleo": OPEN | {404}}
        for name in ("exceptions", "new-exception", "exception", "edit-exception", "remove-exception")
    },
}


@dataclass(slots=True)
class Scene:
    """What stands in the database while the doors are walked."""

    cop: Community
    people: dict[str, Person | None]
    membership: Membership
    numbers: dict[str, object] = field(default_factory=dict)


@pytest.fixture
def scene(cop: Community, ada: Person, ben: Person, cleo: Person, eve: Person, other: Community) -> Scene:
    hal = Person.objects.create(email="hal@gsa.gov", name="Hal Hughes", is_staff=True, is_superuser=True)
    people = {"stranger": None, "eve": eve, "cleo": cleo, "ben": ben, "ada": ada, "hal": hal}
    return Scene(cop, people, ben.memberships.get(community=cop))


def arguments_of(name: str, scene: Scene) -> dict[str, object]:
    """Sample arguments for every parameter that an address may have, by the parameter's name."""
    purpose = f"signed:{name.rpartition(':')[2]}"
    return {
        "slug": scene.cop.slug,
        "page": "about",
        "number": 1,
        "message": 1,
        "position": 0,
        "token": tokens.sign(purpose, scene.membership.pk),
        "pk": 1,
        "id": 1,
        "topic": "customer-experience",
        "name": "alert",
        "kind": "people.sign_in",
        "path": "index",
        **scene.numbers,
    }


def address_of(name: str, scene: Scene) -> str | None:
    """The address of a named view with sample arguments; None where it needs an argument that nobody has listed."""
    known = arguments_of(name, scene)
    for wanted in _parameters_of(name):
        if set(wanted) <= set(known):
            try:
                return reverse(name, kwargs={key: known[key] for key in wanted})
            except NoReverseMatch:
                continue
    return None


def _parameters_of(name: str) -> list[tuple[str, ...]]:
    """The names of the parameters of an address, for each of the paths that may carry its name."""
    resolver = get_resolver()
    lead: tuple[str, ...] = ()
    *spaces, last = name.split(":")
    for space in spaces:
        prefix, resolver = resolver.namespace_dict[space]
        lead += tuple(re.findall(r"%\((\w+)\)s", prefix)) + tuple(re.findall(r"<(?:\w+:)?(\w+)>", prefix))
    paths = [parameters for possibilities, *_ in resolver.reverse_dict.getlist(last) for _, parameters in possibilities]
    return [tuple(dict.fromkeys([*lead, *parameters])) for parameters in paths]


def doors() -> list[tuple[str, Who]]:
    return [(name, view.door) for name, view in views() if isinstance(getattr(view, "door", None), Who)]  # type: ignore[attr-defined]


def test_every_address_can_be_walked(scene: Scene) -> None:
    missing = {name for name, _ in doors() if address_of(name, scene) is None}
    assert not missing, f"Add sample arguments to arguments_of for: {sorted(missing)}"


@pytest.mark.parametrize("visitor", VISITORS)
def test_doors_open_to_whom_they_say(visitor: str, scene: Scene, client_of: Callable[[Person], Client]) -> None:
    person = scene.people[visitor]
    client = _browser(person, client_of)
    wrong = []
    for name, who in doors():
        address = address_of(name, scene)
        expected = OTHERWISE.get(name, {}).get(visitor) or EXPECTED[who][visitor]
        answer = client.get(address or "/nowhere/")
        if answer.status_code == 405 and not expected & {200}:
            answer = client.post(address or "/nowhere/")
        if answer.status_code not in expected | ({405} if 200 in expected else set()):
            wrong.append(f"{name} ({who}) answered {answer.status_code} at {address}; expected {sorted(expected)}")
        if "sign-in" in name and visitor != "stranger":
            client = _browser(person, client_of)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("visitor", VISITORS)
def test_looking_changes_nothing(visitor: str, scene: Scene, client_of: Callable[[Person], Client]) -> None:
    """Government gateways open every link before its reader does: a GET changes no row that matters."""
    person = scene.people[visitor]
    client = _browser(person, client_of)
    before = _rows()
    for name, _ in doors():
        client.get(address_of(name, scene) or "/nowhere/")
    assert _rows() == before


def _browser(person: Person | None, client_of: Callable[[Person], Client]) -> Client:
    """One in which a crash is an answer of 500, to be told with its address."""
    client = client_of(person) if person else Client()
    client.raise_request_exception = False
    return client


def _rows() -> dict[str, list[dict[str, object]]]:
    from junto.audit.models import Entry
    from junto.people.models import Address

    models = (Community, Membership, Address, Entry)
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}
