"""How fast letters are taken in by LMTP: each is on disk, and its row committed, before its 250."""

from __future__ import annotations

import asyncio
import resource
import time
from typing import Any

from django.conf import settings

from junto.mail.intake import Mailroom
from junto.mail.models import Arrival

LETTERS, SESSIONS = 2_000, 8


def run(*, letters: int = LETTERS, sessions: int = SESSIONS) -> dict[str, Any]:
    """Hand letters to the mailroom in so many sessions at once. Both ends run here, so CPU is that of both."""
    used = time.process_time()
    seconds = asyncio.run(_hand_in(letters // sessions, sessions))
    kept = Arrival.objects.count()
    if kept != letters // sessions * sessions:
        raise RuntimeError(f"{letters} letters were handed in and {kept} kept.")
    return {
        "intake_letters": kept,
        "intake_sessions": sessions,
        "intake_per_second": round(kept / seconds),
        "intake_cpu_us_per_letter": round((time.process_time() - used) / kept * 1e6, 1),
        "bench_peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


async def _hand_in(each: int, sessions: int) -> float:
    room = Mailroom(lmtp_port=0)
    await room.start()
    try:
        began = time.perf_counter()
        await asyncio.gather(*(_session(room.ports["lmtp"], number, each) for number in range(sessions)))
        return time.perf_counter() - began
    finally:
        await room.stop()


async def _session(port: int, number: int, letters: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await _reply(reader)
    await _say(reader, writer, "LHLO bench.example.gov")
    for one in range(letters):
        await _say(reader, writer, "MAIL FROM:<ada@example.gov>")
        await _say(reader, writer, f"RCPT TO:<bench@{settings.LIST_DOMAIN}>")
        await _say(reader, writer, "DATA")
        await _say(reader, writer, _letter(f"{number}-{one}") + "\r\n.")
    writer.close()
    await writer.wait_closed()


async def _say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, words: str) -> None:
    writer.write(f"{words}\r\n".encode())
    await _reply(reader)


async def _reply(reader: asyncio.StreamReader) -> None:
    """Read a reply to its last line. Raises RuntimeError where it is no 2xx or 3xx."""
    while (line := await reader.readline())[3:4] == b"-":
        continue
    if line[:1] not in b"23":
        raise RuntimeError(f"The mailroom said {line.decode().strip() or 'nothing'}.")


def _letter(number: str) -> str:
    words = "We would like to hear how other agencies do it.\r\n" * 30
    return f"From: ada@example.gov\r\nSubject: Letter {number}\r\nMessage-ID: <{number}@example.gov>\r\n\r\n{words}"
