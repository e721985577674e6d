"""Signing in with an account at an OpenID provider, such as Login.gov.

The provider is asked first, outside of any transaction; then one transaction settles who that is. What decides is the
pair of issuer and subject, never an address: an address that belongs to an account here already is asked about, and its
owner joins the two by a code sent to it. Each address that the provider has verified is proved here as well.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from junto.audit.actions import record
from junto.kit import oidc
from junto.kit.addresses import BadAddress, domain_of, masked, normalise
from junto.kit.rulings import no, require
from junto.people import letters, rules
from junto.people.actions._client import client
from junto.people.actions._telling import tell
from junto.people.actions.passkeys import note_attempt
from junto.people.actions.persons import prove, welcome
from junto.people.models import Address, Passkey, Person, ProviderAccount, Way

log = logging.getLogger("junto.people")


class NotConfirmed(Exception):
    """The provider could not be asked, or confirmed nobody; the message is for the person, the reason is in the log."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who came back from the provider; without a person, `taken` is the address whose account must be asked first."""

    claims: oidc.Claims
    person: Person | None
    taken: str = ""


def start_provider(*, asked_from: str, by: Person | None = None) -> tuple[oidc.Asked, str]:
    """Where to send the browser, and what it must come back with. Asks the provider. Raises Refused or NotConfirmed."""
    require(rules.may_use_provider())
    note_attempt(asked_from=asked_from, way=Way.PROVIDER)
    asked = oidc.Asked.anew()
    try:
        return asked, oidc.authorization_address(client(), asked)
    except oidc.ProviderFailed as problem:
        raise _not_confirmed(problem) from problem


def sign_in_by_provider(*, asked: oidc.Asked, returned: Mapping[str, str], by: Person | None = None) -> Arrived:
    """Who came back, made where nobody here had any of the addresses. Raises Refused or NotConfirmed."""
    return _settled(_claims(asked, returned))


def link_returned(*, person: Person, asked: oidc.Asked, returned: Mapping[str, str], by: Person) -> ProviderAccount:
    """Let the account that came back sign this person in from now on. Raises Refused or NotConfirmed."""
    return link_provider(person=person, claims=_claims(asked, returned), by=by)


@transaction.atomic
def link_provider(*, person: Person, claims: oidc.Claims, by: Person) -> ProviderAccount:
    """Let an account at the provider sign this person in from now on; its owner gets a letter. Raises Refused."""
    require(rules.may_link(by, person, issuer=claims.issuer, subject=claims.subject))
    account, is_new = ProviderAccount.objects.get_or_create(
        issuer=claims.issuer, subject=claims.subject, defaults={"person": person, "last_used_at": timezone.now()}
    )
    require(rules.may_link(by, account.person, issuer=claims.issuer, subject=claims.subject))
    if is_new:
        record("people.provider.linked", about=person, by=by, issuer=claims.issuer)
        tell(letters.way_added(person, what=settings.OIDC_LABEL, kind=Way.PROVIDER), person)
    _prove_all(person, _usable(claims.emails))
    return account


@transaction.atomic
def remove_provider(*, account: ProviderAccount, by: Person) -> None:
    """The account at the provider signs nobody in any more; its owner gets a letter. Raises Refused."""
    person = account.person
    require(rules.may_remove_way(by, person))
    record("people.provider.removed", about=person, by=by, issuer=account.issuer)
    tell(letters.way_removed(person, what=settings.OIDC_LABEL, kind=Way.PROVIDER), person)
    account.delete()


def sign_out_address() -> str:
    """Where somebody who is signed out here can sign out at the provider as well; empty where that is not known."""
    try:
        return oidc.logout_address(client(), back_to=f"{settings.SITE_URL}/")
    except oidc.ProviderFailed as problem:
        log.warning("The provider %s could not be asked how to sign out: %s", settings.OIDC_ISSUER, problem.reason)
        return ""


def _claims(asked: oidc.Asked, returned: Mapping[str, str]) -> oidc.Claims:
    try:
        return oidc.claims_of(client(), asked, returned)
    except oidc.ProviderFailed as problem:
        raise _not_confirmed(problem) from problem


def _not_confirmed(problem: oidc.ProviderFailed) -> NotConfirmed:
    log.warning("Nobody signed in through %s: %s", settings.OIDC_ISSUER, problem.reason)
    words = gettext("%(provider)s did not confirm who you are. Try again, or sign in with a code.")
    return NotConfirmed(words % {"provider": settings.OIDC_LABEL})


@transaction.atomic
def _settled(claims: oidc.Claims) -> Arrived:
    emails = _usable(claims.emails)
    account = (
        ProviderAccount.objects.select_related("person").filter(issuer=claims.issuer, subject=claims.subject).first()
    )
    if account is None:
        return _arrived_first(claims, emails)
    require(rules.may_sign_in(account.person))
    ProviderAccount.objects.filter(pk=account.pk).update(last_used_at=timezone.now())
    _prove_all(account.person, emails)
    record("people.person.signed_in", about=account.person, by=account.person, provider=claims.issuer)
    return Arrived(claims, account.person)


def _arrived_first(claims: oidc.Claims, emails: list[str]) -> Arrived:
    """Whoever comes from the provider for the first time: known by an address, or new.

    Somebody whom others put on a list, and who never showed up, has nothing that could be taken from them: the verified
    address is theirs. Everybody else is asked.
    """
    if not emails:
        words = gettext(
            "%(provider)s has verified no email address of yours. Confirm one there, or sign in with a code."
        )
        require(no(words % {"provider": settings.OIDC_LABEL}))
    known = Address.objects.filter(email__in=emails)
    taken = set(_claimed(known).values_list("email", flat=True))
    if taken:
        return Arrived(claims, None, taken=next(email for email in emails if email in taken))
    waiting = set(known.values_list("email", flat=True))
    first = next((email for email in emails if email in waiting), emails[0])
    person = welcome(email=first, name=claims.name)
    require(rules.may_sign_in(person))
    ProviderAccount.objects.create(
        person=person, issuer=claims.issuer, subject=claims.subject, last_used_at=timezone.now()
    )
    _prove_all(person, emails)
    record("people.provider.linked", about=person, by=person, issuer=claims.issuer)
    record("people.person.signed_in", about=person, by=person, provider=claims.issuer)
    return Arrived(claims, Person.objects.get(pk=person.pk))


def _claimed(addresses: QuerySet[Address]) -> QuerySet[Address]:
    """Those whose owner has ever shown up here, or may do more than others."""
    own = {"person": OuterRef("person")}
    return addresses.filter(
        Q(person__is_staff=True)
        | Q(person__is_active=False)
        | Exists(Address.objects.filter(**own).exclude(proved_at=None))
        | Exists(Passkey.objects.filter(**own))
        | Exists(ProviderAccount.objects.filter(**own))
    )


def _usable(emails: Iterable[str]) -> list[str]:
    """The addresses as they are kept here. The address of a list is nobody’s own."""
    found = []
    for email in emails:
        try:
            known = normalise(email)
        except BadAddress:
            continue
        if domain_of(known) != settings.LIST_DOMAIN:
            found.append(known)
    return list(dict.fromkeys(found))


def _prove_all(person: Person, emails: Iterable[str]) -> None:
    """What the provider verified is proved here, but for addresses of other accounts: those stay where they are."""
    for email in emails:
        address, is_new = Address.objects.get_or_create(email=email, defaults={"person": person})
        if address.person_id != person.pk:
            continue
        if is_new:
            record("people.address.added", about=person, by=person, address=masked(email))
        prove(email=email, by=person)
