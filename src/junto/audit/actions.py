"""Writing in the book."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from junto.audit.models import Entry


def record(
    fact: str,
    *,
    about: models.Model | None = None,
    by: models.Model | None = None,
    reason: str = "",
    **details: Any,
) -> Entry:
    """Write one fact, in the transaction of the change that it tells of. `details` must be JSON, and hold no secret."""
    return Entry.objects.create(
        fact=fact,
        about_type=about._meta.label_lower if about else "",
        about_id=str(about.pk) if about else "",
        about=str(about)[:300] if about else "",
        by_id=str(by.pk) if by else "",
        by=str(by)[:300] if by else "",
        reason=reason,
        details=details,
    )


def record_each(
    fact: str, *, about: Iterable[models.Model], by: models.Model | None = None, reason: str = "", **details: Any
) -> None:
    """Write the same fact about each of many, a thousand in a statement."""
    who = {"by_id": str(by.pk) if by else "", "by": str(by)[:300] if by else ""}
    entries = (
        Entry(
            fact=fact,
            about_type=one._meta.label_lower,
            about_id=str(one.pk),
            about=str(one)[:300],
            reason=reason,
            details=details,
            **who,
        )
        for one in about
    )
    Entry.objects.bulk_create(entries, batch_size=1_000)
