"""What `junto doctor` finds out: what the DNS should hold (`records`), what is well here (`here`), and what is out there (`dns`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How bad a finding is. Only BAD makes `junto doctor` fail."""

    GOOD = "good"
    ADVICE = "advice"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what to do about it where it is not well."""

    about: str
    state: State
    words: str


def good(about: str, words: str) -> Finding:
    return Finding(about, State.GOOD, words)


def advice(about: str, words: str) -> Finding:
    return Finding(about, State.ADVICE, words)


def bad(about: str, words: str) -> Finding:
    return Finding(about, State.BAD, words)


def unknown(about: str, words: str) -> Finding:
    return Finding(about, State.UNKNOWN, words)
