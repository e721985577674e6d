"""Rulings of this room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from junto.kit.addresses import domain_of
from junto.kit.prepared import Prepared
from junto.kit.rulings import Ruling, no, yes
from junto.people.models import Address, Person, SignInCode
from junto.people.rules.limits import (
    CODES_PER_EMAIL,
    CODES_PER_NETWORK,
    MOST_TRIES,
    PROOF_ASKED_EVERY,
    PROOF_LINK_LASTS,
)

_ADDRESSES: Prepared[Address] = Prepared(lambda person: Address.objects.filter(person=person))
_also_trusted: list[Callable[[Person], bool]] = []


def trust_with_exceptions(test: Callable[[Person], bool]) -> None:
    """Let whoever passes `test` edit the register of exceptions, as staff may.

    Called once, from the `ready` of a room above that knows who manages something; this room cannot ask it.
    """
    if test not in _also_trusted:
        _also_trusted.append(test)


def addresses_of(person: Person) -> Sequence[Address]:
    """All addresses of somebody; one query, where they were not looked up before."""
    known: Sequence[Address] | None = getattr(person, "known_addresses", None)
    return _ADDRESSES.all(person=person.pk) if known is None else known


def look_up_addresses(person: Person) -> None:
    """Look up the addresses of somebody once for all that this object is asked: for a page, which changes none."""
    person.known_addresses = addresses_of(person)  # type: ignore[attr-defined]


def is_government_address(address: Address) -> bool:
    """True for an address that a register or an exception gives to a government body, while its proof is fresh."""
    return bool(address.level) and address.is_proved()


def is_government(person: Person) -> bool:
    """True while somebody has shown within the last year that a government address is theirs."""
    return person.is_active and any(is_government_address(address) for address in addresses_of(person))


def may_run_site(person: Person) -> Ruling:
    if person.is_active and person.is_staff:
        return yes()
    return no(gettext("Only the people who run this site can do that."))


def runs_site(person: Person | None) -> bool:
    """True for the people who run this site; nobody who is not signed in does."""
    return person is not None and bool(may_run_site(person))


def may_edit_exceptions(person: Person) -> Ruling:
    """Site staff, and whoever manages a community."""
    if may_run_site(person) or (person.is_active and any(test(person) for test in _also_trusted)):
        return yes()
    return no(gettext("Only community managers and the people who run this site can change who counts as government."))


def may_change_person(by: Person, person: Person) -> Ruling:
    if by.pk == person.pk or may_run_site(by):
        return yes()
    return no(gettext("You can change your own profile only."))


def may_sign_in(person: Person) -> Ruling:
    if person.is_active:
        return yes()
    return no(gettext("This account is closed. Ask the people who run this site to open it again."))


def may_ask_for_code(*, email: str, asked_from: str) -> Ruling:
    """Counts the codes asked for in the database, so that every process sees the same number.

    A list has no mailbox: a code sent to it would be sent to its members.
    """
    if domain_of(email) == settings.LIST_DOMAIN:
        return no(gettext("This is the address of a mailing list. Use your own."))
    limits = [("email", email, *limit) for limit in CODES_PER_EMAIL]
    limits += [("asked_from", asked_from, *limit) for limit in CODES_PER_NETWORK if asked_from]
    if any(_is_spent(field, value, within, most) for field, value, within, most in limits):
        return no(
            gettext(
                "Too many codes were asked for. Look for the last message that we sent, also in the junk folder, "
                "or wait 15 minutes and ask again."
            )
        )
    return yes()


def _is_spent(field: str, value: str, within: timedelta, most: int) -> bool:
    return SignInCode.objects.filter(**{field: value}, made_at__gt=timezone.now() - within).count() >= most


def may_add_address(person: Person, email: str) -> Ruling:
    if person.addresses.filter(email=email, proved_at__isnull=False).exists():
        return no(gettext("This address is yours already."))
    return yes()


def may_prove_by_link(address: Address | None) -> Ruling:
    """Whether the link in a yearly letter still counts: for 30 days, and until the address is proved."""
    asked = address.proof_asked_at if address else None
    if asked is None or timezone.now() - asked > PROOF_LINK_LASTS:
        return no(gettext("This link was used already or is older than 30 days. Sign in to confirm your address."))
    return yes()


def may_remove_address(address: Address, *, is_used: bool, is_kept: bool) -> Ruling:
    """May an address go from an account? A room above knows whether memberships get their mail there (`is_used`), and
    whether its owner has to be known again by it (`is_kept`)."""
    if address.email == address.person.email:
        return no(gettext("Mail goes to this address first. Choose another one for that, then remove it."))
    if is_used:
        return no(gettext("Communities write to this address. Move them to another of your addresses first."))
    if is_kept:
        return no(
            gettext(
                "Your addresses stay with your account, because a manager ended a membership of yours, or a notice about "
                "your conduct still counts."
            )
        )
    return yes()


def may_prefer(address: Address) -> Ruling:
    if address.is_proved() and address.stopped_at is None:
        return yes()
    return no(gettext("Confirm this address first: mail can only go to an address that reaches you."))


def may_try_code(code: SignInCode | None, *, for_person: bool = False) -> Ruling:
    """Whether a code can still be typed in, or its link pressed, to sign in or (`for_person`) to add an address."""
    if code is None or (code.person_id is not None) != for_person:
        return no(gettext("This code is not known here. Ask for a new one."))
    if code.used_at is not None or code.expires_at <= timezone.now():
        return no(gettext("This code has expired or was used already. Ask for a new one."))
    if code.tries >= MOST_TRIES:
        return no(_mistyped())
    return yes()


def _mistyped() -> str:
    return gettext("The code was mistyped %(tries)d times and is no longer good. Ask for a new one.") % {
        "tries": MOST_TRIES
    }


def may_be_asked_for_proof(address: Address) -> Ruling:
    """May somebody be asked again whether an address is theirs? Where mail goes there, and not twice within two weeks."""
    if address.stopped_at:
        return no(gettext("Mail to this address comes back, so a letter would not arrive."))
    if address.proof_asked_at and timezone.now() - address.proof_asked_at < PROOF_ASKED_EVERY:
        return no(gettext("This member was asked less than two weeks ago. Give them some time."))
    return yes()
