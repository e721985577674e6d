"""How long mail may pause, and who follows or mutes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from junto.communities.models import Membership
from junto.communities.rules.access import may_change_delivery
from junto.kit.rulings import Ruling, no, yes

LONGEST_PAUSE = timedelta(days=366)


def may_pause(membership: Membership, *, until: date, today: date) -> Ruling:
    """May mail of this list pause until this day? `today` is the member's own. Not into the past, and a year at most."""
    if not (changed := may_change_delivery(membership)):
        return changed
    if until <= today:
        return no(gettext("%(day)s is not in the future. Name a day after today.") % {"day": in_words(until)})
    if until - today > LONGEST_PAUSE:
        return no(
            gettext("%(day)s is more than a year away. Name a nearer day, or choose “no mail”.")
            % {"day": in_words(until)}
        )
    return yes()


def short_day(at: datetime) -> str:
    """“Dec 24, 2026”, by the clock of the site."""
    return date_format(timezone.localtime(at), pgettext("format of a day, as Django’s date filter reads it", "M j, Y"))


def in_words(day: date) -> str:
    """“December 24, 2026”"""
    return date_format(
        day, pgettext("format of a day with its whole month, as Django’s date filter reads it", "F j, Y")
    )
