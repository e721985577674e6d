"""Reasons of the posting chain. They are kept in English, with the post and in the book, and said in the language of whoever
reads them: `said` finds the words again."""

from __future__ import annotations

import re
from functools import cache

from django.utils.functional import lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from junto.discussions.models import HeldPost

TOO_LARGE = _(
    "It is %(size)s large, and this list takes messages of up to %(most)s. "
    "Put the file where your colleagues can reach it, and post the link."
)
SHORT = _("It is very short, and goes to %(people)s people.")
SLOW = _("On this list, %(minutes)s minutes lie between two posts of one person.")
CAN_RUN = _("It carries a file that can run on a reader’s computer: “%(name)s”.")
MANY_LINKS = _("It has links to %(count)s different sites, and its author is not known well yet.")
LEFT = _("%(name)s has left this community and cannot be reached through it.")
_WITH_BLANKS = (TOO_LARGE, SHORT, SLOW, CAN_RUN, MANY_LINKS, LEFT)
_DECIDED = {
    HeldPost.Outcome.ACCEPTED: (
        _("This post was accepted already."),
        _("This post was accepted already by %(name)s."),
    ),
    HeldPost.Outcome.REJECTED: (
        _("This post was rejected already."),
        _("This post was rejected already by %(name)s."),
    ),
    HeldPost.Outcome.DISCARDED: (
        _("This post was discarded already."),
        _("This post was discarded already by %(name)s."),
    ),
    HeldPost.Outcome.EXPIRED: (
        _("This post was expired already."),
        _("This post was expired already by %(name)s."),
    ),
}
_LONGEST = 500
_BLANK = re.compile(r"%\\\((\w+)\\\)s")


def said(reason: str) -> str:
    """A reason in the language of whoever reads it now. Words that are none of the chain's own stay as they are."""
    if not reason or (get_language() or "en").startswith("en"):
        return reason
    words = gettext(reason)
    if words != reason or len(reason) > _LONGEST:
        return words
    for sentence in _WITH_BLANKS:
        if found := _pattern(sentence).fullmatch(reason):
            return gettext(sentence) % found.groupdict()
    return reason


said_later = lazy(said, str)
"""The same where the language is not chosen yet: in what a letter is told."""


def decided_already(outcome: str, by: str = "") -> str:
    """What came of a post on which somebody has decided; where `by` is given, also who did."""
    alone, with_name = _DECIDED[HeldPost.Outcome(outcome)]
    return gettext(with_name) % {"name": by} if by else gettext(alone)


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(_BLANK.sub(lambda found: f"(?P<{found[1]}>.+)", re.escape(sentence)), re.DOTALL)
