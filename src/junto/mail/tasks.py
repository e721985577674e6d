"""Work for later. Every task only says "go on": the rows know how far the work has come."""

from __future__ import annotations

from django.utils import timezone

from junto.kit.tasks import task
from junto.mail import delivery, journal, outbox, router
from junto.mail.models import Mailing, Setback

TURN = 3.0
LOT = 50
SWEPT_AT_ONCE = 500
SWEEPING = 20.0


@task(queue_name="mail")
def deliver(mailing_id: int) -> None:
    """Carry a mailing for some seconds; where more is left, stand in line again so that others get their turn.

    What another worker holds is looked after too: should that worker be dead, its lease ends in some seconds.
    """
    delivery.deliver(mailing_id, seconds=TURN)
    if goes_on_at := delivery.next_turn(mailing_id):
        deliver.using(run_after=goes_on_at).enqueue(mailing_id)


@task(queue_name="mail", priority=20)
def route(arrival_ids: list[int]) -> None:
    """Lead letters that came in together to their doors, one after the other; after some seconds others get their turn."""
    route_soon(router.handle_new(arrival_ids, seconds=TURN))


def route_soon(arrival_ids: list[int]) -> None:
    """Let workers lead letters to their doors. In a transaction: when it is committed."""
    for start in range(0, len(arrival_ids), LOT):
        route.enqueue(arrival_ids[start : start + LOT])


@task(queue_name="mail", priority=20)
def route_arrival(arrival_id: int) -> None:
    """Lead one letter to its door."""
    router.handle(arrival_id)


@task(queue_name="mail")
def retry_setbacks(mailing_id: int) -> None:
    """Try those again whom a server put off."""
    delivery.retry_setbacks(mailing_id, seconds=TURN)


@task(queue_name="mail")
def sweep() -> None:
    """Every minute: find what a lost task or a killed worker left behind, and what has come due."""
    router.handle_due(seconds=SWEEPING)
    for mailing_id in delivery.free_mailings(timezone.now()):
        deliver.enqueue(mailing_id)
    due = Setback.objects.due().filter(mailing__state=Mailing.State.ON_ITS_WAY).order_by("mailing_id")
    for mailing_id in due.values_list("mailing_id", flat=True).distinct()[:SWEPT_AT_ONCE]:
        retry_setbacks.enqueue(mailing_id)
    outbox.prune()
    journal.prune()
