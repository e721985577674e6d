"""The worker: runs, retries, and puts back what a killed one left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from junto.config import worker
from junto.config.processes import is_gone, own_name
from junto.config.worker import Worker
from junto.kit.tasks import task

pytestmark = pytest.mark.django_db(transaction=True)
done: list[str] = []


class TryAgain(Exception):
    pass


@task()
def note(word: str) -> None:
    done.append(word)


@task()
def meet_a_busy_server() -> None:
    raise TryAgain("the relay is busy")


@task()
def break_for_good() -> None:
    raise ValueError("never works")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    done.clear()


def _run(*queues: str) -> None:
    Worker(list(queues or ("default",)), batch=True).run()


def test_a_task_runs_once_and_is_done() -> None:
    note.enqueue("hello")
    _run()
    _run()
    assert done == ["hello"]
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


def test_a_worker_leaves_other_queues_alone() -> None:
    note.using(queue_name="mail").enqueue("for the mail worker")
    _run("default")
    assert done == []
    _run("mail")
    assert done == ["for the mail worker"]


def test_try_again_is_tried_again_later() -> None:
    meet_a_busy_server.enqueue()
    _run()
    row = DBTaskResult.objects.get()
    assert row.status == TaskResultStatus.READY
    assert row.run_after > timezone.now()
    assert len(row.worker_ids) == 1


def test_try_again_comes_to_an_end() -> None:
    meet_a_busy_server.enqueue()
    for _ in range(worker.MOST_TRIES):
        DBTaskResult.objects.update(run_after=timezone.now())
        _run()
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


def test_what_never_works_is_not_tried_again() -> None:
    break_for_good.enqueue()
    note.enqueue("the queue goes on")
    _run()
    assert DBTaskResult.objects.failed().count() == 1
    assert done == ["the queue goes on"]


def _left_running(worker_id: str, since: timedelta = timedelta(0)) -> None:
    note.enqueue("once more")
    DBTaskResult.objects.update(
        status=TaskResultStatus.RUNNING, worker_ids=[worker_id], started_at=timezone.now() - since
    )


def test_a_task_of_a_killed_worker_is_put_back() -> None:
    host, pid, _ = own_name().rsplit("/", 2)
    _left_running(f"{host}/{pid}/1")
    _run()
    assert done == ["once more"]


def test_a_task_of_a_living_worker_is_left_alone() -> None:
    _left_running(own_name(), since=timedelta(days=1))
    assert worker.put_back_lost() == 0


def test_a_task_on_another_machine_is_put_back_only_after_its_lease() -> None:
    _left_running("elsewhere/17/99", since=timedelta(minutes=5))
    assert worker.put_back_lost() == 0
    DBTaskResult.objects.update(started_at=timezone.now() - worker.LEASE - timedelta(seconds=1))
    assert worker.put_back_lost() == 1


def test_old_results_are_swept_and_failures_are_kept_longer() -> None:
    note.enqueue("old")
    break_for_good.enqueue()
    _run()
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=2))
    worker.sweep()
    assert [row.status for row in DBTaskResult.objects.all()] == [TaskResultStatus.FAILED]


def test_a_process_knows_itself_and_not_its_successor() -> None:
    assert is_gone(own_name()) is False
    assert is_gone(own_name() + "1") is True
    assert is_gone("elsewhere/1/1") is None
    assert is_gone("nonsense") is None
