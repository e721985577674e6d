"""A worker that some letters kill or hold up, as a fault in a parser that is not written in Python would."""

from __future__ import annotations

import os
import time
from multiprocessing.connection import Connection

from junto.mail import bulk

KILLS, HOLDS = b"X-Kills: yes", b"X-Holds: yes"


def work(pipe: Connection) -> None:
    read = bulk.read_letter

    def poisoned(raw: bytes) -> bulk.Letter:
        if KILLS in raw:
            os._exit(139)
        if HOLDS in raw:
            time.sleep(600)
        return read(raw)

    bulk.read_letter = poisoned
    WORK(pipe)


WORK = bulk.work
