"""Whom a relay has accepted is known also when the worker that heard it was killed."""

from __future__ import annotations

import errno
import os
import random
import signal
import time
from pathlib import Path

import pytest
from django.conf import settings as now
from django.db import connections

from junto.mail import delivery, journal, queries
from junto.mail.journal import Journal
from junto.mail.models import Setback, Shard
from tests.mail.sink import Sink
from tests.mail.test_delivery import carry, due_now

TAG = b"t" * 16


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    settings.HOME = tmp_path


def files() -> list[Path]:
    folder = Path(now.HOME) / "mail" / "journal"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def written(name="1.2", keys=(), **options) -> Journal:
    noted = Journal(name, TAG, **options)
    for key in keys:
        noted.add(key)
    return noted


def read(name="1.2", tag=TAG, after=0, upto=1000) -> set[int]:
    return journal.read(name, tag, after=after, upto=upto)


def test_what_was_noted_is_read_by_whoever_comes_next_without_any_goodbye():
    noted = written(keys=[3, 7, 900])
    assert read() == {3, 7, 900}
    assert noted.count == 3


def test_only_keys_of_the_range_count():
    written(keys=[3, 7, 900])
    assert read(after=3, upto=899) == {7}


def test_journal_of_another_shard_or_mailing_is_not_believed():
    written(keys=[3])
    assert read(tag=b"u" * 16) == set()
    assert read(name="1.20") == read(name="1") - {3} == set()


def test_torn_record_and_garbage_become_no_key():
    written(keys=[3, 7])
    (file,) = files()
    content = bytearray(file.read_bytes())
    content[32 + 8 : 32 + 12] = b"\0\0\0\0"
    content[32 + 16 : 32 + 24] = random.Random(1).randbytes(8)
    file.write_bytes(bytes(content[: 32 + 8 * 5 + 3]))
    assert read() == {3}


@pytest.mark.parametrize("content", [b"", b"JUNTOJ1\n", b"\0" * 4096, b"not a journal" * 100])
def test_file_that_is_no_journal_is_passed_over(content):
    folder = Path(now.HOME) / "mail" / "journal"
    folder.mkdir(parents=True)
    (folder / "1.2.aaaa").write_bytes(content)
    assert read() == set()


def test_next_run_takes_over_the_keys_and_leaves_one_file():
    written(keys=[3, 7])
    written(keys=[9])
    taken, known = journal.take_over("1.2", TAG, after=3, upto=1000, room=100)
    assert known == read() == {7, 9}
    assert taken.count == 0
    assert len(files()) == 1


def test_room_is_made_by_forgetting_what_the_checkpoint_knows():
    noted = written(keys=range(1, 101), room=128)
    noted.make_room(90, for_more=20)
    assert read() == set(range(1, 101))
    noted.make_room(90, for_more=50)
    noted.add(101)
    assert read() == set(range(91, 102))
    assert noted.count == 101
    assert len(files()) == 1


def test_journal_that_is_full_drops_keys_instead_of_raising():
    noted = written(keys=range(1, 20), room=8)
    assert read() == set(range(1, 9))
    assert noted.count == 19


def test_old_files_are_pruned():
    written(keys=[3])
    os.utime(files()[0], (0, 0))
    written(keys=[4])
    journal.prune()
    assert read() == {4}


@pytest.mark.django_db
def test_finished_mailing_leaves_no_file(relay, fan_out):
    relay()
    carry(fan_out(100))
    assert files() == []


@pytest.mark.django_db
def test_stale_journal_of_a_database_that_was_there_before_leaves_nobody_out(relay, fan_out):
    sink = relay()
    mailing = fan_out(10)
    shard = Shard.objects.get()
    stale = Journal(f"{mailing.pk}.{shard.pk}", journal.tag_of(mailing, "another"))
    stale.add(3)
    carry(mailing)
    assert len(sink.copies) == 10


