"""How far posts go: zones inside a list, and umbrellas, where what is posted to one list also goes to another."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from junto.audit.actions import record
from junto.communities import rules
from junto.communities.models import Community
from junto.kit.rulings import require
from junto.people.models import Person


@transaction.atomic
def set_zones(*, community: Community, has_zones: bool, default_zone: str, by: Person) -> Community:
    """Say whether authors may name a zone in the subject, and the zone of posts that name none. Raises Refused."""
    require(rules.may_manage(by, community))
    before = community.default_zone
    community.has_zones, community.default_zone = has_zones, default_zone
    community.save(update_fields=["has_zones", "default_zone"])
    record("communities.community.zoned", about=community, by=by, before=before, after=default_zone, named=has_zones)
    return community


@transaction.atomic
def set_feeds(*, source: Community, targets: Collection[Community], by: Person) -> None:
    """From now on, posts to `source` also go to the list and archive of each of `targets`, and of no other.

    What went there before remains. Raises Refused.
    """
    require(rules.may_manage(by, source))
    before = set(source.feeds.all())
    for target in set(targets) - before:
        require(rules.may_feed(by, source, target))
    source.feeds.set(targets)
    record(
        "communities.community.feeds",
        about=source,
        by=by,
        before=sorted(one.slug for one in before),
        after=sorted(one.slug for one in targets),
    )
