"""The process tree of `junto serve`: starts the parts, restarts one that died, stops them all cleanly.

A part is a child process of its own. It gets SIGTERM when the tree stops and may finish what it holds (a letter whose
DATA is under way, a request, a task); after `GRACE` seconds it is killed. The kernel sends the same SIGTERM when the
supervisor itself is killed (PR_SET_PDEATHSIG, prctl(2)), so that no part is left behind.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from junto.config.processes import ends_with_parent

GRACE = 15.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
LIVED_WELL = 10.0


@dataclass(frozen=True, slots=True)
class Part:
    """One child: what it is called in messages, and the arguments of `junto` that run it alone."""

    name: str
    arguments: tuple[str, ...]

    @property
    def line(self) -> tuple[str, ...]:
        return (sys.executable, "-m", "junto.config.command", *self.arguments)


async def supervise(parts: Sequence[Part], *, say: Callable[[str], None] = print) -> None:
    """Run the parts until SIGTERM or SIGINT. Returns when every one of them has ended."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await asyncio.gather(*(_keep(part, stop, say) for part in parts))


async def _keep(part: Part, stop: asyncio.Event, say: Callable[[str], None]) -> None:
    pause = SHORTEST_PAUSE
    while not stop.is_set():
        started = time.monotonic()
        code = await _run_once(part, stop, say)
        if stop.is_set():
            return
        pause = SHORTEST_PAUSE if time.monotonic() - started > LIVED_WELL else min(pause * 2, LONGEST_PAUSE)
        say(f"{part.name} ended ({_words(code)}); it starts again in {pause:g} s.")
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


async def _run_once(part: Part, stop: asyncio.Event, say: Callable[[str], None]) -> int:
    """Start a part and wait until it ends or has been ended. Returns its exit code."""
    child = await asyncio.create_subprocess_exec(
        *part.line, start_new_session=True, preexec_fn=ends_with_parent(os.getpid())
    )
    ended = asyncio.create_task(child.wait())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not ended.done():
        await _end(part, child, ended, say)
    return await ended


async def _end(
    part: Part, child: asyncio.subprocess.Process, ended: asyncio.Task[int], say: Callable[[str], None]
) -> None:
    with suppress(ProcessLookupError):
        child.terminate()
    done, _ = await asyncio.wait({ended}, timeout=GRACE)
    if not done:
        say(f"{part.name} did not end within {GRACE:g} s and is killed. What it held is taken up at the next start.")
        with suppress(ProcessLookupError):
            child.kill()


def _words(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
