"""Takes a roster from a file; communities judges and enrolls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from junto.communities import actions as communities
from junto.communities.models import Community
from junto.communities.queries import NotARoster
from junto.kit.reports import Report
from junto.people.models import Person
from junto.records.queries import rosters

__all__ = ["NotARoster", "take"]
Progress = Callable[[int, int | None], None]


def take(path: Path, *, community: Community, progress: Progress | None = None, by: Person | None = None) -> Report:
    """Reads a roster into a community: admitted at once, waiting, or skipped, each with its reason in the report.

    Who is a member stays as they are; who left is not brought back. Run again, it takes nobody twice.
    Raises Refused, and NotARoster where the file holds no address at all.
    """
    taken = communities.take_roster(
        community=community, text=rosters.text_of(path), file=path.name, progress=progress, by=by
    )
    return rosters.report_of(taken, path.name)
