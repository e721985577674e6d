"""Finds the commands in a letter: what people type, and what their mail programs put around it.

A command is a line whose first word is a verb of the table. The subject is read first, then the body from its top.
Reading stops at a signature ("-- "), at quoted text, and at the first line that is no command; that line is reported
unless it stands apart by a blank line after commands, where it is taken for a signature. Known failures: a signature
without a blank line before it is reported as not understood; a command after a greeting is not found.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

MOST_COMMANDS = 20
_LONGEST_LINE = 300
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_QUOTED = re.compile(
    r"^(>|\||-{2,}\s*(original message|forwarded message)|_{8,}|from:\s|on\s.{4,200}\bwrote:|le\s.{4,200}\ba écrit)",
    re.I,
)
_SIGNATURE = re.compile(r"^(--\s?$|—\s?$|sent from my |get outlook for |sent with )", re.I)
_END = re.compile(r"^(quit|stop|end)\W*$", re.I)
_LINK = re.compile(r"<mailto:[^<>]*>", re.I)
_REPLY = re.compile(r"^\s*((re|fw|fwd|aw|sv|tr)\s*(\[\d+\])?:\s*|\[external\]\s*|external:\s*)+", re.I)
_POLITE = re.compile(r"^(please|pls|kindly)[\s,]+", re.I)
_AGREED = re.compile(
    r"^\W*(ok|okay|k|yes|yep|confirm|confirmed|confirming|i\s+(agree|confirm|accept)|agreed?|join|leave)\b", re.I
)
_WORDS_OF_A_YES = 6


@dataclass(slots=True)
class Command:
    """One command as it was written, its verb in upper case, and the words after it."""

    line: str
    verb: str
    words: list[str]


@dataclass(slots=True)
class Reading:
    """The commands of a letter in order, and the first line that was not understood."""

    commands: list[Command] = field(default_factory=list)
    misunderstood: str = ""


def read(subject: str, text: str, verbs: Collection[str]) -> Reading:
    """The commands in a letter, at most 20, each once."""
    reading = Reading()
    if is_short_command(subject, verbs):
        _take(reading, _REPLY.sub("", tidy(subject)), verbs)
    stands_apart = False
    for line in top_lines(text):
        if not line:
            stands_apart = bool(reading.commands)
        elif _END.match(line):
            break
        elif not _take(reading, line, verbs):
            reading.misunderstood = "" if stands_apart else line[:_LONGEST_LINE]
            break
        else:
            stands_apart = False
    return reading


def says_yes(text: str) -> bool:
    """Does a reply begin with OK, or with another short yes? An out-of-office note does not."""
    first = next((line for line in top_lines(text) if line), "")
    return bool(_AGREED.match(first)) and len(first.split()) <= _WORDS_OF_A_YES


def is_short_command(line: str, verbs: Collection[str]) -> bool:
    """Is this line a command and no sentence? "help" is; "Help me find the slides of May, please" is not."""
    command = _command(_REPLY.sub("", tidy(line)), verbs)
    if command is None:
        return False
    if command.verb in {"HELP", "LISTS", "LIST", "INFO"}:
        return not command.words
    return len(command.words) <= 4 and not line.rstrip().endswith("?")


def first_line(text: str) -> str:
    """The first line of a letter that its writer wrote."""
    return next((line for line in top_lines(text) if line), "")


def top_lines(text: str) -> list[str]:
    """The lines above the signature and the quotation, tidied."""
    lines = []
    for raw in text.splitlines():
        line = tidy(raw)
        if _QUOTED.match(line) or _SIGNATURE.match(line):
            break
        lines.append(line)
    return lines


def tidy(line: str) -> str:
    """A line without what mail programs add: no-break and zero-width blanks, curly quotes, links beside addresses."""
    plain = line.translate(_INVISIBLE).replace("\xa0", " ")
    plain = plain.replace("“", '"').replace("”", '"').replace("’", "'")
    return " ".join(_LINK.sub("", plain).split())


def _take(reading: Reading, line: str, verbs: Collection[str]) -> bool:
    command = _command(line, verbs)
    if command is None:
        return False
    known = {(one.verb, *map(str.lower, one.words)) for one in reading.commands}
    if (command.verb, *map(str.lower, command.words)) not in known and len(reading.commands) < MOST_COMMANDS:
        reading.commands.append(command)
    return True


def _command(line: str, verbs: Collection[str]) -> Command | None:
    bare = _POLITE.sub("", line.strip("\"' "))[:_LONGEST_LINE]
    words = bare.split()
    verb = words[0].rstrip(".,:;!").upper() if words else ""
    if verb not in verbs:
        return None
    return Command(line[:_LONGEST_LINE], verb, [word.strip('"<>,;') for word in words[1:] if word.strip('"<>,;.!')])
