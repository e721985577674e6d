"""The two full-text indexes behind one face: FTS5 of SQLite, tsvector of PostgreSQL.

An engine turns terms into an expression of its own, and says in SQL which rows match, how well, and where to put marks.
Words are AND-ed, stemmed in English, and compared without accents in both. PostgreSQL leaves out the commonest words
("the", "of"), SQLite keeps them.
"""

# ruff: noqa: S608 (every value goes in as a parameter; what is pasted are names that this room chose)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from junto.kit import rows
from junto.search.words import PLAIN_LETTERS, Term, plain

MARK, UNMARK = "\x02", "\x03"
TABLE = "search_indexeddocument"
INDEX = "search_fulltext"
COLUMNS = "d.id, d.key, d.kind, d.title, d.url, d.scope, d.scope_name, d.author, d.agency, d.at"
_HEADLINE = f'StartSel="{MARK}", StopSel="{UNMARK}"'


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition in the engine's own terms: SQL with its parameters."""

    sql: str
    params: tuple[str, ...]


class SQLite:
    """FTS5 with the table itself as its content; triggers keep it in step, within each transaction."""

    made = None
    score = f"bm25({INDEX}, 8.0, 3.0, 1.0)"
    best_first = "score ASC"
    within_scope = f"+{INDEX}.rowid IN (SELECT id FROM {TABLE} WHERE scope = %s)"
    """A set read from the index of scopes once, instead of a row for each match; the + keeps the full text in front."""

    def takes(self, title: str, author: str, text: str) -> tuple[str, ...]:
        """Nothing: the triggers see to it."""
        return ()

    def create(self) -> Sequence[str]:
        """The statements that build the index over the table."""
        columns, new, old = "title, author, text", "new.title, new.author, new.text", "old.title, old.author, old.text"
        add = f"INSERT INTO {INDEX}(rowid, {columns}) VALUES (new.id, {new});"
        drop = f"INSERT INTO {INDEX}({INDEX}, rowid, {columns}) VALUES ('delete', old.id, {old});"
        return (
            f"CREATE VIRTUAL TABLE {INDEX} USING fts5({columns}, content='{TABLE}', content_rowid='id', "
            "tokenize='porter unicode61 remove_diacritics 2')",
            f"CREATE TRIGGER {INDEX}_insert AFTER INSERT ON {TABLE} BEGIN {add} END",
            f"CREATE TRIGGER {INDEX}_delete AFTER DELETE ON {TABLE} BEGIN {drop} END",
            f"CREATE TRIGGER {INDEX}_update AFTER UPDATE ON {TABLE} BEGIN {drop} {add} END",
            f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')",
        )

    def drop(self) -> Sequence[str]:
        """The statements that take the index away again."""
        triggers = [f"DROP TRIGGER IF EXISTS {INDEX}_{event}" for event in ("insert", "delete", "update")]
        return (*triggers, f"DROP TABLE IF EXISTS {INDEX}")

    def expression(self, terms: Sequence[Term]) -> Expression:
        """Terms as an FTS5 query; each is a quoted string, in which nothing is syntax."""
        wanted = " AND ".join(_quoted(term) for term in terms if not term.is_excluded)
        unwanted = " OR ".join(_quoted(term) for term in terms if term.is_excluded)
        return Expression("%s", (f"({wanted}) NOT ({unwanted})" if unwanted else wanted,))

    def matches(self, expression: Expression) -> str:
        """FROM and WHERE of the rows that match; the parameters of the expression come once."""
        return f"FROM {INDEX} JOIN {TABLE} d ON d.id = {INDEX}.rowid WHERE {INDEX} MATCH {expression.sql}"

    def in_title(self, expression: Expression) -> Expression:
        """The same expression for the title alone."""
        return Expression(expression.sql, tuple(f"{{title}} : ({query})" for query in expression.params))

    def matches_title(self, expression: Expression) -> str:
        """`matches` with the parameters of `in_title`."""
        return self.matches(expression)

    newest_first = f"{INDEX}.rowid DESC"

    def excludes(self, terms: Sequence[Term]) -> Expression:
        """The condition that none of the terms is there."""
        query = " OR ".join(_quoted(term) for term in terms)
        return Expression(f"d.id NOT IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s)", (query,))

    def marked(self, expression: Expression, count: int) -> str:
        """A query for `count` rows with marked_title and excerpt; its parameters: the expression's, then the ids."""
        places = ", ".join(["%s"] * count)
        return (
            f"SELECT {COLUMNS}, highlight({INDEX}, 0, '{MARK}', '{UNMARK}') AS marked_title, "
            f"snippet({INDEX}, 2, '{MARK}', '{UNMARK}', '…', 36) AS excerpt {self.matches(expression)} "
            f"AND {INDEX}.rowid IN ({places})"
        )


