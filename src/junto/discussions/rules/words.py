"""What the author of a letter wrote themselves: without quotations, signature, disclaimer and what a phone adds."""

from __future__ import annotations

import re

_SIGNATURE = re.compile(
    r"^(?:-- ?|_{5,}|\*{5,}|={5,}|sent (?:from|via|with) (?:my |the )?(?:\w+ ){0,4}\S+|get outlook for .*"
    r"|(?:enviado desde|envoyé de|envoyé depuis|von meinem) (?:mi |mon |ma )?.{2,30})$",
    re.IGNORECASE,
)
_PHONE = re.compile(r"^(?:sent (?:from|via)|get outlook for|enviado desde|envoyé de) .{2,40}$", re.IGNORECASE)
_DISCLAIMER = re.compile(
    r"^\W*(?:confidentiality notice|(?:this|the) (?:e-?mail|message|electronic|information|communication|transmission)\b.{0,90}"
    r"\b(?:intended|confidential|privileged|addressed|contain)|disclaimer\s*:|notice\s*:|please consider the environment)",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"^\s*[->_*]{2,}\s?(?:original|reply|forwarded|begin forwarded|mensaje|message d|ursprüngliche).{0,40}[-_*]{2,}\s*$"
    r"|^\s*begin forwarded message:",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^.{0,300}\b(?:wrote|schrieb|a écrit|écrit|escribió|escreveu|scrisse)\b.{0,80}:\s*$", re.IGNORECASE
)
_WROTE_BEGINS = re.compile(r"^(?:on|le|el|am|em|il)\s.{4,200}$", re.IGNORECASE)
_HEAD = re.compile(r"^\W{0,2}(?:from|de|von|da)\s?:\W{0,2}\s?\S", re.IGNORECASE)
_HEAD_GOES_ON = re.compile(
    r"^\W{0,2}(?:sent|date|to|subject|enviado|fecha|para|envoyé|à|gesendet|an|inviato)\s?:", re.IGNORECASE
)
_HEAD_IS_NEAR = 4
_QUOTATION_IS_NEAR = 10
_LONGEST = 1_000
"""No line that a mail program adds is longer, and patterns with two ends would take too long over one."""
_PUNCTUATION = re.compile(r"[^\w' ]")
_WISHES = {
    "drop": re.compile(r"(?:please )?(?:drop|no\b|cancel|stop|don't|do not|delete|discard|nein|non\b)"),
    "private": re.compile(r"(?:please )?(?:send )?(?:it )?(?:private|only|just to)"),
    "send": re.compile(r"(?:please )?(?:send|ok|okay|yes|go ahead|confirm|s[ií]\b|oui\b)"),
}


def own_words(text: str) -> str:
    """The text without quotations, and up to a signature, a disclaimer, or the letter that it answers."""
    lines = text.strip().splitlines()
    kept: list[str] = []
    for place, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith((">", "|")):
            kept += [line] if kept and not line.strip() else []
            continue
        if _matches(_WROTE, line):
            _drop_attribution(kept)
            if _quotes_next(lines, place) or not kept:
                continue
            break
        if _matches(_PHONE, line.strip()) and not kept:
            continue
        if _ends_here(lines, place):
            break
        kept.append(line)
    return "\n".join(kept).strip()


def wish_about_post(words: str) -> str | None:
    """“send”, “private” or “drop”, as the first words of an answer by mail say; None where they say something else."""
    plain = " ".join(_PUNCTUATION.sub(" ", words.lower().replace("’", "'")).split()[:4])
    return next((wish for wish, pattern in _WISHES.items() if pattern.match(plain)), None)


def disclaimer_in(text: str) -> str:
    """The line with which a confidentiality notice of the author's begins; empty where there is none above a quotation."""
    for line in text.splitlines():
        if _matches(_WROTE, line) or _matches(_ORIGINAL, line):
            return ""
        if _DISCLAIMER.match(line.strip()[:_LONGEST]) and not line.lstrip().startswith(">"):
            return line.strip()
    return ""


def _drop_attribution(kept: list[str]) -> None:
    """The first half of “On Monday, Ben Brooks <ben@epa.gov>” where “wrote:” has a line of its own."""
    if kept and _WROTE_BEGINS.match(kept[-1]) and any(mark in kept[-1] for mark in "@,"):
        kept.pop()


def _matches(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= _LONGEST and pattern.match(line) is not None


def _quotes_next(lines: list[str], place: int) -> bool:
    following = next((line for line in lines[place + 1 : place + 1 + _QUOTATION_IS_NEAR] if line.strip()), "")
    return following.lstrip().startswith((">", "|"))


def _ends_here(lines: list[str], place: int) -> bool:
    line = lines[place].strip()
    if _matches(_SIGNATURE, line) or _matches(_ORIGINAL, line) or _DISCLAIMER.match(line[:_LONGEST]):
        return True
    following = lines[place + 1 : place + 1 + _HEAD_IS_NEAR]
    return bool(_HEAD.match(line)) and any(_HEAD_GOES_ON.match(other.strip()) for other in following)
