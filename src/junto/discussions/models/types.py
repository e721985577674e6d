"""What a post is, as the first word of its subject says: the conventions of the field.

Only explicit words count: “[QUESTION]”, “QUESTION: …”, “Q: …”, “JOB - GSA - closes 12/31/2026”, “SUMMARY How do you …”. A
question mark alone says nothing, and a reply (“RE: QUESTION …”) is no new question. ISO (in search of) is a question,
SITESEEING an article. Known failures: a word in small letters without a mark after it (“question how do you …”) is not
taken for a type; of two dates without “closes” or the like none is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.mail.threading import topic_of


class PostType(models.TextChoices):
    """What a thread is, as the first word of its subject says: the conventions of the field."""

    QUESTION = "question", _("Question")
    SUMMARY = "summary", _("Summary")
    JOB = "job", _("Job")
    EVENT = "event", _("Event")
    ARTICLE = "article", _("Article")
    DISCUSS = "discuss", _("Discussion")


LATEST_PAST = timedelta(days=60)
LONGEST_OPEN = timedelta(days=366)
_READ_AT_MOST = 500
_ANY_DAY = date(2000, 1, 1)

_TYPES = {
    "question": PostType.QUESTION,
    "q": PostType.QUESTION,
    "iso": PostType.QUESTION,
    "summary": PostType.SUMMARY,
    "job": PostType.JOB,
    "jobs": PostType.JOB,
    "event": PostType.EVENT,
    "article": PostType.ARTICLE,
    "siteseeing": PostType.ARTICLE,
    "discuss": PostType.DISCUSS,
    "discussion": PostType.DISCUSS,
}
_WORD = r"(?P<word>question|q|iso|summary|jobs?|event|article|siteseeing|discuss(?:ion)?)"
_NOISE = re.compile(r"^[^\w\[({<]+")
_REPLY = re.compile(r"^(?:re|aw|sv|antw|fwd?|wg|tr)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_TAG_OF_LIST = re.compile(r"^\s*\[[^\]]{0,60}\]\s*(?=(?:re|fwd?|\[)\s*)", re.IGNORECASE)
_TAG = re.compile(r"^[\[({<][^\])}>]{0,60}[\])}>]\s*[:\-–—]?\s*")
_BRACKETED = re.compile(rf"^[\[({{<]\s*{_WORD}\b(?P<inside>[^\])}}>]*)[\])}}>]\s*[:\-–—|]*\s*", re.IGNORECASE)
_MARKED = re.compile(rf"^{_WORD}(?:\s*[:|]|\s*(?=[(\[])|\s+[-–—]+|[-–—]+\s|\s*$)\s*", re.IGNORECASE)
_SHOUTED = re.compile(rf"^(?!Q\b){_WORD.upper().replace('P<WORD>', 'P<word>')}\s+")

_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"(?P<iso>\b\d{{4}}-\d{{1,2}}-\d{{1,2}}\b)"
    rf"|\b(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})(?:/(?P<y>\d{{4}}|\d{{2}}))?\b"
    rf"|\b(?P<name>{_MONTH})\s+(?P<nd>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<ny>\d{{4}})\b)?"
    rf"|\b(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<ename>{_MONTH})(?:,?\s+(?P<ey>\d{{4}})\b)?",
    re.IGNORECASE,
)
_CLOSES = re.compile(r"\b(?:clos(?:es|ing|ed)|deadline|apply by|due|until|through|by)\b[^\d\n]{0,20}$", re.IGNORECASE)
_STARTS = re.compile(r"\b(?:start(?:s|ing)?|begin(?:s|ning)?|opens?|opening|posted)\b[^\d\n]{0,20}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a subject says: the type (empty where it says none), a job's closing date, and the subject without the type."""

    kind: str = ""
    closing_date: date | None = None
    rest: str = ""


def typed(subject: str, today: date) -> Typed:
    """The type that a subject names, and until when a job is open. `today` is when the post was sent."""
    plain = " ".join(subject[:_READ_AT_MOST].split())
    left = plain
    for _again in range(4):
        left = _NOISE.sub("", left)
        if _REPLY.match(left):
            return Typed(rest=plain)
        if found := _BRACKETED.match(left) or _MARKED.match(left) or _SHOUTED.match(left):
            kind = _TYPES[found["word"].lower()]
            closing_date = closing_date_in(left[found.end("word") :], today) if kind == PostType.JOB else None
            return Typed(kind, closing_date, left[found.end() :].strip() or plain)
        left, is_tagged = _TAG.subn("", left, count=1)
        if not is_tagged:
            break
    return Typed(rest=plain)


def title_of(subject: str, kind: str, at: datetime) -> str:
    """A subject without the word that says its type, where the type stands beside it as a tag."""
    if not kind:
        return subject
    said = typed(subject, timezone.localdate(at))
    return said.rest if said.kind == kind else subject


def closing_date_in(words: str, today: date) -> date | None:
    """The date after “closes” or the like, or the only date that there is; in American or ISO form.

    Without a year it is the next such day. None where it cannot be meant: long past, or more than a year ahead.
    """
    dates = [(found, _date_of(found, today)) for found in _DATE.finditer(words)]
    named = [day for found, day in dates if day and _CLOSES.search(words[: found.start()])]
    plain = [day for found, day in dates if day and not _STARTS.search(words[: found.start()])]
    candidates = named or (plain if len(plain) == 1 else [])
    return next((day for day in candidates if is_believable(day, today)), None)


def is_believable(closing_date: date, today: date) -> bool:
    """Not long past, and not more than a year ahead."""
    return today - LATEST_PAST <= closing_date <= today + LONGEST_OPEN


def topic(subject: str) -> str:
    """A subject without reply marks, list tags and types: the same for a question and for its summary."""
    left = subject[:_READ_AT_MOST]
    for _again in range(6):
        before = left
        left = typed(_REPLY.sub("", _NOISE.sub("", _TAG_OF_LIST.sub("", left))), _ANY_DAY).rest
        if left == before:
            break
    return topic_of(left).strip(" .?!“”\"'")


def subject_with(kind: str, subject: str, closing_date: date | None, today: date) -> str:
    """A subject that says its type in the words of the field: “JOB: Analyst at GSA (closes 12/31/2026)”."""
    said = typed(subject, today)
    if not kind or (said.kind == kind and (said.closing_date == closing_date or closing_date is None)):
        return subject
    rest = said.rest if said.kind == kind else subject
    until = f" (closes {closing_date:%m/%d/%Y})" if kind == PostType.JOB and closing_date else ""
    return f"{kind.upper()}: {rest}{until}"


def _date_of(found: re.Match[str], today: date) -> date | None:
    try:
        if found["iso"]:
            year, month, day = map(int, found["iso"].split("-"))
            return date(year, month, day)
        name = found["name"] or found["ename"]
        month = _MONTHS[name[:3].lower()] if name else int(found["m"])
        day = int(found["d"] or found["nd"] or found["ed"])
        said = found["y"] or found["ny"] or found["ey"]
        return _with_year(month, day, int(said), today) if said else _next(month, day, today)
    except ValueError:
        return None


def _with_year(month: int, day: int, year: int, today: date) -> date:
    return date(year + today.year // 100 * 100 if year < 100 else year, month, day)


def _next(month: int, day: int, today: date) -> date:
    this_year = date(today.year, month, day)
    return this_year if this_year >= today - LATEST_PAST else date(today.year + 1, month, day)
