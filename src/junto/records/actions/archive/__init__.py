"""Takes the archive of a list: mbox files, packed or not, a folder of them, LISTSERV notebooks.

Read twice. First the heads of all messages: dates are repaired and everything is put into threads (plan). Then message by
message, in batches that are whole in themselves (rows): a run that was killed is completed by the next one, and a run
over the same file again changes nothing. The files themselves are kept in the mail store: each message knows its place.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import DataError, ProgrammingError, connection, reset_queries

from junto.audit.actions import record
from junto.audit.models import Entry as Fact
from junto.communities.models import Community
from junto.discussions.indexing import MOST_TEXT, document, document_of
from junto.discussions.models import Message
from junto.kit.reports import Report
from junto.kit.rulings import require
from junto.mail import mbox, store
from junto.mail.bulk import LARGE, Readers
from junto.people.models import Person
from junto.records import rules
from junto.records.actions.archive import rows
from junto.records.actions.archive.authors import Authors
from junto.records.actions.archive.notes import Notes
from junto.records.actions.archive.plan import DATED_BY, Plan, add_file, settle
from junto.records.actions.archive.rows import Entry
from junto.search.actions import bulk_index
from junto.search.documents import Document

__all__ = ["take"]

BATCH, BATCH_BYTES = 500, 16_000_000
INDEX_AT_ONCE, INDEX_BYTES = 2_000, 6_000_000
BEGUN, FINISHED = "records.archive.begun", "records.archive.imported"
_EASED = {
    "sqlite": {"mmap_size": "0", "cache_size": "-8000", "synchronous": "1", "wal_autocheckpoint": "16000"},
    "postgresql": {
        "synchronous_commit": "off",
        "gin_pending_list_limit": "64MB",
        "work_mem": "64MB",
        "default_toast_compression": "lz4",
    },
}
Progress = Callable[[int, int], None]


def take(
    path: Path,
    *,
    community: Community,
    by: Person | None = None,
    progress: Progress | None = None,
    workers: int = 0,
) -> Report:
    """Reads an archive into a community. Raises Refused, or OSError where there is no such file.

    Dates, missing Message-IDs and broken parts are repaired, each with its place in the report. A letter that is there
    already is left alone; the same Message-ID with other words is another letter. `progress` hears of messages.
    `workers` processes read large archives: as many as there are cores, at most four, where it is 0; with 1 there is no
    process besides this one. A message that ends a worker or holds it up is skipped, and its place is in the report.
    """
    require(rules.may_import(by))
    report = Report()
    notes = Notes(report)
    with _eased(), Readers(workers) as readers:
        plan = _plan(path, community, notes, readers)
        report.read = plan.count
        unfinished = _unfinished(community)
        record(BEGUN, about=community, by=by, file=path.name, after=_newest(community))
        intake = _Intake(plan, community, report, notes, is_indexing=unfinished is None)
        _take_all(intake, readers, progress)
        rows.mend_orphans(plan)
        intake.flush()
        if unfinished is not None:
            bulk_index(_documents(community, after=unfinished))
    notes.close()
    record(FINISHED, about=community, by=by, file=path.name, summary=report.summary())
    return report


def _plan(path: Path, community: Community, notes: Notes, readers: Readers) -> Plan:
    plan = Plan()
    for file in mbox.files(path):
        name = file.relative_to(path).as_posix() if path.is_dir() else file.name
        if file.stat().st_size > LARGE:
            readers.start()
        with TemporaryDirectory(prefix="junto-archive-") as folder:
            try:
                pack = store.put_pack(mbox.unpacked(file, folder))
            except (gzip.BadGzipFile, EOFError, zlib.error) as problem:
                notes.skipped(name, f"cannot be unpacked ({problem})")
                continue
        add_file(plan, name, pack, store.path_of_pack(pack), readers)
    settle(plan, community)
    return plan


def _take_all(intake: _Intake, readers: Readers, progress: Progress | None) -> None:
    plan = intake.plan
    nodes_of = (nodes for nodes, _ in plan.chunks())
    pieces = (pieces for _, pieces in plan.chunks())
    batch: list[Entry] = []
    size = done = 0
    for nodes, letters in zip(nodes_of, readers.letters(pieces, is_large=plan.size() > LARGE), strict=True):
        batch += map(Entry, nodes, letters)
        size += sum(len(one.text) + len(one.html) + len(one.shown) for one in letters)
        if len(batch) >= BATCH or size > BATCH_BYTES:
            done += len(batch)
            intake.take(batch)
            batch, size = [], 0
            if progress:
                progress(done, plan.count)
    intake.take(batch)
    if progress:
        progress(plan.count, plan.count)


class _Intake:
    """Takes batch after batch, tells of them, and collects what search is to find."""

    def __init__(self, plan: Plan, community: Community, report: Report, notes: Notes, *, is_indexing: bool) -> None:
        self.plan, self.community, self.report, self.notes = plan, community, report, notes
        self.is_indexing, self.authors = is_indexing, Authors()
        self.documents: list[Document] = []
        self.characters = 0

    def take(self, batch: list[Entry]) -> None:
        good = [entry for entry in batch if not self._is_skipped(entry)]
        taken = rows.take_batch(good, self.plan, self.community, self.authors)
        self.report.taken += len(taken.messages)
        self.report.already_there += taken.already_there
        for entry in taken.entries:
            self._tell(entry)
        if self.is_indexing:
            self._index(taken.messages)
        reset_queries()

    def flush(self) -> None:
        bulk_index(self.documents)
        self.documents, self.characters = [], 0

    def _is_skipped(self, entry: Entry) -> bool:
        problem = entry.letter.problem
        if problem:
            self.notes.skipped(self.plan.where(entry.node), f"cannot be read ({problem})")
        return bool(problem)

    def _tell(self, entry: Entry) -> None:
        where, dated_by = self.plan.where(entry.node), self.plan.dated_by[entry.node]
        for repair in entry.letter.repairs:
            done = DATED_BY[dated_by] if repair.startswith("date ") and dated_by else _DONE.get(repair, "mended")
            self.notes.repaired(where, repair, done)
        if dated_by and not any(repair.startswith("date ") for repair in entry.letter.repairs):
            self.notes.repaired(where, "date contradicts the servers’", DATED_BY[dated_by])

    def _index(self, messages: list[rows.New]) -> None:
        self.characters += sum(len(one.text[:MOST_TEXT]) for one in messages)
        self.documents += [
            document(
                self.community,
                one.thread,
                one.pk,
                subject=one.subject,
                text=one.text,
                author=one.author,
                agency=one.agency,
                at=one.at,
            )
            for one in messages
        ]
        if len(self.documents) >= INDEX_AT_ONCE or self.characters > INDEX_BYTES:
            self.flush()


_DONE = {
    "Message-ID is missing": "one was made from its bytes",
    "author’s address is missing": "taken without it",
}


def _newest(community: Community) -> int:
    return Message.objects.filter(community=community).order_by("-pk").values_list("pk", flat=True).first() or 0


def _unfinished(community: Community) -> int | None:
    """The newest message before the first run that did not come to its end; None where all did."""
    facts = Fact.objects.filter(about_type="communities.community", about_id=str(community.pk))
    finished = facts.filter(fact=FINISHED).order_by("-pk").values_list("pk", flat=True).first() or 0
    begun = facts.filter(fact=BEGUN, pk__gt=finished).order_by("pk").first()
    return int(begun.details["after"]) if begun else None


def _documents(community: Community, *, after: int) -> Iterator[Document]:
    messages = Message.objects.filter(community=community, pk__gt=after, came_by=rows.CAME_BY)
    only = messages.select_related("thread").defer("html", "shown", "references").order_by("pk")
    for message in only.iterator(chunk_size=200):
        message.community = community
        yield document_of(message)


@contextmanager
def _eased() -> Iterator[None]:
    """SQLite otherwise maps its growing file into memory, up to 256 MB; PostgreSQL puts words into its index a few letters at
    a time, and packs texts slowly where it could do so with LZ4; both wait for the disk at each batch. A run that a power
    cut ends is run again: what it wrote is whole, or not there."""
    if connection.in_atomic_block:
        yield
        return
    eased = _EASED[connection.vendor]
    before = {name: _setting(name) for name in eased}
    for name, value in eased.items():
        with suppress(DataError, ProgrammingError):
            _setting(name, value)
    try:
        yield
    finally:
        for name, was in before.items():
            _setting(name, was)


def _setting(name: str, value: str = "") -> str:
    """Reads a setting of the connection, or changes it."""
    change = f"PRAGMA {name} = {value}" if connection.vendor == "sqlite" else f"SET {name} = '{value}'"
    look = f"PRAGMA {name}" if connection.vendor == "sqlite" else f"SHOW {name}"
    with connection.cursor() as cursor:
        cursor.execute(change if value else look)
        row = None if value and connection.vendor != "sqlite" else cursor.fetchone()
    return str(row[0]) if row else ""