class PostgreSQL:
    """A stored tsvector with a GIN index; title weighs A, author B, text C. Whoever writes a row writes its vector: taking
    accents away in SQL costs several times what the words cost, in Python next to nothing."""

    made = rows.Made(
        "vector",
        "setweight(to_tsvector('english', %s), 'A') || setweight(to_tsvector('english', %s), 'B') "
        "|| setweight(to_tsvector('english', %s), 'C')",
    )

    def takes(self, title: str, author: str, text: str) -> tuple[str, ...]:
        """The values for `made`."""
        return plain(title), plain(author), plain(text)

    score = "ts_rank(d.vector, wanted.query, 1)"
    best_first = "score DESC"
    within_scope = "d.scope = %s"
    newest_first = "d.id DESC"

    def create(self) -> Sequence[str]:
        """The statements that built the index over the table, before migration 0002 left the vector to the writer."""
        weighed = " || ".join(
            f"setweight(to_tsvector('english', translate({column}, {_literal(''.join(PLAIN_LETTERS))}, "
            f"{_literal(''.join(PLAIN_LETTERS.values()))})), '{weight}')"
            for column, weight in (("title", "A"), ("author", "B"), ("text", "C"))
        )
        return (
            f"ALTER TABLE {TABLE} ADD COLUMN vector tsvector GENERATED ALWAYS AS ({weighed}) STORED",
            f"CREATE INDEX {INDEX} ON {TABLE} USING gin (vector)",
        )

    def drop(self) -> Sequence[str]:
        """The statements that take the index away again."""
        return (f"ALTER TABLE {TABLE} DROP COLUMN vector",)

    def expression(self, terms: Sequence[Term]) -> Expression:
        """Terms as a tsquery, built by functions that take text as text."""
        parts = [("!!" if term.is_excluded else "") + self._query_of(term) for term in terms]
        return Expression(" && ".join(parts), tuple(self._text_of(term) for term in terms))

    def matches(self, expression: Expression) -> str:
        """FROM and WHERE of the rows that match; the parameters of the expression come once."""
        return f"FROM {TABLE} d, (SELECT {expression.sql} AS query) wanted WHERE d.vector @@ wanted.query"

    def in_title(self, expression: Expression) -> Expression:
        """The expression itself: which part of a vector counts stands in `matches_title`."""
        return expression

    def matches_title(self, expression: Expression) -> str:
        """`matches`, where the words weigh as a title does; the index finds them anywhere first."""
        return f"{self.matches(expression)} AND ts_filter(d.vector, '{{a}}') @@ wanted.query"

    def excludes(self, terms: Sequence[Term]) -> Expression:
        """The condition that none of the terms is there."""
        query = " || ".join(self._query_of(term) for term in terms)
        return Expression(f"NOT d.vector @@ ({query})", tuple(self._text_of(term) for term in terms))

    def marked(self, expression: Expression, count: int) -> str:
        """A query for `count` rows with marked_title and excerpt; its parameters: the expression's, then the ids."""
        places = ", ".join(["%s"] * count)
        return (
            f"SELECT {COLUMNS}, ts_headline('english', d.title, wanted.query, '{_HEADLINE}, HighlightAll=true') "
            f"AS marked_title, ts_headline('english', d.text, wanted.query, '{_HEADLINE}, MaxWords=36, MinWords=18') "
            f"AS excerpt {self.matches(expression)} AND d.id IN ({places})"
        )

    def _query_of(self, term: Term) -> str:
        return "to_tsquery('english', %s)" if term.is_prefix else "phraseto_tsquery('english', %s)"

    def _text_of(self, term: Term) -> str:
        if not term.is_prefix:
            return plain(term.text)
        words = "".join(c if c.isalnum() else " " for c in plain(term.text)).split()
        return " <-> ".join([*words[:-1], f"{words[-1]}:*"])


def engine() -> SQLite | PostgreSQL:
    """The engine of the database in use."""
    return PostgreSQL() if connection.vendor == "postgresql" else SQLite()


def _quoted(term: Term) -> str:
    return '"' + term.text.replace('"', '""') + '"' + ("*" if term.is_prefix else "")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
