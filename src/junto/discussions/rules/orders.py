"""What a moderator decides in a reply: the first words above the quotation and the signature.

    ACCEPT, APPROVE, OK, YES            the post goes out
    REJECT, and the reason after it     the post goes back to its author
    DISCARD, SPAM, NO                   the post is dropped
    SUBJECT, and a new subject after it, alone or on the line before ACCEPT

A sentence that merely begins with OK, YES or NO is no decision: a wrong guess cannot be taken back. Known failures: a
greeting above the decision hides it; a quotation in a language that is not listed ends the reading only at its first ">".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_REASON = 2_000
LONGEST_SUBJECT = 200
_WORDS_OF_A_DECISION = 6
_WORDS_OF_A_YES = 3

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_QUOTED = re.compile(
    r"^(?:>|\||-{2,}\s*(?:original|forwarded|ursprüngliche|message d)|_{5,}\s*$|(?:from|von|de|sent|gesendet):\s"
    r"|(?:on|am|le|el|em|il)\s.{4,300}(?:wrote|schrieb|écrit|escribió|escreveu|scritto)\b.{0,80}:?\s*$"
    r"|on\s.{4,60}\bat\s.{4,}<)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^(?:--\s?$|—\s?$|sent (?:from|with) |get outlook for )", re.IGNORECASE)
_SUBJECT = re.compile(
    r"^(?:edit\s+subject|new\s+subject|subject)\b\s*(?:to\b)?\s*[:\-–—=]?\s*(?P<rest>.*)$", re.IGNORECASE
)
_REJECT = re.compile(r"^(?:reject|rejected|decline|return)\b\s*[:,.\-–—!]*\s*(?P<rest>.*)$", re.IGNORECASE)
_POLITE = re.compile(r"^(?:please|pls|kindly)[\s,]+", re.IGNORECASE)
_PLAIN_REJECTION = frozenset({"it", "this", "post", "please", "thanks", "thank", "you", "it, please"})


class Verb(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    DISCARD = "discard"
    NONE = ""


_VERBS = {
    **dict.fromkeys(("accept", "accepted", "approve", "approved", "ok", "okay", "yes"), Verb.ACCEPT),
    **dict.fromkeys(("discard", "discarded", "spam", "no"), Verb.DISCARD),
}
_SHORT = frozenset({"ok", "okay", "yes", "no"})


@dataclass(frozen=True, slots=True)
class Order:
    """What was decided, the reason of a rejection, and the new subject. `misunderstood` is the line that is none of these."""

    verb: Verb = Verb.NONE
    reason: str = ""
    subject: str = ""
    misunderstood: str = ""


def order_in(text: str) -> Order:
    """What a reply decides. A letter without a decision has the verb NONE; what was written instead is told."""
    lines = own_lines(text)
    subject = ""
    for place, line in enumerate(lines):
        if not line:
            continue
        if found := _SUBJECT.match(line):
            subject = found["rest"].strip(' "“”')[:LONGEST_SUBJECT]
            continue
        if found := _REJECT.match(_POLITE.sub("", line)):
            return Order(Verb.REJECT, _reason(found["rest"], lines[place + 1 :]), subject)
        verb = _verb(line)
        return Order(verb, subject=subject, misunderstood="" if verb or subject else line[:200])
    return Order(subject=subject)


def own_lines(text: str) -> list[str]:
    """The lines above the signature and the quotation, without what mail programs add."""
    lines: list[str] = []
    for raw in text.splitlines():
        line = " ".join(raw.translate(_INVISIBLE).replace("\xa0", " ").split())
        if _QUOTED.match(line) or _SIGNATURE.match(line):
            break
        lines.append(line)
    return lines


def says_not_mine(text: str) -> bool:
    """Does a reply to “Was this you?” say NO?"""
    first = next((line for line in own_lines(text) if line), "").lower()
    return bool(re.match(r"^\W*(?:no|not me|not mine|i did not|i didn['’]t|discard|spam)\b", first))


def says_mine(text: str) -> bool:
    """Does a reply to “Was this you?” say OK, or YES?"""
    return order_in(text).verb == Verb.ACCEPT


def _verb(line: str) -> Verb:
    words = [word.strip(".,:;!()*\"'“”") for word in _POLITE.sub("", line).lower().split()]
    verb = _VERBS.get(words[0], Verb.NONE) if words else Verb.NONE
    most = _WORDS_OF_A_YES if words and words[0] in _SHORT else _WORDS_OF_A_DECISION
    return verb if len(words) <= most and not line.endswith("?") else Verb.NONE


def _reason(first: str, further: list[str]) -> str:
    """The words after REJECT, to the end of what the moderator wrote. Mere politeness is no reason."""
    said = "\n".join([first, *further]).strip()
    is_polite = {word.strip(".,!") for word in said.lower().split()} <= _PLAIN_REJECTION
    return "" if is_polite else said[:LONGEST_REASON]
