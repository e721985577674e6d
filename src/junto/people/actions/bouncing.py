"""What becomes of an address whose mail comes back: score, stop, probe, and in the end give up.

A day on which a permanent failure came counts two points, one with a temporary failure that was final counts one; a
quiet spell wipes the slate. At SCORE_UNTIL_STOP, or at once where the server says that there is no such mailbox, mail
stops. After PROBES_AFTER days a probe goes out; one that is accepted and does not come back for PROBE_LASTS sets mail
going again. When the last probe has failed, the address is given up on: rooms above end what hangs on it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.kit.addresses import masked
from junto.mail import actions as mail
from junto.mail import queries as deliveries
from junto.people import letters, rules
from junto.people.models import Address, Person
from junto.people.rules.limits import PROBE_LASTS, SLATE_IS_WIPED_AFTER

_STATE = ["bounces", "last_bounce_date", "stopped_at", "stop_reason", "probed_at", "probes", "probe_mailing"]


@transaction.atomic
def note_bounce(*, email: str, is_permanent: bool, status: str, words: str) -> None:
    """Take note of a bounce (RFC 3464). Policy refusals (5.7.x) never count; an unknown address is passed over."""
    if not rules.tells_of_the_mailbox(status=status):
        return
    address = Address.objects.select_for_update().filter(email=email.strip().lower()).first()
    if address is None:
        return
    if address.stopped_at is not None:
        _note_failed_probe(address)
        return
    _score_day(address, is_permanent=is_permanent)
    if rules.should_stop(status=status if is_permanent else "", score=address.bounces):
        address.stopped_at = timezone.now()
        address.stop_reason = f"{status} {words}".strip()[:2000]
        record(
            "people.address.stopped",
            about=address.person,
            reason=address.stop_reason,
            address=masked(address.email),
            score=address.bounces,
        )
    address.save(update_fields=_STATE)


@transaction.atomic
def look_after(*, address: Address, by: Person | None = None) -> Address:
    """The next step for a stopped address: settle the probe that is out, or send the next one."""
    address = Address.objects.select_for_update().get(pk=address.pk)
    if address.stopped_at is None:
        return address
    if address.probed_at is not None:
        return _settle_probe(address, by)
    if rules.is_due_for_probe(address):
        _probe(address)
    return address


@transaction.atomic
def resume(*, address: Address, by: Person | None) -> Address:
    """Mail goes to the address again, and its bounces are forgotten."""
    was_stopped = address.stopped_at is not None
    if was_stopped or address.bounces:
        address.bounces, address.last_bounce_date, address.stopped_at, address.stop_reason = 0, None, None, ""
        address.probed_at, address.probes, address.probe_mailing = None, 0, None
        address.save(update_fields=_STATE)
    if was_stopped:
        record("people.address.resumed", about=address.person, by=by, address=masked(address.email))
    return address


def _score_day(address: Address, *, is_permanent: bool) -> None:
    """Count the day of this failure: whatever else happens on the same day counts no more than its worst."""
    today, last = timezone.localdate(), address.last_bounce_date
    points = rules.points_of(is_permanent=is_permanent)
    if last is None or today - last > SLATE_IS_WIPED_AFTER:
        address.bounces, address.last_bounce_date = points, today
    elif today - last >= timedelta(days=1):
        address.bounces, address.last_bounce_date = address.bounces + points, today


def _note_failed_probe(address: Address) -> None:
    if address.probed_at is None:
        return
    address.probed_at, address.probe_mailing = None, None
    address.save(update_fields=_STATE)
    record("people.address.probe_returned", about=address.person, address=masked(address.email), probes=address.probes)


def _settle_probe(address: Address, by: Person | None) -> Address:
    assert address.probed_at is not None
    if timezone.now() - address.probed_at < PROBE_LASTS:
        return address
    delivery = deliveries.delivery_of(address.probe_mailing) if address.probe_mailing else None
    if delivery is not None and not delivery.accepted and not delivery.done_at:
        return address
    if delivery is not None and delivery.accepted:
        return resume(address=address, by=by)
    _note_failed_probe(address)
    return address


def _probe(address: Address) -> None:
    mailing = mail.post(letters.probe(address), to=address.email, about=f"people.address:{address.pk}")
    address.probed_at, address.probe_mailing, address.probes = timezone.now(), mailing.pk, address.probes + 1
    address.save(update_fields=_STATE)
    record("people.address.probed", about=address.person, address=masked(address.email), probes=address.probes)
