"""Leaving the site: every room lets go of a person in its own way, all of them or none."""

from __future__ import annotations

from django.db import transaction

from junto.communities import actions as communities
from junto.communities import queries as memberships
from junto.discussions import actions as discussions
from junto.kit.rulings import require
from junto.people import actions as people
from junto.people.models import Person
from junto.records import rules


@transaction.atomic
def leave_site(*, person: Person, keeps_name: bool, by: Person) -> Person:
    """End all memberships, keep the posts with or without their author's name, and close the account for good.

    The addresses become free, but for whoever was removed somewhere, or has a step about their conduct that still
    counts: they could begin anew as somebody whom nobody knows. Raises Refused, then nothing has changed.
    """
    require(rules.may_leave_site(by, person))
    for membership in memberships.memberships_to_end(person):
        communities.leave(membership=membership, tells=False, by=by)
    discussions.sign_over(person=person, keeps_name=keeps_name, by=by)
    is_free = not memberships.was_ever_removed(person)
    return people.close_account(person=person, keeps_name=keeps_name, frees_addresses=is_free, by=by)
