"""Second reading: letters become rows. Each batch is one transaction that leaves everything whole: threads with their
counts, messages with their parents and files. Killed between two of them, the next run goes on where this one stopped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count, Max, Min, OuterRef, Subquery

from junto.communities.models import Community
from junto.discussions import rules
from junto.discussions.models import Attachment, Message, Thread
from junto.kit import rows
from junto.mail.bulk import Letter
from junto.records.actions.archive.authors import Author, Authors
from junto.records.actions.archive.plan import Plan

CAME_BY = "import"
MOST_DEPTH = 1_000
MOST_REFERENCES = 50
PLAIN_TYPE = "application/octet-stream"
_COLUMNS = (
    *("id", "community_id", "thread_id", "author_id", "author_name", "author_email", "agency_id", "author_agency"),
    *("message_id", "in_reply_to", "references", "parent_id", "depth", "subject", "sent_at", "received_at"),
    *("text", "html", "shown", "raw", "fingerprint", "came_by", "attachment_count"),
)
Known = tuple[int, str, int, int | None, str]
"""Row, fingerprint, thread, parent, and the words of a letter that did not come by an import. The row is -1 - its number
for a letter of the batch itself."""


class Entry(NamedTuple):
    """A letter and its number in the plan."""

    node: int
    letter: Letter


class New(NamedTuple):
    """A message that was taken: its row, and what search is to know of it."""

    row: tuple[Any, ...]
    thread: Thread
    subject: str
    text: str
    author: str
    agency: str
    at: datetime

    @property
    def pk(self) -> int:
        return int(self.row[0])


@dataclass(slots=True)
class Taken:
    """What one batch did: new messages with their thread at hand, and how many were there already."""

    messages: list[New] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    twins: list[tuple[int, int]] = field(default_factory=list)
    already_there: int = 0


@transaction.atomic
def take_batch(entries: Sequence[Entry], plan: Plan, community: Community, authors: Authors) -> Taken:
    """Puts letters into the archive that are not there yet, parents before children."""
    taken = Taken()
    late: list[tuple[int, int]] = []
    known = _known(entries, community)
    for entry in entries:
        seen = known.setdefault(entry.letter.message_id[:500], [])
        same = next((row for row in seen if _is_same(row, entry.letter)), None)
        if same is None:
            seen.append((-1 - entry.node, entry.letter.fingerprint, 0, None, ""))
            taken.entries.append(entry)
            continue
        taken.already_there += 1
        if same[0] < 0:
            taken.twins.append((entry.node, -1 - same[0]))
        else:
            _recognise(entry.node, same, plan, late)
    if taken.entries:
        _insert(taken, plan, community, authors)
    _mend_parents(late, plan)
    return taken


def _known(entries: Sequence[Entry], community: Community) -> dict[str, list[Known]]:
    """What the community has under the Message-IDs of a batch. Sorted here: SQLite, asked to sort by key, reads all that
    the community has instead of its index of Message-IDs."""
    ids = {entry.letter.message_id[:500] for entry in entries}
    there = Message.objects.filter(community=community, message_id__in=ids).order_by()
    said = list(there.values_list("pk", "message_id", "fingerprint", "thread_id", "parent_id", "came_by"))
    alive = [pk for pk, *_, came_by in said if came_by != CAME_BY]
    words = dict(Message.objects.filter(pk__in=alive).values_list("pk", "text"))
    found: dict[str, list[Known]] = {}
    for pk, message_id, fingerprint, thread, parent, _ in sorted(said):
        found.setdefault(message_id, []).append((pk, fingerprint, thread, parent, words.get(pk, "")))
    return found


def _is_same(row: Known, letter: Letter) -> bool:
    """The same words; of a letter that came alive, also with the footer that the list put under its archived copy."""
    if row[1] == letter.fingerprint:
        return True
    said = "".join(row[4].split())
    return bool(said) and "".join(letter.text.split()).startswith(said)


def _recognise(node: int, row: Known, plan: Plan, late: list[tuple[int, int]]) -> None:
    pk, _, thread, parent, _ = row
    root = plan.places.roots[node]
    plan.rows[node] = pk
    plan.threads[root] = plan.threads[root] or thread
    if parent is None and plan.places.parents[node] >= 0 and plan.threads[root] == thread:
        late.append((node, pk))


def _insert(taken: Taken, plan: Plan, community: Community, authors: Authors) -> None:
    threads = _threads(taken.entries, plan, community)
    who = authors.of(entry.letter.from_address for entry in taken.entries)
    for entry, pk in zip(taken.entries, _new_keys(Message._meta.db_table, len(taken.entries)), strict=True):
        plan.rows[entry.node] = pk
    for node, twin in taken.twins:
        plan.rows[node] = plan.rows[twin]
    taken.messages = [
        _message(entry, plan, community, threads[plan.places.roots[entry.node]], who[entry.letter.from_address])
        for entry in taken.entries
    ]
    rows.insert(Message, _COLUMNS, [message.row for message in taken.messages])
    _keep_files(taken)
    count_threads({thread.pk for thread in threads.values()})


def _new_keys(table: str, count: int) -> list[int]:
    """Keys for new rows, known before they are written, so that a child can name its parent."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        return list(range((last[0] if last else 0) + 1, (last[0] if last else 0) + 1 + count))


