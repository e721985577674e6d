"""Finding documents.

Ranking costs time for each hit, so only the 2,000 hits that were indexed last are ranked; what is older than those is not
shown, and `is_capped` says so. The cost of a search is thus bounded however common its words are.
"""

# ruff: noqa: S608 (every value goes in as a parameter; what is pasted are names that this room chose)

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.html import escape

from junto.kit import rows
from junto.search.documents import Facets, Found, Hit, Tally, Titled
from junto.search.engines import COLUMNS, MARK, TABLE, UNMARK, Expression, engine
from junto.search.words import Term, folded, parse, without_controls

CAP = 2_000
EXCERPT = 240
MOST_TALLIES = 8
MOST_LOOKED_AT = 200
"""Hits among which `titles` chooses the best."""
_COLUMNS_COUNTED = ("id", "kind", "scope", "scope_name", "agency", "url")
_COUNTED = ", ".join(f"d.{column}" for column in _COLUMNS_COUNTED)
_Row = tuple[int, str, str, str, str, str]
Only = Mapping[str, tuple[str, Sequence[Any]]]
"""For a label, a query for the only keys that are to be found under it: SQL and parameters."""
_NOTHING = Found([], 0, False)


@dataclass(slots=True)
class _Filters:
    """Conditions on the columns of the table, AND-ed."""

    conditions: list[str]
    params: list[Any]

    def require(self, condition: str, *params: object) -> None:
        self.conditions.append(condition)
        self.params.extend(params)

    def require_one_of(self, column: str, values: Collection[str]) -> None:
        self.require(f"d.{column} IN ({', '.join(['%s'] * len(values))})", *values)

    def require_only(self, only: Only) -> None:
        """Of a label those keys alone that a query selects; what the database answers, never leaves it."""
        for label, (sql, params) in only.items():
            self.require(f"(d.label <> %s OR d.key IN ({sql}))", label, *params)

    @property
    def sql(self) -> str:
        return " AND ".join(self.conditions)


def find(
    words: str,
    *,
    labels: Collection[str],
    kinds: Collection[str] = (),
    scope: str = "",
    author: str = "",
    agency: str = "",
    after: date | None = None,
    before: date | None = None,
    only: Only | None = None,
    limit: int = 20,
    start: int = 0,
) -> Found:
    """Documents with all these words and one of the labels, best first; without words the newest first.

    `author` is any part of a name, `agency` whole words of an agency's name; both days count as part of the range.
    Of several documents with one address the best is found.
    """
    if not labels:
        return _NOTHING
    filters = _filters(labels, kinds, scope, author, agency, after, before)
    filters.require_only(only or {})
    terms = parse(words)
    wanted = [term for term in terms if not term.is_excluded]
    if words.strip() and not terms:
        return _NOTHING
    found = _ranked(terms, filters, without_controls(scope)) if wanted else _newest(terms, filters)
    once = list({row[5]: row for row in reversed(found)}.values())[::-1]
    ids = [row[0] for row in once[start : start + limit]]
    return Found(_hits(ids, wanted), min(len(once), CAP), len(found) > CAP, _facets(once[:CAP]))


def titles(
    words: str, *, labels: Collection[str], kinds: Collection[str], only: Only | None = None, limit: int = 8
) -> list[Titled]:
    """What has all these words in its title, the last of them begun at least; best first among the newest. One query.

    An address counts once, whatever stands after its #.
    """
    terms = parse(words)
    if not terms or any(term.is_excluded for term in terms) or not labels:
        return []
    terms[-1] = replace(terms[-1], is_prefix=True)
    filters = _filters(labels, kinds, "", "", "", None, None)
    filters.require_only(only or {})
    driver = engine()
    expression = driver.expression(terms)
    found = _rows(
        f"WITH candidates AS MATERIALIZED (SELECT d.id, d.kind, d.title, d.url, d.scope_name, {driver.score} AS score "
        f"{driver.matches_title(expression)} AND {filters.sql} "
        f"ORDER BY {driver.newest_first} LIMIT {MOST_LOOKED_AT}) "
        f"SELECT kind, title, url, scope_name FROM candidates ORDER BY {driver.best_first}, id DESC",
        [*driver.in_title(expression).params, *filters.params],
    )
    first = {row[2].partition("#")[0]: Titled(*row) for row in reversed(found)}
    return list(first.values())[::-1][:limit]


def keys_with(word: str, *, scope: str, limit: int) -> list[str]:
    """The keys of the newest documents of a scope that have a word, whoever may read them: for telling how rare it is."""
    driver = engine()
    expression = driver.expression([Term(without_controls(word))])
    found = f"SELECT d.key {driver.matches(expression)} AND d.scope = %s ORDER BY {driver.newest_first} LIMIT %s"
    return [key for (key,) in _rows(found, [*expression.params, without_controls(scope), limit])]


