"""Government addresses that no register lists: the military, old .us names, and bodies known by name.

Rows of DomainRule come before these tables; a manager can overrule each line by a row of the same pattern.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from junto.kit.addresses import BadAddress, normalise
from junto.people.models import Level

DEFENSE = "Department of Defense"


@dataclass(frozen=True, slots=True)
class Body:
    """A government body as a table names it. `note` says why it counts."""

    name: str
    level: Level
    parent: str = ""
    state: str = ""
    note: str = ""


MILITARY_BRANCHES: dict[str, str] = {
    "army": "Department of the Army",
    "navy": "Department of the Navy",
    "usmc": "United States Marine Corps",
    "af": "Department of the Air Force",
    "spaceforce": "United States Space Force",
    "uscg": "United States Coast Guard",
}

_DOD_SCHOOL = gettext_noop(
    "A school of the Department of Defense; its .edu addresses belong to staff and cadets in service."
)

NAMED_EXCEPTIONS: dict[str, Body] = {
    "si.edu": Body(
        "Smithsonian Institution",
        Level.FEDERAL,
        note=gettext_noop("A trust instrumentality of the United States; staff write from it."),
    ),
    "usps.com": Body(
        "United States Postal Service",
        Level.FEDERAL_EXECUTIVE,
        note=gettext_noop("The public domain of the Postal Service."),
    ),
    "fs.fed.us": Body(
        "Forest Service",
        Level.FEDERAL_EXECUTIVE,
        parent="Department of Agriculture",
        note=gettext_noop("The address of the Forest Service before usda.gov."),
    ),
    "usma.edu": Body("United States Military Academy", Level.MILITARY, parent=DEFENSE, note=_DOD_SCHOOL),
    "westpoint.edu": Body("United States Military Academy", Level.MILITARY, parent=DEFENSE, note=_DOD_SCHOOL),
    "usna.edu": Body("United States Naval Academy", Level.MILITARY, parent=DEFENSE, note=_DOD_SCHOOL),
    "usafa.edu": Body("United States Air Force Academy", Level.MILITARY, parent=DEFENSE, note=_DOD_SCHOOL),
    "nps.edu": Body("Naval Postgraduate School", Level.MILITARY, parent=DEFENSE, note=_DOD_SCHOOL),
    "ndu.edu": Body("National Defense University", Level.MILITARY, parent=DEFENSE, note=_DOD_SCHOOL),
    "dau.edu": Body("Defense Acquisition University", Level.MILITARY, parent=DEFENSE, note=_DOD_SCHOOL),
    "uscga.edu": Body(
        "United States Coast Guard Academy",
        Level.MILITARY,
        parent="Department of Homeland Security",
        note=gettext_noop("The academy of the Coast Guard."),
    ),
    "usmma.edu": Body(
        "United States Merchant Marine Academy",
        Level.FEDERAL_EXECUTIVE,
        parent="Department of Transportation",
        note=gettext_noop("The academy of the Maritime Administration."),
    ),
}

STATES: dict[str, str] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "AS": "American Samoa", "GU": "Guam", "MP": "Northern Mariana Islands", "PR": "Puerto Rico",
    "VI": "U.S. Virgin Islands",
}  # fmt: skip

# The branches of .us that RFC 1480 keeps for government. Private schools stand under pvt.k12 and are left out.
_XX = r"(?P<state>[a-z]{2})\.us"
_LABEL = r"(?P<place>[a-z0-9-]+)"
_US_FORMS: tuple[tuple[re.Pattern[str], Level, str], ...] = (
    (re.compile(rf"(?:^|\.)state\.{_XX}$"), Level.STATE, "State of {state}"),
    (re.compile(rf"(?:^|\.)co\.{_LABEL}\.{_XX}$"), Level.COUNTY, "County of {place}"),
    (re.compile(rf"(?:^|\.)(?:ci|city)\.{_LABEL}\.{_XX}$"), Level.CITY, "City of {place}"),
    (re.compile(rf"(?:^|\.)town\.{_LABEL}\.{_XX}$"), Level.CITY, "Town of {place}"),
    (re.compile(rf"(?:^|\.)(?:twp|township)\.{_LABEL}\.{_XX}$"), Level.CITY, "Township of {place}"),
    (re.compile(rf"(?:^|\.)(?:vil|village)\.{_LABEL}\.{_XX}$"), Level.CITY, "Village of {place}"),
    (re.compile(rf"(?:^|\.)(?!pvt\.){_LABEL}\.k12\.{_XX}$"), Level.SCHOOL, "{place} schools"),
    (re.compile(rf"(?:^|\.){_LABEL}\.dst\.{_XX}$"), Level.SPECIAL_DISTRICT, "{place} district"),
    (re.compile(rf"(?:^|\.){_LABEL}\.cog\.{_XX}$"), Level.SPECIAL_DISTRICT, "{place} council of governments"),
)
_TRIBE = re.compile(rf"(?:^|\.){_LABEL}\.nsn\.us$")
_FEDERAL = re.compile(rf"(?:^|\.){_LABEL}\.fed\.us$")


def tidy_pattern(text: str) -> str:
    """ "@Example.EDU " gives "example.edu"; a whole address stays one. Raises BadAddress."""
    bare = text.strip().removeprefix("*.").removeprefix("@").removeprefix(".")
    if "@" in bare:
        return normalise(bare)
    try:
        return normalise(f"somebody@{bare}").partition("@")[2]
    except BadAddress as problem:
        words = gettext("“%(text)s” is neither a domain like example.edu nor an address like name@example.edu.")
        raise BadAddress(words % {"text": text.strip()[:80]}) from problem


def body_of(domain: str) -> tuple[str, Body] | None:
    """The government body that the tables give a domain to, and the rule's name; None when no table knows it."""
    labels = domain.split(".")
    if labels[-1] == "mil":
        return ".mil", _military(labels[-2] if len(labels) > 1 else "")
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        if name in NAMED_EXCEPTIONS:
            return name, NAMED_EXCEPTIONS[name]
    return _us_name(domain) if labels[-1] == "us" else None


def _military(branch: str) -> Body:
    if branch in MILITARY_BRANCHES:
        parent = "Department of Homeland Security" if branch == "uscg" else DEFENSE
        return Body(MILITARY_BRANCHES[branch], Level.MILITARY, parent=parent)
    return Body(DEFENSE, Level.MILITARY)


def _us_name(domain: str) -> tuple[str, Body] | None:
    for form, level, name in _US_FORMS:
        found = form.search(domain)
        if found and found["state"].upper() in STATES:
            state = found["state"].upper()
            place = found.groupdict().get("place", "").replace("-", " ").title()
            return found[0].lstrip("."), Body(name.format(state=STATES[state], place=place), level, state=state)
    if found := _TRIBE.search(domain):
        return found[0].lstrip("."), Body(found["place"].replace("-", " ").title(), Level.TRIBAL)
    if found := _FEDERAL.search(domain):
        return found[0].lstrip("."), Body(found[0].lstrip("."), Level.FEDERAL)
    return None
