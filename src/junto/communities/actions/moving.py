"""Memberships that get their mail at another address of their member from now on."""

from __future__ import annotations

from django.db import transaction

from junto.audit.actions import record
from junto.communities import queries, rules
from junto.kit.addresses import masked
from junto.kit.rulings import require
from junto.people.models import Address, Person


@transaction.atomic
def move_memberships(*, from_address: Address, to_address: Address, by: Person) -> int:
    """Let every membership, and every request that waits, go on at another address of the same person.

    Returns how many were moved. Raises Refused where the new address is not proved or somebody else's, or where a
    community admits the old one only; then none was moved.
    """
    used = list(queries.memberships_at(from_address).select_for_update(of=("self",)))
    require(rules.may_move_memberships(by, used, from_address, to_address))
    for membership in used:
        membership.address = to_address
        membership.save(update_fields=["address"])
        record(
            "communities.member.moved",
            about=membership,
            by=by,
            before={"address": masked(from_address.email)},
            after={"address": masked(to_address.email)},
        )
    return len(used)
