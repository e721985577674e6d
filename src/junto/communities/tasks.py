"""Work for after the commit: what changed is found anew. And work on a clock: what nobody asks for any more is forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from junto.communities import indexing
from junto.communities.models import Answer, Confirmation, Deed, Membership
from junto.kit.tasks import task
from junto.people.models import Address

_CONFIRMATIONS_ARE_KEPT = timedelta(days=2)
_ANSWERS_ARE_KEPT = timedelta(days=1)
_DEEDS_ARE_KEPT = timedelta(days=30)


@task()
def reindex(community_id: int) -> None:
    """Put a community and its sub-pages in the search index, as they are now."""
    indexing.reindex(community_id)


@task()
def forget_page(page_id: int) -> None:
    """Take a deleted sub-page out of the search index."""
    indexing.forget_page(page_id)


@task()
def end_unreachable() -> int:
    """End memberships at addresses that every probe failed at. Daily on the clock; returns how many were looked at."""
    from junto.communities import actions

    lost = Membership.objects.active().filter(address__in=Address.objects.given_up())
    rows = list(lost.select_related("community").order_by("pk"))
    for membership in rows:
        actions.end_unreachable(membership=membership)
    return len(rows)


@task()
def ask_links() -> int:
    """Look where the resources of communities lead: some now, the others in tasks of their own. Daily on the clock, and each
    is asked once a week; returns how many were. JUNTO_CHECK_LINKS switches it off."""
    from junto.communities.actions import checking

    if not settings.CHECKS_LINKS:
        return 0
    asked = checking.ask_links()
    if asked == checking.AT_ONCE:
        ask_links.enqueue()
    return asked


@task()
def sweep() -> int:
    """Forget addresses that were kept for a while only: of confirmations two days after they ended, of answers after the
    day that limits count; and what was before deeds that cannot be undone any more. Once a day on the clock; returns how many went."""
    now = timezone.now()
    asked, _ = Confirmation.objects.filter(expires_at__lt=now - _CONFIRMATIONS_ARE_KEPT).delete()
    answered, _ = Answer.objects.filter(at__lt=now - _ANSWERS_ARE_KEPT).delete()
    done, _ = Deed.objects.filter(at__lt=now - _DEEDS_ARE_KEPT).delete()
    return asked + answered + done
