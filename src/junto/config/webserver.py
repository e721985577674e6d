"""The web part: granian runs the WSGI application on threads, in one worker process."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from junto.config import environment
from junto.config.processes import ends_with_parent

BLOCKING_THREADS = 4
"""Two cores, and a page now and then waits for the disk: more threads only fight for the interpreter."""


def run() -> None:
    """Serve until SIGTERM."""
    Granian(
        "junto.config.wsgi:application",
        address=environment.read("JUNTO_BIND"),
        port=int(environment.read("JUNTO_PORT")),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=BLOCKING_THREADS,
        backlog=1024,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve(target_loader=partial(load, os.getpid()), wrap_loader=False)


def load(parent: int) -> Callable[..., Any]:
    """The application, in granian’s worker process, which is to end with its parent."""
    ends_with_parent(parent)()
    from junto.config.wsgi import application

    return application
