"""Who wrote: each address is looked up and judged once. Nobody is made into a person by an archive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from junto.kit.addresses import BadAddress, normalise
from junto.people.queries import Judgement, judge_many, people_by_email

MOST_KEPT = 20_000


class Author(NamedTuple):
    """Keys of the person and the agency behind an address, and how the agency stands beside the name."""

    person: int | None
    agency: int | None
    label: str


NOBODY = Author(None, None, "")


class Authors:
    """The authors of an archive, by address as written."""

    def __init__(self) -> None:
        self._known: dict[str, Author] = {"": NOBODY}

    def of(self, addresses: Iterable[str]) -> dict[str, Author]:
        """Each address with its author; at most four queries, none where all were met before."""
        wanted = set(addresses)
        if len(self._known) > MOST_KEPT:
            self._known = {"": NOBODY}
        if new := wanted - self._known.keys():
            self._look_up(sorted(new))
        return {address: self._known[address] for address in wanted}

    def _look_up(self, addresses: list[str]) -> None:
        good = {address: known for address in addresses if (known := _normal(address))}
        people = people_by_email(set(good.values()))
        judgements = dict(zip(good, judge_many(good.values()), strict=True))
        for address in addresses:
            if address not in good:
                self._known[address] = NOBODY
                continue
            person = people.get(good[address])
            self._known[address] = _author(judgements[address], person.pk if person else None)


def _normal(address: str) -> str:
    try:
        return normalise(address)
    except BadAddress:
        return ""


def _author(judgement: Judgement, person: int | None) -> Author:
    agency = judgement.agency
    return Author(person, agency.pk if agency else None, (agency.label if agency else judgement.agency_name)[:250])
