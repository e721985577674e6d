"""The mail intake part: runs the mailroom of the mail engine until SIGTERM."""

from __future__ import annotations

import asyncio
import signal

import uvloop

from junto.config import environment


def run() -> None:
    """Listen on JUNTO_LMTP_PORT and JUNTO_SMTP_PORT. What is under way when SIGTERM comes is finished first."""
    uvloop.run(_until_told())


async def _until_told() -> None:
    from junto.mail.intake import Mailroom

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    room = Mailroom(
        host=environment.read("JUNTO_BIND"),
        lmtp_port=int(environment.read("JUNTO_LMTP_PORT")) or None,
        smtp_port=int(environment.read("JUNTO_SMTP_PORT")) or None,
    )
    await room.start()
    await stop.wait()
    await room.stop()
