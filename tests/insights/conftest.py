"""Communities with a past: members who came and went, discussions with answers, mail that met trouble."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from django.utils import timezone

from junto.communities.models import Community, Membership, State
from junto.discussions.models import Message, Thread
from junto.people.models import Address, Person

Begin = Callable[..., Thread]
_numbers = count(1)


@pytest.fixture
def begin() -> Begin:
    """Tell a discussion as if it had taken place: (who, hours after the first) of each message."""

    def tell(
        community: Community, at: datetime, *said: tuple[Person, float], kind: str = "", **fields: object
    ) -> Thread:
        number = next(_numbers)
        thread = Thread.objects.create(
            community=community, number=number, subject=f"Subject {number}", started_at=at, last_at=at, kind=kind,
            message_count=len(said), **fields,
        )  # fmt: skip
        for position, (person, hours) in enumerate(said):
            Message.objects.create(
                community=community, thread=thread, author=person, author_email=person.email, author_name=person.name,
                message_id=f"{number}.{position}@example.gov", sent_at=at + timedelta(hours=hours), text="Words",
            )  # fmt: skip
        return thread

    return tell


def noon(day: date | str) -> datetime:
    """Noon in Washington, more or less."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC)


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def belongs(person: Person, community: Community, joined: datetime, ended: datetime | None = None) -> Membership:
    """From when to when somebody was a member."""
    told = {"joined_at": joined, "ended_at": ended, "state": State.LEFT if ended else State.ACTIVE}
    return Membership.objects.update_or_create(
        community=community, person=person, defaults={**told, "address": person.addresses.get()}
    )[0]


def crowd(community: Community, size: int) -> None:
    """Many members, who joined one after another over the last years."""
    people = Person.objects.bulk_create([Person(email=f"p{n}@epa.gov", name=f"P {n}") for n in range(size)])
    homes = Address.objects.bulk_create(
        [Address(person=one, email=one.email, level="city", state="MA") for one in people]
    )
    Membership.objects.bulk_create(
        [
            Membership(community=community, person=one, address=home, joined_at=ago(1 + n % 900))
            for n, (one, home) in enumerate(zip(people, homes, strict=True))
        ]
    )
