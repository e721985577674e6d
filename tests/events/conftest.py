"""An event to look at, and to do things with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from junto.communities.models import Community
from junto.events import actions
from junto.events.models import Event
from junto.people.models import Person

LINK = "https://meet.example.gov/j/123?pwd=secret"
Maker = Callable[..., Event]


def at(hour: int, days: int = 7, zone: str = "America/New_York") -> datetime:
    """An hour of the clock, some days from now."""
    there = timezone.now().astimezone(ZoneInfo(zone)) + timedelta(days=days)
    return there.replace(hour=hour, minute=0, second=0, microsecond=0)


@pytest.fixture
def draft(cop: Community, ada: Person) -> Maker:
    """Plans an event of the community."""

    def make(*, community: Community = cop, by: Person = ada, days: int = 7, **fields: object) -> Event:
        told: dict[str, object] = {
            "title": "Monthly call",
            "starts_at": at(14, days),
            "ends_at": at(15, days),
            "time_zone": "America/New_York",
            "link": LINK,
        }
        return actions.plan(community=community, by=by, **(told | fields))

    return make


@pytest.fixture
def announced(draft: Maker, ada: Person) -> Maker:
    """Plans an event and publishes it."""

    def make(*, by: Person = ada, **fields: object) -> Event:
        return actions.publish(event=draft(by=by, **fields), by=by)

    return make
