"""Runs the real program, with a real second mail server to send to."""

from __future__ import annotations

import os
import re
import signal
import smtplib
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

JUNTO = [sys.executable, "-m", "junto.config.command"]
PATIENCE = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_so: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Ask again and again until the answer is true; fail with `what` when patience runs out."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if answer := is_so():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {patience:.0f} s in vain until {what}")


@dataclass(frozen=True)
class Copy:
    """One letter as the second server took it: envelope and bytes."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def text(self) -> str:
        return self.raw.decode("utf-8", "replace")

    @property
    def header_block(self) -> str:
        return self.text.partition("\r\n\r\n")[0]

    def header(self, name: str) -> str:
        found = re.search(rf"(?im)^{re.escape(name)}:[ \t]*(.*(?:\r\n[ \t].*)*)", self.header_block)
        return re.sub(r"\r\n[ \t]+", " ", found.group(1)).strip() if found else ""


@dataclass
class PostOffice:
    """A second mail server. `answer` may refuse or defer a recipient; `pause` slows each letter down."""

    answer: Callable[[str], str] = lambda recipient: "250 OK"
    pause: float = 0.0
    copies: list[Copy] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.answer(address)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.pause:
            time.sleep(self.pause)
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        with self.lock:
            self.copies += [Copy(envelope.mail_from or "", to, content) for to in envelope.rcpt_tos]
        return "250 taken"

    def to(self, address: str) -> list[Copy]:
        return [copy for copy in list(self.copies) if copy.recipient.lower() == address.lower()]


@contextmanager
def post_office(**how: Any) -> Iterator[tuple[PostOffice, int]]:
    office, port = PostOffice(**how), free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield office, port
    finally:
        controller.stop()


@dataclass
class Program:
    """Junto in a home of its own, run by its command like an operator runs it."""

    home: Path
    relay_port: int
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.database = _own_database()
        self.web_port, self.lmtp_port, self.smtp_port = free_port(), free_port(), free_port()
        self.site = f"http://127.0.0.1:{self.web_port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUNTO_", "DJANGO_"))}
        if self.database:
            kept["JUNTO_DATABASE_URL"] = self.database
        return {
            **kept,
            "JUNTO_HOME": str(self.home),
            "JUNTO_SITE_URL": self.site,
            "JUNTO_LIST_DOMAIN": "lists.example.gov",
            "JUNTO_RELAY_URL": f"smtp://127.0.0.1:{self.relay_port}",
            "JUNTO_PORT": str(self.web_port),
            "JUNTO_LMTP_PORT": str(self.lmtp_port),
            "JUNTO_SMTP_PORT": str(self.smtp_port),
            "JUNTO_TRUSTED_AUTHSERV_ID": "mx.example.gov",
            **self.settings,
        }

    def run(self, *words: str) -> str:
        """Run one `junto` command to its end; returns what it printed. Fails when it fails."""
        done = subprocess.run([*JUNTO, *words], env=self.environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        """Run code inside the program's settings."""
        return self.run("manage", "shell", "--verbosity", "0", "-c", code)

    def start(self) -> None:
        self.log = (self.home / "serve.log").open("ab")
        self.process = subprocess.Popen([*JUNTO, "serve"], env=self.environment, stdout=self.log, stderr=self.log)
        for port in (self.web_port, self.lmtp_port, self.smtp_port):
            wait_until(lambda port=port: _is_open(port), f"port {port} answers; see {self.home}/serve.log")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(timeout=30) == 0
        self.log.close()

    def end(self) -> None:
        """Stop for good: the database goes as well."""
        self.stop()
        if self.database:
            _drop(self.database)

    def mail(self, *, sender: str, to: str, content: str) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=30) as session:
            session.sendmail(sender, [to], content.replace("\n", "\r\n").encode())

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Read from the program's database while it runs."""
        if self.database:
            with psycopg.connect(self.database) as postgres:
                return postgres.execute(sql).fetchall()
        with sqlite3.connect(self.home / "junto.sqlite3", timeout=30) as connection:
            return connection.execute(sql).fetchall()


def _own_database() -> str:
    """A database for one program, beside the one that the suite runs on; empty where that is SQLite."""
    suite = os.environ.get("JUNTO_DATABASE_URL", "")
    if not suite.startswith("postgres"):
        return ""
    name = f"journey_{uuid4().hex[:12]}"
    with psycopg.connect(suite, autocommit=True) as server:
        server.execute(f'create database "{name}"')
    return urlsplit(suite)._replace(path=f"/{name}").geturl()


def _drop(database: str) -> None:
    with psycopg.connect(os.environ["JUNTO_DATABASE_URL"], autocommit=True) as server:
        server.execute(f'drop database "{urlsplit(database).path[1:]}" with (force)')


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def children_of(pid: int) -> dict[int, str]:
    """The running children of a process: pid to command line."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(re.search(r"PPid:\s+(\d+)", (entry / "status").read_text()).group(1))  # type: ignore[union-attr]
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, AttributeError):
            continue
        if parent == pid and line:
            found[int(entry.name)] = line
    return found
