"""Sessions: their beginning, their end, and the list from which their owner ends them.

The end of a session stands in Django’s own row, which is read anyway: nothing more is asked for each page.
"""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.kit.rulings import require
from junto.people import rules
from junto.people.models import Person, SignedIn

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


@transaction.atomic
def note_signed_in(
    *, person: Person, session_key: str, way: str, browser: str = "", network: str = "", by: Person
) -> SignedIn:
    """List a browser among those in which somebody is signed in. `network` is rounded already."""
    require(rules.may_sign_in(person))
    now = timezone.now()
    row, _ = SignedIn.objects.update_or_create(
        session_key=session_key,
        defaults={
            "person": person,
            "way": way,
            "browser": browser[:100],
            "network": network[:50],
            "began_at": now,
            "last_seen_at": now.replace(minute=0, second=0, microsecond=0),
        },
    )
    return row


@transaction.atomic
def end_session(*, signed_in: SignedIn, by: Person) -> None:
    """Sign somebody out in one browser. Raises Refused."""
    require(rules.may_remove_way(by, signed_in.person))
    _end(signed_in)
    record("people.session.ended", about=signed_in.person, by=by, browser=signed_in.browser)


@transaction.atomic
def end_other_sessions(*, person: Person, session_key: str, by: Person) -> int:
    """Sign somebody out everywhere but in the browser with this session; returns in how many. Raises Refused."""
    require(rules.may_remove_way(by, person))
    others = list(SignedIn.objects.filter(person=person).exclude(session_key=session_key))
    for one in others:
        _end(one)
    record("people.session.others_ended", about=person, by=by, browsers=len(others))
    return len(others)


def _end(signed_in: SignedIn) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    store(signed_in.session_key).delete()
    signed_in.delete()
