"""postmaster@ and abuse@ (RFC 2142): they always reach people; a complaint by a robot (RFC 5965) acts at once."""

from __future__ import annotations

from typing import Any

from junto.communities import actions, letters
from junto.communities.inbound import reading
from junto.communities.models import Membership
from junto.kit.addresses import BadAddress, normalise
from junto.mail import complaints
from junto.mail.automatic import is_automatic
from junto.mail.router import Incoming, Outcome, discarded, done

LONGEST_FORWARD = 20_000


def role(incoming: Incoming, *, role: str) -> Outcome:
    """To whoever runs the site. What a robot wrote is kept and not passed on, except for a complaint, which is obeyed."""
    if words := complaints.obey(incoming.raw):
        return done(words)
    if why := is_automatic(incoming.mail, incoming.sender):
        return discarded(f"automatic: {why}")
    sender = _address_in(incoming)
    subject, text = reading.tidy(incoming.mail.subject), incoming.mail.text[:LONGEST_FORWARD]
    letter = letters.to_staff(role=role, sender=sender, subject=subject, text=text)
    told = actions.forward_to_staff(letter=letter, sender=sender, by=None)
    return done(f"forwarded to {told} of those who run the site")


def complaint(*, audience: str, told: dict[str, Any], key: int, words: str) -> None:
    """A reader reported a letter as spam. Audiences that name a community have memberships as their keys."""
    membership = Membership.objects.filter(pk=key).first() if "community" in told else None
    if membership is not None:
        actions.note_complaint(membership=membership, words=f"{audience}: {words}", by=None)


def _address_in(incoming: Incoming) -> str:
    try:
        return normalise(incoming.mail.from_address)
    except BadAddress:
        return ""
