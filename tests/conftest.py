"""The cast, and the places where material lies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from junto.communities.models import Community, Delivery, Membership, Policy, Readers, Role
from junto.people.models import Address, Agency, Level, Person

ROOT = Path(__file__).resolve().parents[1]
MATERIAL = ROOT.parent / "shared" / "data"


@pytest.fixture
def material() -> Path:
    """The folder of real material beside the project."""
    if not MATERIAL.is_dir():
        pytest.skip("needs ../shared/data, which is not here")
    return MATERIAL


def _person(email: str, name: str, agency: Agency | None = None) -> Person:
    person = Person.objects.create(email=email, name=name, agency=agency)
    Address.objects.create(
        person=person,
        email=email,
        proved_at=timezone.now(),
        agency=agency,
        level=agency.level if agency else "",
    )
    return person


def _community(slug: str, name: str, list_name: str, **fields: object) -> Community:
    return Community.objects.create(
        slug=slug,
        name=name,
        list_name=list_name,
        short_name=list_name.upper(),
        list_id=f"{list_name}.lists.example.gov",
        policy=Policy.GOVERNMENT,
        readers=Readers.MEMBERS,
        guidelines="Be kind. What you write here is a federal record.",
        **fields,
    )


def enroll(person: Person, community: Community, role: str = Role.MEMBER, delivery: str = Delivery.EACH) -> Membership:
    """Make somebody a member, as a fact."""
    return Membership.objects.create(
        community=community,
        person=person,
        address=person.addresses.get(email=person.email),
        role=role,
        delivery=delivery,
        joined_at=timezone.now(),
        guidelines_accepted_at=timezone.now(),
    )


@pytest.fixture
def gsa(db: None) -> Agency:
    return Agency.objects.create(
        name="General Services Administration",
        key="general services administration",
        short_name="GSA",
        level=Level.FEDERAL_EXECUTIVE,
    )


@pytest.fixture
def epa(db: None) -> Agency:
    return Agency.objects.create(
        name="Environmental Protection Agency",
        key="environmental protection agency",
        short_name="EPA",
        level=Level.FEDERAL_EXECUTIVE,
    )


@pytest.fixture
def cop(db: None) -> Community:
    return _community("customer-experience", "Customer Experience", "cx-cop", summary="People who improve service.")


@pytest.fixture
def ada(cop: Community, gsa: Agency) -> Person:
    """Manages the community."""
    ada = _person("ada@gsa.gov", "Ada Alvarez", gsa)
    enroll(ada, cop, Role.MANAGER)
    return ada


@pytest.fixture
def ben(cop: Community, epa: Agency) -> Person:
    """A member, in another agency."""
    ben = _person("ben@epa.gov", "Ben Brooks", epa)
    enroll(ben, cop)
    return ben


@pytest.fixture
def cleo(db: None, epa: Agency) -> Person:
    """Eligible, but has not joined."""
    return _person("cleo@epa.gov", "Cleo Chen", epa)


@pytest.fixture
def dov(db: None) -> Person:
    """A contractor."""
    return _person("dov@contractor.example.com", "Dov Dayan")


@pytest.fixture
def eve(db: None) -> Person:
    """A stranger: signed in, and of no government."""
    return _person("eve@mail.example.com", "Eve Ebert")


@pytest.fixture
def other(cleo: Person) -> Community:
    """Another community, which Cleo manages."""
    other = _community("web-managers", "Web Managers", "web-managers")
    enroll(cleo, other, Role.MANAGER)
    return other


@pytest.fixture
def client_of() -> Callable[[Person], Client]:
    """A browser in which somebody is signed in."""

    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in
