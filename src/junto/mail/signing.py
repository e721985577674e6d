"""Who signs the copies of a mailing."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

from junto.mail.dkim import keys
from junto.mail.dkim.signature import MailingSigner
from junto.mail.models import Mailing


class Signer(Protocol):
    """Called for each copy, in several threads at once."""

    def sign(self, parts: list[bytes]) -> list[bytes]:
        """The copy's parts in wire form, with the signature in front."""


def signer_for(mailing: Mailing) -> Signer | None:
    """The signer of a mailing's copies, or None where no key signs. Raises dkim.keys.BadKey for a broken key file."""
    found = keys.in_use()
    if not found:
        return None
    places = [(offset, slot) for offset, slot in mailing.places]
    return MailingSigner(bytes(mailing.pieces), places, keys=found, domain=settings.LIST_DOMAIN)
