"""Who signs the copies of a mailing."""

from __future__ import annotations

from django.conf import settings

from junto.mail.dkim import keys
from junto.mail.dkim.signature import MailingSigner
from junto.mail.job import CopySigner
from junto.mail.models import Mailing


def signer_for(mailing: Mailing) -> CopySigner | None:
    """What signs each copy before it leaves, or None where no key signs. Raises dkim.keys.BadKey for a broken key file."""
    found = keys.in_use()
    if not found:
        return None
    places = [(offset, slot) for offset, slot in mailing.places]
    return MailingSigner(bytes(mailing.pieces), places, keys=found, domain=settings.LIST_DOMAIN)
