"""How the words of records are looked up: all SQL of search that differs by database.

SQLite keeps them in a full-text table (FTS5) that triggers feed, PostgreSQL in an
inverted index (GIN) of the words as a text-search vector. Both are asked for words by
equality and by beginning, and for nothing they might understand differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.db import DatabaseError, connection, transaction
from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

from veriga.common.prepared import Counting
from veriga.work.models import (
    ActivityWords,
    CompanyWords,
    ContactWords,
    GatheringWords,
    ProductWords,
    Words,
)
from veriga.work.rules.searching import Typed

TABLES: Final[tuple[type[Words], ...]] = (
    ActivityWords,
    CompanyWords,
    ContactWords,
    GatheringWords,
    ProductWords,
)
# Rows that a lookup gives at most, the last recorded ones: what is more frequent is
# found among the newest records without it.
MOST: Final = 1_000


def is_postgres() -> bool:
    """Tell which of the two databases it is."""
    return connection.vendor == "postgresql"


def fts_of(model: type[Words]) -> str:
    """Return the name of the full-text table on SQLite, of the index on PostgreSQL."""
    return f"{model._meta.db_table}_fts"


def matching(model: type[Words], words: str, *, most: int | None = MOST) -> RawSQL:
    """Return the ids of records that hold what `words` asks for, for an `__in`.

    At most `most`, the last recorded ones; None for all.

    `words` comes of `asked`, whose words are letters and digits alone.
    """
    table, fts = model._meta.db_table, fts_of(model)
    key = "id" if is_postgres() else "rowid"
    last = f" ORDER BY {key} DESC LIMIT {most}" if most else ""
    if is_postgres():
        # Materialized, or the planner may walk down the ids and read every vector.
        sql = (
            f"WITH found AS MATERIALIZED (SELECT id FROM {table}"  # noqa: S608
            " WHERE (words::tsvector) @@ %s::tsquery)"
            f" SELECT id FROM found{last}"
        )
    else:
        sql = f"SELECT rowid FROM {fts} WHERE {fts} MATCH %s{last}"  # noqa: S608
    # Nothing that anybody typed is in the SQL itself.
    return RawSQL(sql, (words,), output_field=IntegerField())  # noqa: S611


def counting(model: type[Words], words: str) -> Counting:
    """Return what counts the records that hold what `words` asks for."""
    table, fts = model._meta.db_table, fts_of(model)
    if is_postgres():
        sql = f"SELECT 1 FROM {table} WHERE (words::tsvector) @@ %s::tsquery"  # noqa: S608
    else:
        sql = f"SELECT 1 FROM {fts} WHERE {fts} MATCH %s"  # noqa: S608
    return Counting(sql, (words,))


def asked(typed: Sequence[Typed], marks: Iterable[str] = ("",)) -> str:
    """Return typed words as the database wants to be asked for all of them.

    `marks` are those of the kinds of activities that are wanted.
    """
    either = "|" if is_postgres() else " OR "
    return either.join(f"({_all_of(typed, mark)})" for mark in marks)


def _all_of(typed: Sequence[Typed], mark: str) -> str:
    if is_postgres():
        parts = [
            "|".join(
                [f"{mark}{one.word}:*"]
                + [f"{mark}{whole}" for whole in one.wholes if whole != one.word]
            )
            for one in typed
        ]
        return "&".join(f"({part})" for part in parts)
    parts = [
        " OR ".join([f'"{mark}{one.word}"*', *(f'"{mark}{w}"' for w in one.wholes)])
        for one in typed
    ]
    return " AND ".join(f"({part})" for part in parts)


def missing_tables() -> list[type[Words]] | None:
    """Return the words that nothing finds yet; None while their tables are made."""
    there = {model._meta.db_table for model in TABLES}
    if not there <= set(connection.introspection.table_names()):
        return None
    return [model for model in TABLES if not _is_whole(model)]


def dropping(model: type[Words]) -> list[str]:
    """Return what drops that by which the words of `model` are found."""
    fts = fts_of(model)
    if is_postgres():
        return [f"DROP INDEX IF EXISTS {fts}"]
    triggers = [f"DROP TRIGGER IF EXISTS {fts}_{event}" for event in EVENTS]
    return [*triggers, f"DROP TABLE IF EXISTS {fts}"]


def making(model: type[Words]) -> list[str]:
    """Return what makes it, out of the words there are.

    Not a migration: one that writes a table anew, on SQLite, drops its triggers.
    """
    table, fts = model._meta.db_table, fts_of(model)
    if is_postgres():
        # Without its list of pending rows every search is as fast as the first.
        return [
            f"CREATE INDEX {fts} ON {table} USING gin ((words::tsvector))"
            " WITH (fastupdate = off)"
        ]
    gone = (
        f"INSERT INTO {fts} ({fts}, rowid, words) VALUES ('delete', old.id, old.words);"  # noqa: S608
    )
    come = f"INSERT INTO {fts} (rowid, words) VALUES (new.id, new.words);"  # noqa: S608
    return [
        f"CREATE VIRTUAL TABLE {fts} USING fts5(words, content='{table}',"
        " content_rowid='id', detail=none, columnsize=0,"
        ' tokenize="unicode61 remove_diacritics 0")',
        *(
            f"CREATE TRIGGER {fts}_{event} AFTER {event.upper()} ON {table}"
            f" BEGIN {body} END"
            for event, body in (
                ("insert", come),
                ("delete", gone),
                ("update", f"{gone} {come}"),
            )
        ),
        *refilling(table),
    ]


def refilling(table: str) -> list[str]:
    """Return what fills the full-text table of `table` on SQLite from all its rows."""
    names = {model._meta.db_table: fts_of(model) for model in TABLES}
    fts = names.get(table)
    return [f"INSERT INTO {fts} ({fts}) VALUES ('rebuild')"] if fts else []  # noqa: S608


EVENTS: Final = ("insert", "delete", "update")


def _is_whole(model: type[Words]) -> bool:
    fts = fts_of(model)
    if is_postgres():
        return _count("SELECT count(*) FROM pg_indexes WHERE indexname = %s", fts) > 0
    triggers = (
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    )
    tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = %s"
    whole = _count(triggers, model._meta.db_table) == len(EVENTS)
    return whole and _count(tables, fts) == 1


def _count(sql: str, name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, [name])
        return int(cursor.fetchone()[0])


def differing_tables() -> Iterator[str]:
    """Yield the full-text tables that do not hold what the words say."""
    for model in TABLES:
        if not _is_whole(model) or not _agrees(model):
            yield fts_of(model)


def _agrees(model: type[Words]) -> bool:
    """Have SQLite compare the two; PostgreSQL's index is its own business."""
    if is_postgres():
        return True
    fts = fts_of(model)
    check = f"INSERT INTO {fts} ({fts}, rank) VALUES ('integrity-check', 1)"  # noqa: S608
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(check)
    except DatabaseError:
        return False
    return True


def counted_words(least: int) -> list[tuple[str, int]]:
    """Return the words that at least so many activities hold, and how many do."""
    table, fts = ActivityWords._meta.db_table, fts_of(ActivityWords)
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(
                "SELECT word, ndoc FROM ts_stat(%s) WHERE ndoc >= %s",
                [f"SELECT words::tsvector FROM {table}", least],  # noqa: S608
            )
            return list(cursor.fetchall())
        cursor.execute("DROP TABLE IF EXISTS temp.counted_words")
        cursor.execute(
            "CREATE VIRTUAL TABLE temp.counted_words"
            f" USING fts5vocab('main', '{fts}', 'row')"
        )
        cursor.execute(
            "SELECT term, doc FROM temp.counted_words WHERE doc >= %s", [least]
        )
        found = list(cursor.fetchall())
        cursor.execute("DROP TABLE temp.counted_words")
    return found
