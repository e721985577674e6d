"""A question to one member, through the list's alias."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from junto.audit.models import Entry
from junto.communities.models import Community
from junto.kit.rulings import Ruling, no, yes
from junto.people import rules as people
from junto.people.models import Person

QUESTIONS_A_DAY = 5
ASKED = "discussions.question.asked"


def may_ask(by: Person | None, person: Person, shared: Sequence[Community]) -> Ruling:
    """May somebody write to a person through one of the communities that they share? At most five times a day."""
    is_open = [community for community in shared if community.retired_at is None]
    if not (may := people.may_be_asked(person, by=by, is_colleague=bool(is_open))):
        return may
    assert by is not None
    since = timezone.now() - timedelta(days=1)
    if Entry.objects.filter(fact=ASKED, by_id=str(by.pk), at__gt=since).count() >= QUESTIONS_A_DAY:
        return no(
            f"You have asked {QUESTIONS_A_DAY} people within a day. Ask again tomorrow, or ask everybody at once: "
            "start a discussion in a community that you share."
        )
    return yes()
