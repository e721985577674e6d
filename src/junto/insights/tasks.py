"""Counting, by the clock and when somebody looks at a community that was never counted."""

from __future__ import annotations

from junto.communities.models import Community
from junto.insights.models import Tally
from junto.kit.tasks import task


@task()
def recount(community_id: int) -> int:
    """Count one community anew. Returns how many days changed."""
    from junto.insights import actions

    community = Community.objects.filter(pk=community_id).first()
    return actions.recount(community=community, by=None) if community else 0


@task()
def recount_all() -> int:
    """Put the count of every community that stands on the queue, each a task of its own. Once a night on the clock."""
    found = Community.objects.filter(retired_at=None).order_by("pk").values_list("pk", flat=True)
    never = Community.objects.exclude(pk__in=Tally.objects.values("pk")).values_list("pk", flat=True)
    wanted = sorted({*found, *never})
    for pk in wanted:
        recount.enqueue(pk)
    return len(wanted)
