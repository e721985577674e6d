"""Browsers in which somebody is signed in, and the ends of their sessions."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet
from django.utils import timezone

from junto.people import rules
from junto.people.models import Passkey, Person, ProviderAccount, SignedIn

SINCE, SEEN = "people.since", "people.seen"


def begin(session: SessionBase, *, now: datetime) -> None:
    """Give a session that somebody just signed in with its beginning and its end."""
    session[SINCE] = session[SEEN] = now.isoformat()
    session.set_expiry(rules.session_ends(since=now, now=now))


def prolong(session: SessionBase, *, now: datetime) -> None:
    """Move the end of a session on, when the last time is long enough ago; never past its longest life."""
    if SEEN not in session:
        return
    seen, since = datetime.fromisoformat(session[SEEN]), datetime.fromisoformat(session[SINCE])
    if not rules.is_due_for_moving_on(seen=seen, now=now):
        return
    session[SEEN] = now.isoformat()
    session.set_expiry(rules.session_ends(since=since, now=now))
    SignedIn.objects.all().note_use(session.session_key or "", at=now)


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
