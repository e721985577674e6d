"""Every template is rendered by some test. A pytest plugin (`-p tests.house.rendering`): it works across the processes of
pytest-xdist, and looks at the result only when the whole suite was run."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.test.signals import template_rendered

from tests.house.source import SRC

FOLDER = "JUNTO_RENDERED"
NEVER_RENDERED: frozenset[str] = frozenset()
"""Templates that no test renders. May only shrink."""

_seen: set[str] = set()


def _note(template: object, **_: object) -> None:
    if name := getattr(template, "name", None):
        _seen.add(str(name))


def pytest_configure(config: pytest.Config) -> None:
    template_rendered.connect(_note)
    if not hasattr(config, "workerinput"):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="junto-rendered-")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    folder = Path(os.environ[FOLDER])
    (folder / str(os.getpid())).write_text("\n".join(sorted(_seen)))
    if hasattr(session.config, "workerinput"):
        return
    seen = {name for file in folder.iterdir() for name in file.read_text().splitlines()}
    shutil.rmtree(folder, ignore_errors=True)
    missing = sorted(templates() - seen - NEVER_RENDERED)
    if missing and session.exitstatus == 0 and _is_whole(session.config):
        session.config.stash[_MISSING] = missing
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


_MISSING = pytest.StashKey[list[str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for name in config.stash.get(_MISSING, []):
        terminalreporter.write_line(f"No test renders {name}: open the page or send the letter in a test.", red=True)


def _is_whole(config: pytest.Config) -> bool:
    option = config.option
    return not (option.keyword or option.markexpr or option.lf) and list(config.args) == ["tests"]


def templates() -> set[str]:
    """Names of the templates of every room."""
    roots = [folder for folder in SRC.glob("*/templates") if folder.is_dir()]
    return {path.relative_to(root).as_posix() for root in roots for path in root.rglob("*") if path.is_file()}
