"""Browsers in which somebody is signed in, and their other ways to sign in."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from junto.people import rules
from junto.people.models import Passkey, Person, ProviderAccount, SignedIn


def browsers_of(person: Person) -> QuerySet[SignedIn]:
    """Where somebody is signed in, the one used last first."""
    return SignedIn.objects.filter(person=person).live().order_by("-last_seen_at", "-pk")


def passkeys_of(person: Person) -> QuerySet[Passkey]:
    return Passkey.objects.filter(person=person).order_by("made_at", "pk")


def provider_accounts_of(person: Person) -> QuerySet[ProviderAccount]:
    return ProviderAccount.objects.filter(person=person).order_by("made_at", "pk")


def dead_sessions() -> QuerySet[SignedIn]:
    """Rows whose session has ended; a minute’s grace for one that is being made."""
    young = timezone.now() - rules.CEREMONY_LASTS
    return SignedIn.objects.filter(began_at__lt=young).exclude(pk__in=SignedIn.objects.all().live().values("pk"))
