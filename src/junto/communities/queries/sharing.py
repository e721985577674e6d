"""Who shares a community with whom. A membership that its owner conceals is shared with nobody."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from junto.communities.models import Community, ConductCase, Membership, State, Step
from junto.communities.queries.directory import LONG_TEXTS
from junto.people.models import Address, Person


def colleagues_of(person: Person | int | None) -> QuerySet[Membership, Any]:
    """The keys of the people whom somebody shares a community with, as a condition for another query."""
    mine = Membership.objects.filter(person=person).active().values("community")
    shared = Membership.objects.active().named().filter(community__in=mine).exclude(person=person)
    return shared.values("person")


def shared_communities(viewer: Person | None, person: Person) -> list[Community]:
    """The communities that both are members of, by name, but for those in which the person is concealed."""
    if viewer is None or viewer.pk == person.pk:
        return []
    mine = Membership.objects.filter(person=viewer).active().values("community")
    theirs = Membership.objects.filter(person=person, community__in=mine).active().named().values("community")
    return list(Community.objects.filter(pk__in=theirs).defer(*LONG_TEXTS).order_by("name"))


def memberships_to_end(person: Person) -> list[Membership]:
    """What somebody who leaves the site belongs to, or waits to belong to, by name of the community."""
    found = Membership.objects.filter(person=person, state__in=[State.ACTIVE, State.WAITING])
    return list(found.select_related("community", "address").order_by("community__name"))


def was_ever_removed(person: Person) -> bool:
    """Does a removal, or a notice that still counts, ask that this person be known when they come back?"""
    if Membership.objects.filter(person=person, state=State.REMOVED).exists():
        return True
    return ConductCase.objects.filter(person=person).exclude(step=Step.REMINDER).counting().exists()


def memberships_at(address: Address) -> QuerySet[Membership]:
    """The memberships and requests whose mail goes to an address, by name of the community."""
    found = Membership.objects.filter(address=address, state__in=[State.ACTIVE, State.WAITING])
    return found.select_related("community", "person").order_by("community__name", "pk")
