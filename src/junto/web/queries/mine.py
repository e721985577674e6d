"""What the pages about me gather: my addresses, what uses them, and where else they lead."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import Http404

from junto.communities import queries as communities
from junto.communities.models import State
from junto.people import queries as people
from junto.people import rules
from junto.people.models import Address, Person

_LIVING = Q(memberships__state__in=[State.ACTIVE, State.WAITING])


def addresses(person: Person) -> list[Address]:
    """My addresses, that mail goes to first on top, with `uses`: how many memberships get their mail there."""
    found = list(people.addresses_of(person).annotate(uses=Count("memberships", filter=_LIVING)))
    for one in found:
        one.person = person
    return sorted(found, key=lambda one: one.email != person.email)


def removal(person: Person, pk: int) -> dict[str, Any]:
    """What the removal of an address means. Raises Http404 where it is not mine."""
    mine = addresses(person)
    address = next((one for one in mine if one.pk == pk), None)
    if address is None:
        raise Http404("This is no address of yours.")
    used = list(communities.memberships_at(address))
    is_kept = communities.was_ever_removed(person)
    return {
        "address": address,
        "used": used,
        "is_kept": is_kept,
        "others": [one for one in mine if one.pk != pk and rules.may_prefer(one)],
        "may": rules.may_remove_address(address, is_used=bool(used), is_kept=is_kept),
        "is_first": address.email == person.email,
    }
