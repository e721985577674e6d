"""Asking by mail, and the confirmation that only the owner of the address can give."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from junto.audit.actions import record
from junto.communities import rules
from junto.communities.actions.joining import join, leave
from junto.communities.models import Community, Confirmation, Membership
from junto.kit.rulings import Refused, no, require
from junto.people import actions as people
from junto.people import queries as people_queries
from junto.people.models import Person

LASTS = timedelta(hours=48)


class AlreadyUsed(Refused):
    """The confirmation did its work before."""


class Expired(Refused):
    """The confirmation is older than two days."""


@transaction.atomic
def ask(
    *, community: Community, wish: str, email: str, name: str = "", delivery: str = "", by: Person | None
) -> Confirmation:
    """Write down that somebody asked, in the name of an address, to join or leave. Nothing else changes yet.

    Asking twice gives the same open confirmation. Raises Refused where confirming could not help: a blocked address,
    an address of a list, a closed community.
    """
    if wish == Confirmation.Wish.JOIN:
        _may_ask_to_join(community, email)
    now = timezone.now()
    open_ones = Confirmation.objects.filter(community=community, wish=wish, email=email, used_at=None)
    confirmation = open_ones.filter(expires_at__gt=now + LASTS / 2).order_by("-pk").first()
    if confirmation is None:
        confirmation = Confirmation.objects.create(
            community=community, wish=wish, email=email, name=name[:200], delivery=delivery, expires_at=now + LASTS
        )
        record(f"communities.{wish}.asked", about=confirmation, by=by)
    elif delivery and delivery != confirmation.delivery:
        confirmation.delivery = delivery
        confirmation.save(update_fields=["delivery"])
    return confirmation


def ask_again(*, confirmation: Confirmation, by: Person | None) -> Confirmation:
    """A fresh confirmation for the same wish, where the old one has expired."""
    return ask(
        community=confirmation.community,
        wish=confirmation.wish,
        email=confirmation.email,
        name=confirmation.name,
        delivery=confirmation.delivery,
        by=by,
    )


@transaction.atomic
def confirm(*, confirmation: Confirmation, by: Person | None) -> Membership:
    """Do what was asked: the address is proved, and its owner joins or leaves. Raises AlreadyUsed, Expired, Refused."""
    confirmation = _locked(confirmation)
    _must_be_open(confirmation)
    person = people.welcome(email=confirmation.email, name=confirmation.name, by=by)
    address = people.prove(email=confirmation.email, by=by or person)
    confirmation.used_at = timezone.now()
    confirmation.save(update_fields=["used_at"])
    if confirmation.wish == Confirmation.Wish.LEAVE:
        membership = _membership(confirmation, person)
        return leave(membership=membership, came_by="mail", by=by or person)
    return join(
        community=confirmation.community,
        person=person,
        address=address,
        name=confirmation.name,
        accepts_guidelines=True,
        came_by="mail",
        delivery=confirmation.delivery or confirmation.community.first_delivery,
        by=by or person,
    )


def _locked(confirmation: Confirmation) -> Confirmation:
    rows = Confirmation.objects.select_for_update(of=("self",)).select_related("community")
    return rows.get(pk=confirmation.pk)


def _must_be_open(confirmation: Confirmation) -> None:
    if confirmation.used_at is not None:
        if confirmation.wish == Confirmation.Wish.JOIN:
            words = gettext("This was confirmed before: you joined %(community)s. Nothing is left to do.")
        else:
            words = gettext("This was confirmed before: you left %(community)s. Nothing is left to do.")
        raise AlreadyUsed(no(words % {"community": confirmation.community}))
    if not confirmation.is_open():
        raise Expired(no(gettext("This confirmation was good for two days and has expired. Ask for a fresh one.")))


def _may_ask_to_join(community: Community, email: str) -> None:
    if community.retired_at:
        require(rules.may_join(None, community))
    standing = rules.eligibility(people_queries.judge(email), community)
    if standing.refuses:
        raise Refused(no(standing.reason))


def _membership(confirmation: Confirmation, person: Person) -> Membership:
    found = Membership.objects.filter(community=confirmation.community, person=person).first()
    if found is None:
        raise Refused(
            no(
                gettext("%(email)s is not a member of %(community)s. Nothing is left to do.")
                % {"email": confirmation.email, "community": confirmation.community}
            )
        )
    return found
