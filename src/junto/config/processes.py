"""What the operating system knows of processes: a child that ends with its parent, and whether a process still lives."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def ends_with_parent(parent: int) -> Callable[[], None]:
    """What a child calls first (Linux, prctl(2)): SIGTERM reaches it when the process `parent` dies. Elsewhere: nothing."""
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return lambda: None

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(0)

    return ask


@lru_cache(maxsize=1)
def own_name() -> str:
    """This process, told apart from every other one on any machine, also from a later one with the same number."""
    return f"{socket.gethostname()[:30]}/{os.getpid()}/{_birth(os.getpid())}"


def is_gone(name: str) -> bool | None:
    """Whether the process of that name has ended; None where this machine cannot know."""
    host, number, birth = ("", "", *name.rsplit("/", 2))[-3:]
    if host != socket.gethostname()[:30] or not number.isdigit():
        return None
    return _birth(int(number)) != birth


def _birth(pid: int) -> str:
    """Clock ticks between boot and the start of a process, or an empty text when there is none (proc(5), field 22)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
