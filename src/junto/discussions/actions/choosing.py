"""Following and muting one discussion."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.communities.models import Membership
from junto.discussions import rules
from junto.discussions.models import Thread, ThreadChoice
from junto.kit.rulings import require
from junto.people.models import Person

FACTS = {ThreadChoice.Wish.FOLLOW: "followed", ThreadChoice.Wish.MUTE: "muted"}


@transaction.atomic
def choose(*, thread: Thread, membership: Membership, wish: str, by: Person | None) -> ThreadChoice | None:
    """Follow or mute a discussion, whatever somebody gets of the list otherwise; any other wish takes the choice back.

    Raises Refused where the discussion is not of the member's own list, or not open to them.
    """
    require(rules.may_choose(membership, thread))
    if wish not in FACTS:
        ThreadChoice.objects.filter(thread=thread, membership=membership).delete()
        record("discussions.thread.released", about=thread, by=by, membership=membership.pk)
        return None
    choice, _ = ThreadChoice.objects.update_or_create(
        thread=thread, membership=membership, defaults={"wish": wish, "chosen_at": timezone.now()}
    )
    record(f"discussions.thread.{FACTS[ThreadChoice.Wish(wish)]}", about=thread, by=by, membership=membership.pk)
    return choice
