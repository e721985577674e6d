"""A lock by name, for deeds that no unique constraint can order."""

from __future__ import annotations

from hashlib import blake2b

from django.db import connection


def one_at_a_time(name: str) -> None:
    """Wait until no other transaction holds this name, and hold it until this one ends.

    On PostgreSQL an advisory lock; on SQLite nothing is left to do, because a transaction that writes is alone there.
    """
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(blake2b(name.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
