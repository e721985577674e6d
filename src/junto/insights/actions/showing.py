"""Who sees the numbers, what the sponsor’s page names, and the link that opens it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.communities.models import Community, Zone
from junto.discussions.models import Thread
from junto.insights import rules
from junto.insights.models import LINK_LASTS, Sheet, SponsorLink
from junto.kit.rulings import require
from junto.people.models import Person


@transaction.atomic
def open_to_members(*, community: Community, is_open: bool, by: Person) -> Community:
    """Say whether members see the numbers, or managers alone. Raises Refused."""
    require(rules.may_manage(by, community))
    if community.shows_insights != is_open:
        community.shows_insights = is_open
        community.save(update_fields=["shows_insights"])
        record("insights.community.opened" if is_open else "insights.community.closed", about=community, by=by)
    return community


@transaction.atomic
def choose_threads(*, community: Community, threads: Iterable[Thread], by: Person) -> Sheet:
    """Name these discussions, by their subjects, on the sponsor’s page. Those of other
    communities, and of zones that are not public, are left out. Raises Refused."""
    require(rules.may_manage(by, community))
    sheet, _ = Sheet.objects.get_or_create(community=community)
    chosen = [thread for thread in threads if thread.community_id == community.pk and thread.zone == Zone.PUBLIC]
    sheet.threads.set(chosen)
    record("insights.sheet.chosen", about=community, by=by, threads=[thread.pk for thread in chosen])
    return sheet


@transaction.atomic
def make_link(*, community: Community, by: Person) -> SponsorLink:
    """A link that opens the sponsor’s page for 90 days. One that stands is withdrawn. Raises Refused."""
    require(rules.may_manage(by, community))
    now = timezone.now()
    Community.objects.select_for_update().get(pk=community.pk)
    SponsorLink.objects.filter(community=community).standing().update(withdrawn_at=now)
    link = SponsorLink.objects.create(community=community, made_by=by, made_at=now, expires_at=now + LINK_LASTS)
    record("insights.link.made", about=link, by=by, community=community.slug, expires_at=link.expires_at.isoformat())
    return link


@transaction.atomic
def withdraw_link(*, link: SponsorLink, by: Person) -> SponsorLink:
    """From now on the link opens nothing. Raises Refused."""
    link = SponsorLink.objects.select_for_update().select_related("community").get(pk=link.pk)
    require(rules.may_withdraw(by, link))
    link.withdrawn_at = timezone.now()
    link.save(update_fields=["withdrawn_at"])
    record("insights.link.withdrawn", about=link, by=by, community=link.community.slug)
    return link