def _threads(entries: Sequence[Entry], plan: Plan, community: Community) -> dict[int, Thread]:
    """The thread of each root that the batch needs, made where it is missing, with the next number."""
    roots = dict.fromkeys(plan.places.roots[entry.node] for entry in entries)
    there = Thread.objects.in_bulk({plan.threads[root] for root in roots if plan.threads[root]})
    threads = {root: there[plan.threads[root]] for root in roots if plan.threads[root]}
    firsts: dict[int, Entry] = {}
    for entry in entries:
        firsts.setdefault(plan.places.roots[entry.node], entry)
    missing = [root for root in roots if root not in threads]
    if missing:
        for root, thread in zip(missing, _new_threads([firsts[r] for r in missing], plan, community), strict=True):
            plan.threads[root] = thread.pk
            threads[root] = thread
    for thread in threads.values():
        thread.community = community
    return threads


def _new_threads(firsts: list[Entry], plan: Plan, community: Community) -> list[Thread]:
    held = Community.objects.select_for_update().get(pk=community.pk)
    keys = _new_keys(Thread._meta.db_table, len(firsts))
    made = [
        _new_thread(entry, key, number, plan, community)
        for entry, key, number in zip(firsts, keys, count(held.next_number))
    ]
    rows.insert(
        Thread,
        ("id", "community_id", "number", "subject", "started_at", "last_at", "kind", "closing_date"),
        [
            (one.pk, community.pk, one.number, one.subject, at, at, str(one.kind), one.closing_date)
            for one, at in ((thread, rows.moment(thread.started_at)) for thread in made)
        ],
    )
    Community.objects.filter(pk=community.pk).update(next_number=held.next_number + len(made))
    return made


def _new_thread(entry: Entry, key: int, number: int, plan: Plan, community: Community) -> Thread:
    at, subject = plan.sent_at(entry.node), _subject(entry.letter)
    typed = rules.typed(subject, at.date())
    return Thread(
        pk=key,
        community=community,
        number=number,
        subject=subject,
        started_at=at,
        last_at=at,
        kind=typed.kind,
        closing_date=typed.closing_date,
    )


def _message(entry: Entry, plan: Plan, community: Community, thread: Thread, author: Author) -> New:
    """The row of a message. The columns stand in the order of `_COLUMNS`."""
    node, letter = entry
    parent = plan.places.parents[node]
    at = plan.sent_at(node)
    name, subject = (letter.from_name or letter.from_address.partition("@")[0])[:200], _subject(letter)
    row = (
        plan.rows[node],
        community.pk,
        thread.pk,
        author.person,
        name,
        letter.from_address.lower()[:254],
        author.agency,
        author.label,
        letter.message_id[:500],
        letter.in_reply_to[:500],
        json.dumps(letter.references[-MOST_REFERENCES:]),
        (plan.rows[parent] or None) if parent >= 0 else None,
        min(plan.places.depths[node], MOST_DEPTH),
        subject,
        moment := rows.moment(at),
        moment,
        letter.text,
        letter.html,
        letter.shown,
        plan.raw_key(node),
        letter.fingerprint,
        CAME_BY,
        min(len(letter.files), 32_000),
    )
    return New(row, thread, subject, letter.text, name, author.label, at)


def _subject(letter: Letter) -> str:
    return letter.subject[:500] or "(no subject)"


def _keep_files(taken: Taken) -> None:
    """Rows of the attachments; their bytes stay in the raw letter."""
    rows.insert(
        Attachment,
        ("message_id", "position", "file_name", "content_type", "size", "key"),
        [
            (
                message.pk,
                position,
                file.file_name[:255] or f"file-{position}",
                (file.content_type or PLAIN_TYPE)[:120].lower(),
                file.size,
                "",
            )
            for entry, message in zip(taken.entries, taken.messages, strict=True)
            for position, file in enumerate(entry.letter.files[:32_000], start=1)
        ],
    )


def _mend_parents(late: Iterable[tuple[int, int]], plan: Plan) -> None:
    """Messages that stood here without their parent get it, now that it has come."""
    for node, pk in late:
        parent = plan.rows[plan.places.parents[node]]
        if parent:
            Message.objects.filter(pk=pk, parent=None).exclude(pk=parent).update(
                parent=parent, depth=min(plan.places.depths[node], MOST_DEPTH)
            )


def mend_orphans(plan: Plan) -> None:
    """The same for messages that are in no file of the archive; only within one thread."""
    for start in range(0, len(plan.orphans), 500):
        nodes = plan.orphans[start : start + 500]
        threads = dict(Message.objects.filter(pk__in=[plan.rows[n] for n in nodes]).values_list("pk", "thread_id"))
        _mend_parents(
            [
                (node, pk)
                for node in nodes
                if threads.get(pk := plan.rows[node]) == plan.threads[plan.places.roots[node]]
            ],
            plan,
        )


def count_threads(keys: Iterable[int]) -> None:
    """Counts, dates, subject and author of threads, from their messages."""
    mine = Message.objects.filter(thread=OuterRef("pk")).order_by()
    first = mine.order_by("sent_at", "pk")
    of_thread = mine.values("thread")
    Thread.objects.filter(pk__in=list(keys)).update(
        message_count=_one(of_thread.annotate(found=Count("pk"))),
        started_at=_one(of_thread.annotate(found=Min("sent_at"))),
        last_at=_one(of_thread.annotate(found=Max("sent_at"))),
        subject=Subquery(first.values("subject")[:1]),
        author_name=Subquery(first.values("author_name")[:1]),
        author_agency=Subquery(first.values("author_agency")[:1]),
    )


def _one(messages: Any) -> Subquery:
    return Subquery(messages.values("found"))
