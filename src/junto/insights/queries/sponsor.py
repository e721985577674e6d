"""The sponsor’s page: a year of a community on one sheet, in plain words and without names of persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from junto.communities.models import Community, Zone
from junto.communities.rules import is_read_by_all
from junto.discussions.models import Thread
from junto.insights.models import Sheet, Tally
from junto.insights.queries import tables
from junto.insights.queries.answers import Asked, asked_in, percent, quartiles, share_answered, wait_in_words, waits_of
from junto.insights.queries.page import days_of, today_of
from junto.insights.queries.periods import PERIODS, cut
from junto.insights.queries.useful import Useful, most_useful
from junto.people.models import FEDERAL_LEVELS
from junto.ui.charts import Chart, figure

YEAR = PERIODS["12"]
MOST_NAMED = 3
MOST_OFFERED = 10


@dataclass(frozen=True, slots=True)
class SponsorSheet:
    """What stands on the page. `headline` are (number, sentence); `named` are subjects of discussions."""

    tally: Tally | None
    since: date | None
    until: date | None
    headline: Sequence[tuple[str, str]]
    charts: Sequence[Chart]
    came_of_it: Sequence[str]
    named: Sequence[str]


def sponsor_sheet(community: Community) -> SponsorSheet:
    """The last twelve months. Six queries at most."""
    tally = Tally.objects.filter(community=community).first()
    today = today_of(community)
    days = days_of(community, YEAR, today)
    if tally is None or not days:
        return SponsorSheet(tally, None, None, [], [], [], [])
    asked, buckets = asked_in(days), cut(days, YEAR)
    drawn = [tables.members(buckets, YEAR), tables.levels(tally), tables.messages(buckets, YEAR)]
    return SponsorSheet(
        tally=tally,
        since=days[0].date,
        until=days[-1].date,
        headline=list(_headline(days, tally, asked, today)),
        charts=[one.chart for one in drawn if one.chart and not one.is_empty],
        came_of_it=list(_came_of_it(days, asked)),
        named=[one.subject for one in _named(community, today)],
    )


def offered_threads(community: Community) -> list[Useful]:
    """What a manager may name on the page: the most useful discussions of the year that stand in the public zone, and
    what is named already."""
    found = most_useful(community, since=YEAR.since(today_of(community)), zones=[Zone.PUBLIC], limit=MOST_OFFERED)
    known = {one.thread.pk for one in found}
    return found + [Useful(thread, 0) for thread in chosen_threads(community) if thread.pk not in known]


def chosen_threads(community: Community) -> list[Thread]:
    """What the managers chose, as far as it still stands here and in the public zone."""
    chosen = Sheet.threads.through.objects.filter(sheet_id=community.pk).values("thread")
    found = Thread.objects.filter(pk__in=chosen, community=community).within([Zone.PUBLIC])
    return list(found.order_by("-message_count", "pk")[:MOST_NAMED])


def _named(community: Community, today: date) -> list[Useful]:
    """What the managers chose; else, where anybody may read, what was most useful. Nothing else leaves the community."""
    if chosen := chosen_threads(community):
        return [Useful(thread, 0) for thread in chosen]
    if not is_read_by_all(community):
        return []
    return most_useful(community, since=YEAR.since(today), zones=[Zone.PUBLIC], limit=MOST_NAMED)


def _headline(days: Sequence[Any], tally: Tally, asked: Asked, today: date) -> Iterator[tuple[str, str]]:
    members, before = days[-1].members, days[0].members - days[0].joined + days[0].left
    yield figure(members), _growth(members - before)
    if tally.agency_count:
        yield figure(tally.agency_count), _reach(_levels_in(tally))
    messages, threads = sum(day.messages for day in days), sum(day.threads for day in days)
    words = ngettext(
        "messages were written in %(threads)s discussion.", "messages were written in %(threads)s discussions.", threads
    )
    yield figure(messages), words % {"threads": figure(threads)}
    if half := quartiles(waits_of(days, asked)):
        yield wait_in_words(half[1]), _half(asked)
    share = share_answered(days, asked, today=today, within=7)
    if share is not None:
        yield _percent(share), _answered(asked)
    writing = percent(days[-1].writers, members)
    if writing is not None:
        yield _percent(writing), _("of the members wrote at least once in these 12 months. The others read.")


def _growth(more: int) -> str:
    if more > 0:
        return _("people belong to this community, %(more)s more than 12 months ago.") % {"more": figure(more)}
    return _("people belong to this community.")


def _reach(levels: int) -> str:
    return ngettext(
        "agencies are represented, at %(levels)d level of government.",
        "agencies are represented, at %(levels)d levels of government.",
        levels,
    ) % {"levels": levels}


def _levels_in(tally: Tally) -> int:
    """How many levels of government; the branches of the federal government are one."""
    return len({"federal" if level in FEDERAL_LEVELS else level for level, *_ in tally.levels if level})


def _half(asked: Asked) -> str:
    if asked.are_questions:
        return _("is how long half of the answered questions waited for their first answer, at most.")
    return _("is how long half of the answered discussions waited for their first answer, at most.")


def _answered(asked: Asked) -> str:
    if asked.are_questions:
        return _("of questions had an answer from a colleague within seven days.")
    return _("of discussions had an answer from a colleague within seven days.")


def _came_of_it(days: Sequence[Any], asked: Asked) -> Iterator[str]:
    begun, answered = sum(getattr(day, asked.begun) for day in days), len(waits_of(days, asked))
    first = sum(day.first_writers for day in days)
    if answered:
        told = {"answered": figure(answered), "begun": figure(begun)}
        if asked.are_questions:
            yield _("%(answered)s of %(begun)s questions have an answer that every member can find again.") % told
        else:
            yield _("%(answered)s of %(begun)s discussions have an answer that every member can find again.") % told
    if first:
        words = ngettext(
            "%(first)s person wrote for the first time.", "%(first)s people wrote for the first time.", first
        )
        yield words % {"first": figure(first)}


def _percent(value: float) -> str:
    return _("%(number)s%%") % {"number": figure(round(value))}
