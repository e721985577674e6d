"""The mailroom is killed with -9 while letters come in. Every one that was answered with 250 is there, once, and whole."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import threading
import time

import pytest
from django.db import connections

from junto.mail import intake, store
from junto.mail.models import Arrival

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

KILLS, SESSIONS = 4, 6


class Sender(threading.Thread):
    """Hands in letter after letter, until the mailroom is gone; `kept` are those that were answered with 250."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__(daemon=True)
        self.port, self.prefix = port, name
        self.kept: list[str] = []

    def run(self) -> None:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
                lines = connection.makefile("rb")
                lines.readline()
                connection.sendall(b"LHLO x\r\n")
                while lines.readline()[3:4] == b"-":
                    continue
                for number in range(100_000):
                    self._hand_in(connection, lines, f"{self.prefix}-{number}")
        except OSError:
            return

    def _hand_in(self, connection, lines, name: str) -> None:
        connection.sendall(b"MAIL FROM:<ben@epa.gov>\r\nRCPT TO:<cx-cop@lists.example.gov>\r\nDATA\r\n")
        if [lines.readline()[:3] for _ in range(3)] != [b"250", b"250", b"354"]:
            raise OSError
        connection.sendall(_letter(name) + b".\r\n")
        if lines.readline()[:3] != b"250":
            raise OSError
        self.kept.append(name)


def test_what_was_answered_with_250_outlives_a_kill():
    senders: list[Sender] = []
    for turn in range(KILLS):
        child, port = _mailroom()
        new = [Sender(port, f"t{turn}s{number}") for number in range(SESSIONS)]
        for sender in new:
            sender.start()
        _wait_until(lambda new=new: sum(len(sender.kept) for sender in new) >= random.randrange(20, 80))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        for sender in new:
            sender.join(20)
        senders += new
    kept = [name for sender in senders for name in sender.kept]
    found = [_name_in(store.get(arrival.raw_key), arrival.size) for arrival in Arrival.objects.all()]
    assert len(kept) >= KILLS * 20
    assert set(kept) <= set(found)
    assert len(found) == len(set(found))
    assert len(found) - len(kept) <= KILLS * SESSIONS


def _mailroom() -> tuple[int, int]:
    """A mailroom in a process of its own: its number, and its port."""
    reads, writes = os.pipe()
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            asyncio.run(_serve(writes))
        finally:
            os._exit(1)
    os.close(writes)
    with os.fdopen(reads) as told:
        return child, int(told.readline())


async def _serve(writes: int) -> None:
    room = intake.Mailroom(lmtp_port=0)
    await room.start()
    os.write(writes, f"{room.ports['lmtp']}\n".encode())
    await asyncio.sleep(60)


def _wait_until(is_true) -> None:
    until = time.monotonic() + 30
    while not is_true() and time.monotonic() < until:
        time.sleep(0.002)


def _letter(name: str) -> bytes:
    return f"From: ben@epa.gov\r\nSubject: {name}\r\n\r\n{'Hello. ' * 200}\r\n".encode()


def _name_in(raw: bytes, size: int) -> str:
    name = raw.partition(b"Subject: ")[2].partition(b"\r\n")[0].decode()
    assert raw.endswith(_letter(name))
    assert len(raw) == size
    return name
