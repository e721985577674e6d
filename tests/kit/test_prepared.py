"""Prepared queries yield what the same queryset yields, with other values each time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from junto.communities.models import Membership
from junto.discussions.models import Thread
from junto.kit.prepared import Prepared
from junto.people.models import Agency, Level, Person

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def _agencies(*names: str) -> list[Agency]:
    return [Agency.objects.create(name=name, key=name.lower(), level=Level.FEDERAL_EXECUTIVE) for name in names]


def test_values_of_each_kind_find_what_the_queryset_finds(cop):
    for number in range(1, 6):
        Thread.objects.create(
            community=cop,
            number=number,
            subject=f"About {number}",
            started_at=NOON,
            last_at=NOON + timedelta(hours=number),
            closing_date=date(2026, 3, number),
        )

    def found(**asked: Any) -> Any:
        return Thread.objects.filter(
            community=asked["community"],
            number__in=asked["numbers"],
            subject__in=asked["subjects"],
            last_at__gt=asked["since"],
            closing_date__lte=asked["until"],
        ).order_by("-number")

    prepared: Prepared[Thread] = Prepared(found)
    for numbers, subjects, since, until in (
        ((1, 2, 3), ("About 1", "About 3", "About 4"), NOON, date(2026, 3, 9)),
        ((5, 4, 3), ("About 4", "About 5", "About 3"), NOON + timedelta(hours=3), date(2026, 3, 4)),
        ((4,), ("About 4",), NOON, date(2026, 3, 4)),
        ((4,), ("About 4",), NOON + timedelta(hours=4), date(2026, 3, 4)),
    ):
        asked = {"community": cop.pk, "numbers": numbers, "subjects": subjects, "since": since, "until": until}
        plain, ready = list(found(**asked)), prepared.all(**asked)
        assert [_told(one) for one in ready] == [_told(one) for one in plain]


def test_what_comes_with_select_related_needs_no_query(cop, ada):
    prepared: Prepared[Membership] = Prepared(
        lambda person: Membership.objects.filter(person=person).select_related("address", "community", "decided_by")
    )
    prepared.first(person=ada.pk)
    with CaptureQueriesContext(connection) as asked:
        found = prepared.first(person=ada.pk)
        assert found is not None
        assert (found.address.email, found.community.slug, found.decided_by) == (ada.email, cop.slug, None)
    assert len(asked) == 1


def test_fields_left_out_are_asked_for_when_they_are_wanted(ada):
    prepared: Prepared[Person] = Prepared(lambda pk: Person.objects.filter(pk=pk).only("name"))
    found = prepared.first(pk=ada.pk)
    assert found is not None
    assert found.get_deferred_fields()
    assert (found.name, found.email) == (ada.name, ada.email)


def test_tuples_hold_the_chosen_columns_alone():
    _agencies("Alpha", "Beta", "Gamma")
    prepared: Prepared[tuple[str, str]] = Prepared(
        lambda names: Agency.objects.filter(name__in=names).order_by("-level", "-name").values_list("key", "name")
    )
    assert prepared.all(names=("Alpha", "Gamma")) == [("gamma", "Gamma"), ("alpha", "Alpha")]
    assert prepared.all(names=("Beta",)) == [("beta", "Beta")]


def test_a_queryset_is_built_once_for_each_kind_of_values():
    built = []
    alpha, beta = _agencies("Alpha", "Beta")

    def named(pk: int) -> Any:
        built.append(pk)
        return Agency.objects.filter(pk=pk)

    prepared: Prepared[Agency] = Prepared(named)
    assert [prepared.first(pk=one.pk) for one in (alpha, beta, alpha)] == [alpha, beta, alpha]
    assert len(built) == 1
    assert built[0] not in {alpha.pk, beta.pk}


@pytest.mark.parametrize("nowhere", [2**63, -(2**63) - 1, 10**30, ()])
def test_numbers_that_no_database_holds_are_found_nowhere(nowhere):
    wanted = {"pk__in": nowhere} if nowhere == () else {"pk": nowhere}
    prepared: Prepared[Agency] = Prepared(lambda **asked: Agency.objects.filter(**asked))
    assert prepared.first(**wanted) is None


def test_numbers_larger_than_the_column_are_found_nowhere(cop):
    prepared: Prepared[Thread] = Prepared(lambda number: Thread.objects.filter(number=number))
    assert prepared.all(number=2**31) == prepared.all(number=2**63 - 1) == []


def test_text_in_letters_of_any_kind_is_found():
    _agencies("Año’s 100 % {agency} %s")
    prepared: Prepared[Agency] = Prepared(lambda name: Agency.objects.filter(name=name))
    assert prepared.first(name="Año’s 100 % {agency} %s") is not None
    assert prepared.first(name="' OR 1=1 --") is None


def test_a_value_that_a_lookup_changes_is_refused():
    prepared: Prepared[Agency] = Prepared(lambda name: Agency.objects.filter(name__icontains=name))
    with pytest.raises(LookupError, match="name"):
        prepared.first(name="alpha")


def test_moments_are_asked_as_the_database_keeps_them():
    Session.objects.create(session_key="a", session_data="", expire_date=NOON)
    prepared: Prepared[Session] = Prepared(
        lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now)
    )
    assert prepared.first(key="a", now=NOON - timedelta(microseconds=1)) is not None
    assert prepared.first(key="a", now=NOON) is None


def _told(one: Thread) -> dict[str, Any]:
    return {name: value for name, value in vars(one).items() if name != "_state"}
