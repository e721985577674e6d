"""Who may change the ways to sign in, how often one may begin, and how long a session lasts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from junto.kit.rulings import Ruling, no, yes
from junto.people.models import Attempt, Person, ProviderAccount
from junto.people.rules.access import may_change_person

CEREMONY_LASTS = timedelta(minutes=5)
PROVIDER_LASTS = timedelta(minutes=15)
CLAIM_LASTS = timedelta(minutes=30)
MOST_PASSKEYS = 20
# An agency may stand behind one network address: wide enough for its people, too narrow for a flood.
ATTEMPTS_PER_NETWORK = ((timedelta(minutes=15), 60), (timedelta(days=1), 600))
_MOVED_ON_EVERY = timedelta(hours=1)


def site_origin() -> str:
    """Scheme, host and port of this site, as a browser names them."""
    parts = urlsplit(settings.SITE_URL)
    return f"{parts.scheme}://{parts.netloc}"


def site_host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def takes_passkeys() -> bool:
    """Browsers bind passkeys to a name: a site that is reached by a bare network address has none."""
    try:
        ip_address(site_host())
    except ValueError:
        return True
    return False


def has_provider() -> bool:
    return bool(settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID)


def may_use_provider() -> Ruling:
    """Whether this site has a provider to sign in with at all."""
    return yes() if has_provider() else no(gettext("This site has no other accounts to sign in with. Use a code."))


def may_add_passkey(by: Person, person: Person) -> Ruling:
    """Only one’s own: not even whoever runs the site adds a key to somebody’s account."""
    if by.pk != person.pk or not person.is_active:
        return no(gettext("You can change your own ways to sign in only."))
    if person.passkeys.count() >= MOST_PASSKEYS:
        return no(gettext("You have as many passkeys as one account can hold. Remove one that you do not use."))
    return yes()


def may_remove_way(by: Person, person: Person) -> Ruling:
    """One’s own, or anybody’s for whoever runs the site. Nobody is locked out by it: a code by mail always works."""
    return may_change_person(by, person)


def may_link(by: Person, person: Person, *, issuer: str, subject: str) -> Ruling:
    """Whether an account at a provider may stand for this person from now on."""
    if by.pk != person.pk or not person.is_active:
        return no(gettext("You can change your own ways to sign in only."))
    known = ProviderAccount.objects.filter(issuer=issuer, subject=subject).first()
    if known is not None and known.person_id != person.pk:
        return no(
            gettext("That account signs in somebody else here already. Sign in with it, and remove it there first.")
        )
    return yes()


def may_claim(person: Person, emails: Collection[str]) -> Ruling:
    """Whether somebody whom a code just let in is whom the provider means: one of its addresses is proved as theirs."""
    if any(address.email in emails and address.is_proved() for address in person.addresses.all()):
        return yes()
    return no(gettext("None of the addresses that your other account has verified is yours here. Add it first."))


def may_attempt(asked_from: str) -> Ruling:
    """Counts the sign-ins begun without a code in the database, so that every process sees the same number."""
    now = timezone.now()
    for within, most in ATTEMPTS_PER_NETWORK if asked_from else ():
        if Attempt.objects.filter(asked_from=asked_from, made_at__gt=now - within).count() >= most:
            return no(gettext("Too many people tried to sign in from your network. Wait 15 minutes and try again."))
    return yes()


def session_ends(*, since: datetime, now: datetime) -> datetime:
    """When a session ends that began at `since` and is used `now`."""
    return min(since + settings.SESSION_LASTS, now + settings.SESSION_IDLE)


def is_due_for_moving_on(*, seen: datetime, now: datetime) -> bool:
    """Whether the end of a session last moved on at `seen` moves again: seldom, because it is a write."""
    return now - seen >= min(_MOVED_ON_EVERY, settings.SESSION_IDLE / 12)
