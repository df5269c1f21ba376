"""Writing many rows of one table at once: the only SQL that differs by database.

Django's bulk_create spends more time on objects than the database does on rows. SQLite
takes `executemany`, PostgreSQL `COPY`; both stand here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from veriga.work.queries.matching import refilling

UTC_OFFSET_LENGTH = len("+00:00")
SORTING = {"cache_size": -65_536, "threads": 1}  # kB; threads besides one's own
SORTING_MEMORY = "256MB"


class Table:
    """Rows on their way into the table of `model`: `add` each, then `write` them all.

    A row's cells come in the order of the columns that `write` names; the columns it
    does not name get what the database gives them (their number).
    """

    def __init__(self, model: type[Model]) -> None:
        self._name = model._meta.db_table
        self._rows: list[tuple[Any, ...]] = []
        self._is_postgres = connection.vendor == "postgresql"
        # Chosen once, because they are called a dozen times for every row.
        self.instant: Callable[[datetime | None], Any] = (
            _as_it_is if self._is_postgres else _sqlite_instant
        )
        self.day: Callable[[date | None], Any] = (
            _as_it_is if self._is_postgres else _sqlite_day
        )

    def add(self, *cells: Any) -> None:
        """Add a row of plain cells; instants and days go through `instant`, `day`."""
        self._rows.append(cells)

    def write(self, *columns: str) -> None:
        """Write all rows added so far; nothing if there are none."""
        rows, self._rows = self._rows, []
        if not rows:
            return
        quote = connection.ops.quote_name
        into = f"{quote(self._name)} ({', '.join(map(quote, columns))})"
        with connection.cursor() as cursor:
            if self._is_postgres:
                raw: Any = cursor.cursor  # Django has no COPY, but its errors
                with (
                    connection.wrap_database_errors,
                    raw.copy(f"COPY {into} FROM STDIN") as copy,
                ):
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608


def new_ids(model: type[Model], count: int) -> list[int]:
    """Return `count` ids that no row of `model` has or will get from elsewhere.

    On PostgreSQL they are drawn from the sequence, on SQLite counted on from the last
    one given, which the running write transaction keeps to itself.
    """
    name = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
                " FROM generate_series(1, %s)",
                [name, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [name])
        row = cursor.fetchone()
        last = row[0] if row else 0
        return list(range(last + 1, last + 1 + count))


def set_column(
    model: type[Model], column: str, values: Sequence[tuple[int, int]]
) -> None:
    """Set one column of rows of `model`; `values` are (value, id)."""
    quote = connection.ops.quote_name
    name = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {name} SET {quote(column)} = %s WHERE id = %s",  # noqa: S608
            values,
        )


def _as_it_is(value: Any) -> Any:
    return value


@lru_cache(maxsize=50_000)  # of an activity several are the same
def _sqlite_instant(moment: datetime | None) -> str | None:
    """Return an aware instant as Django writes it: in UTC, and no offset."""
    if moment is None:
        return None
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return str(moment)[:-UTC_OFFSET_LENGTH]


def _sqlite_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


@contextmanager
def built_afterwards(models: Iterable[type[Model]]) -> Iterator[None]:
    """Run the block without the secondary indexes and foreign keys of `models`.

    Building an index once costs a fraction of feeding it row by row, and so does
    checking references. All of it happens in one transaction, so that a process that is
    killed leaves everything as it was; others wait meanwhile. Primary keys and unique
    indexes stay.
    """
    with transaction.atomic(), connection.cursor() as cursor, _room_to_sort(cursor):
        names = [model._meta.db_table for model in models]
        if connection.vendor == "postgresql":
            removed, restored = _on_postgres(cursor, names)
        else:
            removed, restored = _on_sqlite(cursor, names)
        _alter(cursor, removed)
        yield
        _alter(cursor, restored)


@contextmanager
def _room_to_sort(cursor: Any) -> Iterator[None]:
    """Let the database sort for its new indexes in memory."""
    if connection.vendor != "sqlite":
        # Until the transaction ends.
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{SORTING_MEMORY}'")
        yield
        return
    before = {}
    for name, value in SORTING.items():
        cursor.execute(f"PRAGMA {name}")
        before[name] = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA {name} = {value}")
    try:
        yield
    finally:
        for name, value in before.items():
            cursor.execute(f"PRAGMA {name} = {value}")


def _alter(cursor: Any, statements: Iterable[str]) -> None:
    on_postgres = connection.vendor == "postgresql"
    if on_postgres:
        # Checks that wait for the commit would keep the tables from being altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in statements:
        cursor.execute(statement)
    if on_postgres:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refresh_statistics(models: Iterable[type[Model]]) -> None:
    """Let the database look at its tables again, so that it plans well."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 1000")
        for model in models:
            name = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"ANALYZE {name}")


Statements = tuple[list[str], list[str]]


def _on_postgres(cursor: Any, names: list[str]) -> Statements:
    """Return the statements that drop and that restore indexes and foreign keys."""
    removed, restored = [], []
    cursor.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname),"
        " pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY oid",
        [names],
    )
    keys = cursor.fetchall()
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE NOT indisunique AND indrelid = ANY(%s::regclass[]) ORDER BY indexrelid",
        [names],
    )
    indexes = cursor.fetchall()
    removed += [f"ALTER TABLE {table} DROP CONSTRAINT {key}" for table, key, _ in keys]
    removed += [f"DROP INDEX {index}" for index, _ in indexes]
    restored += [definition for _, definition in indexes]
    restored += [
        f"ALTER TABLE {table} ADD CONSTRAINT {key} {definition}"
        for table, key, definition in keys
    ]
    return removed, restored


def _on_sqlite(cursor: Any, names: list[str]) -> Statements:
    """The same for SQLite, whose foreign keys belong to the table and stay.

    Triggers go as well: they feed full-text tables, which are filled at the end.
    """
    cursor.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        " OR (type = 'index' AND sql NOT LIKE 'CREATE UNIQUE%')"
    )
    found = [row for row in cursor.fetchall() if row[2] in names]
    quote = connection.ops.quote_name
    removed = [f"DROP {kind} {quote(name)}" for kind, name, _, _ in found]
    restored = [definition for _, _, _, definition in found]
    fed = {table for kind, _, table, _ in found if kind == "trigger"}
    return removed, [
        *restored,
        *(refill for name in sorted(fed) for refill in refilling(name)),
    ]
