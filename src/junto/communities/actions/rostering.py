"""Taking in the members of another list, many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.communities import rules
from junto.communities.models import Community, Invitation, Membership, State
from junto.communities.queries.rosters import RosterOutcome, RosterPreview, RosterRow, in_batches, sorted_out
from junto.kit.rosters import Line, read
from junto.kit.rulings import require
from junto.people.actions import welcome_many
from junto.people.models import Address, Person

Progress = Callable[[int, int | None], None]


def take_roster(
    *,
    community: Community,
    text: str,
    file: str = "The roster",
    progress: Progress | None = None,
    by: Person | None,
) -> RosterPreview:
    """Reads a roster into a community and tells what became of everybody: a member, waiting, or not taken, and why.

    Who is a member stays as they are; who left is not brought back; nobody gets a letter. Run again, it takes nobody
    twice; killed half-way, it goes on. `file` is its name in messages; `by` None is the operator at the shell;
    `progress` hears how many of how many lines are done. Raises Refused, and NotARoster with words for people.
    """
    require(rules.may_take_roster(by, community))
    form, lines = read(text, file=file)
    taken, seen = RosterPreview(form.value), dict[str, int]()
    for batch in in_batches(lines):
        taken.rows += _take(batch, community, seen, by)
        if progress:
            progress(len(taken.rows), len(lines))
    counts: dict[str, Any] = {outcome.value: number for outcome, number in taken.counts.items()}
    record("communities.roster.taken", about=community, by=by, file=file, form=form.value, **counts)
    return taken


@transaction.atomic
def _take(batch: Sequence[Line], community: Community, seen: dict[str, int], by: Person | None) -> list[RosterRow]:
    rows = sorted_out(batch, community, seen)
    wanted = {row.address: row for row in rows if row.is_taken}
    addresses = welcome_many(names={email: row.name for email, row in wanted.items()}, by=by)
    Membership.objects.bulk_create(_membership(row, addresses[email], community) for email, row in wanted.items())
    admitted = [row.address for row in rows if row.outcome == RosterOutcome.NEW]
    invitations = Invitation.objects.filter(community=community, email__in=admitted, used_at=None)
    invitations.update(used_at=timezone.now())
    return rows


def _membership(row: RosterRow, address: Address, community: Community) -> Membership:
    is_admitted = row.outcome == RosterOutcome.NEW
    return Membership(
        community=community,
        person=address.person,
        address=address,
        role=row.role,
        delivery=row.delivery,
        state=State.ACTIVE if is_admitted else State.WAITING,
        joined_at=timezone.now() if is_admitted else None,
        came_by="roster",
        reason="" if is_admitted else row.reason,
    )
