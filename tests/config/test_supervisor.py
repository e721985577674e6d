"""The process tree, with children that are tiny scripts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

TREE = """
import asyncio, sys
from junto.config import supervisor
from junto.config.supervisor import Part

class Script(Part):
    __slots__ = ()
    @property
    def line(self):
        return (sys.executable, *self.arguments)

supervisor.GRACE = 1.0
parts = [Script(name, (path,)) for name, path in zip(sys.argv[1::2], sys.argv[2::2])]
asyncio.run(supervisor.supervise(parts, say=lambda text: print(text, flush=True)))
"""


@pytest.fixture
def tree(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Starts a supervisor over scripts, given as text; every process of the test is ended afterwards."""
    started: list[subprocess.Popen[str]] = []

    def start(**scripts: str) -> subprocess.Popen[str]:
        arguments = []
        for name, text in scripts.items():
            path = tmp_path / f"{name}.py"
            path.write_text(f"FOLDER = {str(tmp_path)!r}\n" + textwrap.dedent(text))
            arguments += [name, str(path)]
        process = subprocess.Popen(
            [sys.executable, "-c", TREE, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": "src"},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_for(path: Path, seconds: float = 10.0) -> str:
    """The text of a file that a child writes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if path.exists() and (text := path.read_text()):
            return text
        time.sleep(0.02)
    raise AssertionError(f"{path} was not written within {seconds} s")


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and ") Z " not in stat.read_text()


def wait_gone(pid: int, seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and is_alive(pid):
        time.sleep(0.02)
    return not is_alive(pid)


WAITS = """
import os, pathlib, signal, time
pathlib.Path(FOLDER, "pid").write_text(str(os.getpid()))
time.sleep(60)
"""
FINISHES = """
import os, pathlib, signal, sys, time
def finish(*_):
    time.sleep(0.2)
    pathlib.Path(FOLDER, "finished").write_text("yes")
    sys.exit(0)
signal.signal(signal.SIGTERM, finish)
pathlib.Path(FOLDER, "pid").write_text(str(os.getpid()))
time.sleep(60)
"""
REFUSES = """
import os, pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(FOLDER, "pid").write_text(str(os.getpid()))
time.sleep(60)
"""
DIES_ONCE = """
import os, pathlib, sys, time
again = pathlib.Path(FOLDER, "first").exists()
pathlib.Path(FOLDER, "again" if again else "first").write_text(str(os.getpid()))
if not again:
    sys.exit(3)
time.sleep(60)
"""


def test_ctrl_c_lets_a_part_finish(tree, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    process = tree(part=FINISHES)
    wait_for(tmp_path / "pid")
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert (tmp_path / "finished").read_text() == "yes"


def test_a_part_that_does_not_stop_is_killed(tree, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    process = tree(part=REFUSES)
    pid = int(wait_for(tmp_path / "pid"))
    process.terminate()
    assert process.wait(10) == 0
    assert wait_gone(pid)
    assert "is killed" in (process.stdout.read() if process.stdout else "")


def test_a_part_that_died_starts_again(tree, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    process = tree(part=DIES_ONCE)
    assert wait_for(tmp_path / "again")
    process.terminate()
    process.wait(10)
    assert "part ended (exit code 3); it starts again in" in (process.stdout.read() if process.stdout else "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="PR_SET_PDEATHSIG is Linux’s")
def test_no_part_outlives_a_supervisor_that_was_killed(tree, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    process = tree(part=WAITS)
    pid = int(wait_for(tmp_path / "pid"))
    process.kill()
    process.wait(10)
    assert wait_gone(pid)
