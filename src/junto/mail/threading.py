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
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

WINDOW = timedelta(days=45)
_REPLY = re.compile(
    r"^\s*(?:(?:re|aw|sv|antw|vs|ref|res|rif|odp|答复|回复)\s*(?:\[\d+\])?\s*[:：]\s*|\[[^\]]{1,40}\]\s*)+",
    re.IGNORECASE,
)
_MARK = re.compile(r"\b(?:re|aw|sv|antw|vs|ref|res|rif|odp|答复|回复)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)


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


def thread(items: Iterable[Item], *, by_subject: bool = False) -> dict[Hashable, Place]:
    """The place of every message, by key. Keys are unique; of messages that share an id the first is the one replied to."""
    listed = list(items)
    node_of: dict[str, int] = {}
    for node, item in enumerate(listed):
        if item.message_id:
            node_of.setdefault(item.message_id, node)
    parents = _claimed(listed, node_of)
    _cut_loops(parents, listed)
    real, tops = _above(parents, len(listed))
    roots = _roots(listed, real, tops)
    if by_subject:
        _join_by_subject(listed, real, roots)
    return _places(listed, real, roots)


def wants_subjects(items: Iterable[Item]) -> bool:
    """True for an archive whose replies seldom say what they answer: less than 80 in 100 "Re:" carry references."""
    replies = [item for item in items if _MARK.match(item.subject)]
    return bool(replies) and sum(bool(i.references or i.in_reply_to) for i in replies) < 0.8 * len(replies)


def topic_of(subject: str) -> str:
    """A subject without reply marks and list tags in front, in one case and with single blanks."""
    return " ".join(_REPLY.sub("", subject).casefold().split())


def _claimed(items: list[Item], node_of: dict[str, int]) -> list[int]:
    """The parent of every node, -1 for none; ghosts get nodes after the real ones. A message's own word comes before
    what others say of it."""
    count = len(items)
    parents = [-1] * count
    said = [-1] * count
    for node, item in enumerate(items):
        chain: list[int] = []
        for reference in item.references or ([item.in_reply_to] if item.in_reply_to else []):
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
            answered = node_of.get(item.in_reply_to, -1)
            is_better = chain[-1] >= count and 0 <= answered < count and answered != node
            parents[node] = answered if is_better else chain[-1]
    return [said[node] if parent < 0 else parent for node, parent in enumerate(parents)]


def _cut_loops(parents: list[int], items: list[Item]) -> None:
    """Every chain of parents ends: a loop is cut above its earliest message."""
    seen = [0] * len(parents)
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
            real = [n for n in loop if n < len(items)]
            parents[min(real, key=lambda n: (items[n].sent_at, n)) if real else node] = -1


def _above(parents: list[int], count: int) -> tuple[list[int], list[int]]:
    """For every real node: its nearest real ancestor (-1 for none), and the node, real or ghost, at the top of its tree."""
    top = [-1] * len(parents)
    for start in range(len(parents)):
        path, node = [], start
        while top[node] < 0 and parents[node] >= 0:
            path.append(node)
            node = parents[node]
        found = top[node] if top[node] >= 0 else node
        top[node] = found
        for passed in path:
            top[passed] = found
    real = []
    for node in range(count):
        parent = parents[node]
        while parent >= count:
            parent = parents[parent]
        real.append(parent)
    return real, top[:count]


def _roots(items: list[Item], real: list[int], tops: list[int]) -> list[int]:
    """The root of every message: the earliest of those in its tree that have no parent here."""
    first: dict[int, int] = {}
    for node, top in enumerate(tops):
        if real[node] < 0:
            best = first.get(top, node)
            first[top] = min(best, node, key=lambda n: (items[n].sent_at, n))
    return [first[top] for top in tops]


def _join_by_subject(items: list[Item], real: list[int], roots: list[int]) -> None:
    """Threads whose root looks like a reply, and says not to what, join the latest thread of that subject."""
    latest: dict[str, int] = {}
    moved: dict[int, int] = {}
    for node in sorted(range(len(items)), key=lambda n: items[n].sent_at):
        item, topic = items[node], topic_of(items[node].subject)
        if not topic:
            continue
        before = latest.get(topic)
        is_lost = roots[node] == node and not item.references and not item.in_reply_to and _MARK.search(item.subject)
        if is_lost and before is not None and item.sent_at - items[before].sent_at <= WINDOW:
            target = moved.get(roots[before], roots[before])
            if target != node:
                moved[node] = target
                real[node] = target
        latest[topic] = node
    for node, root in enumerate(roots):
        roots[node] = moved.get(root, root)


def _places(items: list[Item], real: list[int], roots: list[int]) -> dict[Hashable, Place]:
    depths = [-1] * len(items)
    for start in range(len(items)):
        path, node = [], start
        while depths[node] < 0 and real[node] >= 0:
            path.append(node)
            node = real[node]
        if depths[node] < 0:
            depths[node] = 0 if roots[node] == node else 1
        for place, passed in enumerate(reversed(path), 1):
            depths[passed] = depths[node] + place
    return {
        item.key: Place(items[roots[n]].key, items[real[n]].key if real[n] >= 0 else None, depths[n])
        for n, item in enumerate(items)
    }
