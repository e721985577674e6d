"""What the register of .gov domains (CISA) looks like: its columns through the years, and its types of domain."""

from __future__ import annotations

from dataclasses import dataclass

from junto.people.models import Level

# Each column with the names it has had: capitals until 2023, sentence case from January 2024, without Agency from
# January 2026. Compared without regard to case.
COLUMNS: dict[str, tuple[str, ...]] = {
    "domain": ("domain name", "domain"),
    "type": ("domain type",),
    "agency": ("agency",),
    "organization": ("organization name", "organization"),
    "part": ("suborganization name", "suborganization"),
    "city": ("city",),
    "state": ("state",),
}
NEEDED = ("domain", "type", "organization", "state")
EXPECTED = "Domain name, Domain type, Organization name, Suborganization name, City, State"

BLANK = "(blank)"
LEAST_SHARE = 0.95
_ELECTION = " - election"
_TYPES: dict[str, Level] = {
    "federal - executive": Level.FEDERAL_EXECUTIVE,
    "federal agency - executive": Level.FEDERAL_EXECUTIVE,
    "federal - legislative": Level.FEDERAL_LEGISLATIVE,
    "federal agency - legislative": Level.FEDERAL_LEGISLATIVE,
    "federal - judicial": Level.FEDERAL_JUDICIAL,
    "federal agency - judicial": Level.FEDERAL_JUDICIAL,
    "federal": Level.FEDERAL,
    "state or territory": Level.STATE,
    "state": Level.STATE,
    "state/local govt": Level.STATE,
    "territory": Level.STATE,
    "county": Level.COUNTY,
    "city": Level.CITY,
    "special district": Level.SPECIAL_DISTRICT,
    "independent intrastate": Level.SPECIAL_DISTRICT,
    "tribal": Level.TRIBAL,
    "native sovereign nation": Level.TRIBAL,
    "school district": Level.SCHOOL,
    "interstate": Level.INTERSTATE,
    "interstate agency": Level.INTERSTATE,
}


@dataclass(frozen=True, slots=True)
class DomainType:
    level: Level
    is_election: bool


def read_type(text: str) -> DomainType | None:
    """The level behind a domain type of the register: "City - Election" is a city. None for an unknown type."""
    folded = " ".join(text.lower().split())
    is_election = folded.endswith(_ELECTION)
    level = _TYPES.get(folded.removesuffix(_ELECTION))
    return DomainType(level, is_election) if level else None
