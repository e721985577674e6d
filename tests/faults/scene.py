"""Runs one schedule: a mailing, a relay that fails, workers that are killed; then calm, until all is settled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

from junto.mail import actions
from junto.mail.letter import Audience, Letter
from junto.mail.models import Mailing, Setback, Shard
from tests.faults.relay import Relay
from tests.faults.schedule import Event, Schedule, Start

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 12
LONGEST = 8.0
LETTER = Letter(kind="tests.post", subject="Hello", text="Hi\n.\n..\n")


class Zygote:
    """Forks workers: loading Django anew for each would take longer than what they do."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *(path for path in sys.path if path)])}
        environment["JUNTO_SECRET_KEY"] = settings.SECRET_KEY
        command = [sys.executable, "-m", "tests.faults.worker"]
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def start(self, **orders: Any) -> int:
        """A new worker; its number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(orders) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


class Run:
    """One schedule on its way. Afterwards `mailing`, `relay`, `kills` and `takeovers` tell what happened."""

    def __init__(self, schedule: Schedule, zygote: Zygote, failures: Path) -> None:
        self.schedule, self.zygote, self._failures = schedule, zygote, failures
        self._failures.write_bytes(b"")
        self.relay = Relay(schedule)
        self.mailing = self._mailing()
        self.kills = self.takeovers = 0
        self._alive: list[int] = []
        self._starts = list(schedule.starts)

    def play(self) -> None:
        """The storm, then the calm."""
        try:
            for _ in range(self.schedule.workers):
                self._start()
            for event in self.schedule.events:
                self._wait_for(event.at)
                self._befall(event)
            self._until_all_ended()
            self.relay.is_calm = True
            for _ in range(ROUNDS):
                if self._is_settled():
                    break
                self._time_passes()
                self._start(calm=True)
                self._until_all_ended()
        finally:
            for number in list(self._alive):
                self._end(number)
            self.relay.close()

    @property
    def ends(self) -> int:
        """How often a worker ended, or lost its shard, without writing down how far it had come."""
        return self.kills + self.takeovers + self._failures.stat().st_size

    def account(self) -> str:
        """What happened, for whoever looks into a failure."""
        shards = Shard.objects.filter(mailing=self.mailing).order_by("pk").values()
        setbacks = Setback.objects.filter(mailing=self.mailing).order_by("key").values()
        rows = "\n".join(str(row) for row in [*shards, *setbacks])
        return f"fired: {self.relay.fired}\ncopies: {self.relay.copies}\nkills: {self.kills}, takeovers: {self.takeovers}, ends: {self.ends}\n{rows}"

    # What happens

    def _befall(self, event: Event) -> None:
        if event.what == "lock":
            with _locked():
                time.sleep(event.seconds)
        elif event.what == "kill" and self._living():
            number = self._alive[0]
            self._end(number)
            self.kills += 1
            self._lease_ends(number)
            self._start()
        elif event.what == "take over" and self._living():
            self._take_over(self._alive[0])

    def _take_over(self, number: int) -> None:
        """The lease of a worker that is alive ends, as if it had slept, and another one gets its shard."""
        self._lease_ends(number)
        self.takeovers += 1
        self._start()

    def _lease_ends(self, number: int) -> None:
        """So much time passes that the leases of one worker end."""
        held = Shard.objects.filter(mailing=self.mailing, state="open", leased_by__contains=f"-{number}-")
        _in_time(lambda: held.update(lease_until=timezone.now() - timedelta(days=1)))

    def _time_passes(self) -> None:
        """Days pass: all leases end, all setbacks come due."""
        past = timezone.now() - timedelta(days=1)
        Shard.objects.filter(mailing=self.mailing, state="open").update(lease_until=past)
        Setback.objects.filter(mailing=self.mailing, settled_at=None).update(next_try_at=past)

    # Workers

    def _start(self, *, calm: bool = False) -> None:
        """Begin a worker. One whose clock is wrong takes leases that have not ended, or leaves some that nobody can take."""
        start = Start() if calm or not self._starts else self._starts.pop(0)
        self.takeovers += self.schedule.workers if start.hours else 0
        number = self.zygote.start(
            mailing=self.mailing.pk,
            relay=f"smtp://127.0.0.1:{self.relay.port}",
            failures=str(self._failures),
            database=str(connection.settings_dict["NAME"]),
            seconds=LONGEST if calm else 1.0,
            impatient=self.schedule.is_impatient,
            hours=start.hours,
            full_from=start.full_from,
            full_for=start.full_for,
        )
        self._alive.append(number)

    def _living(self) -> list[int]:
        self._alive = [number for number in self._alive if _lives(number)]
        return self._alive

    def _end(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
        while _lives(number):
            time.sleep(0.001)
        self._alive.remove(number)

    def _wait_for(self, copies: int) -> None:
        until = time.monotonic() + 0.6
        while self.relay.kept < copies and self._living() and time.monotonic() < until:
            time.sleep(0.001)

    def _until_all_ended(self) -> None:
        until = time.monotonic() + LONGEST
        while self._living():
            if time.monotonic() > until:
                self._end(self._alive[0])
                self.kills += 1
            time.sleep(0.002)

    # The mailing

    def _mailing(self) -> Mailing:
        audience = Audience("many", {"addresses": self.schedule.addresses})
        size, actions.SHARD_SIZE = actions.SHARD_SIZE, self.schedule.shard_size
        try:
            return actions.fan_out(LETTER, audience=audience, return_to="cx-cop")
        finally:
            actions.SHARD_SIZE = size

    def _is_settled(self) -> bool:
        """Nothing is open but those whom the relay will put off for ever, and who have been tried once more in the calm."""
        for_ever = [n for n, fate in self.schedule.fates.items() if fate.is_never_taken and not fate.is_refused]
        waiting = Setback.objects.filter(mailing=self.mailing, settled_at=None).exclude(key__in=for_ever)
        return not (Shard.objects.filter(mailing=self.mailing, state="open").exists() or waiting.exists())


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def _in_time(change: Any) -> None:
    with transaction.atomic():
        change()


@contextmanager
def _locked() -> Any:
    """Somebody else writes to the database for a while."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("LOCK TABLE mail_shard, mail_setback IN ACCESS EXCLUSIVE MODE")
                held.set()
                done.wait(5)
        finally:
            held.set()
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(25)
    try:
        yield
    finally:
        done.set()
        holder.join()