def _filters(
    labels: Collection[str],
    kinds: Collection[str],
    scope: str,
    author: str,
    agency: str,
    after: date | None,
    before: date | None,
) -> _Filters:
    filters = _Filters([], [])
    filters.require_one_of("label", labels)
    if kinds:
        filters.require_one_of("kind", kinds)
    if scope:
        filters.require("d.scope = %s", without_controls(scope))
    if author.strip():
        filters.require("d.author_key LIKE %s", f"%{folded(author)}%")
    if agency.strip():
        filters.require("d.agency_key LIKE %s", f"% {folded(agency)} %")
    if after:
        filters.require("d.at >= %s", _stored(_midnight(after)))
    if before:
        filters.require("d.at < %s", _stored(_midnight(before, plus_a_day=True)))
    return filters


def _ranked(terms: Sequence[Term], filters: _Filters, scope: str) -> list[_Row]:
    driver = engine()
    expression = driver.expression(terms)
    if scope:
        filters.require(driver.within_scope, scope)
    return _rows(
        f"WITH candidates AS MATERIALIZED (SELECT {_COUNTED}, {driver.score} AS score {driver.matches(expression)} "
        f"AND {filters.sql} ORDER BY {driver.newest_first} LIMIT {CAP + 1}) "
        f"SELECT {', '.join(_COLUMNS_COUNTED)} FROM candidates ORDER BY {driver.best_first}, id DESC",
        [*expression.params, *filters.params],
    )


def _newest(unwanted: Sequence[Term], filters: _Filters) -> list[_Row]:
    if unwanted:
        without: Expression = engine().excludes(unwanted)
        filters.require(without.sql, *without.params)
    undated_last = "d.at DESC NULLS LAST" if connection.vendor == "postgresql" else "d.at DESC"
    return _rows(
        f"SELECT {_COUNTED} FROM {TABLE} d WHERE {filters.sql} ORDER BY {undated_last}, d.id DESC LIMIT {CAP + 1}",
        filters.params,
    )


def _facets(rows: Sequence[_Row]) -> Facets:
    kinds = Counter(row[1] for row in rows)
    scopes = Counter((row[2], row[3]) for row in rows if row[2])
    agencies = Counter(row[4] for row in rows if row[4])
    return Facets(
        kinds=[Tally(kind, kind, count) for kind, count in kinds.most_common()],
        scopes=[Tally(scope, name, count) for (scope, name), count in scopes.most_common(MOST_TALLIES)],
        agencies=[Tally(agency, agency, count) for agency, count in agencies.most_common(MOST_TALLIES)],
    )


def _hits(ids: list[int], terms: Sequence[Term]) -> list[Hit]:
    if not ids:
        return []
    if terms:
        driver = engine()
        expression = driver.expression(terms)
        sql, params = driver.marked(expression, len(ids)), [*expression.params, *ids]
    else:
        places = ", ".join(["%s"] * len(ids))
        sql = f"SELECT {COLUMNS}, '' AS marked_title, substr(d.text, 1, %s) AS excerpt FROM {TABLE} d WHERE d.id IN ({places})"
        params = [EXCERPT + 1, *ids]
    found = {row[0]: row for row in _rows(sql, params)}
    return [_hit(*found[id_][1:]) for id_ in ids if id_ in found]


def _hit(
    key: str,
    kind: str,
    title: str,
    url: str,
    scope: str,
    scope_name: str,
    author: str,
    agency: str,
    at: object,
    marked_title: str,
    excerpt: str,
) -> Hit:
    return Hit(
        key=key,
        kind=kind,
        title=_safe(marked_title or title),
        excerpt=_safe(excerpt if MARK in excerpt else _beginning(excerpt)),
        url=url,
        scope=scope,
        scope_name=scope_name,
        author=author,
        agency=agency,
        at=rows.read_moment(at),
    )


def _beginning(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + "…"


def _safe(text: str) -> str:
    return escape(" ".join(text.split(" "))).replace(MARK, "<mark>").replace(UNMARK, "</mark>")


def _rows(sql: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _midnight(day: date, *, plus_a_day: bool = False) -> datetime:
    within = min(max(day, date(1, 1, 3)), date(9999, 12, 28))
    midnight = timezone.make_aware(datetime.combine(within, time.min))
    return midnight + timedelta(days=1) if plus_a_day else midnight


def _stored(moment: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(moment)
