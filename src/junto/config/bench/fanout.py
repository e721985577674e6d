"""How fast one letter reaches many: into Postfix's smtp-sink, with everything that real delivery does.

Recipients are membership rows in a fresh database, every copy has its own return path, reference and address; shards
are leased, checkpoints written, accepted keys journaled, counts kept. smtp-source (C, the same bytes again and again)
takes turns with it, both into the same sink, so that a machine that is slow for a while is slow for both.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from django.conf import settings

from junto.config.bench import intake, readers, signing
from junto.config.worker import INTERVAL
from junto.mail import actions, compose, queries
from junto.mail.dkim import keys
from junto.mail.letter import Audience

ROUNDS = 3
SMALL_MAILINGS = 20
_TOOLS = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")


class NotReady(RuntimeError):
    """A tool that the bench needs is missing; the message says how to get it."""


def run(recipients: int = 20_000, *, workers: int = 1, rounds: int = ROUNDS, is_signed: bool = False) -> dict[str, Any]:
    """Send one letter to so many recipients, some rounds, and measure. `workers` are processes. Raises NotReady.

    Rates are messages a second; CPU is user and system time of the senders, in microseconds a message; memory is the
    peak resident set of the largest sender, and what is its own of that: the rest is the database file, mapped. All are
    medians of the rounds, the ratio too. Intake is letters a second by LMTP, each on disk before its 250. Where copies
    are signed, a key of RSA-2048 is made for the throw-away home, and each round measures the bare signatures as well.
    """
    if is_signed:
        keys.make("bench", "rsa")
    with _listening(_tool("smtp-sink")) as port:
        _send_to(port)
        community_id, enrolled = _enroll(recipients)
        table = [_round(port, community_id, recipients, workers, is_signed) for _ in range(rounds)]
        latencies = _first_copy_latencies()
    told = {"bench": "fanout", "recipients": recipients, "enrolled_in_seconds": enrolled, "workers": workers}
    told |= {"signed": is_signed, "rounds": table} | {name: median(one[name] for one in table) for name in table[0]}
    return told | latencies | intake.run()


def _round(port: int, community_id: int, recipients: int, workers: int, is_signed: bool) -> dict[str, Any]:
    source_rate = _smtp_source(port, min(recipients, 50_000))
    bare_rate = signing.bare_rate(keys.in_use()[0]) if is_signed else 0.0
    measured = _send(_mailing(community_id), workers)
    rate = measured.pop("per_second")
    told = {"junto": rate, "smtp_source": round(source_rate), "ratio": round(rate / source_rate, 2)}
    if is_signed:
        told |= {"signatures_alone": round(bare_rate), "signed_ratio": round(rate / bare_rate, 2)}
    return told | measured


def _tool(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *_TOOLS]))
    if not found:
        raise NotReady(f"{name} is not here. It comes with Postfix: apt-get install postfix (nothing needs to run).")
    return found


@contextmanager
def _listening(sink: str) -> Iterator[int]:
    """smtp-sink on a free port of the loopback interface."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sink, *(["-u", "nobody"] if os.geteuid() == 0 else []), f"127.0.0.1:{port}", "1000"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise NotReady("smtp-sink did not start.")


def _smtp_source(port: int, messages: int) -> float:
    """Messages a second of smtp-source with 10 sessions and messages of the same size."""
    source, size = _tool("smtp-source"), len(compose.compose(readers.letter()).pieces)
    began = time.perf_counter()
    options = ["-d", "-s", "10", "-m", str(messages), "-l", str(size), "-f", "a@example.gov", "-t", "b@example.gov"]
    subprocess.run([source, *options, f"127.0.0.1:{port}"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return messages / (time.perf_counter() - began)


def _send_to(port: int) -> None:
    """Let this process and those that it starts hand their mail to the sink."""
    os.environ["JUNTO_RELAY_URL"] = settings.RELAY_URL = f"smtp://127.0.0.1:{port}"


def _enroll(recipients: int) -> tuple[int, float]:
    """The community, and how many seconds it took to enroll its readers."""
    began = time.perf_counter()
    community_id = readers.enroll(recipients)
    return community_id, round(time.perf_counter() - began, 1)


def _mailing(community_id: int) -> int:
    audience = Audience("communities.each_message", {"community": community_id})
    return actions.fan_out(readers.letter(), audience=audience, return_to="bench").pk


def _send(mailing_id: int, workers: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "junto.config.bench.sender", str(mailing_id)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(workers)]  # noqa: S603
    took = [json.loads(process.communicate()[0] or "{}") for process in running]
    told = queries.delivery_of(mailing_id)
    if not all(took) or told is None or told.accepted != told.total:
        raise RuntimeError(f"Not everybody was reached: {told}")
    seconds = max(one["seconds"] for one in took)
    return {
        "seconds": round(seconds, 3),
        "per_second": round(told.total / seconds),
        "cpu_us_per_message": round(sum(one["cpu"] for one in took) / told.total * 1e6, 1),
        "peak_rss_mb": round(max(one["peak_rss_mb"] for one in took), 1),
        "peak_own_memory_mb": round(max(one["peak_own_mb"] for one in took), 1),
    }


def _first_copy_latencies() -> dict[str, float]:
    """Milliseconds from a letter's acceptance until its first copy was accepted, by way of the queue and a worker."""
    command = [sys.executable, "-m", "junto.config.command", "worker", "--queue", "mail", "--no-clock"]
    worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _first_copy()
        waits = sorted(_first_copy() for _ in range(SMALL_MAILINGS))
    finally:
        worker.terminate()
        worker.wait()
    return {
        "first_copy_p50_ms": round(waits[len(waits) // 2], 1),
        "first_copy_p95_ms": round(waits[int(len(waits) * 0.95) - 1], 1),
    }


def _first_copy() -> float:
    time.sleep(random.uniform(0, 2 * INTERVAL))  # noqa: S311
    mailing = actions.post(readers.letter(), to="reader@example.gov")
    for _ in range(6_000):
        mailing.refresh_from_db(fields=["first_at"])
        if mailing.first_at is not None:
            return (mailing.first_at - mailing.created_at).total_seconds() * 1000
        time.sleep(0.01)
    raise RuntimeError("The worker has sent nothing for a minute.")
