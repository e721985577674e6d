"""How fast letters are taken in by LMTP: each is on disk, and its row committed, before its 250."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import threading
import time
from typing import Any

import uvloop
from django.conf import settings
from django.db import connections

from junto.mail.intake import Mailroom
from junto.mail.models import Arrival

LETTERS, SESSIONS = 4_000, 8


def run(*, letters: int = LETTERS, sessions: int = SESSIONS) -> dict[str, Any]:
    """Hand letters to the mailroom in so many sessions at once, from a process of its own, pipelined as Postfix does.

    CPU is user and system time in microseconds a letter: of the mailroom, and of the process that hands in.
    """
    each = letters // sessions
    before, clients_before = time.process_time(), _of_children()
    seconds = uvloop.run(_take_in(each, sessions))
    used, clients_used = time.process_time() - before, _of_children() - clients_before
    kept = Arrival.objects.count()
    if kept != each * sessions:
        raise RuntimeError(f"{each * sessions} letters were handed in and {kept} kept.")
    return {
        "intake_letters": kept,
        "intake_sessions": sessions,
        "intake_per_second": round(kept / seconds),
        "intake_cpu_us_per_letter": round(used / kept * 1e6, 1),
        "intake_client_cpu_us_per_letter": round(clients_used / kept * 1e6, 1),
        "bench_peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


async def _take_in(each: int, sessions: int) -> float:
    room = Mailroom(lmtp_port=0)
    await room.start()
    try:
        began = time.perf_counter()
        child = _hand_in(room.ports["lmtp"], each, sessions)
        _, status = await asyncio.to_thread(os.waitpid, child, 0)
        if status:
            raise RuntimeError("Handing letters in failed; what is above says why.")
        return time.perf_counter() - began
    finally:
        await room.stop()


def _hand_in(port: int, each: int, sessions: int) -> int:
    """The number of a process in which that many sessions hand in that many letters each."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    failed: list[int] = []

    def session(number: int) -> None:
        try:
            _session(port, number, each)
        except BaseException as error:
            os.write(2, f"{error!r}\n".encode())
            failed.append(number)

    threads = [threading.Thread(target=session, args=(number,)) for number in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os._exit(1 if failed else 0)


def _session(port: int, number: int, letters: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _reply(connection, b"220 ")
        connection.sendall(b"LHLO bench.example.gov\r\n")
        _reply(connection, b"250 ")
        envelope = f"MAIL FROM:<ada@example.gov>\r\nRCPT TO:<bench@{settings.LIST_DOMAIN}>\r\nDATA\r\n".encode()
        for one in range(letters):
            connection.sendall(envelope)
            _reply(connection, b"354 ")
            connection.sendall(_letter(f"{number}-{one}"))
            _reply(connection, b"250 ")


def _reply(connection: socket.socket, wanted: bytes) -> None:
    """Read replies to the end of the one that begins as wanted. Raises RuntimeError where it is another."""
    got = b""
    while not got.endswith(b"\r\n") or not got.rpartition(b"\r\n")[0].rpartition(b"\n")[2].startswith(wanted):
        piece = connection.recv(65_536)
        got += piece
        if not piece or any(line[:1] in b"45" for line in got.splitlines()):
            raise RuntimeError(f"The mailroom said {got.decode().strip() or 'nothing'}.")


def _letter(number: str) -> bytes:
    words = "We would like to hear how other agencies do it.\r\n" * 30
    head = f"From: ada@example.gov\r\nSubject: Letter {number}\r\nMessage-ID: <{number}@example.gov>\r\n\r\n"
    return f"{head}{words}.\r\n".encode()


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
