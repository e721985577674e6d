"""Asking somebody for a fresh proof of an address, out of turn."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.kit.addresses import masked
from junto.kit.rulings import require
from junto.mail import actions as mail
from junto.people import letters, rules
from junto.people.models import Address, Person


@transaction.atomic
def ask_for_proof(*, address: Address, by: Person | None) -> Address:
    """Write to an address whose proof runs out, with the link that renews it. The caller has asked who may. Raises Refused."""
    address = Address.objects.select_for_update(of=("self",)).select_related("person").get(pk=address.pk)
    require(rules.may_be_asked_for_proof(address))
    address.proof_asked_at = timezone.now()
    address.save(update_fields=["proof_asked_at"])
    mail.post(letters.fresh_proof(address), to=address.email, about="people.proof")
    record("people.address.proof_asked", about=address.person, by=by, address=masked(address.email))
    return address
