"""The docs tell of the program as it is, and every link in them leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from junto.config import environment, reference
from tests.house.source import ROOT, place, tracked

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def _pages() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md" and "node_modules" not in path.parts]


@pytest.mark.parametrize("name", list(reference.PAGES))
def test_the_reference_is_what_the_program_says(name: str) -> None:
    path = ROOT / "docs" / "reference" / name
    assert path.read_text(encoding="utf-8") == reference.PAGES[name](), (
        f"{place(path)} is out of date. Run `make docs`."
    )


def test_every_setting_is_in_the_reference() -> None:
    text = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    assert not [setting.name for setting in environment.SETTINGS if f"`{setting.name}`" not in text]


@pytest.mark.parametrize("path", _pages(), ids=place)
def test_every_link_leads_somewhere(path: Path) -> None:
    broken = [link for link in _links(path) if not _leads_somewhere(link, path)]
    assert not broken, f"{place(path)}: {broken}"


def _links(path: Path) -> list[str]:
    text = CODE.sub("", path.read_text(encoding="utf-8"))
    return [first or second for first, second in LINK.findall(text)]


def _leads_somewhere(link: str, page: Path) -> bool:
    if "://" in link or link.startswith("mailto:"):
        return True
    target, _, anchor = link.partition("#")
    file = (page.parent / target).resolve() if target else page
    if not file.exists():
        return False
    return not anchor or anchor in {_anchor(title) for title in HEADING.findall(file.read_text(encoding="utf-8"))}


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_test_that_the_docs_name_exists() -> None:
    named = {found for path in _pages() for found in NAMED_TEST.findall(path.read_text(encoding="utf-8"))}
    assert named
    missing = {
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).is_file() or f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8")
    }
    assert not missing, f"Name the tests as they are: {sorted(missing)}"
