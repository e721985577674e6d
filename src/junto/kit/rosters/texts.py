"""Rosters that are plain text: LISTSERV's REVIEW, Mailman's list_members, `mailman members` and `who`, bare addresses.

REVIEW puts a star before all that is no subscriber: the header of the list, and its totals. Mailman 2 can tell regular
members from digest members under headings, and hides the @ as " at " in its web pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from junto.kit.rosters.lines import Form, Line, delivery_of, name_of

_STARRED = re.compile(r"^\s*\*", re.MULTILINE)
_HEADER = re.compile(r"^[A-Za-z][A-Za-z-]*:\s")
_HEADING = re.compile(r"^[^@]*\b(members|subscribers|digest|digests)\b[^@]*:\s*$", re.IGNORECASE)
_TOTAL = re.compile(r"^\W*total number of", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"^\s*(.*?)\s*<([^<>]*@[^<>]*)>[\s,;]*$")
_ADDRESS_FIRST = re.compile(r"^(\S+@\S+)\s+(.*)$")
_HIDDEN_AT = re.compile(r"^(\S+)(?:\s+|\s*[\[(])(?:at|@)(?:\s+|[\])]\s*)(\S+\.[A-Za-z]\S*)$", re.IGNORECASE)
_OPTIONS = frozenset({"nomail", "digest", "digests", "index", "mail"})


def lines(text: str) -> Iterator[Line]:
    """Everybody named, with the way of delivery that the heading above them or the options beside them say."""
    delivery = ""
    for number, written in _body(text):
        bare = written.strip()
        if not bare or bare.startswith(("*", "#")) or _TOTAL.match(bare):
            continue
        if _HEADING.match(bare):
            delivery = "daily" if "digest" in bare.lower() and "non-digest" not in bare.lower() else ""
            continue
        yield _line(number, bare, delivery)


def form_of(text: str, found: Sequence[Line]) -> Form:
    """REVIEW where lines are starred, Mailman where a name stands before an address, bare addresses otherwise."""
    if _STARRED.search(text):
        return Form.REVIEW
    return Form.MAILMAN if "<" in text or any(line.delivery for line in found) else Form.ADDRESSES


def _body(text: str) -> Iterator[tuple[int, str]]:
    """The numbered lines, without the head of the letter in which a list server answered."""
    numbered = list(enumerate(text.splitlines(), 1))
    start = next((place for place, (_, line) in enumerate(numbered) if line.strip()), 0)
    if len(numbered) > start and _HEADER.match(numbered[start][1]):
        while start < len(numbered) and numbered[start][1].strip():
            start += 1
    return iter(numbered[start:])


def _line(number: int, bare: str, delivery: str) -> Line:
    if found := _IN_BRACKETS.match(bare):
        return Line(number, found[2].strip(), name_of(found[1]), "", delivery)
    if found := _ADDRESS_FIRST.match(bare):
        words = found[2].split()
        options = [word for word in words if word.strip("(),").isupper() and word.strip("(),").lower() in _OPTIONS]
        name = " ".join(word for word in words if word not in options)
        said = delivery_of(options[0].strip("(),")) if options else delivery
        return Line(number, found[1], name_of(name), "", said)
    if found := _HIDDEN_AT.match(bare):
        return Line(number, f"{found[1]} at {found[2]}", "", "", delivery)
    return Line(number, bare, "", "", delivery)
