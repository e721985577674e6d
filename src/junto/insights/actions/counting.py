"""Counting a community anew. What has not changed is not written again, so that a nightly count costs little."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.communities.models import Community
from junto.insights import queries, rules
from junto.insights.models import Day, Tally
from junto.kit.rulings import require
from junto.people.models import Person

AT_ONCE = 500


def recount(*, community: Community, since: date | None = None, by: Person | None) -> int:
    """Count the days of a community from the truth, from `since` on or from the first; returns how many changed.

    Numbers of mail stay as they are on days whose mailings the mail engine has forgotten, and who used the site is noted
    for today alone. Raises Refused.
    """
    require(rules.may_count(by, community))
    fresh = {day.date: day for day in queries.count_days(community) if since is None or day.date >= since}
    standing = queries.standing_of(community)
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community.pk)
        changed = _write(community, fresh, since)
        community.days.filter(date=queries.today_of(community)).update(visitors=standing["visitors"])
        Tally.objects.update_or_create(community=community, defaults={"counted_at": timezone.now(), **standing})
        if by is not None:
            record("insights.community.counted", about=community, by=by, changed=changed)
    return changed


def _write(community: Community, fresh: dict[date, Day], since: date | None) -> int:
    known = community.days.filter(date__gte=since) if since else community.days.all()
    stale, changed = [], []
    for old in known.order_by("date"):
        new = fresh.pop(old.date, None)
        if new is None:
            stale.append(old.pk)
        elif _take_over(old, new):
            changed.append(old)
    Day.objects.filter(pk__in=stale).delete()
    Day.objects.bulk_update(changed, list(queries.MEASURES), batch_size=AT_ONCE // 10)
    Day.objects.bulk_create(fresh.values(), batch_size=AT_ONCE)
    return len(stale) + len(changed) + len(fresh)


def _take_over(old: Day, new: Day) -> bool:
    """Give a row the new numbers. Returns whether any differs."""
    if not any(getattr(new, name) for name in queries.DELIVERY):
        for name in queries.DELIVERY:
            setattr(new, name, getattr(old, name))
    different = [name for name in queries.MEASURES if getattr(old, name) != getattr(new, name)]
    for name in different:
        setattr(old, name, getattr(new, name))
    return bool(different)
