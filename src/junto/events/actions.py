"""Planning, changing, publishing, cancelling and restoring events. Markdown is rendered once, when it is saved."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from junto.audit.actions import record
from junto.communities.models import Community
from junto.events import indexing, rules, tasks
from junto.events.models import Event, State
from junto.kit import markdown
from junto.kit.rulings import require
from junto.people.models import Person

EDITABLE = frozenset(
    {"kind", "title", "summary", "description", "starts_at", "ends_at", "time_zone", "link", "address", "source_url"}
    | {"audience"}
)
SIGNIFICANT = frozenset({"starts_at", "ends_at", "time_zone", "link", "address"})
"""What somebody who has the event in their calendar must hear of (RFC 5545, 3.8.7.4)."""


@transaction.atomic
def plan(*, community: Community, by: Person, **fields: Any) -> Event:
    """Write a draft that managers alone see. `fields` are of EDITABLE. Raises Refused."""
    require(rules.may_plan(by, community))
    event = Event(community=community, number=_next_number(community))
    _set(event, fields)
    event.save(force_insert=True)
    record("events.event.planned", about=event, by=by)
    return event


@transaction.atomic
def edit(*, event: Event, by: Person, **fields: Any) -> Event:
    """Change what the fields in EDITABLE say. A change of time or place raises the sequence. Raises Refused."""
    event = _held(event)
    require(rules.may_manage(by, event))
    changed = sorted(name for name, value in fields.items() if getattr(event, name) != value)
    _set(event, fields)
    if changed:
        _save(event, is_significant=not event.is_draft and bool(SIGNIFICANT & set(changed)))
        record("events.event.edited", about=event, by=by, changed=changed)
    return event


@transaction.atomic
def publish(*, event: Event, by: Person) -> Event:
    """Show a draft to its audience. Raises Refused."""
    event = _held(event)
    require(rules.may_publish(by, event))
    event.state = State.PUBLISHED
    _save(event)
    record("events.event.published", about=event, by=by)
    return event


@transaction.atomic
def cancel(*, event: Event, note: str = "", by: Person) -> Event:
    """Say that it does not take place; page and calendars keep it, with the note. Raises Refused."""
    event = _held(event)
    require(rules.may_cancel(by, event))
    event.state, event.cancellation_note = State.CANCELLED, note
    _save(event, is_significant=True)
    record("events.event.cancelled", about=event, by=by, reason=note)
    return event


@transaction.atomic
def restore(*, event: Event, by: Person) -> Event:
    """Say that a cancelled event takes place after all. Raises Refused."""
    event = _held(event)
    require(rules.may_restore(by, event))
    note, event.state, event.cancellation_note = event.cancellation_note, State.PUBLISHED, ""
    _save(event, is_significant=True)
    record("events.event.restored", about=event, by=by, note=note)
    return event


@transaction.atomic
def take_in(*, uid: str, community: Community | None, imported_from: str, by: Person | None, **fields: Any) -> Event:
    """Write what an import read of an event that was announced elsewhere, or change what it wrote before.

    The import has asked whether it may. Without a community it is an event of the whole site.
    """
    event = Event.objects.select_for_update(of=("self",)).filter(uid=uid).first()
    if event is None:
        event = Event(uid=uid, community=community, number=_next_number(community), state=State.PUBLISHED)
    _set(event, fields)
    event.imported_from = imported_from
    event.sequence += event.pk is not None
    event.changed_at = timezone.now()
    event.save()
    record("events.event.imported", about=event, by=by, where=imported_from)
    transaction.on_commit(partial(indexing.reindex, event.pk))
    return event


def _next_number(community: Community | None) -> int:
    """The number after the last; the community is held, so that nobody else takes it."""
    if community is not None:
        Community.objects.select_for_update().get(pk=community.pk)
    return 1 + (Event.objects.filter(community=community).aggregate(last=Max("number"))["last"] or 0)


def _held(event: Event) -> Event:
    """The row as it is now, held until the transaction ends."""
    return Event.objects.select_for_update(of=("self",)).select_related("community").get(pk=event.pk)


def _set(event: Event, fields: dict[str, Any]) -> None:
    if unknown := set(fields) - EDITABLE:
        raise TypeError(f"not fields of an event that can be edited: {sorted(unknown)}")
    for name, value in fields.items():
        setattr(event, name, value)
    event.description_html = markdown.render(event.description)


def _save(event: Event, *, is_significant: bool = False) -> None:
    event.sequence += is_significant
    event.changed_at = timezone.now()
    event.save()
    tasks.reindex.enqueue(event.pk)
