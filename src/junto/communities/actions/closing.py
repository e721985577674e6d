"""Closing a community, and opening it again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from junto.audit.actions import record
from junto.communities import rules, tasks
from junto.communities.models import Community
from junto.kit.rulings import Refused, no, require
from junto.people.models import Person


@transaction.atomic
def close(*, community: Community, name: str, by: Person) -> Community:
    """Nothing new from now on; the archive stays. `name` is the community's name, typed once more. Raises Refused."""
    require(rules.may_close(by, community))
    if " ".join(name.split()).casefold() != " ".join(community.name.split()).casefold():
        raise Refused(no(gettext("Type the name of the community as it stands above.")))
    community.retired_at = timezone.now()
    community.save(update_fields=["retired_at"])
    record("communities.community.closed", about=community, by=by)
    tasks.reindex.enqueue(community.pk)
    return community


@transaction.atomic
def reopen(*, community: Community, by: Person) -> Community:
    """A closed community goes on, with the members that it had. Raises Refused for all but who runs the site."""
    require(rules.may_reopen(by, community))
    community.retired_at = None
    community.save(update_fields=["retired_at"])
    record("communities.community.reopened", about=community, by=by)
    tasks.reindex.enqueue(community.pk)
    return community
