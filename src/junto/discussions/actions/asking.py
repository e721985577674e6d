"""A question to one member, written on their profile: it goes by mail, alias to alias."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.communities.models import Community
from junto.discussions import letters, queries, rules
from junto.discussions.actions.private import pass_on
from junto.discussions.models import Alias
from junto.kit.rulings import require
from junto.mail import reading
from junto.people.models import Person


@transaction.atomic
def ask(
    *, person: Person, subject: str, body: str, shared: Sequence[Community], ticket: str = "", by: Person
) -> Community:
    """Mail a question to somebody through the first open community of those that both share; returns which.

    Neither sees the other's address, and the answer comes back the same way. `body` is Markdown; a `ticket` sent twice
    goes out once. Raises Refused.
    """
    Person.objects.select_for_update().get(pk=by.pk)  # two questions at once wait here, and both are counted
    require(rules.may_ask(by, person, shared))
    community = next(one for one in shared if one.retired_at is None)
    raw = letters.written_on_the_web(
        community=community,
        by=by,
        subject=subject,
        body=body,
        message_id=f"question.{ticket or uuid4().hex}@{settings.LIST_DOMAIN}",
        parent=None,
    )
    post = queries.post_of(
        community=community,
        mail=reading.read(raw),
        raw="",
        size=len(raw),
        sender=by.email,
        received_at=timezone.now(),
        is_proven=True,
        came_by="web",
    )
    alias, _ = Alias.objects.get_or_create(community=community, person=person)
    alias.community, alias.person = community, person
    pass_on(post=replace(post, author=by), alias=alias, by=by)
    record(rules.ASKED, about=alias, by=by)
    return community
