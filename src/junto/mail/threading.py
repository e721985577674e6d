"""Puts messages into threads. Pure: tuples in, places out; linear in the number of messages and references.

A message's own last reference is its parent; where that message is not here, In-Reply-To is tried, then what the references
of others say of the missing one (a *ghost*). Loops are cut at their earliest message. Messages that answer the same ghost are
one thread, whose root is the earliest. Late parents need nothing special: run it again over everything.

Known failures: a reply typed into a new message starts a thread of its own (unless by subject); a new question typed into a
reply stays in the old thread; programs that write wrong references are believed; the subject fallback, for archives of the
1990s only, joins different questions that were given the same subject within 45 days.
"""

from __future__ import annotations

import itertools
import re
from array import array
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

WINDOW = timedelta(days=45)
_WINDOW_SECONDS = int(WINDOW.total_seconds())
_IS_REPLY, _IS_LOST, _STARTS_AS_REPLY = 1, 2, 4
_REPLY = re.compile(
    r"^\s*(?:(?:re|aw|sv|antw|vs|ref|res|rif|odp|答复|回复)\s*(?:\[\d+\])?\s*[:：]\s*|\[[^\]]{1,40}\]\s*)+",
    re.IGNORECASE,
)
_MARK = re.compile(r"\b(?:re|aw|sv|antw|vs|ref|res|rif|odp|答复|回复)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)


def is_marked_as_reply(subject: str) -> bool:
    """True for a subject that begins with “Re:”, in whatever language."""
    return _MARK.match(subject.lstrip()) is not None


class Item(NamedTuple):
    """What threading needs to know of a message. Ids are without brackets; `references` are oldest first."""

    key: Hashable
    message_id: str
    in_reply_to: str
    references: Sequence[str]
    subject: str
    sent_at: datetime


class Place(NamedTuple):
    """Where a message stands: key of its root, of its parent (None: it has none here), and how deep."""

    root: Hashable
    parent: Hashable | None
    depth: int


@dataclass(slots=True)
class Heads:
    """What threading needs of many messages, flat: about a hundred bytes for each. Ids and subjects are kept as hashes."""

    ids: array[int] = field(default_factory=lambda: array("q"))
    answered: array[int] = field(default_factory=lambda: array("q"))
    references: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))
    topics: array[int] = field(default_factory=lambda: array("q"))
    times: array[int] = field(default_factory=lambda: array("q"))
    marks: bytearray = field(default_factory=bytearray)

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, message_id: str, in_reply_to: str, references: Sequence[str], subject: str, at: int) -> None:
        """One message more; `at` is seconds since 1970."""
        topic, marks = topic_and_marks(subject, is_lost=not references and not in_reply_to)
        self.add_known(message_id, in_reply_to, references, topic, marks, at)

    def add_known(
        self, message_id: str, in_reply_to: str, references: Sequence[str], topic: str, marks: int, at: int
    ) -> None:
        """The same for who has the topic and the marks of the subject already."""
        self.ids.append(hashed(message_id))
        self.answered.append(hashed(in_reply_to))
        self.references.extend(map(hashed, references))
        self.ends.append(len(self.references))
        self.topics.append(hashed(topic))
        self.times.append(at)
        self.marks.append(marks)

    def chain(self, node: int) -> Sequence[int]:
        """What a message says that it follows, oldest first."""
        said = self.references[self.ends[node - 1] if node else 0 : self.ends[node]]
        return said or ([self.answered[node]] if self.answered[node] else [])

    def wants_subjects(self) -> bool:
        """True for an archive whose replies seldom say what they answer: less than 80 in 100 "Re:" carry references."""
        replies = [mark for mark in self.marks if mark & _STARTS_AS_REPLY]
        return bool(replies) and sum(not mark & _IS_LOST for mark in replies) < 0.8 * len(replies)


class Places(NamedTuple):
    """Where each message stands, by its number: its root, its parent (-1: it has none here), and how deep."""

    roots: array[int]
    parents: array[int]
    depths: array[int]


def thread(items: Iterable[Item], *, by_subject: bool = False) -> dict[Hashable, Place]:
    """The place of every message, by key. Keys are unique; of messages that share an id the first is the one replied to."""
    listed = list(items)
    places = places_of(_heads(listed), by_subject=by_subject)
    return {
        item.key: Place(listed[root].key, listed[parent].key if parent >= 0 else None, depth)
        for item, root, parent, depth in zip(listed, *places, strict=True)
    }


def places_of(heads: Heads, *, by_subject: bool = False) -> Places:
    """The same for very many messages, by their numbers in `heads`."""
    node_of: dict[int, int] = {}
    for node, message_id in enumerate(heads.ids):
        if message_id:
            node_of.setdefault(message_id, node)
    parents = _claimed(heads, node_of)
    del node_of
    _cut_loops(parents, heads.times)
    real, tops = _above(parents, len(heads))
    roots = _roots(heads.times, real, tops)
    if by_subject:
        _join_by_subject(heads, real, roots)
    return Places(roots, real, _depths(real, roots))


def wants_subjects(items: Iterable[Item]) -> bool:
    """True for an archive whose replies seldom say what they answer: less than 80 in 100 "Re:" carry references."""
    return _heads(items).wants_subjects()


