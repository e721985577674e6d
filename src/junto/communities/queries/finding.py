"""Finding a community, a membership or a confirmation through one gate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext

from junto.communities import rules
from junto.communities.models import (
    Answer,
    Community,
    Confirmation,
    ListName,
    Membership,
    OldAddress,
    Readers,
)
from junto.kit import tokens
from junto.kit.prepared import Prepared
from junto.kit.rulings import Ruling, require
from junto.people import rules as people_rules
from junto.people.models import Person

MEMBERSHIP_SCOPE = "communities.membership"
CONFIRMATION_SCOPE = "communities.confirmation"
_COMMUNITY: Prepared[Community] = Prepared(lambda slug: Community.objects.filter(slug=slug))
_MEMBERSHIP: Prepared[Membership] = Prepared(
    lambda community, person: Membership.objects.filter(community=community, person=person).select_related("address")
)


def find(slug: str, *, may: Callable[[Person | None, Community], Ruling], person: Person | None) -> Community:
    """The community under this slug, if the rule `may` allows it. Raises Http404, or Refused with the ruling.

    The membership of the person comes with it, so that further rules about the two ask the database no more.
    """
    community = _COMMUNITY.first(slug=slug)
    if community is None:
        raise Http404(gettext("There is no such community here."))
    if person is not None:
        membership = _MEMBERSHIP.first(community=community.pk, person=person.pk)
        community.known_memberships = {person.pk: membership}  # type: ignore[attr-defined]
        if membership is not None:
            rules.know_zones(person, membership.address)
    require(may(person, community))
    return community


def membership_of(person: Person | None, community: Community) -> Membership | None:
    """The row of this person in this community, in whatever state; ask it `is_active()`."""
    return rules.membership_of(person, community)


def community_of_list(name: str) -> Community | None:
    """The community that gets mail under this local part, in any case, also under an older name."""
    found = Community.objects.filter(list_name__iexact=name).first()
    if found:
        return found
    other = ListName.objects.filter(name__iexact=name).select_related("community").first()
    return other.community if other else None


def is_list(name: str, **more: str) -> bool:
    """Does any community get mail under this local part? For the map of mail addresses."""
    return (
        Community.objects.filter(list_name__iexact=name).exists() or ListName.objects.filter(name__iexact=name).exists()
    )


def readable_ids(person: Person | None) -> set[int]:
    """The communities whose discussions this person may read."""
    if person is not None and people_rules.may_run_site(person):
        return set(Community.objects.values_list("pk", flat=True))
    if person is None:
        return set(Community.objects.filter(_open_to(Readers.PUBLIC)).values_list("pk", flat=True))
    readers = (Readers.PUBLIC, *([Readers.GOVERNMENT] if people_rules.is_government(person) else []))
    return {pk for (pk,) in _READABLE.all(person=person.pk, readers=readers)}


def _open_to(*readers: str) -> Q:
    return Q(readers__in=readers, is_hidden=False)


def _readable(person: int, readers: tuple[str, ...]) -> QuerySet[Community, Any]:
    mine = Membership.objects.filter(person=person).active().values("community_id")
    return Community.objects.filter(_open_to(*readers) | Q(pk__in=mine)).values_list("pk")


_READABLE: Prepared[tuple[int]] = Prepared(_readable)


def old_address(path: str) -> Community | None:
    """The community that once stood at this path of the site, in any spelling of its slashes. Hidden ones stay hidden."""
    bare = path.strip("/")
    spellings = [bare, f"/{bare}", f"{bare}/", f"/{bare}/"]
    found = OldAddress.objects.filter(path__in=spellings, community__is_hidden=False).select_related("community")
    moved = found.first()
    return moved.community if moved else None


def membership_token(membership: Membership) -> str:
    """The token of the links that act for this membership without signing in."""
    return tokens.sign(MEMBERSHIP_SCOPE, membership.pk)


class DeadLink(Http404):
    """A signed link that leads nowhere; the text says why, for people."""


def membership_by_token(token: str) -> Membership:
    """The membership that a signed link speaks for. Raises DeadLink."""
    try:
        number = tokens.read(MEMBERSHIP_SCOPE, token)
    except tokens.BadToken as error:
        raise DeadLink(str(error)) from None
    membership = Membership.objects.select_related("community", "person", "address").filter(pk=number).first()
    if membership is None:
        raise DeadLink(gettext("This link belongs to a membership that is no longer kept."))
    return membership


def confirmation_by_token(token: str) -> Confirmation:
    """The confirmation that a token names, open or not. Raises DeadLink."""
    try:
        number = tokens.read(CONFIRMATION_SCOPE, token)
    except tokens.BadToken as error:
        raise DeadLink(str(error)) from None
    confirmation = Confirmation.objects.select_related("community").filter(pk=number).first()
    if confirmation is None:
        raise DeadLink(gettext("This link is older than what is kept here. Ask again, and a new one comes."))
    return confirmation


def may_be_fed_by(community: Community, person: Person) -> list[Community]:
    """The communities that this one feeds, or could: those that the person manages too."""
    managed = Membership.objects.filter(person=person).managing().values("community_id")
    others = Community.objects.filter(Q(pk__in=managed, retired_at=None) | Q(fed_by=community)).exclude(pk=community.pk)
    return list(others.distinct().order_by("name"))


def lists(*, words: str = "", limit: int = 100) -> list[Community]:
    """The communities that the LISTS command names: those that have all of these words."""
    found = Community.objects.visible()
    for word in words.split()[:8]:
        found = found.filter(Q(list_name__icontains=word) | Q(name__icontains=word) | Q(summary__icontains=word))
    return list(found.order_by("list_name")[:limit])


def active_memberships_of_email(email: str) -> list[Membership]:
    """Where the owner of this address is a member, by name of the list."""
    mine = Membership.objects.filter(person__addresses__email=email.lower()).active()
    return list(mine.select_related("community", "person", "address").order_by("community__list_name"))


def was_answered(email: str, *, kind: str) -> bool:
    """Has this address had this very answer within a day?"""
    since = timezone.now() - timedelta(days=1)
    return Answer.objects.filter(email=email, kind=kind[:80], at__gte=since).exists()


def is_busy(email: str, *, limit: int) -> bool:
    """Has this address had its day's share of answers?"""
    since = timezone.now() - timedelta(days=1)
    return Answer.objects.filter(email=email, at__gte=since).count() >= limit
