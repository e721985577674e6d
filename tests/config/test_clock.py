"""The clock: what is due goes on the queue, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from junto.config import clock
from junto.kit.tasks import task

pytestmark = pytest.mark.django_db


@task()
def chime() -> None:
    pass


ENTRY = ("*/5 * * * *", f"{__name__}.chime")


def test_nothing_is_due_at_the_start() -> None:
    assert clock.Clock([ENTRY]).tick(timezone.localtime()) == 0


def test_what_is_due_goes_on_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "find", lambda path: chime)
    part = clock.Clock([ENTRY])
    later = timezone.localtime() + timedelta(minutes=6)
    assert part.tick(later) == 1
    assert part.tick(later) == 0
    assert DBTaskResult.objects.count() == 1


def test_a_task_that_still_waits_is_not_put_there_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "find", lambda path: chime)
    DBTaskResult.objects.all().delete()
    chime.enqueue()
    DBTaskResult.objects.update(task_path=ENTRY[1])
    assert clock.Clock([ENTRY]).tick(timezone.localtime() + timedelta(minutes=6)) == 0


@pytest.mark.parametrize(("fields", "path"), clock.CLOCK)
def test_every_entry_names_a_task_and_a_time(fields: str, path: str) -> None:
    assert clock.next_time(fields, timezone.localtime()) > timezone.localtime()
    assert hasattr(clock.find(path), "enqueue")
