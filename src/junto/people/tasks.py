"""Work on a clock, and the search index after a change."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.kit.addresses import masked
from junto.kit.tasks import task
from junto.mail import actions as mail_actions
from junto.people import indexing, letters, queries
from junto.people.models import Address, Attempt, SignInCode

_AT_ONCE = 200
_CODES_ARE_KEPT = timedelta(days=2)


@task()
def ask_for_fresh_proof() -> int:
    """Ask everybody whose proof is running out; once a day on the clock. Returns how many letters were written.

    Each batch is one transaction that marks its addresses, so that a killed run asks nobody twice.
    """
    asked = 0
    while batch := _ask_batch():
        asked += batch
    return asked


@transaction.atomic
def _ask_batch() -> int:
    addresses = queries.whose_proof_runs_out().select_related("person").select_for_update(of=("self",))
    batch = list(addresses.order_by("pk")[:_AT_ONCE])
    Address.objects.filter(pk__in=[address.pk for address in batch]).update(proof_asked_at=timezone.now())
    for address in batch:
        mail_actions.post(letters.fresh_proof(address), to=address.email, about="people.proof")
        record("people.address.proof_asked", about=address.person, address=masked(address.email))
    return len(batch)


@task()
def look_after_stopped() -> int:
    """Probe the addresses whose mail came back, and settle probes that are out. Daily on the clock; returns how many."""
    from junto.people import actions

    stopped = Address.objects.stopped().exclude(pk__in=Address.objects.given_up().values("pk"))
    keys = list(stopped.order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        actions.look_after(address=Address(pk=pk))
    return len(keys)


@task()
def sweep_codes() -> int:
    """Forget the codes and attempts that no limit counts any more, and sessions that are over; once a day on the clock.

    Returns how many went.
    """
    old = timezone.now() - _CODES_ARE_KEPT
    gone, _ = SignInCode.objects.filter(made_at__lt=old).delete()
    attempts, _ = Attempt.objects.filter(made_at__lt=old).delete()
    ended, _ = queries.dead_sessions().delete()
    return gone + attempts + ended


@task()
def index_person(person_id: int) -> None:
    """Put what somebody tells of themselves in the search index as it is now; take it out when they left."""
    indexing.reindex([person_id])


@task()
def index_people() -> int:
    """The same for everybody, for names and agencies that came from a roster or a register; daily on the clock."""
    return indexing.reindex_all()
