"""`junto serve` as an operator runs it: up, mended, stopped, with nobody left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
]
PARTS = ("web", "mailroom", "worker --queue mail", "worker --queue default")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Tree:
    """A running `junto serve` on a home and ports of its own."""

    def __init__(self, home: Path) -> None:
        self.port, self.lmtp = free_port(), free_port()
        self.log = home.parent / "log"
        settings = {
            "JUNTO_HOME": str(home),
            "JUNTO_DATABASE_URL": "",
            "JUNTO_PORT": str(self.port),
            "JUNTO_LMTP_PORT": str(self.lmtp),
            "JUNTO_SMTP_PORT": "0",
            "JUNTO_SITE_URL": f"http://localhost:{self.port}",
            "JUNTO_RELAY_URL": "outbox:",
            "PYTHONPATH": "src",
        }
        environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"} | settings
        self.process = subprocess.Popen(
            [sys.executable, "-m", "junto.config.command", "serve"],
            env=environment,
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
        )

    def descendants(self) -> dict[int, str]:
        """Process ids below the supervisor, with their command lines."""
        found: dict[int, str] = {}
        parents = {self.process.pid}
        table = {pid: (parent, line) for pid, parent, line in processes()}
        while new := {pid for pid, (parent, _) in table.items() if parent in parents and pid not in found}:
            found |= {pid: table[pid][1] for pid in new}
            parents = new
        return found

    def pid_of(self, part: str) -> int | None:
        """The part of that name, the process right below the supervisor."""
        return next(
            (
                pid
                for pid, parent, line in processes()
                if parent == self.process.pid and f"junto.config.command {part}" in line
            ),
            None,
        )

    def is_up(self) -> bool:
        return all(self.pid_of(part) for part in PARTS) and self.answers() and listens(self.lmtp)

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=2)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True


def processes() -> Iterator[tuple[int, int, str]]:
    """(process id, parent's id, command line) of everything alive."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if state != "Z":
            yield int(folder.name), int(parent), line


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait(condition: Callable[[], object], tree: Tree, seconds: float = 40.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, tree.log.read_text()
        time.sleep(0.1)


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    tree = Tree(tmp_path / "home")
    try:
        wait(tree.is_up, tree)
        yield tree
    finally:
        left = tree.descendants()
        tree.process.kill()
        tree.process.wait()
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


def test_a_part_that_died_comes_back_and_the_end_is_clean(tree: Tree) -> None:
    for part in PARTS:
        pid = tree.pid_of(part)
        assert pid
        os.kill(pid, signal.SIGKILL)
        wait(lambda part=part, pid=pid: tree.pid_of(part) not in {None, pid}, tree)  # type: ignore[misc]
    wait(tree.is_up, tree)
    everybody = set(tree.descendants())
    tree.process.terminate()
    assert tree.process.wait(25) == 0, tree.log.read_text()
    assert not everybody & {pid for pid, _, _ in processes()}
    assert tree.log.read_text().count("it starts again in") == len(PARTS)


def test_a_killed_supervisor_leaves_nobody_behind(tree: Tree) -> None:
    everybody = set(tree.descendants())
    assert len(everybody) > len(PARTS), "granian’s own worker process is among them"
    tree.process.kill()
    tree.process.wait()
    wait(lambda: not everybody & {pid for pid, _, _ in processes()}, tree, 15)
    assert not listens(tree.port)
