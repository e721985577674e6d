"""Discussions that speak of the same things: those of one community that share words which are rare in it.

Words come from the subject and the first message; how rare they are and who else has them, the search index says. A word
that more than 400 messages have tells nothing. The cost of one search is thus bounded, and it takes place off the request.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import log
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from junto.communities.models import Community
from junto.communities.rules import zones_of
from junto.discussions.models import Message, Thread, title_of
from junto.discussions.queries.marks import without_addresses
from junto.kit.prepared import Prepared
from junto.people.models import Person
from junto.search import queries as search
from junto.search.words import folded

MOST_SHOWN, MOST_FOUND, REACH = 5, 8, 4
TOO_COMMON, MOST_TERMS = 400, 14
LEAST_SHARED, LEAST_LIKENESS = 2, 0.12
_READ_CHARACTERS = 3_000
_SUBJECT_WEIGHS = 3.0
_WORD = re.compile(r"[^\W\d_]{3,}")
_EMPTY_WORDS = frozenset(
    [
        "about",
        "above",
        "after",
        "again",
        "all",
        "also",
        "although",
        "always",
        "and",
        "another",
        "any",
        "anybody",
        "anyone",
        "anything",
        "are",
        "around",
        "ask",
        "asked",
        "asks",
        "because",
        "been",
        "before",
        "being",
        "best",
        "between",
        "both",
        "but",
        "can",
        "cannot",
        "could",
        "did",
        "does",
        "doing",
        "done",
        "down",
        "during",
        "each",
        "either",
        "else",
        "even",
        "ever",
        "every",
        "everybody",
        "everyone",
        "everything",
        "few",
        "find",
        "first",
        "folks",
        "for",
        "from",
        "full",
        "further",
        "get",
        "gets",
        "getting",
        "give",
        "given",
        "goes",
        "going",
        "good",
        "got",
        "great",
        "had",
        "has",
        "have",
        "having",
        "hello",
        "help",
        "her",
        "here",
        "hers",
        "him",
        "his",
        "how",
        "however",
        "into",
        "its",
        "itself",
        "job",
        "just",
        "keep",
        "know",
        "last",
        "least",
        "let",
        "like",
        "little",
        "long",
        "look",
        "looking",
        "made",
        "make",
        "makes",
        "many",
        "may",
        "maybe",
        "might",
        "more",
        "most",
        "much",
        "must",
        "need",
        "needs",
        "never",
        "new",
        "not",
        "nothing",
        "now",
        "off",
        "often",
        "one",
        "only",
        "other",
        "others",
        "our",
        "ours",
        "out",
        "over",
        "own",
        "part",
        "please",
        "post",
        "question",
        "really",
        "regards",
        "same",
        "say",
        "says",
        "see",
        "seen",
        "send",
        "sent",
        "several",
        "shall",
        "she",
        "should",
        "show",
        "since",
        "some",
        "somebody",
        "something",
        "still",
        "such",
        "sure",
        "take",
        "takes",
        "tell",
        "than",
        "thank",
        "thanks",
        "that",
        "the",
        "their",
        "theirs",
        "them",
        "then",
        "there",
        "these",
        "they",
        "thing",
        "things",
        "think",
        "this",
        "those",
        "through",
        "time",
        "too",
        "two",
        "under",
        "until",
        "upon",
        "use",
        "used",
        "using",
        "very",
        "want",
        "wants",
        "was",
        "way",
        "well",
        "went",
        "were",
        "what",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "whole",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "within",
        "without",
        "work",
        "works",
        "would",
        "write",
        "yes",
        "yet",
        "you",
        "your",
        "yours",
        "discuss",
        "discussion",
        "summary",
        "event",
        "article",
    ]
)


@dataclass(frozen=True, slots=True)
class Other:
    """Another discussion, as a link names it."""

    href: str
    title: str
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Around:
    """Discussions around one: related ones, the one begun before it, the one begun after it."""

    related: Sequence[Other]
    before: Other | None
    after: Other | None


def likeness(thread: Thread) -> dict[int, float]:
    """The threads most like this one, by key: how large a part of what is rare in it they share, from 0 to 1.

    Two queries for each of fourteen words at most. Zones are not looked at: whoever reads is shown what is open to them.
    """
    weights = _terms(thread)
    shared: dict[int, list[float]] = defaultdict(list)
    whole, total = 0.0, max(thread.community.next_number, 2)
    for term, weight in weights.items():
        others = _threads_with(term, thread)
        if others is None:
            continue
        worth = weight * log(1 + total / (1 + len(others)))
        whole += worth
        for other in others:
            shared[other].append(worth)
    found = {pk: sum(worths) / whole for pk, worths in shared.items() if len(worths) >= LEAST_SHARED}
    nearest = sorted(found.items(), key=lambda one: (-one[1], -one[0]))[:MOST_FOUND]
    return {pk: score for pk, score in nearest if score >= LEAST_LIKENESS}


def around(thread: Thread, person: Person | None) -> Around:
    """What is related to a thread, and which were begun before and after it, as far as this person may read; one query.

    Across wide gaps in the numbers there is no neighbor.
    """
    near = range(max(thread.number - REACH, 1), thread.number + REACH + 1)
    keys = [pk for pk, _likeness in thread.related]
    rows = _AROUND.all(
        thread=thread.pk,
        community=thread.community_id,
        near=tuple(near),
        keys=tuple(keys) or (thread.pk,),
        zones=tuple(zones_of(person)),
        today=timezone.localdate(),
    )
    base = f"{thread.community.get_absolute_url()}discussions/"
    before: Other | None = None
    after: Other | None = None
    related: dict[int, Other] = {}
    for pk, number, subject, kind, started_at, answered_at in rows:
        title = title_of(subject, kind, started_at) if kind else subject
        other = Other(f"{base}{number}/", without_addresses(title), answered_at is not None)
        if thread.number - REACH <= number < thread.number:
            before = other
        elif thread.number < number <= thread.number + REACH:
            after = after or other
        related[pk] = other
    return Around([related[pk] for pk in keys if pk in related][:MOST_SHOWN], before, after)


def _around(
    thread: int, community: int, near: Collection[int], keys: Collection[int], zones: Collection[str], today: date
) -> QuerySet[Thread, Any]:
    found = Thread.objects.filter(Q(number__in=near) | Q(pk__in=keys), community=community)
    rows = found.exclude(pk=thread).within(zones).listed(today).order_by("number")
    return rows.values_list("pk", "number", "subject", "kind", "started_at", "answered_at")


_AROUND: Prepared[tuple[int, int, str, str, datetime, datetime | None]] = Prepared(_around)


def _terms(thread: Thread) -> dict[str, float]:
    """The words that may tell what a thread is about, with their weight."""
    text = thread.messages.order_by("sent_at", "id").values_list("text", flat=True).first() or ""
    own = "\n".join(line for line in text[:_READ_CHARACTERS].splitlines() if not line.startswith(">"))
    weights = {word: min(count, 3.0) for word, count in Counter(_words(own)).items()}
    for word in _words(thread.title):
        weights[word] = weights.get(word, 0.0) + _SUBJECT_WEIGHS
    best = sorted(weights.items(), key=lambda one: (-one[1], -len(one[0]), one[0]))
    return dict(best[:MOST_TERMS])


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(folded(text)) if word not in _EMPTY_WORDS]


def _threads_with(term: str, thread: Thread) -> set[int] | None:
    """The other threads of the community in which a word stands; None where it stands everywhere."""
    community: Community = thread.community
    keys = search.keys_with(term, scope=community.slug, limit=TOO_COMMON + 1)
    if len(keys) > TOO_COMMON:
        return None
    ids = [int(pk) for room, _, pk in (key.partition(":") for key in keys) if room == "discussions.message"]
    found = Message.objects.filter(pk__in=ids, community=community).values_list("thread", flat=True)
    return set(found) - {thread.pk}
