"""How the site is: is the database there, and does anything wait for too long?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from junto.communities.models import Community, Membership
from junto.discussions.models import Message
from junto.mail.models import Arrival, Mailing

LONGEST_WAIT = 900


@dataclass(frozen=True, slots=True)
class Health:
    """Ages in seconds of the oldest arrival and task that are due and wait; None where nothing waits."""

    database: bool
    oldest_arrival: int | None = None
    oldest_task: int | None = None

    @property
    def is_well(self) -> bool:
        return self.database and max(self.oldest_arrival or 0, self.oldest_task or 0) < LONGEST_WAIT


def health() -> Health:
    """Two short reads. Never raises: a database that cannot be reached is an answer."""
    now = timezone.now()
    try:
        arrival = Arrival.objects.filter(state=Arrival.State.WAITING, next_try_at__lte=now).order_by("next_try_at")
        task = DBTaskResult.objects.filter(status=TaskResultStatus.READY).order_by("enqueued_at")
        return Health(
            True,
            _age(arrival.values_list("next_try_at", flat=True).first(), now),
            _age(task.values_list("enqueued_at", flat=True).first(), now),
        )
    except DatabaseError:
        return Health(False)


def counts() -> dict[str, tuple[str, int]]:
    """What /metrics tells: name, explanation, number."""
    return {
        "junto_communities": ("Communities", Community.objects.count()),
        "junto_members": ("Active memberships", Membership.objects.active().count()),
        "junto_messages": ("Messages in the archives", Message.objects.count()),
        "junto_arrivals_waiting": ("Letters taken in that wait", _arrivals(Arrival.State.WAITING)),
        "junto_arrivals_quarantined": ("Letters in quarantine", _arrivals(Arrival.State.QUARANTINED)),
        "junto_mailings_quarantined": ("Mailings in quarantine", Mailing.objects.quarantined().count()),
        "junto_mailings_on_their_way": (
            "Mailings on their way",
            Mailing.objects.filter(state=Mailing.State.ON_ITS_WAY).count(),
        ),
        "junto_tasks_waiting": ("Tasks that wait", DBTaskResult.objects.filter(status=TaskResultStatus.READY).count()),
    }


def _arrivals(state: str) -> int:
    return Arrival.objects.filter(state=state).count()


def _age(since: datetime | None, now: datetime) -> int | None:
    return None if since is None else max(0, int((now - since).total_seconds()))
