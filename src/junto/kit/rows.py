"""Writes very many rows at once: statements of a thousand rows on SQLite, COPY on PostgreSQL.

For imports, where a model object for each row would cost more than the row. Values are given as the database takes them
(`moment` for datetimes, text for JSON); columns that are not named get the default of their field.
"""

# ruff: noqa: S608 (every value goes in as a parameter; what is pasted are names of tables and columns)

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Model

Row = Sequence[Any]
_MOST_ROWS, _MOST_VALUES = 1_000, 30_000
"""SQLite takes 32,766 values in one statement. Its full-text index writes a piece for each statement: large ones are fast."""
_MANY = 100
"""More rows than these are copied into PostgreSQL before they are put where they belong."""


def moment(at: datetime) -> Any:
    """A moment as the database in use takes it."""
    if connection.vendor == "sqlite" and at.tzinfo is UTC:
        return str(at.replace(tzinfo=None))
    return connection.ops.adapt_datetimefield_value(at)


def read_moment(value: object) -> datetime | None:
    """A moment as the database in use gives it where no field of a model reads it; None for NULL."""
    if value is None:
        return None
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class Made(NamedTuple):
    """A column that the database makes: its name, and an expression in which a %s stands for each value that it takes."""

    column: str
    expression: str


@transaction.atomic
def insert(
    model: type[Model], columns: Sequence[str], rows: Sequence[Row], *, replacing: str = "", made: Made | None = None
) -> None:
    """Add rows. With `replacing`, a unique column, a row that has its value already takes over the others. The values for
    `made` stand at the end of each row; then all columns of the model are named."""
    if not rows:
        return
    table, rest = model._meta.db_table, {} if made else _defaults(model, columns)
    if rest:
        columns, more = [*columns, *rest], tuple(rest.values())
        rows = [(*row, *more) for row in rows]
    if connection.vendor == "postgresql" and not replacing and not made:
        with connection.cursor() as cursor:
            _copy(cursor, table, columns, rows)
    elif connection.vendor == "postgresql" and len(rows) > _MANY:
        _copy_and_select(table, columns, rows, replacing, made)
    else:
        _insert(table, columns, rows, replacing, made)


def _defaults(model: type[Model], columns: Sequence[str]) -> dict[str, Any]:
    """What stands in the columns of a table that are not named: key and generated columns aside."""
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.column not in columns and not field.primary_key and not field.generated
    }


def _insert(table: str, columns: Sequence[str], rows: Sequence[Row], replacing: str, made: Made | None) -> None:
    names = [*columns, made.column] if made else columns
    one = f"({', '.join(['%s'] * len(columns) + ([made.expression] if made else []))})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), size := min(_MOST_ROWS, _MOST_VALUES // len(rows[0]))):
            piece = rows[start : start + size]
            cursor.execute(
                f"INSERT INTO {table} ({_names(names)}) VALUES {', '.join([one] * len(piece))}"
                f"{_taking_over(names, replacing)}",
                [value for row in piece for value in row],
            )


def _copy(cursor: Any, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    with cursor.copy(f"COPY {table} ({_names(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _copy_and_select(
    table: str, columns: Sequence[str], rows: Sequence[Row], replacing: str, made: Made | None
) -> None:
    """By way of a table that goes with the transaction: a statement with a place for each value costs as much as the rows."""
    given = [f"given_{number}" for number in range(made.expression.count("%s") if made else 0)]
    names, values = list(columns), _names(columns)
    if made:
        names, values = [*names, made.column], f"{values}, {made.expression % tuple(given)}"
    with connection.cursor() as cursor:
        texts = "".join(f", ''::text AS {name}" for name in given)
        cursor.execute(
            f"CREATE TEMPORARY TABLE rows_given ON COMMIT DROP AS SELECT {_names(columns)}{texts} FROM {table} WITH NO DATA"
        )
        _copy(cursor, "rows_given", [*columns, *given], rows)
        cursor.execute(
            f"INSERT INTO {table} ({_names(names)}) SELECT {values} FROM rows_given{_taking_over(names, replacing)}"
        )
        cursor.execute("DROP TABLE rows_given")


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _taking_over(columns: Sequence[str], replacing: str) -> str:
    if not replacing:
        return ""
    changed = ", ".join(f'"{column}" = excluded."{column}"' for column in columns if column != replacing)
    return f' ON CONFLICT ("{replacing}") DO UPDATE SET {changed}'
