"""Finds the commands in a letter: what people type, and what their mail programs put around it.

A command is a line whose first word is a verb of the table. The subject is read first, then the body from its top.
Banners of gateways above the commands are passed over. Reading stops at a signature ("-- "), at quoted text, at QUIT,
and at the first line that is no command; that line is reported unless it stands apart by a blank line, or below a
word of thanks, after commands: there it is taken for a signature. Known failures: a signature without a blank line
before it is reported as not understood; a command after a greeting is not found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from difflib import get_close_matches

from junto.communities.inbound import options

MOST_COMMANDS = 20
_LONGEST_LINE = 300
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
_PLAIN = str.maketrans(
    {"\xa0": " ", "\u202f": " ", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2212": "-"}
    | {"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2018": "'", "\u2019": "'", "\uff0a": "*", "\u2217": "*"}
)
_QUOTED = re.compile(
    r"^(>|\||-{2,}\s*(original (message|appointment)|forwarded message)|_{8,}|from:\s"
    r"|on\s.{4,200}\bwrote:|le\s.{4,200}\ba écrit|am\s.{4,200}\bschrieb|el\s.{4,200}\bescribió)",
    re.I,
)
_SIGNATURE = re.compile(
    r"^(-{1,2}$|—$|={3,}|\*{3,}|get outlook for |sent with |sent via |(get|download) .{1,40}\bapp\b"
    r"|sent from (my |mail for |outlook|yahoo|samsung|proton)|enviado desde |envoyé de(puis)? |von meinem .{1,30} gesendet"
    r"|(confidentiality|privacy|legal) (notice|note|disclaimer)|disclaimer\b|this (e-?mail|message|communication)\b.{0,80}"
    r"\b(intended|confidential|privileged)|the information (contained )?in this)",
    re.I,
)
_BANNER = re.compile(
    r"^\W*(external( e-?mail| sender| message)?\W*$|\[?external\]?\s*[:-].*|(caution|warning|attention|notice|be careful|alert)"
    r"\W.*|you don't often get e-?mail from .*|learn why this is important.*|.*\boriginated (from )?outside\b.*"
    r"|this (e-?mail|message) (was sent|came|is) from (outside|an external)\b.*|do not click .*|exercise caution.*)$",
    re.I,
)
_END = re.compile(r"^(quit|stop|end|exit|bye)\W*$", re.I)
_THANKS = re.compile(
    r"^\W*((many |kind |best |warm )?(thanks|thank you|thank|thx|regards|cheers|best|sincerely|respectfully|v/?r))"
    r"(\W+\w+)?\W*$",
    re.I,
)
_LINK = re.compile(r"<mailto:[^<>]*>", re.I)
_REPLY = re.compile(r"^\s*((re|fw|fwd|aw|sv|tr)\s*(\[\d+\])?:\s*|\[ext(ernal)?\]\s*|external:\s*)+", re.I)
_BULLET = re.compile(r"^([-•·]|\*(?=\s+[a-z]))\s*", re.I)
_POLITE = re.compile(
    r"^((please|pls|kindly|(can|could|would) you( please)?|i (want|wish|need|would like) to|i'd like to)[\s,]+)+", re.I
)
_PHRASES = (
    (re.compile(r"^(un[ -]subscribe)\b", re.I), "UNSUBSCRIBE"),
    (
        re.compile(r"^((sign|opt|log)[ -]?(off|out)|(remove|take|delete|drop) me( off| out)?)\b(?! on\b)", re.I),
        "SIGNOFF",
    ),
    (re.compile(r"^(sign|add) me( up)?\b", re.I), "SUBSCRIBE"),
)
_AGREED = re.compile(
    r"^\W*(ok|okay|k|yes|yep|confirm|confirmed|confirming|i\s+(agree|confirm|accept)|agreed?|join|leave)\b", re.I
)
_WORDS_OF_A_YES = 6
_ABOUT_MEMBERSHIP = frozenset({"SUBSCRIBE", "SUB", "JOIN", "SIGNOFF", "UNSUBSCRIBE", "UNSUB", "LEAVE"})
_ABOUT_SETTINGS = frozenset({"SET", "HOLD", "PAUSE", "VACATION", "RESUME"})
_WITH_A_TOKEN = frozenset({"OK", "CONFIRM"})
_MOST_WORDS, _MOST_OPTIONS = 4, 12


@dataclass(slots=True)
class Command:
    """One command as it was written, its verb in upper case, and the words after it."""

    line: str
    verb: str
    words: list[str]


@dataclass(slots=True)
class Reading:
    """The commands of a letter in order, the first line that was not understood, and the verb that it may have meant.

    `is_cut` is true where a letter held more commands than one letter may.
    """

    commands: list[Command] = field(default_factory=list)
    misunderstood: str = ""
    suggestion: str = ""
    is_cut: bool = False


def nothing(_: str) -> bool:
    return False


def read(subject: str, text: str, verbs: Collection[str], *, known: Callable[[str], bool] = nothing) -> Reading:
    """The commands in a letter, at most 20, each once. `known` tells the words that a subject's command may name."""
    reading = Reading()
    if is_short_command(subject, verbs, known=known):
        _take(reading, _REPLY.sub("", tidy(subject)), verbs)
    stands_apart = False
    for line in top_lines(text):
        if not line:
            stands_apart = stands_apart or bool(reading.commands)
        elif _END.match(line):
            break
        elif _take(reading, line, verbs):
            stands_apart = False
        elif _THANKS.match(line) and reading.commands:
            stands_apart = True
        elif reading.commands or not _BANNER.match(line):
            _stop_at(reading, line, verbs, stands_apart=stands_apart)
            break
    return reading


