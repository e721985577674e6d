"""The engine's own door: bounces that come back to a return path."""

from __future__ import annotations

from junto.kit.tokens import BadToken
from junto.mail import bounces, complaints, faults, registry, verp
from junto.mail.models import BounceReport, Mailing
from junto.mail.router import Incoming, Outcome, Route, discarded, done


def bounce(incoming: Incoming, **_: str) -> Outcome:
    """Read a bounce. The return path says whose it is; the bounce says why; a forged return path is thrown away.

    Only the return path is signed: an address that the bounce alone names is written down and counts against nobody, or
    whoever has left a list could stop the mail of any member.
    """
    if words := complaints.obey(incoming.raw):
        return done(words)
    way = verp.read(incoming.recipient.partition("@")[0])
    found = bounces.read(incoming.raw)
    if not found:
        return discarded("This came to a return path, but says nothing of a failure.")
    mailing = Mailing.objects.filter(pk=way.mailing_id).first()
    address = _address_of(mailing, way.key) if mailing else ""
    worst = _about(found, address)
    report = BounceReport.objects.create(
        arrival_id=incoming.arrival_id,
        mailing=mailing,
        address=(address or worst.address)[:320],
        fault=worst.fault,
        status=worst.status,
        words=worst.words,
    )
    if mailing and report.fault == faults.Fault.POLICY:
        registry.hear_of_refusal(told=mailing.told, status=worst.status, words=worst.words)
    elif address:
        registry.hear_of_bounce(email=address, is_permanent=worst.is_permanent, status=worst.status, words=worst.words)
    return done(f"{report.get_fault_display()}: {worst.status} {worst.words}".strip())


def is_ours(token: str) -> bool:
    """True for a return path that was signed here. Everything else is refused in the session."""
    try:
        verp.read(f"b+{token}")
    except BadToken:
        return False
    return True


def _about(found: list[bounces.Bounce], address: str) -> bounces.Bounce:
    """The entry that speaks of the address; where none does, the first."""
    return next((one for one in found if one.address.lower() == address.lower()), found[0])


def _address_of(mailing: Mailing, key: int) -> str:
    """The address that the copy went to, as the audience knows it now; empty where it has left."""
    stream = registry.stream(mailing.audience)
    return next((address for found, address in stream.read(mailing.told, key - 1, key) if found == key), "")


ROUTES = [Route(r"b\+(?P<token>.+)", bounce, is_ours, needs_proof=False)]
