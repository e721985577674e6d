"""The book of who did what."""

from __future__ import annotations

import pytest
from django.db import transaction

from junto.audit.actions import record
from junto.audit.models import Entry
from junto.audit.retention import Kind, Retention

pytestmark = pytest.mark.django_db


def test_fact_is_written_with_who_and_why(ada, cop):
    record("communities.community.edited", about=cop, by=ada, reason="It moved.", fields=["name"])
    entry = Entry.objects.get()
    assert (entry.fact, entry.about, entry.by, entry.reason, entry.details) == (
        "communities.community.edited",
        "Customer Experience",
        "Ada Alvarez",
        "It moved.",
        {"fields": ["name"]},
    )
    assert (entry.about_type, entry.about_id, entry.by_id) == ("communities.community", str(cop.pk), str(ada.pk))


def test_book_outlives_what_it_describes(eve):
    record("people.person.removed", about=eve)
    eve.delete()
    entry = Entry.objects.get()
    assert (entry.about, entry.by) == ("Eve Ebert", "")


def test_long_names_are_cut_to_fit(eve):
    eve.name = "E" * 200
    record("x.y", about=eve, reason="r" * 5_000)
    assert len(Entry.objects.get().reason) == 5_000


def test_what_was_not_committed_is_not_in_the_book(ada):
    with transaction.atomic():
        record("x.y", by=ada)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_retention_names_a_kind_and_the_personal_data():
    assert Retention(Kind.REFERENCE).personal_data == "none"
    assert isinstance(Entry.retention, Retention)
