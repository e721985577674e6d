"""Every address, walked by everybody: what a door declares (`@opens_to`) is what six kinds of visitor meet.

The cast walks: a stranger who is not signed in, Eve (signed in, no government), Cleo (eligible, not a member, manager of
another community), Ben (member), Ada (manager), and Hal (runs the site). A new address gets its arguments in
`arguments_of`; a door that takes only a POST is tried with an empty one by those who may not pass; a door that answers otherwise than its declaration says stands in `OTHERWISE` with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from junto.communities.models import (
    Community,
    Page,
    Topic,
)
from junto.discussions import actions as discussions
from junto.people.models import Person
from junto.ui.doors import Who
from tests.house.doors_scene import arguments
from tests.house.test_declarations import views

OPEN = frozenset({200, 204, 301, 302, 304, 405})
CLOSED = frozenset({403, 404})
SIGN_IN = frozenset({302})
VISITORS = ("stranger", "eve", "cleo", "ben", "ada", "hal")

EXPECTED: dict[Who, dict[str, frozenset[int]]] = {
    Who.ANYONE: dict.fromkeys(VISITORS, OPEN | {400, 404}),
    Who.SIGNED_LINK: dict.fromkeys(VISITORS, OPEN),
    Who.SIGNED_IN: {**dict.fromkeys(VISITORS, OPEN), "stranger": SIGN_IN},
    Who.READERS: {
        **dict.fromkeys(VISITORS, OPEN),
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
        "ada": OPEN,
        "hal": OPEN | CLOSED,
    },
    Who.MANAGERS: {
        **dict.fromkeys(("eve", "cleo", "ben"), CLOSED),
        "stranger": SIGN_IN,
        "ada": OPEN,
        "hal": OPEN | CLOSED,
    },
    Who.STAFF: {**dict.fromkeys(VISITORS, CLOSED), "stranger": SIGN_IN, "hal": OPEN},
    Who.DEVELOPERS: dict.fromkeys(VISITORS, OPEN | {404}),
}

OTHERWISE: dict[str, dict[str, frozenset[int]]] = {
    # Leaving is for those who belong; somebody who does not is told so, or sent to the community's page.
    "communities:leave": dict.fromkeys(("eve", "cleo", "hal"), OPEN | CLOSED),
    # Opening again is for staff; a community that is open cannot be opened, not even by them.
    "communities:reopening": {"hal": OPEN | CLOSED},
    # The register of exceptions belongs to the site: whoever manages any community looks after it, Cleo too.
    **{
        f"people:{name}": {"cleo": OPEN}
        for name in ("exceptions", "new-exception", "edit-exception", "remove-exception")
    },
    # The address is Ben's, and so are the passkey, the account elsewhere and the other browser; that they exist is
    # nobody else's business.
    **{
        f"people:{name}": {**dict.fromkeys(VISITORS, CLOSED | {405}), "stranger": SIGN_IN, "ben": OPEN}
        for name in ("prefer-address", "passkey", "remove-passkey", "remove-provider", "end-session")
    },
    "web:remove-address": dict.fromkeys(("eve", "cleo", "ada", "hal"), CLOSED),
    # Without the Message-ID that it asks for, the page says that there is no such message.
    "discussions:message-by-id": dict.fromkeys(("ben", "ada", "hal"), OPEN | {404}),
    # The first message of a discussion is not split from it, and nobody but other members marks what Ben wrote.
    "discussions:split": {"ada": CLOSED, "hal": OPEN | CLOSED},
    # The held post of the scene has no file; and only who asked, or a moderator, says what the answer is.
    "discussions:held-file": dict.fromkeys(("ada", "hal"), OPEN | {404}),
    # Ben cannot ask himself; who shares no community with him does not learn that he is here.
    "web:ask": dict.fromkeys(("ben", "eve", "cleo"), CLOSED),
    # The draft is Ben's; that it exists is nobody else's business.
    **{
        f"discussions:{name}": {"ben": OPEN, **dict.fromkeys(("eve", "cleo", "ada", "hal"), CLOSED)}
        for name in ("discard-draft", "draft-file")
    },
    # No code was sent to this browser.
    "people:address-code": {**dict.fromkeys(VISITORS, OPEN | {404}), "stranger": SIGN_IN},
}


@dataclass(slots=True)
class Scene:
    """What stands in the database while the doors are walked: one real thing for each address to lead to."""

    cop: Community
    people: dict[str, Person | None]
    arguments: dict[str, dict[str, object]]


@pytest.fixture
def scene(cop: Community, ada: Person, ben: Person, cleo: Person, eve: Person, other: Community) -> Scene:
    hal = Person.objects.create(email="hal@gsa.gov", name="Hal Hughes", is_staff=True, is_superuser=True)
    people = {"stranger": None, "eve": eve, "cleo": cleo, "ben": ben, "ada": ada, "hal": hal}
    Page.objects.create(community=cop, slug="about", title="About")
    Topic.objects.create(slug="surveys", title="Surveys").communities.add(cop)
    message = discussions.start(community=cop, subject="How do you measure it?", body="Please tell.", by=ben)
    return Scene(cop, people, arguments(cop, ben, eve, message))


def arguments_of(name: str, scene: Scene) -> dict[str, object]:
    """Arguments that lead to something that is there."""
    return scene.arguments.get(name) or scene.arguments.get(name.partition(":")[0], {})


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
def test_closed_doors_let_no_deed_through(visitor: str, scene: Scene, client_of: Callable[[Person], Client]) -> None:
    """Whoever may not open a door changes nothing by sending a form to it, however well it is filled in."""
    client, before = _browser(scene.people[visitor], client_of), _rows()
    for name, who in doors():
        expected = OTHERWISE.get(name, {}).get(visitor) or EXPECTED[who][visitor]
        if 200 not in expected:
            answer = client.post(address_of(name, scene) or "/nowhere/", FILLED_IN)
            assert answer.status_code in expected | {302, 403, 404, 405}, f"{name} answered {answer.status_code}"
            assert _rows() == before, f"{name} changed something for {visitor}"


@pytest.mark.parametrize(
    "name",
    [
        "signed:delivery",
        "signed:unsubscribe",
        "signed:confirm",
        "signed:confirm-post",
        "signed:decide",
        "signed:answers",
    ],
)
def test_a_changed_link_opens_nothing(name: str, scene: Scene, client_of: Callable[[Person], Client]) -> None:
    client, before = _browser(None, client_of), _rows()
    right = address_of(name, scene) or ""
    head, _, digest = right.strip("/").rpartition("-")
    another = "0" if digest[-1] != "0" else "1"
    for wrong in (f"/{head}-{digest[:-1]}{another}/", f"/{head}/", f"/{head}0-{digest}/", right.upper() + "x/"):
        assert client.get(wrong).status_code in {400, 404, 410}
        assert client.post(wrong, FILLED_IN).status_code in {400, 404, 410}
    assert _rows() == before


FILLED_IN = {
    "name": "Mallory", "subject": "s", "body": "b", "reason": "r", "note": "n", "decision": "accept", "admits": "yes",
    "role": "manager", "delivery": "none", "email": "m@epa.gov", "addresses": "m@epa.gov", "accepts_guidelines": "on",
    "pattern": "evil.example.com", "verdict": "government", "List-Unsubscribe": "One-Click", "title": "t", "slug": "t",
    "description": "d", "outcome": "accepted", "do": "accept", "weeks": "1", "resume": "1", "wish": "mute",
    "step": "removal", "words": "w", "message": "1", "post": "1", "day": "2027-03-03", "starts": "10:00", "ends": "11:00",
    "time_zone": "UTC", "kind": "meeting", "audience": "public",
}  # fmt: skip


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
    """Every row of every room, as it stands."""
    models = [model for model in apps.get_models() if model.__module__.startswith("junto.")]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}
