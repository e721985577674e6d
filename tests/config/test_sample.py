"""The texts of the sample community hold together."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

SAMPLE = Path(__file__).resolve().parents[2] / "src" / "junto" / "config" / "sample"


def read(name: str):  # type: ignore[no-untyped-def]
    return yaml.safe_load((SAMPLE / f"{name}.yaml").read_text(encoding="utf-8"))


def test_everybody_who_writes_is_a_member() -> None:
    members = {entry["email"] for entry in read("people")["members"]}
    belongs = {
        entry["slug"]: members if entry["members"] == "all" else set(entry["members"])
        for entry in read("communities")["communities"]
    }
    for discussion in [*read("history"), *read("discussions")]:
        authors = {discussion["by"], *(reply["by"] for reply in discussion["replies"])}
        assert authors <= belongs[discussion["community"]], discussion["subject"]


def test_every_member_works_for_an_agency_of_the_register() -> None:
    with (SAMPLE / "register.csv").open(encoding="utf-8") as file:
        domains = {row["Domain name"] for row in csv.DictReader(file)}
    for entry in read("people")["members"]:
        domain = entry["email"].partition("@")[2]
        assert any(domain == known or domain.endswith(f".{known}") for known in domains), entry["email"]


def test_the_cast_is_there() -> None:
    people = read("people")
    assert {"ada@gsa.gov", "ben@epa.gov"} <= {entry["email"] for entry in people["members"]}
    assert {entry["name"].split()[0] for entry in people["outside"]} == {"Cleo", "Dov", "Eve"}


@pytest.mark.django_db(transaction=True)
def test_the_sample_is_made_through_the_rooms() -> None:
    from junto.communities.models import Community
    from junto.config import sample
    from junto.discussions.models import Message

    sample.make(say=lambda text: None)
    assert Community.objects.get(slug="customer-experience").memberships.active().count() == 28
    told = [*read("history"), *read("discussions")]
    assert Message.objects.count() == sum(1 + len(entry["replies"]) for entry in told)
