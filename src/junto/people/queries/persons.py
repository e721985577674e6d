"""Who somebody is, and lists that the pages and clocks of this room read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from junto.kit.addresses import BadAddress, normalise
from junto.people.models import PROOF_LASTS, Address, DomainRule, Person, RegisterCopy, SignInCode
from junto.people.rules.limits import PROOF_ASKED_EVERY, PROOF_ASKED_UNTIL, PROOF_WARNING


def visitor(request: HttpRequest) -> Person | None:
    """Who is looking; None for strangers. The same object for the whole request."""
    user = request.user
    return user if isinstance(user, Person) and user.is_active else None


def find_by_email(email: str) -> Person | None:
    """The person whose address this is, in whatever case it is written; None for nobody, or no address."""
    try:
        known = normalise(email)
    except BadAddress:
        return None
    return Person.objects.filter(addresses__email=known).select_related("agency").first()


def people_by_email(emails: Collection[str]) -> dict[str, Person]:
    """The people behind addresses that `normalise` has made; one query, for rosters."""
    found = Address.objects.filter(email__in=emails).select_related("person")
    return {address.email: address.person for address in found}


def addresses_of(person: Person) -> QuerySet[Address]:
    return person.addresses.select_related("agency").order_by("email")


def address_by_pk(pk: int) -> Address | None:
    return Address.objects.filter(pk=pk).first()


def exceptions() -> QuerySet[DomainRule]:
    """The register of exceptions and blocks, as its page lists it."""
    return DomainRule.objects.select_related("agency").order_by("pattern")


def last_register() -> RegisterCopy | None:
    """The last good copy of the register, with what changed when it was taken."""
    return RegisterCopy.objects.order_by("-pk").first()


def live_code(pk: int | None) -> SignInCode | None:
    """A code by its number, whether or not it is still good (rules.may_try_code says)."""
    return SignInCode.objects.select_related("person").filter(pk=pk).first() if pk else None


def whose_proof_runs_out(now: datetime | None = None) -> QuerySet[Address]:
    """Addresses whose proof ends within 30 days or has ended, that take mail, and were not asked within 14 days.

    Addresses that were never proved are not asked: nobody has claimed them. Nor, after three months, are those whose
    owner has left the question unanswered.
    """
    now = now or timezone.now()
    not_just_asked = Q(proof_asked_at=None) | Q(proof_asked_at__lt=now - PROOF_ASKED_EVERY)
    return Address.objects.filter(
        not_just_asked,
        proved_at__lt=now - PROOF_LASTS + PROOF_WARNING,
        proved_at__gt=now - PROOF_LASTS - PROOF_ASKED_UNTIL,
        stopped_at=None,
        person__is_active=True,
    )
