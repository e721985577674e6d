"""The worker: takes tasks from the queue in the database and runs them one after another.

To what django-tasks-db brings it adds: a look before the lock (an idle worker takes no write lock), tasks of a worker that
was killed are put back, what failed with "try again" is tried again later, old results are swept, and a database that
restarts is waited for.
"""

from __future__ import annotations

import logging
import signal
import time
from datetime import timedelta
from types import FrameType
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as OneAfterAnother
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet
from django_tasks_db.utils import exclusive_transaction

from junto.config.processes import is_gone, own_name

INTERVAL = 0.2
UPKEEP_EVERY = 30.0
LEASE = timedelta(hours=1)
MOST_TRIES = 10
LONGEST_WAIT = timedelta(hours=1)
KEPT_DONE, KEPT_FAILED = timedelta(days=1), timedelta(days=30)

log = logging.getLogger("junto.worker")

Row = DBTaskResult[Any, Any]


class Worker(OneAfterAnother):
    """Runs the tasks of some queues until it is told to stop."""

    def __init__(self, queues: list[str], *, batch: bool = False) -> None:
        super().__init__(
            queue_names=queues,
            interval=INTERVAL,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=own_name(),
            excluded_queue_names=[],
        )
        self._next_upkeep = 0.0

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Finish the task under way, then stop; when none is, stop at once."""
        self.running = False
        if not self.running_task:
            raise SystemExit(0)

    def configure_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.shutdown)

    def run(self) -> None:
        pause = INTERVAL
        while self.running:
            try:
                found = self.turn()
                pause = INTERVAL
            except (OperationalError, InterfaceError) as problem:
                log.warning("The database does not answer (%s). Trying again in %.0f s.", problem, pause)
                connection.close()
                found, pause = False, min(pause * 2, 10.0)
            if not found and self.batch:
                return
            if not found and self.running:
                time.sleep(pause)

    def turn(self) -> bool:
        """Do what is due now: upkeep, and one task. False when there was no task."""
        close_old_connections()
        if time.monotonic() >= self._next_upkeep:
            self._next_upkeep = time.monotonic() + UPKEEP_EVERY
            put_back_lost()
            sweep()
        task = self.claim_one()
        if task is None:
            return False
        self.run_task(task)
        return True

    def claim_one(self) -> Row | None:
        if not self._ready().exists():
            return None
        with exclusive_transaction():
            task = self._ready().get_locked()
            if task is not None:
                task.claim(self.worker_id)
            return task

    def run_task(self, db_task_result: Row) -> None:
        super().run_task(db_task_result)
        if db_task_result.status == TaskResultStatus.FAILED:
            self._look_at(db_task_result)

    def _look_at(self, task: Row) -> None:
        last_line = task.traceback.strip().rpartition("\n")[2][:500]
        tries = len(task.worker_ids)
        if is_temporary(task.exception_class_path) and tries < MOST_TRIES:
            wait = min(timedelta(seconds=2**tries), LONGEST_WAIT)
            put_back(task, after=wait)
            log.info("%s is tried again in %s: %s", task.task_path, wait, last_line)
        else:
            log.error("%s failed and is not tried again: %s\n%s", task.task_path, last_line, task.traceback)

    def _ready(self) -> DBTaskResultQuerySet:
        tasks = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        return tasks if self.process_all_queues else tasks.filter(queue_name__in=self.queue_names)


def is_temporary(exception_path: str) -> bool:
    """Whether an exception says "try again": the type of that name, or a database that went away."""
    return exception_path.rpartition(".")[2] in {"TryAgain", "OperationalError", "InterfaceError"}


def put_back(task: Row, *, after: timedelta = timedelta(0)) -> None:
    """Make a task ready once more. The list of its workers stays: it counts the tries."""
    DBTaskResult.objects.filter(pk=task.pk).update(
        status=TaskResultStatus.READY, run_after=timezone.now() + after, started_at=None, finished_at=None
    )


def put_back_lost() -> int:
    """Put back every task whose worker is gone, or is on another machine and has held it for longer than `LEASE`."""
    lost = [task for task in DBTaskResult.objects.running() if _is_lost(task)]
    for task in lost:
        log.warning("%s was left by a worker that is gone. It is put back.", task.task_path)
        put_back(task)
    return len(lost)


def _is_lost(task: Row) -> bool:
    gone = is_gone(task.worker_ids[-1]) if task.worker_ids else None
    if gone is None:
        return bool(task.started_at and timezone.now() - task.started_at > LEASE)
    return gone


def sweep() -> None:
    """Remove results that nobody will ask for: done ones after a day, failed ones after a month."""
    now = timezone.now()
    old = DBTaskResult.objects.successful().filter(finished_at__lt=now - KEPT_DONE)
    old |= DBTaskResult.objects.failed().filter(finished_at__lt=now - KEPT_FAILED)
    try:
        with transaction.atomic():
            if old.exists():
                old.delete()
    except DatabaseError as problem:
        log.info("Old task results stay for now: %s", problem)
