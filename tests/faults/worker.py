"""The process that workers are forked from: it loads Django once, never speaks to the database, and has one thread.

It reads one JSON object a line: how a worker shall work. It answers with the number of the process that does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

WAITS = {
    "LEASE": timedelta(seconds=30),
    "FIRST_PAUSE": timedelta(milliseconds=30),
    "LONGEST_PAUSE": timedelta(milliseconds=90),
    "NEXT_LOOK": timedelta(milliseconds=20),
}


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from junto.mail import delivery  # noqa: F401  # loaded once for all children

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        orders = json.loads(line)
        child = os.fork()
        if not child:
            _child(orders)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _child(orders: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    code = 1
    try:
        _be_quick(orders)
        _work(orders["mailing"], time.monotonic() + orders["seconds"], orders["failures"])
        code = 0
    finally:
        os._exit(code)


def _be_quick(orders: dict[str, Any]) -> None:
    """Waits that are minutes in production are moments here; clock, disk and patience are as ordered."""
    from django.conf import settings
    from django.db import connection
    from django.utils import timezone

    from junto.mail import delivery, link, relay, setbacks

    settings.MAIL_ROUTES, settings.RELAY_URL = "tests.mail.routes", orders["relay"]
    connection.settings_dict["NAME"] = orders["database"]
    for name, wait in WAITS.items():
        setattr(delivery, name, wait)
    setbacks.PAUSES = (timedelta(milliseconds=30),)
    link.FIRST_PAUSE, link.LONGEST_PAUSE = 0.005, 0.05
    relay.Pool.__init__.__kwdefaults__.update(patience=3.0, silence=1.0)
    if orders["impatient"] and connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["timeout"] = 0.1
    if orders["hours"]:
        real, off = timezone.now, timedelta(hours=orders["hours"])
        timezone.now = lambda: real() + off
    if orders["full_for"]:
        connection.execute_wrappers.append(_FullDisk(orders["full_from"], orders["full_for"]))


class _FullDisk:
    """Writes fail as they do when the disk is full, from one write on, for some writes."""

    def __init__(self, first: int, count: int) -> None:
        self.first, self.count, self.writes = first, count, 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        from django.db import OperationalError

        if sql.lstrip()[:6].upper() in {"UPDATE", "INSERT", "DELETE"}:
            self.writes += 1
            if self.first <= self.writes < self.first + self.count:
                raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)


def _work(mailing_id: int, until: float, failures: str) -> None:
    """What the tasks deliver and retry_setbacks do, again and again; one that fails is counted, and run again later."""
    from django.db import InterfaceError, OperationalError, connection

    from junto.mail import delivery

    while time.monotonic() < until:
        try:
            delivery.deliver(mailing_id, seconds=0.5)
            delivery.retry_setbacks(mailing_id, seconds=0.5)
            if not _may_go_on(mailing_id):
                return
        except (OperationalError, InterfaceError):
            with Path(failures).open("ab") as counted:
                counted.write(b".")
            connection.close()
        time.sleep(0.01)


def _may_go_on(mailing_id: int) -> bool:
    from django.utils import timezone

    from junto.mail.models import Setback, Shard

    soon = timezone.now() + timedelta(seconds=0.5)
    mine = Setback.objects.filter(mailing=mailing_id, settled_at=None, next_try_at__lte=soon, attempts__lt=5)
    return mine.exists() or Shard.objects.filter(mailing=mailing_id, state="open", lease_until__lte=soon).exists()


if __name__ == "__main__":
    main()
