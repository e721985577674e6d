"""Who is reached: members and agencies by level of government and by state, with their charts, counted every few minutes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from junto.communities.models import Community, Membership
from junto.people.models import FEDERAL_LEVELS, Level
from junto.ui import charts

COUNTED_EVERY = 300
"""Seconds for which a count stands before it is made anew."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a community's page counts: members, their agencies, both by level of government, and members by state."""

    members: int = 0
    agencies: int = 0
    levels: list[tuple[str, int, int]] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)
    federal: int = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """The numbers with their charts as finished HTML; `counted_at` says how old they are."""

    numbers: Numbers
    charts: str
    counted_at: datetime


def numbers(community: Community) -> Numbers:
    """Counts of active members and of distinct agencies, as they are now, in one query of a row for each agency."""
    rows = (
        Membership.objects.filter(community=community)
        .active()
        .order_by()
        .values_list("address__level", "address__state", "address__agency")
        .annotate(members=Count("pk"))
    )
    people: dict[str, int] = defaultdict(int)
    agencies: dict[str, set[int]] = defaultdict(set)
    states: dict[str, int] = defaultdict(int)
    for level, state, agency, count in rows:
        people[level] += count
        if agency:
            agencies[level].add(agency)
        if state and level not in FEDERAL_LEVELS:
            states[state] += count
    names = dict(Level.choices)
    told = sorted((level for level in people if level), key=lambda level: (-people[level], level))
    return Numbers(
        members=sum(people.values()),
        agencies=len(set().union(*agencies.values())),
        levels=[(str(names.get(level, level)), people[level], len(agencies[level])) for level in told],
        states=dict(states),
        federal=sum(count for level, count in people.items() if level in FEDERAL_LEVELS),
    )


def reach(community: Community) -> Reach:
    """The numbers and charts of a community's page; they may be five minutes old."""
    key = f"communities.reach.{community.pk}.{get_language()}"
    found = cache.get(key)
    if not isinstance(found, Reach):
        counted = numbers(community)
        found = Reach(counted, _charts(counted), timezone.now())
        cache.set(key, found, COUNTED_EVERY)
    return found


def _charts(counted: Numbers) -> str:
    drawn = []
    if counted.levels:
        drawn.append(_by_level(counted))
    if counted.states:
        drawn.append(_by_state(counted))
    return "".join(render_to_string("ui/charts/chart.html", {"chart": chart}) for chart in drawn)


def _by_level(counted: Numbers) -> charts.Chart:
    rows = [
        charts.Bar(
            level,
            members,
            ngettext("%(count)d agency", "%(count)d agencies", agencies) % {"count": agencies},
        )
        for level, members, agencies in counted.levels
    ]
    return charts.bars(
        title=_("Members by level of government"), rows=rows, what=_("Level"), unit=_("Members"), name="reach-levels"
    )


def _by_state(counted: Numbers) -> charts.Chart:
    return charts.tiles(
        title=_("Members of states, localities and tribes, by state"),
        values=counted.states,
        unit=_("Members"),
        name="reach-states",
    )
