"""The layout of rooms: names of files, and what a room may ask of another."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import DOMAINS, ENGINES, ROOT, SRC, only_shrinks, place, python_files, tracked, tree

NAMES = set(
    [
        "urls",
        "views",
        "inbound",
        "admin",
        "management",
        "forms",
        "actions",
        "tasks",
        "letters",
        "indexing",
        "queries",
        "rules",
        "models",
    ]
)
ALSO = {"__init__", "apps", "migrations", "templates", "templatetags", "static", "assets"}
PRIVATE = {"views", "forms", "inbound", "tasks", "letters"}
ROOT_FILES = {
    ".gitattributes", ".gitignore", ".npmrc", ".python-version", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
    "Makefile", "NOTICE", "README.md", "SECURITY.md", "package-lock.json", "package.json", "pyproject.toml",
    ".ci", "docs", "requirements", "src", "tests",
}  # fmt: skip
MARKS = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK"]) + r")\b")
HOSTS = ("pypi." + "org", "pythonhosted." + "org", "registry.npmjs." + "org", "registry.yarnpkg." + "com")
TEXT = {".py", ".md", ".txt", ".toml", ".json", ".html", ".mjml", ".mjs", ".js", ".scss", ".in", ".yml", ".sh", ""}


def test_rooms_hold_only_files_with_the_names_of_the_design() -> None:
    found = {
        place(path)
        for room in DOMAINS
        for path in (SRC / room).iterdir()
        if path.stem not in NAMES | ALSO | {"__pycache__"}
    }
    only_shrinks(found, frozenset(), "Give it one of the names of docs/design.md, or move it to kit or an engine:")


def test_every_room_has_its_place_and_says_what_it_is_for() -> None:
    for room in sorted(path for path in SRC.iterdir() if path.is_dir() and path.name != "__pycache__"):
        assert room.name in DOMAINS + ENGINES, f"{room.name}: give the room its place in pyproject.toml and source.py"
        assert ast.get_docstring(tree(room / "__init__.py")), f"{room.name}/__init__.py: say what the room is for"


def test_rooms_ask_others_only_for_actions_queries_rules_and_models() -> None:
    found = {
        f"{place(path)} imports {name}"
        for room in (*DOMAINS, "mail", "search", "audit", "ui", "kit")
        for path in python_files(f"src/junto/{room}")
        for name in _imports(path)
        if _is_private_to_another(name, room)
    }
    only_shrinks(found, frozenset(), "Call an action or a query of that room instead:")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_private_to_another(name: str, room: str) -> bool:
    parts = name.split(".")
    return parts[0] == "junto" and len(parts) > 2 and parts[1] in DOMAINS and parts[1] != room and parts[2] in PRIVATE


def test_the_root_holds_only_files_on_the_list() -> None:
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()}
    only_shrinks(tops - ROOT_FILES, frozenset(), "Find it a folder, or put it on ROOT_FILES with a reason:")


def test_there_is_no_drawer() -> None:
    drawers = {"utils", "util", "helpers", "misc", "common", "lib"}
    found = {place(path) for path in python_files("src", "tests") if drawers & {path.stem, path.parent.name}}
    only_shrinks(found, frozenset(), "Name it for what it does:")


def test_nothing_is_left_for_later_in_comments() -> None:
    found = {place(path) for path in tracked() if path.suffix in {".py", ".html", ".mjml", ".mjs"} and _is_marked(path)}
    only_shrinks(found, frozenset(), "Do it now, or file an issue:")


def _is_marked(path: Path) -> bool:
    return "tests/house" not in place(path) and bool(MARKS.search(path.read_text(encoding="utf-8")))


def test_no_file_names_the_host_of_a_package_registry() -> None:
    found = {
        f"{place(path)}: {host}"
        for path in tracked()
        if path.suffix in TEXT
        for host in HOSTS
        if host in path.read_text(encoding="utf-8", errors="replace")
    }
    only_shrinks(found, frozenset(), "Where packages come from is the machine’s business. Run `make lock`:")