def topic_and_marks(subject: str, *, is_lost: bool) -> tuple[str, int]:
    """What `Heads` keeps of a subject. `is_lost` is true for a message that says not what it answers."""
    marks = _IS_LOST if is_lost else 0
    if ":" in subject or "：" in subject:
        marks |= _IS_REPLY if _MARK.search(subject) else 0
        marks |= _STARTS_AS_REPLY if _MARK.match(subject) else 0
    return topic_of(subject), marks


def topic_of(subject: str) -> str:
    """A subject without reply marks and list tags in front, in one case and with single blanks."""
    return " ".join(_REPLY.sub("", subject).casefold().split())


def _heads(items: Iterable[Item]) -> Heads:
    heads = Heads()
    for item in items:
        at = int(item.sent_at.timestamp())
        heads.add(item.message_id, item.in_reply_to, item.references, item.subject, at)
    return heads


def hashed(text: str) -> int:
    """64 bits that stand for a text while this process lives; 0 for none."""
    return hash(text) if text else 0


def _claimed(heads: Heads, node_of: dict[int, int]) -> array[int]:
    """The parent of every node, -1 for none; ghosts get nodes after the real ones. A message's own word comes before
    what others say of it."""
    count = len(heads)
    parents = array("q", [-1]) * count
    said = array("q", [-1]) * count
    for node in range(count):
        chain: list[int] = []
        for reference in heads.chain(node):
            other = node_of.setdefault(reference, len(parents))
            if other == len(parents):
                parents.append(-1)
                said.append(-1)
            if other != node:
                chain.append(other)
        for older, younger in itertools.pairwise(chain):
            if said[younger] < 0 and older != younger:
                said[younger] = older
        if chain:
            parents[node] = _nearest(chain[-1], node_of.get(heads.answered[node], -1), node, count)
    return array("q", (said[node] if parent < 0 else parent for node, parent in enumerate(parents)))


def _nearest(last: int, answered: int, node: int, count: int) -> int:
    """The last reference, unless it is missing and the message that In-Reply-To names is here."""
    is_better = last >= count and 0 <= answered < count and answered != node
    return answered if is_better else last


def _cut_loops(parents: array[int], times: array[int]) -> None:
    """Every chain of parents ends: a loop is cut above its earliest message."""
    seen = array("q", [0]) * len(parents)
    for start in range(len(parents)):
        node, walk = start, start + 1
        while node >= 0 and not seen[node]:
            seen[node] = walk
            node = parents[node]
        if node >= 0 and seen[node] == walk:
            loop, other = [node], parents[node]
            while other != node:
                loop.append(other)
                other = parents[other]
            real = [n for n in loop if n < len(times)]
            parents[min(real, key=lambda n: (times[n], n)) if real else node] = -1


def _above(parents: array[int], count: int) -> tuple[array[int], array[int]]:
    """For every real node: its nearest real ancestor (-1 for none), and the node, real or ghost, at the top of its tree."""
    top = array("q", [-1]) * len(parents)
    for start in range(len(parents)):
        path, node = [], start
        while top[node] < 0 and parents[node] >= 0:
            path.append(node)
            node = parents[node]
        found = top[node] if top[node] >= 0 else node
        top[node] = found
        for passed in path:
            top[passed] = found
    real = array("q")
    for node in range(count):
        parent = parents[node]
        while parent >= count:
            parent = parents[parent]
        real.append(parent)
    return real, top[:count]


def _roots(times: array[int], real: array[int], tops: array[int]) -> array[int]:
    """The root of every message: the earliest of those in its tree that have no parent here."""
    first: dict[int, int] = {}
    for node, top in enumerate(tops):
        if real[node] < 0:
            best = first.get(top, node)
            first[top] = min(best, node, key=lambda n: (times[n], n))
    return array("q", (first[top] for top in tops))


def _join_by_subject(heads: Heads, real: array[int], roots: array[int]) -> None:
    """Threads whose root looks like a reply, and says not to what, join the latest thread of that subject."""
    latest: dict[int, int] = {}
    moved: dict[int, int] = {}
    for node in sorted(range(len(heads)), key=heads.times.__getitem__):
        topic = heads.topics[node]
        if not topic:
            continue
        before = latest.get(topic)
        is_lost = roots[node] == node and heads.marks[node] & _IS_LOST and heads.marks[node] & _IS_REPLY
        if is_lost and before is not None and heads.times[node] - heads.times[before] <= _WINDOW_SECONDS:
            target = moved.get(roots[before], roots[before])
            if target != node:
                moved[node] = target
                real[node] = target
        latest[topic] = node
    for node, root in enumerate(roots):
        roots[node] = moved.get(root, root)


def _depths(real: array[int], roots: array[int]) -> array[int]:
    depths = array("q", [-1]) * len(real)
    for start in range(len(real)):
        path, node = [], start
        while depths[node] < 0 and real[node] >= 0:
            path.append(node)
            node = real[node]
        if depths[node] < 0:
            depths[node] = 0 if roots[node] == node else 1
        for place, passed in enumerate(reversed(path), 1):
            depths[passed] = depths[node] + place
    return depths
