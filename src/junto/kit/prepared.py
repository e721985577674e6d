"""Queries that are put into SQL once and then asked with other values, as prepared statements are.

Django makes the SQL of a queryset anew each time, which costs several times what the database needs to find one row. What
every page asks (who is looking, which community, are they a member) is prepared instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from django.db import connections
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators

Row = TypeVar("Row")
Value = int | str | date | datetime | tuple[int, ...] | tuple[str, ...]
_LARGEST = 2**63 - 1
_NUMBERS = 2_000_000_000
_DAYS = datetime(1901, 1, 1, tzinfo=UTC)


class Prepared(Generic[Row]):
    """A query for models, or for values_list() without flat.

    `build` makes the queryset from named values. It is called once for each combination of their types, with other values
    than the real ones, so it must not look at them. Each must reach the database as a parameter of its own and as it is:
    `field=value`, `field__gt=value`, `field__in=value` with a tuple; never None, and never through a lookup that changes it.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._kept: WeakKeyDictionary[Any, dict[tuple[Any, ...], _Statement]] = WeakKeyDictionary()

    def all(self, **values: Value) -> list[Row]:
        """All rows, by one query. An integer of more than 64 bits and an empty tuple are found nowhere: no query.

        Raises LookupError where a value is no parameter of the query as it is.
        """
        if any(value == () or (isinstance(value, int) and abs(value) > _LARGEST) for value in values.values()):
            return []
        return self._statement(values).ask(values)

    def first(self, **values: Value) -> Row | None:
        """The first row or None; the queryset itself says in which order, and that one row is enough."""
        return next(iter(self.all(**values)), None)

    def sql(self, **values: Value) -> tuple[str, list[Any]]:
        """The SQL and its parameters, to stand in another query."""
        return self._statement(values).filled(values)

    def _statement(self, values: dict[str, Value]) -> _Statement:
        connection = connections["default"]
        kept = self._kept.setdefault(connection, {})
        kind = tuple((name, len(one) if isinstance(one, tuple) else None, type(one)) for name, one in values.items())
        if kind not in kept:
            samples = dict(_samples(values))
            kept[kind] = _Statement(self._build(**samples), samples, connection)
        return kept[kind]


class _Place(NamedTuple):
    """Where in the SQL a value goes: all of it, or one number of a tuple; and how this database takes it."""

    name: str
    position: int | None
    adapt: Callable[[Any], Any] | None

    def filled(self, values: dict[str, Any]) -> Any:
        value = values[self.name] if self.position is None else values[self.name][self.position]
        return self.adapt(value) if self.adapt else value


class _Statement:
    """The SQL of a queryset on one connection, where each value goes in it, and how rows become what it yields."""

    def __init__(self, queryset: QuerySet[Any, Any], samples: dict[str, Value], connection: Any) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        self._connection = connection
        self._sql, params = compiler.as_sql()
        places = dict(_places(samples, connection))
        self._params = [places.get(param, param) for param in params]
        found = {param.name for param in self._params if isinstance(param, _Place)}
        if found != samples.keys():
            raise LookupError(f"No parameter as it is: {', '.join(sorted(samples.keys() - found))}.")
        self._converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        self._convert = compiler.apply_converters
        is_of_models = issubclass(queryset._iterable_class, ModelIterable)
        self._yielded = _models(compiler, connection.alias) if is_of_models else _tuples(compiler)

    def filled(self, values: dict[str, Value]) -> tuple[str, list[Any]]:
        return self._sql, [param.filled(values) if isinstance(param, _Place) else param for param in self._params]

    def ask(self, values: dict[str, Value]) -> list[Any]:
        with self._connection.cursor() as cursor:
            cursor.execute(*self.filled(values))
            rows = cursor.fetchall()
        return self._yielded(self._convert(rows, self._converters) if self._converters else rows)


def _samples(values: dict[str, Value]) -> Iterator[tuple[str, Value]]:
    """Values of the same types that stand nowhere else in a query."""
    number = _NUMBERS
    for name, value in values.items():
        number += 1_000
        if isinstance(value, tuple):
            yield name, tuple(_sample(one, number + index) for index, one in enumerate(value))
        else:
            yield name, _sample(value, number)


def _sample(value: Any, number: int) -> Any:
    if isinstance(value, date):
        day = _DAYS + timedelta(days=number - _NUMBERS)
        return day if isinstance(value, datetime) else day.date()
    return number if isinstance(value, int) else f"\ue000{number}"


def _places(samples: dict[str, Value], connection: Any) -> Iterator[tuple[Any, _Place]]:
    """What stands in the parameters for each sample, and the place that this is."""
    for name, sample in samples.items():
        if isinstance(sample, tuple):
            yield from ((one, _Place(name, position, None)) for position, one in enumerate(sample))
        elif isinstance(sample, date):
            is_moment, ops = isinstance(sample, datetime), connection.ops
            adapt = ops.adapt_datetimefield_value if is_moment else ops.adapt_datefield_value
            yield adapt(sample), _Place(name, None, adapt)
        else:
            yield sample, _Place(name, None, None)


def _models(compiler: Any, alias: str) -> Callable[[Iterable[Any]], list[Any]]:
    """As Django’s ModelIterable does, with all that does not depend on the row looked up before."""
    model, fields = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    start, end = fields[0], fields[-1] + 1
    names = [column.target.attname for column, _sql, _alias in compiler.select[start:end]]
    related = get_related_populators(compiler.klass_info, compiler.select, alias)  # type: ignore[call-arg]

    def made(rows: Iterable[Any]) -> list[Any]:
        found = []
        for row in rows:
            one = model.from_db(alias, names, row[start:end])
            for populator in related:
                populator.populate(row, one)
            found.append(one)
        return found

    return made


def _tuples(compiler: Any) -> Callable[[Iterable[Any]], list[Any]]:
    """The chosen columns, without those that only give the order."""
    width = len(compiler.select)
    return lambda rows: [tuple(row[:width]) for row in rows]
