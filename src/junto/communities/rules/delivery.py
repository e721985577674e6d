"""How long mail may pause, and who follows or mutes."""

from __future__ import annotations

from datetime import date, timedelta

from junto.communities.models import Membership
from junto.communities.rules.access import may_change_delivery
from junto.kit.rulings import Ruling, no, yes

LONGEST_PAUSE = timedelta(days=366)


def may_pause(membership: Membership, *, until: date, today: date) -> Ruling:
    """May mail of this list pause until this day? `today` is the member's own. Not into the past, and a year at most."""
    if not (changed := may_change_delivery(membership)):
        return changed
    if until <= today:
        return no(f"{in_words(until)} is not in the future. Name a day after today.")
    if until - today > LONGEST_PAUSE:
        return no(f"{in_words(until)} is more than a year away. Name a nearer day, or choose “no mail”.")
    return yes()


def in_words(day: date) -> str:
    """“December 24, 2026”"""
    return f"{day:%B} {day.day}, {day.year}"
