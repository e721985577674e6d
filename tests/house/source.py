"""The source as the house tests read it: files, functions, and lists of exceptions that may only shrink."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "junto"
DOMAINS = ("web", "records", "insights", "events", "library", "discussions", "communities", "people")
ENGINES = ("mail", "search", "audit", "ui", "kit", "config")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that belongs to the project: tracked, or new and not ignored."""
    run = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        names = subprocess.run(run, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        return tuple(path for top in ("src", "tests", "docs") for path in (ROOT / top).rglob("*") if path.is_file())
    return tuple(path for name in names if name and (path := ROOT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    places = [ROOT / folder for folder in folders or ("src",)]
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and "migrations" not in path.parts and any(place in path.parents for place in places)
    ]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def public_functions(path: Path) -> Iterator[Function]:
    """Functions at the top of a module whose names have no underscore in front."""
    for node in tree(path).body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules_named(name: str) -> list[Path]:
    """name.py and name/*.py of every room: the file, or the package it has grown into."""
    found = [room / f"{name}.py" for room in SRC.iterdir()]
    found += [path for room in SRC.iterdir() for path in (room / name).rglob("*.py")]
    return [path for path in found if path.is_file() and path in set(tracked())]


def only_shrinks(found: set[str], exceptions: frozenset[str], advice: str) -> None:
    """What was found must be the exceptions exactly: nothing new, and nothing listed that has been mended."""
    new, mended = sorted(found - exceptions), sorted(exceptions - found)
    assert not new, f"{advice}\n  " + "\n  ".join(new)
    assert not mended, "Mended; take off the list of exceptions:\n  " + "\n  ".join(mended)
