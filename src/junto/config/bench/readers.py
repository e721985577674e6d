"""Who reads in the fan-out bench, by rows like those of a real list, and a letter of usual size."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from junto.communities.models import Community, Membership
from junto.mail.letter import Letter, slots
from junto.people.models import Address, Person

ROWS_AT_ONCE = 20_000
_JOINED = datetime(2024, 1, 2, 14, tzinfo=UTC)


@transaction.atomic
def enroll(recipients: int) -> int:
    """A community with so many members. Returns its id.

    The rows of people, addresses and memberships get the same keys, which the database hands out in order, so that all
    three tables are filled by plain rows. Needs a database without people.
    """
    community = Community.objects.create(slug="bench", name="Bench", list_name="bench", list_id="bench.example.gov")
    if Person.objects.exists():
        raise ValueError("There are people in this database. Run this on a fresh home.")
    for start in range(1, recipients + 1, ROWS_AT_ONCE):
        keys = range(start, min(start + ROWS_AT_ONCE, recipients + 1))
        _fill(Person(), ((n, _email(n)) for n in keys), "id", "email")
        _fill(Address(), ((n, n, _email(n)) for n in keys), "id", "person_id", "email")
        member = Membership(community=community, joined_at=_JOINED)
        _fill(member, ((n, n, n) for n in keys), "id", "person_id", "address_id")
    return community.pk


def _email(number: int) -> str:
    return f"member{number}@agency{number % 97}.gov"


def _fill(like: Model, rows: Iterable[tuple[int | str, ...]], *columns: str) -> None:
    """INSERT rows that are alike but for some columns, with one prepared statement."""
    quoted = connection.ops.quote_name
    same = {field.column: field.get_db_prep_save(getattr(like, field.attname), connection) for field in _fields(like)}
    rest = [value for column, value in same.items() if column not in columns]
    names = ", ".join(quoted(name) for name in [*columns, *(column for column in same if column not in columns)])
    places = ", ".join(["%s"] * len(same))
    sql = f"INSERT INTO {quoted(like._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(*row, *rest) for row in rows])


def _fields(like: Model) -> list[Any]:
    return list(like._meta.concrete_fields)


def letter() -> Letter:
    """A post as the list sends it, with the headers and the footers of a list: ten places that differ in each copy."""
    leave = f"https://lists.example.gov/unsubscribe/{slots.REF}/"
    signed = [
        f"https://lists.example.gov/{name}/{slots.REF}/" for name in ("thread", "pause", "delivery", "deliveries")
    ]
    words = "We would like to hear how other agencies do it."
    return Letter(
        kind="bench.post",
        subject="How do you measure trust in a digital service?",
        text=f"{words}\n\n" * 20 + "\n-- \n" + "\n".join([*signed, leave]) + "\n",
        html=f"<p>{words}</p>\n" * 20
        + "\n".join(f'<a href="{link}">{link[26:33]}</a>' for link in [*signed[:3], leave]),
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