def _stop_at(reading: Reading, line: str, verbs: Collection[str], *, stands_apart: bool) -> None:
    """Report a line that is no command, unless it is taken for a signature; a slip of the pen is always reported."""
    suggestion = nearest(line, verbs)
    if not stands_apart or (suggestion and len(line.split()) <= _MOST_WORDS):
        reading.misunderstood, reading.suggestion = line[:_LONGEST_LINE], suggestion


def nearest(line: str, verbs: Collection[str]) -> str:
    """The verb that the first word of a line may have meant; empty where none is near."""
    word = (_bare(line).split() or [""])[0].strip(".,:;!?").upper()
    longer = [verb for verb in verbs if len(verb) > 2]
    return next(iter(get_close_matches(word, longer, n=1, cutoff=0.75)), "") if len(word) > 2 else ""


def says_yes(text: str) -> bool:
    """Does a reply begin with OK, or with another short yes? An out-of-office note does not."""
    first = first_line(text)
    return bool(_AGREED.match(first)) and len(first.split()) <= _WORDS_OF_A_YES


def is_short_command(line: str, verbs: Collection[str], *, known: Callable[[str], bool] = nothing) -> bool:
    """Is this line a command and no sentence? "help" is; "Help me find the slides of May, please" is not.

    Beside HELP, INFO, REVIEW and the like, `known` must know the one word that may follow.
    """
    command = _command(_REPLY.sub("", tidy(line)), verbs)
    if command is None or line.rstrip().endswith("?"):
        return False
    if command.verb in _ABOUT_SETTINGS:
        named = any(one.upper().strip(".,:;!") in options.NAMES for one in command.words)
        return len(command.words) <= _MOST_OPTIONS and (named or command.verb != "SET")
    if command.verb in _ABOUT_MEMBERSHIP | _WITH_A_TOKEN:
        return len(command.words) <= _MOST_WORDS
    return not command.words or (len(command.words) == 1 and known(command.words[0]))


def first_line(text: str) -> str:
    """The first line of a letter that its writer wrote."""
    return next((line for line in top_lines(text) if line and not _BANNER.match(line)), "")


def top_lines(text: str) -> list[str]:
    """The lines above the signature and the quotation, tidied and cut: no command is longer, and patterns that look for
    words anywhere in a line would take the square of its length."""
    lines = []
    for raw in text.splitlines():
        line = tidy(raw)[:_LONGEST_LINE]
        if _QUOTED.match(line) or _SIGNATURE.match(line):
            break
        lines.append(line)
    return lines


def tidy(line: str) -> str:
    """A line without what mail programs add: no-break and zero-width blanks, curly quotes, links beside addresses."""
    plain = line.translate(_INVISIBLE).translate(_PLAIN)
    return " ".join(_LINK.sub("", plain).split())


def _take(reading: Reading, line: str, verbs: Collection[str]) -> bool:
    command = _command(line, verbs)
    if command is None:
        return False
    known = {(one.verb, *map(str.lower, one.words)) for one in reading.commands}
    if (command.verb, *map(str.lower, command.words)) in known:
        return True
    reading.is_cut = len(reading.commands) >= MOST_COMMANDS
    if not reading.is_cut:
        reading.commands.append(command)
    return True


def _command(line: str, verbs: Collection[str]) -> Command | None:
    words = _bare(line).split()
    verb = words[0].rstrip(".,:;!").upper() if words else ""
    if verb not in verbs:
        return None
    kept = [word.strip('"<>(),;') for word in words[1:] if word.strip('"<>(),;.!')]
    return Command(line[:_LONGEST_LINE], verb, kept)


def _bare(line: str) -> str:
    """A line without a bullet, quotation marks and words of courtesy before its verb, which becomes one word."""
    bare = _POLITE.sub("", _BULLET.sub("", line.strip("\"' "))).strip("\"' ")[:_LONGEST_LINE]
    for phrase, verb in _PHRASES:
        if phrase.match(bare):
            return phrase.sub(verb, bare, count=1)
    return bare