@pytest.mark.django_db
@pytest.mark.parametrize("problem", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_mail_goes_out_also_where_no_journal_can_be_written(relay, fan_out, monkeypatch, caplog, problem):
    def fails(*_):
        raise OSError(problem, os.strerror(problem))

    monkeypatch.setattr(journal.os, "open", fails)
    sink = relay()
    carry(fan_out(300))
    assert len(sink.copies) == 300
    assert "No journal" in caplog.text


@pytest.mark.django_db
def test_worker_that_lost_its_lease_leaves_what_it_heard_to_the_next(relay, fan_out, monkeypatch):
    sink = relay()
    mailing = fan_out(200)
    shard = delivery.lease(mailing.pk, "one")
    carries = delivery.carrier()
    monkeypatch.setattr(delivery, "SHORTEST_SLICE", 30.0)
    monkeypatch.setattr(delivery.ShardRun, "_mine", lambda self: Shard.objects.none())
    assert delivery.ShardRun(shard, carries, "one").run(float("inf")) is False
    carries.close()
    monkeypatch.undo()
    assert len(sink.copies) == 200
    Shard.objects.update(lease_until="2020-01-01T00:00:00Z")
    carry(mailing)
    assert len(sink.copies) == 200
    assert queries.delivery_of(mailing.pk).accepted == 200


def killed_in_the_middle(work, *, when) -> bool:
    """Fork a worker, kill it with -9 when `when()` is true. False where it was done before."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    until = time.monotonic() + 60
    while not when() and time.monotonic() < until and not os.waitpid(child, os.WNOHANG)[0]:
        time.sleep(0.001)
    try:
        os.kill(child, signal.SIGKILL)
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    except (ProcessLookupError, ChildProcessError):
        return False


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_kill_repeats_no_more_than_what_was_in_hand(settings, fan_out, monkeypatch, seed):
    monkeypatch.setattr(delivery, "SHORTEST_SLICE", 30.0)
    monkeypatch.setattr(delivery, "LONGEST_SLICE", 30.0)
    sink, kills, count = Sink(), 0, 1500
    settings.RELAY_URL = f"{sink.url}?connections=4"
    mailing = fan_out(count)
    for part in (1, 2):
        target = count * part // 3 + random.Random(seed).randrange(100)
        kills += killed_in_the_middle(
            lambda: delivery.deliver(mailing.pk, seconds=60), when=lambda target=target: len(sink.copies) >= target
        )
        Shard.objects.update(lease_until="2020-01-01T00:00:00Z")
    carry(mailing)
    sink.close()
    got = sink.recipients()
    assert kills == 2
    assert set(got) == {f"r{n}@agency{n % 7}.gov" for n in range(1, count + 1)}
    assert len(got) - count <= kills * 4 * 2
    told = queries.delivery_of(mailing.pk)
    assert (told.accepted, told.state) == (count, "done")
    assert files() == []


@pytest.mark.django_db(transaction=True)
def test_kill_while_setbacks_are_tried_again_repeats_no_more_than_what_was_in_hand(settings, fan_out):
    is_down = [True]
    sink = Sink(lambda session, verb, argument: "451 later" if is_down and verb == "RCPT" else None)
    settings.RELAY_URL = f"{sink.url}?connections=2"
    mailing = fan_out(150)
    carry(mailing)
    is_down.clear()
    due_now()
    assert killed_in_the_middle(
        lambda: delivery.retry_setbacks(mailing.pk, seconds=60), when=lambda: len(sink.copies) >= 60
    )
    due_now()
    while Setback.objects.due().exists():
        delivery.retry_setbacks(mailing.pk, seconds=60)
    sink.close()
    assert len(set(sink.recipients())) == 150
    assert len(sink.copies) - 150 <= 4
    assert queries.delivery_of(mailing.pk).state == "done"
    assert files() == []


@pytest.mark.django_db
def test_a_shard_that_a_living_process_carries_is_left_to_it(settings, relay, fan_out):
    sink, mailing = relay(), fan_out(10)
    shard = Shard.objects.get()
    child = os.fork()
    if child == 0:
        turn = journal.Turn(shard.pk)
        time.sleep(60)
        os._exit(turn._descriptor)
    while journal_is_free(shard.pk):
        time.sleep(0.01)
    try:
        delivery.deliver(mailing.pk, seconds=1)
        assert sink.copies == []
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    Shard.objects.update(lease_until="2020-01-01T00:00:00Z")
    carry(mailing)
    assert len(sink.copies) == 10


def journal_is_free(shard: int) -> bool:
    try:
        journal.Turn(shard).close()
    except journal.Busy:
        return False
    return True
