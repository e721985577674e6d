"""What stands in a community now and has no history: where its members work, who uses the site, whose mail has stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, F
from django.utils import timezone

from junto.communities.models import Community, Membership
from junto.people.models import Level

MOST_AGENCIES = 20
RECENTLY = timedelta(days=30)
_SURELY_LATER = timedelta(minutes=5)


def standing_of(community: Community) -> dict[str, Any]:
    """The fields of a tally. Six queries."""
    active = Membership.objects.filter(community=community).active()
    known = active.filter(address__agency__isnull=False)
    agencies = (
        known.values_list("address__agency__name").annotate(n=Count("pk")).order_by("-n", "address__agency__name")
    )
    return {
        "agencies": [list(one) for one in agencies[:MOST_AGENCIES]],
        "agency_count": known.values("address__agency").distinct().count(),
        "levels": _levels(active),
        "states": dict(_states(active)),
        "visitors": _visitors(active),
        "stopped": active.exclude(address__stopped_at=None).count(),
    }


def _levels(active: Any) -> list[list[Any]]:
    """Members and agencies by level, in the order in which levels are told; the empty level is “not known”."""
    rows = active.values_list("address__level").annotate(
        n=Count("pk"), agencies=Count("address__agency", distinct=True)
    )
    found = {level: [level, members, agencies] for level, members, agencies in rows.order_by()}
    return [found[level] for level in (*Level.values, "") if level in found]


def _states(active: Any) -> Any:
    return (
        active.exclude(address__state="")
        .values_list("address__state")
        .annotate(n=Count("pk"))
        .order_by("address__state")
    )


def _visitors(active: Any) -> int:
    """Those who used the site while signed in. Who only has an account was “seen” when it was made, and does not count."""
    since = timezone.now() - RECENTLY
    seen = active.filter(person__last_seen_at__gte=since)
    return int(seen.filter(person__last_seen_at__gt=F("person__joined_at") + _SURELY_LATER).count())
