"""The parts of the page: which tables stand in each, what they count, and what to do where there is nothing to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junto.insights.models import Tally
from junto.insights.queries import tables
from junto.insights.queries.answers import asked_in
from junto.insights.queries.periods import Period, cut
from junto.insights.queries.tables import Table

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page. `says` defines what is counted and what is not; `nothing` stands where there is nothing to show."""

    name: str
    title: Words
    says: Words
    tables: Sequence[Table]
    nothing: Words

    @property
    def shown(self) -> list[Table]:
        return [one for one in self.tables if not one.is_empty]


_PARTS: dict[str, tuple[Words, Words, Words]] = {
    "growth": (
        gettext_lazy("Growth"),
        gettext_lazy(
            "Members at the end of each week or month, and how many joined and left. Requests that wait are not counted."
        ),
        gettext_lazy("Nobody has joined yet. Invite the first members from the manager’s desk."),
    ),
    "reach": (
        gettext_lazy("Reach"),
        gettext_lazy("Members as they are now, by the agency, level and state of the address with which they joined."),
        gettext_lazy("As soon as somebody has joined with a government address, their agency and level stand here."),
    ),
    "discussions": (
        gettext_lazy("Discussions"),
        gettext_lazy(
            "Messages that came to the list, and discussions by the day on which they began. Held and rejected messages "
            "are not counted."
        ),
        gettext_lazy("Nothing was written in this time. A question to all members is a good beginning."),
    ),
    "answers": (
        gettext_lazy("Answers"),
        "",
        gettext_lazy(
            "Nothing that was asked in this time has an answer yet. The list of open questions shows what waits."
        ),
    ),
    "taking-part": (
        gettext_lazy("From reading to writing"),
        gettext_lazy(
            "People who wrote here for the first time, and the share of members who wrote within the 12 months before. "
            "Who reads what is not counted: mail carries no trackers, and pages do not either. How many members used the "
            "site while signed in is counted each night; the number is kept, and nothing else."
        ),
        gettext_lazy("Nobody has written in this time."),
    ),
    "delivery": (
        gettext_lazy("Delivery"),
        gettext_lazy(
            "Copies of messages and digests by the day on which they went out: taken by a mail server, tried again, "
            "refused for good; and bounces by the day on which they came back."
        ),
        gettext_lazy("No mail has gone out in this time."),
    ),
}


def parts_of(days: Sequence[Any], tally: Tally, period: Period, today: date) -> list[Part]:
    """All parts in order, from the days of a period."""
    buckets, asked = cut(days, period), asked_in(days)
    found: dict[str, Sequence[Table]] = {
        "growth": [tables.members(buckets, period), tables.joins(buckets, period)],
        "reach": [tables.levels(tally), tables.states(tally), tables.agencies(tally)],
        "discussions": [tables.messages(buckets, period)],
        "answers": [tables.first_answers(buckets, period, asked), tables.answered(buckets, period, asked, today)],
        "taking-part": [
            tables.first_messages(buckets, period),
            tables.writers(buckets, period),
            tables.visitors(buckets, period),
        ],
        "delivery": [tables.delivery(buckets, period)],
    }
    return [
        Part(name, title, says or _answers_say(asked.are_questions), found[name], nothing)
        for name, (title, says, nothing) in _PARTS.items()
    ]


def _answers_say(are_questions: bool) -> str:
    if are_questions:
        return _(
            "Discussions whose subject begins with QUESTION. The first answer is the first message by somebody else; "
            "whether it helped is not counted."
        )
    return _(
        "No discussion is marked as a question, so all are counted. The first answer is the first message by somebody "
        "else."
    )
