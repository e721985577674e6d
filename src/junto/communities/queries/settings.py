"""How a member gets mail, in words; and by which clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import dates as days
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities import rules
from junto.communities.models import Delivery, DigestForm, Membership

DELIVERY_WORDS: dict[str, str | Promise] = {
    Delivery.EACH: _("each message as it is posted"),
    Delivery.DAILY: _("a digest every day"),
    Delivery.WEEKLY: _("a digest every week"),
    Delivery.NONE: _("no mail; you read on the web"),
}
FORM_WORDS: dict[str, str | Promise] = {
    DigestForm.HTML: _("formatted"),
    DigestForm.PLAIN: _("as plain text"),
    DigestForm.MIME: _("with each message attached"),
    DigestForm.INDEX: _("as an index of subjects and links"),
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FALLBACK = "America/New_York"


def zone_of(membership: Membership) -> ZoneInfo:
    """The clock that a member lives by: their own, or else that of the community."""
    for name in (membership.person.time_zone, membership.community.time_zone):
        try:
            if name:
                return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo(_FALLBACK)


def today_of(membership: Membership) -> date:
    """The day that it is where the member lives."""
    return timezone.localdate(timezone=zone_of(membership))


def paused_until(membership: Membership) -> datetime | None:
    """When mail comes again, by the member's own clock; None where it is not paused."""
    until = membership.paused_until
    return until.astimezone(zone_of(membership)) if until and until > timezone.now() else None


def delivery_in_words(membership: Membership) -> str:
    """“a digest every week, on Monday at 7 am (America/Chicago), as plain text”"""
    words = DELIVERY_WORDS[Delivery(membership.delivery)]
    if membership.delivery not in {Delivery.DAILY, Delivery.WEEKLY}:
        return str(words)
    if membership.delivery == Delivery.WEEKLY:
        told = gettext("%(words)s, on %(day)s at %(hour)s (%(zone)s), %(form)s")
    else:
        told = gettext("%(words)s, at %(hour)s (%(zone)s), %(form)s")
    return told % {
        "words": words,
        "day": days.WEEKDAYS[membership.digest_weekday % 7],
        "hour": hour_in_words(membership.digest_hour),
        "zone": zone_of(membership),
        "form": FORM_WORDS[DigestForm(membership.digest_form)],
    }


def settings_in_words(membership: Membership) -> list[str]:
    """Everything that is set for a member of a list, in sentences; what holds mail back comes first."""
    community = membership.community
    return [
        gettext("From %(community)s (%(list)s) you get %(delivery)s.")
        % {"community": community, "list": community.list_name, "delivery": delivery_in_words(membership)},
        *_what_holds_mail(membership),
        gettext("Your own posts are sent to you, too.")
        if membership.wants_own_posts
        else gettext("Your own posts are not sent back to you."),
        gettext("When you post, you get a receipt.")
        if membership.wants_receipt
        else gettext("You get no receipt when you post."),
        gettext("The list of members does not name you.")
        if membership.is_concealed
        else gettext("The list of members names you."),
    ]


def _what_holds_mail(membership: Membership) -> list[str]:
    held = []
    if until := paused_until(membership):
        held.append(gettext("All of it is paused until %(day)s.") % {"day": rules.in_words(until.date())})
    if membership.address.stopped_at:
        held.append(gettext("Mail to this address has stopped, because it came back. A manager can start it again."))
    if membership.complained_at:
        held.append(gettext("No mail goes out to you, because one was reported as spam. To get mail again, resume it."))
    return held


def hour_in_words(hour: int) -> str:
    """“7 am”, “12 pm”"""
    words = gettext("%(hour)d am") if hour % 24 < 12 else gettext("%(hour)d pm")
    return words % {"hour": hour % 12 or 12}
