"""Killed at any moment, and run again: the same rows as without it; memory that does not grow."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from junto.config.bench.archive import write_archive
from junto.records.actions import archive
from junto.records.actions.archive import rows as second
from tests.records.archives import plain
from tests.records.test_archive import found, rows

SELECT = """SELECT m.message_id, m.fingerprint, t.number, t.message_count, m.depth, p.message_id, m.sent_at
FROM discussions_message m JOIN discussions_thread t ON t.id = m.thread_id
LEFT JOIN discussions_message p ON p.id = m.parent_id ORDER BY m.id"""


class Killed(Exception):
    pass


@pytest.mark.django_db
@pytest.mark.parametrize("batch", [0, 1, 3])
def test_what_was_interrupted_is_completed(cop, other, tmp_path, monkeypatch, batch):
    path = tmp_path / "a.mbox"
    path.write_bytes(plain(450))
    monkeypatch.setattr(archive, "BATCH", 100)
    archive.take(path, community=other)
    take_batch, done = second.take_batch, []

    def killed(*args):
        if len(done) == batch:
            raise Killed
        done.append(1)
        return take_batch(*args)

    with monkeypatch.context() as patched:
        patched.setattr(second, "take_batch", killed)
        with pytest.raises(Killed):
            archive.take(path, community=cop)
    report = archive.take(path, community=cop)
    assert (report.taken, report.already_there) == (450 - 100 * batch, 100 * batch)
    assert rows(cop) == rows(other)
    assert found("words", cop) == 450


def start(home: Path, path: Path, *, community: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "JUNTO_HOME": str(home),
        "PYTHONPATH": "src",
        "JUNTO_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "junto.config.settings",
    }
    code = (
        "import sys\nfrom pathlib import Path\nfrom junto.config.command.ground import open_database\n"
        "open_database()\nfrom junto.communities.models import Community\nfrom junto.records.actions import archive\n"
        "import resource\n"
        f"c, _ = Community.objects.get_or_create(slug='{community}', name='x', list_name='x', list_id='x')\n"
        "r = archive.take(Path(sys.argv[1]), community=c)\n"
        "print('[%d, %d, %d]' % (r.taken, r.already_there, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))\n"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(path)], env=environment, stdout=subprocess.PIPE, text=True)


def count(database: Path) -> int:
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return connection.execute("SELECT count(*) FROM discussions_message").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def contents(home: Path):
    with sqlite3.connect(home / "junto.sqlite3") as connection:
        documents = connection.execute("SELECT count(*) FROM search_indexeddocument").fetchone()
        return connection.execute(SELECT).fetchall(), documents


@pytest.mark.journey
def test_kill_9_in_the_middle_then_again(tmp_path):
    path = write_archive(tmp_path / "list.mbox", 1_600)
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    undisturbed = start(whole, path, community="x")
    process = start(torn, path, community="x")
    deadline = time.monotonic() + 240
    while count(torn / "junto.sqlite3") < 500 and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    there = count(torn / "junto.sqlite3")
    assert 0 < there < 1_600
    taken, already_there, _ = json.loads(start(torn, path, community="x").communicate()[0])
    assert (taken, already_there) == (1_600 - there, there)
    undisturbed.communicate()
    assert contents(torn) == contents(whole)
    assert contents(torn)[1] == (1_600,)
