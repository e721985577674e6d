"""“Also useful”: a member thanks for a message without writing to everyone."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from junto.audit.actions import record
from junto.discussions import rules
from junto.discussions.models import Message, Thread, UsefulMark
from junto.kit.rulings import require
from junto.people.models import Person


@transaction.atomic
def find_useful(*, message: Message, by: Person) -> None:
    """Mark what somebody else wrote as useful; marked twice, it counts once. Raises Refused."""
    require(rules.may_find_useful(by, message))
    _, is_new = UsefulMark.objects.get_or_create(message=message, person=by)
    if is_new:
        _count(message, 1)
        record("discussions.message.found_useful", about=message, by=by)


@transaction.atomic
def take_useful_back(*, message: Message, by: Person) -> None:
    """Take the own mark back; where there is none, nothing changes. Raises Refused."""
    require(rules.may_find_useful(by, message))
    gone, _ = UsefulMark.objects.filter(message=message, person=by).delete()
    if gone:
        _count(message, -1)
        record("discussions.message.useful_taken_back", about=message, by=by)


def _count(message: Message, step: int) -> None:
    Message.objects.filter(pk=message.pk).update(useful_count=F("useful_count") + step)
    Thread.objects.filter(pk=message.thread_id).update(useful_count=F("useful_count") + step)
