"""Sessions in the database, as Django keeps them; found by a prepared query, since every page looks for one."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from junto.kit.prepared import Prepared

_LIVE: Prepared[Session] = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = _LIVE.first(key=self.session_key or "", now=timezone.now())
        if found is None:
            self._session_key = None
        return found
