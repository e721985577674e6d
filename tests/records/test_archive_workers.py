"""With workers and without, the same rows; and no letter can end an import."""

from __future__ import annotations

import pytest

from junto.config.bench.archive import write_archive
from junto.discussions.models import Attachment, Message, Thread
from junto.mail import bulk
from junto.records.actions import archive
from junto.search.models import IndexedDocument
from tests.records import poisoned_worker
from tests.records.archives import dirty, plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything_is_large(monkeypatch):
    """Small archives are read in one process otherwise."""
    monkeypatch.setattr(archive, "LARGE", 0)
    monkeypatch.setattr(archive.plan, "LARGE", 0)


def contents(community):
    """All that an import stores, without the keys and the name of the community."""
    of_message = [
        f.attname for f in Message._meta.concrete_fields if f.name not in ("id", "community", "thread", "parent")
    ]
    messages = Message.objects.filter(community=community).order_by("pk")
    threads = Thread.objects.filter(community=community).order_by("pk")
    of_thread = [f.attname for f in Thread._meta.concrete_fields if f.name not in ("id", "community")]
    documents = IndexedDocument.objects.filter(scope=community.slug).order_by("pk")
    return (
        list(messages.values_list(*of_message, "thread__number", "parent__message_id", "parent__fingerprint")),
        list(threads.values_list(*of_thread)),
        list(
            Attachment.objects.filter(message__community=community)
            .order_by("message_id", "position")
            .values_list("message__message_id", "position", "file_name", "content_type", "size", "key")
        ),
        list(documents.values_list("kind", "title", "text", "author", "author_key", "agency", "agency_key", "at")),
    )


@pytest.mark.parametrize("make", [lambda folder: write_archive(folder / "a.mbox", 260), dirty])
def test_workers_store_what_one_process_stores(cop, other, tmp_path, everything_is_large, make):
    path = make(tmp_path)
    alone = archive.take(path, community=other, workers=1)
    together = archive.take(path, community=cop, workers=2)
    assert together == alone
    assert contents(cop) == contents(other)
    assert contents(cop)[0]


def with_header(letters: bytes, number: int, header: bytes) -> bytes:
    mark = b"Subject: Topic %d\nMessage-ID: <m%d@" % (number % 2, number)
    assert letters.count(mark) == 1
    return letters.replace(mark, header + b"\n" + mark)


def test_a_letter_that_kills_or_holds_up_its_reader_is_skipped_alone(cop, tmp_path, everything_is_large, monkeypatch):
    monkeypatch.setattr(bulk, "work", poisoned_worker.work)
    monkeypatch.setattr(bulk, "PATIENCE", 12.0)
    letters = with_header(plain(250), 20, poisoned_worker.KILLS)
    letters = with_header(letters, 230, poisoned_worker.HOLDS)
    path = tmp_path / "a.mbox"
    path.write_bytes(letters)
    report = archive.take(path, community=cop, workers=2)
    assert (report.read, report.taken, report.skipped) == (250, 248, 2)
    kills, holds = (
        letters.rindex(b"From: A", 0, letters.index(mark)) for mark in (poisoned_worker.KILLS, poisoned_worker.HOLDS)
    )
    assert [(p.where, p.what, p.done) for p in report.problems] == [
        (f"a.mbox, message 21 at byte {kills:,}", "cannot be read (it stopped the program that read it)", "skipped"),
        (f"a.mbox, message 231 at byte {holds:,}", "cannot be read (reading it took too long)", "skipped"),
    ]
    assert set(Message.objects.values_list("message_id", flat=True)) == {
        f"m{number}@epa.gov" for number in range(250) if number not in (20, 230)
    }


def test_a_community_of_one_worker_needs_no_other_process(cop, tmp_path, everything_is_large, monkeypatch):
    def refuse(self):
        raise AssertionError("a process was started")

    monkeypatch.setattr(bulk._Child, "_begin", refuse)
    path = tmp_path / "a.mbox"
    path.write_bytes(plain(20))
    assert archive.take(path, community=cop, workers=1).taken == 20
