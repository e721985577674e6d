"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_WORDS = 2_000
"""In one changed passage; the time grows with the square. A longer one is shown as taken out and put in."""


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, came or went."""

    change: Change
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """The pieces in order: without what was added they are the old text, without what was removed the new one."""
    pieces: list[Piece] = []
    for piece in _by_lines(old.replace("\r\n", "\n"), new.replace("\r\n", "\n")):
        if pieces and pieces[-1].change is piece.change:
            pieces[-1] = Piece(piece.change, pieces[-1].text + piece.text)
        elif piece.text:
            pieces.append(piece)
    return pieces


def _by_lines(old: str, new: str) -> Iterator[Piece]:
    before, after = _LINES.findall(old), _LINES.findall(new)
    for tag, low, high, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[low:high]), "".join(after[start:end])
        if tag == "equal":
            yield Piece(Change.SAME, gone)
        else:
            yield from _by_words(gone, come)


def _by_words(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > _MOST_WORDS or not before or not after:
        yield Piece(Change.REMOVED, old)
        yield Piece(Change.ADDED, new)
        return
    for tag, low, high, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Change.SAME, "".join(before[low:high]))
        else:
            yield Piece(Change.REMOVED, "".join(before[low:high]))
            yield Piece(Change.ADDED, "".join(after[start:end]))
