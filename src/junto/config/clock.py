"""Work on a clock: which task is put on the queue when.

An entry is five cron fields (in the time zone of the settings) and a task. Every task here is a nudge that does no harm
when it runs twice, so that any number of machines may keep a clock.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from typing import Any

from croniter import croniter
from django.db import DatabaseError, connection
from django.utils import timezone
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

LOOKS_EVERY = 5.0

CLOCK = (
    ("* * * * *", "junto.mail.tasks.sweep"),
    ("3,18,33,48 * * * *", "junto.discussions.tasks.issue_digests"),
    ("* * * * *", "junto.discussions.tasks.release_due_posts"),
    ("6-56/10 * * * *", "junto.discussions.tasks.relate_threads"),
    ("7 3 * * *", "junto.people.tasks.sweep_codes"),
    ("21 6 * * *", "junto.people.tasks.look_after_stopped"),
    ("41 6 * * *", "junto.communities.tasks.end_unreachable"),
    ("11 3 * * *", "junto.communities.tasks.sweep"),
    ("17 3 * * *", "junto.config.tasks.prune_sessions"),
    ("22 3 * * *", "junto.people.tasks.index_people"),
    ("27 3 * * *", "junto.discussions.tasks.expire_unconfirmed_posts"),
    ("37 3 * * *", "junto.discussions.tasks.sweep_drafts"),
    ("47 9 * * *", "junto.discussions.tasks.remind_askers"),
    ("31 4 * * *", "junto.communities.tasks.ask_links"),
    ("43 2 * * *", "junto.insights.tasks.recount_all"),
    ("37 9 * * *", "junto.people.tasks.ask_for_fresh_proof"),
)

log = logging.getLogger("junto.clock")


class Clock(threading.Thread):
    """Puts tasks on the queue when they are due, until `stop` is set."""

    def __init__(self, entries: Iterable[tuple[str, str]] = CLOCK) -> None:
        super().__init__(name="clock", daemon=True)
        self.stop = threading.Event()
        now = timezone.localtime()
        self.due = {(fields, path): next_time(fields, now) for fields, path in entries}

    def run(self) -> None:
        while not self.stop.wait(LOOKS_EVERY):
            try:
                self.tick(timezone.localtime())
            except DatabaseError as problem:
                log.warning("The clock could not reach the database: %s", problem)
                connection.close()

    def tick(self, now: datetime) -> int:
        """Enqueue what is due at `now`. Returns how many tasks were put on the queue."""
        ready = [entry for entry, due in self.due.items() if due <= now]
        return sum(self._ring(fields, path, now) for fields, path in ready)

    def _ring(self, fields: str, path: str, now: datetime) -> bool:
        waits = DBTaskResult.objects.ready().filter(task_path=path).exists()
        if not waits:
            find(path).enqueue()
        self.due[fields, path] = next_time(fields, now)
        return not waits


def next_time(fields: str, after: datetime) -> datetime:
    """The first moment after `after` that the cron fields name."""
    due: datetime = croniter(fields, after).get_next(datetime)
    return due


def find(path: str) -> Task[..., Any]:
    """The task behind a dotted path."""
    module, _, name = path.rpartition(".")
    task: Task[..., Any] = getattr(import_module(module), name)
    return task
