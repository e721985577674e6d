"""First reading of an archive, heads only: dates repaired, everything put into threads, and in which order to take it.

A message costs some 150 bytes here, whatever its size. Plan and database meet by Message-ID: what is there already keeps
its thread, and newcomers of that thread join it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path

from junto.communities.models import Community
from junto.discussions.models import Message
from junto.mail import mbox
from junto.mail.bulk import LARGE, Piece, Readers
from junto.mail.threading import Heads, Places, hashed, places_of

AT_ONCE, MOST_BYTES, HEADS_AT_ONCE = 100, 4_000_000, 400
_UNKNOWN = -(1 << 62)
DATED_BY = (
    "",
    "the From line before it was taken",
    "the day a server received it was taken",
    "the date of its neighbours was taken",
)


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the archive, as it is kept: its name for people, its key in the mail store, its first message."""

    name: str
    pack: str
    path: Path
    first: int


@dataclass(slots=True)
class Plan:
    """What is known of every message before it is read. Numbers below `count` are messages of the files, in their
    order; the others are messages that only the database has."""

    sources: list[Source] = field(default_factory=list)
    heads: Heads = field(default_factory=Heads)
    begins: array[int] = field(default_factory=lambda: array("q"))
    lengths: array[int] = field(default_factory=lambda: array("q"))
    files: array[int] = field(default_factory=lambda: array("H"))
    dated_by: bytearray = field(default_factory=bytearray)
    places: Places = field(default_factory=lambda: Places(array("q"), array("q"), array("q")))
    order: array[int] = field(default_factory=lambda: array("q"))
    threads: array[int] = field(default_factory=lambda: array("q"))
    rows: array[int] = field(default_factory=lambda: array("q"))
    orphans: list[int] = field(default_factory=list)
    count: int = 0

    def where(self, node: int) -> str:
        """The place of a message in words: list.mbox, message 12 at byte 3456."""
        source = self.sources[self.files[node]]
        return f"{source.name}, message {node - source.first + 1:,} at byte {self.begins[node]:,}"

    def raw_key(self, node: int) -> str:
        source = self.sources[self.files[node]]
        return f"{source.pack}:{self.begins[node]}+{self.lengths[node]}"

    def sent_at(self, node: int) -> datetime:
        return datetime.fromtimestamp(self.heads.times[node], UTC)

    def size(self) -> int:
        return sum(self.lengths)

    def chunks(self) -> Iterator[tuple[list[int], list[Piece]]]:
        """Messages in the order of taking: up to 100 at once, and not more than a few megabytes of them."""
        nodes: list[int] = []
        size = 0
        for node in self.order:
            if nodes and (len(nodes) == AT_ONCE or size + self.lengths[node] > MOST_BYTES):
                yield nodes, [self._piece(n) for n in nodes]
                nodes, size = [], 0
            nodes.append(node)
            size += self.lengths[node]
        if nodes:
            yield nodes, [self._piece(n) for n in nodes]

    def _piece(self, node: int) -> Piece:
        return Piece(str(self.sources[self.files[node]].path), self.begins[node], self.lengths[node])


def add_file(plan: Plan, name: str, pack: str, path: Path, readers: Readers) -> None:
    """Reads the heads of one file into the plan."""
    plan.sources.append(Source(name, pack, path, len(plan.heads)))
    number, size = len(plan.sources) - 1, path.stat().st_size
    for brief in chain.from_iterable(readers.briefs(_heads(plan, path, number), is_large=size > LARGE)):
        at = _UNKNOWN if brief.at is None else brief.at
        plan.heads.add_known(brief.message_id, brief.in_reply_to, brief.references, brief.topic, brief.marks, at)
        plan.dated_by.append(brief.dated_by)
    _date_by_neighbours(plan, plan.sources[-1])


def _heads(plan: Plan, path: Path, number: int) -> Iterator[list[Piece]]:
    """The letters of a file, hundreds at once; their places are kept."""
    pieces: list[Piece] = []
    for begin, length, from_line in mbox.slices(path):
        plan.begins.append(begin)
        plan.lengths.append(length)
        plan.files.append(number)
        pieces.append(Piece(str(path), begin, length, from_line))
        if len(pieces) == HEADS_AT_ONCE:
            yield pieces
            pieces = []
    if pieces:
        yield pieces


def _date_by_neighbours(plan: Plan, source: Source) -> None:
    times = plan.heads.times
    known = next((times[n] for n in range(source.first, len(times)) if times[n] != _UNKNOWN), None)
    last = int(source.path.stat().st_mtime) if known is None else known
    for node in range(source.first, len(times)):
        if times[node] == _UNKNOWN:
            times[node] = last
        last = times[node]


def settle(plan: Plan, community: Community) -> None:
    """Threads and order, of the files and of what the community has."""
    plan.count = len(plan.heads)
    by_subject = plan.heads.wants_subjects()
    first: dict[int, int] = {}
    for node, message_id in enumerate(plan.heads.ids):
        first.setdefault(message_id, node)
    plan.rows = array("q", [0]) * plan.count
    known = _add_known(plan, community, first)
    plan.places = places_of(plan.heads, by_subject=by_subject)
    _put_together(plan, first)
    plan.threads = array("q", [0]) * len(plan.heads)
    for node, thread in zip(*known, strict=True):
        root = plan.places.roots[node]
        plan.threads[root] = plan.threads[root] or thread
    plan.orphans = [node for node in plan.orphans if 0 <= plan.places.parents[node] < plan.count]
    plan.order = _order(plan)


def _add_known(plan: Plan, community: Community, first: dict[int, int]) -> tuple[array[int], array[int]]:
    """Messages that the community has: those that no file has become part of the plan. Returns numbers and threads."""
    rows = Message.objects.filter(community=community).order_by("pk").values_list(
        "pk", "message_id", "in_reply_to", "references", "subject", "sent_at", "thread_id", "parent_id"
    )  # fmt: skip
    nodes, threads = array("q"), array("q")
    for pk, message_id, in_reply_to, references, subject, sent_at, thread, parent in rows.iterator(chunk_size=1_000):
        node = first.get(hashed(message_id))
        if node is None:
            node = len(plan.heads)
            plan.heads.add(message_id, in_reply_to, references, subject, int(sent_at.timestamp()))
            plan.rows.append(pk)
            if parent is None:
                plan.orphans.append(node)
        nodes.append(node)
        threads.append(thread)
    return nodes, threads


def _put_together(plan: Plan, first: dict[int, int]) -> None:
    """Letters that share a Message-ID stand side by side, in the place of the first."""
    roots, parents, depths = plan.places
    for node in islice(range(plan.count), 1, None):
        other = first[plan.heads.ids[node]]
        if other != node:
            roots[node], parents[node] = roots[other], parents[other]
            depths[node] = depths[other] or 1
    for node, root in enumerate(roots):
        roots[node] = roots[root]


def _order(plan: Plan) -> array[int]:
    """By date, but no message before its parent, nor before the first of its thread."""
    roots, parents, depths = plan.places
    nodes = sorted(range(len(roots)), key=depths.__getitem__)
    times = plan.heads.times[:]
    for node in nodes:
        above = parents[node] if parents[node] >= 0 else roots[node]
        times[node] = max(times[node], times[above])
    nodes.sort(key=times.__getitem__)
    return array("q", (node for node in nodes if node < plan.count))
