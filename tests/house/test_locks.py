"""The lock files satisfy pyproject.toml and package.json, carry a hash for everything, and name no address."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.source import ROOT

LOCKED = re.compile(r"^([A-Za-z0-9_.\-]+)(?:\[[^\]]+\])?==([^ ;\\]+)", re.MULTILINE)


def _wanted(*, dev: bool) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *(project["optional-dependencies"]["dev"] if dev else [])]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", ["run", "dev"])
def test_the_lock_satisfies_the_project(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    locked = {canonicalize_name(package): version for package, version in LOCKED.findall(text)}
    for wanted in _wanted(dev=name == "dev"):
        version = locked.get(canonicalize_name(wanted.name))
        assert version, f"{wanted.name} is not in requirements/{name}.txt. Run `make lock`."
        assert wanted.specifier.contains(version, prereleases=True), (
            f"{wanted} is locked at {version}. Run `make lock`."
        )


@pytest.mark.parametrize("name", ["run", "dev"])
def test_everything_locked_has_a_hash_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    for block in re.split(r"\n(?=[A-Za-z])", text):
        assert "--hash=sha256:" in block, f"No hash: {block[:60]}"
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_both_locks_agree() -> None:
    run, dev = (dict(LOCKED.findall((ROOT / "requirements" / f"{name}.txt").read_text())) for name in ("run", "dev"))
    assert {name: dev.get(name) for name in run} == run, "Run `make lock`."


def test_the_lock_of_the_assets_satisfies_package_json() -> None:
    path = ROOT / "package-lock.json"
    lock, wanted = json.loads(path.read_text()), json.loads((ROOT / "package.json").read_text())
    for kind in ("dependencies", "devDependencies"):
        assert lock["packages"][""].get(kind, {}) == wanted.get(kind, {}), "Run `make lock`."
    addresses = [name for name, entry in lock["packages"].items() if "resolved" in entry]
    assert not addresses, f"Download addresses in package-lock.json: {addresses[:5]}"


def test_every_dependency_has_a_reason_beside_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text().partition("dependencies = [")[2].partition("\n]")[0].splitlines()
    reasoned = False
    for line in filter(None, map(str.strip, lines)):
        reasoned = reasoned or line.startswith("#")
        assert reasoned, f"{line}: write in a comment what it is for"
