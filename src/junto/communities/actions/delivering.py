"""How a member gets mail: the settings, a pause with an end, and mail again."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from junto.audit.actions import record
from junto.communities import queries, rules
from junto.communities.actions._rows import locked
from junto.communities.models import Delivery, DigestForm, Membership
from junto.kit.rulings import Refused, no, require
from junto.people.models import Person

_CHOICES = {"delivery": Delivery, "digest_form": DigestForm}
_RANGES = {"digest_hour": range(24), "digest_weekday": range(7)}
_FEED_EDITIONS = 1 << 15


@transaction.atomic
def set_delivery(
    *,
    membership: Membership,
    delivery: str = "",
    wants_own_posts: bool | None = None,
    wants_receipt: bool | None = None,
    is_concealed: bool | None = None,
    digest_form: str = "",
    digest_hour: int | None = None,
    digest_weekday: int | None = None,
    by: Person | None,
) -> Membership:
    """Change how a member gets mail; what is not given stays. Raises Refused for who is no member, and for no choice.

    `digest_hour` is an hour of the member's own day; `digest_weekday` counts from Monday, 0.
    """
    asked = {
        "delivery": delivery or None,
        "wants_own_posts": wants_own_posts,
        "wants_receipt": wants_receipt,
        "is_concealed": is_concealed,
        "digest_form": digest_form or None,
        "digest_hour": digest_hour,
        "digest_weekday": digest_weekday,
    }
    membership = locked(membership)
    require(rules.may_change_delivery(membership))
    given = {name: value for name, value in asked.items() if value is not None}
    _must_be_choices(given)
    changed = {name: value for name, value in given.items() if getattr(membership, name) != value}
    before = {name: getattr(membership, name) for name in changed}
    for name, value in changed.items():
        setattr(membership, name, value)
    membership.save(update_fields=list(changed))
    record("communities.member.delivery_set", about=membership, by=by, before=before, after=changed)
    return membership


@transaction.atomic
def pause(*, membership: Membership, until: date, by: Person | None) -> Membership:
    """No mail of this list before the morning of that day, by the member's own clock; then it comes as before.

    Raises Refused for who is no member, for a day that is not in the future, and for one more than a year away.
    """
    membership = locked(membership)
    require(rules.may_pause(membership, until=until, today=queries.today_of(membership)))
    before = membership.paused_until
    membership.paused_until = datetime.combine(until, time(), queries.zone_of(membership))
    membership.save(update_fields=["paused_until"])
    record(
        "communities.member.paused",
        about=membership,
        by=by,
        before={"paused_until": before and before.isoformat()},
        after={"paused_until": membership.paused_until.isoformat()},
    )
    return membership


@transaction.atomic
def resume(*, membership: Membership, by: Person | None) -> Membership:
    """Mail again at once: the pause ends, and so does what followed from a complaint, as the member asks for mail now."""
    membership = locked(membership)
    require(rules.may_change_delivery(membership))
    if membership.paused_until is None and membership.complained_at is None:
        return membership
    before: dict[str, Any] = {
        name: at and at.isoformat()
        for name, at in (("paused_until", membership.paused_until), ("complained_at", membership.complained_at))
    }
    membership.paused_until = membership.complained_at = None
    membership.save(update_fields=["paused_until", "complained_at"])
    record("communities.member.resumed", about=membership, by=by, before=before, after=dict.fromkeys(before))
    return membership


@transaction.atomic
def renew_feed(*, membership: Membership, by: Person) -> Membership:
    """Give a member's private feed a new address; the old one opens no more. Raises Refused."""
    membership = locked(membership)
    require(rules.may_renew_feed(by, membership))
    membership.feed_edition = (membership.feed_edition + 1) % _FEED_EDITIONS
    membership.save(update_fields=["feed_edition"])
    record("communities.feed.renewed", about=membership, by=by)
    return membership


def _must_be_choices(given: dict[str, Any]) -> None:
    for name, choices in _CHOICES.items():
        if name in given and given[name] not in choices.values:
            known = ", ".join(choices.values)
            raise Refused(
                no(
                    gettext("“%(given)s” is not a way to get mail. Choose one of: %(known)s.")
                    % {"given": given[name], "known": known}
                )
            )
    for name, numbers in _RANGES.items():
        if name in given and given[name] not in numbers:
            is_hour = name == "digest_hour"
            hours, days = (
                gettext("“%(given)s” is not an hour from 0 to 23."),
                gettext("“%(given)s” is not a day of the week."),
            )
            raise Refused(no((hours if is_hour else days) % {"given": given[name]}))
