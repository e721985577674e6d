"""The audience of the fan-out bench: real membership rows, read as the list reads them, and a letter of usual size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min
from django.utils import timezone

from junto.communities.models import Community, Membership, MembershipQuerySet
from junto.mail.letter import Letter, slots
from junto.people.models import Address, Person

ROWS_AT_ONCE = 5_000


class Members:
    """told: {"community": id}; the key is the membership."""

    def bounds(self, told: dict[str, Any]) -> tuple[int, int, int]:
        found = self._members(told).aggregate(low=Min("pk"), high=Max("pk"), count=Count("pk"))
        return found["low"] or 0, found["high"] or 0, found["count"]

    def read(self, told: dict[str, Any], after: int, upto: int) -> Iterator[tuple[int, str]]:
        rows = self._members(told).filter(pk__gt=after, pk__lte=upto).order_by("pk")
        yield from rows.values_list("pk", "address__email").iterator(chunk_size=2_000)

    def _members(self, told: dict[str, Any]) -> MembershipQuerySet:
        return Membership.objects.filter(community=told["community"]).receiving_each_message()


AUDIENCES = {"bench.members": Members()}


@transaction.atomic
def enroll(recipients: int) -> int:
    """A community with so many members. Returns its id."""
    community = Community.objects.create(slug="bench", name="Bench", list_name="bench", list_id="bench.example.gov")
    for start in range(0, recipients, ROWS_AT_ONCE):
        emails = [f"member{n}@agency{n % 97}.gov" for n in range(start, min(start + ROWS_AT_ONCE, recipients))]
        people = Person.objects.bulk_create([Person(email=email) for email in emails])
        addresses = Address.objects.bulk_create([Address(person=one, email=one.email) for one in people])
        now = timezone.now()
        Membership.objects.bulk_create(
            [Membership(community=community, person=a.person, address=a, joined_at=now) for a in addresses]
        )
    return community.pk


def letter() -> Letter:
    """A post as the list sends it, with the headers and the footer of a list."""
    leave = f"https://lists.example.gov/unsubscribe/{slots.REF}/"
    return Letter(
        kind="bench.post",
        subject="How do you measure trust in a digital service?",
        text="We would like to hear how other agencies do it.\n\n" * 20 + f"\n-- \nLeave: {leave}\n",
        sender_name="Ada Alvarez (GSA) via BENCH",
        sender="bench@lists.example.gov",
        to="bench@lists.example.gov",
        headers=(
            ("List-Id", "<bench.lists.example.gov>"),
            ("List-Post", "<mailto:bench@lists.example.gov>"),
            ("List-Unsubscribe", f"<{leave}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("Precedence", "list"),
        ),
        automatic="",
        scope="communities.membership",
    )
