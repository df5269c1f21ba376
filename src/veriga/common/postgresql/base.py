"""The engine for PostgreSQL that settings name: Django's own, three things quicker.

Instants are read by one call instead of four, a kept connection is found dead by
looking at its socket instead of asking the server on every page, and a prepared query
is planned once for all its values.
"""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus
from psycopg.types.datetime import TimestamptzLoader

# How the server plans prepared statements; in a transaction, which mostly looks up
# rows by their keys, as it likes.
ONE_PLAN: Final = "force_generic_plan"
BY_VALUES: Final = "force_custom_plan"
AS_IT_LIKES: Final = "auto"


class InstantLoader(TimestamptzLoader):
    """Reads an instant; the connection speaks in UTC, as Django has told it."""

    timezone = UTC  # Django leaves a loader alone that has the right one

    def load(self, data: Any) -> datetime:
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # before the year 1 or after 9999: psycopg says which
            return super().load(data)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    _wants_one_plan = False  # of the statement that comes next
    _planning: str | None = None  # what the server was told last

    def init_connection_state(self) -> None:
        """Make the connection ready; called once for each."""
        super().init_connection_state()
        self._planning = None
        if self.timezone is UTC:
            self.connection.adapters.register_loader("timestamptz", InstantLoader)

    @contextmanager
    def one_plan(self) -> Iterator[None]:
        """Have statements planned once for whatever values they come with.

        Left to itself the server plans a statement anew as long as it takes these very
        values to be cheap to find, and never counts that planning ten joins took twenty
        times as long. What is asked outside is planned by its values each time; left to
        itself it is not after five times. Nothing is changed in a transaction.
        """
        self._wants_one_plan = True
        try:
            yield
        finally:
            self._wants_one_plan = False

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor, once the server knows how to plan what is asked by it."""
        wanted = ONE_PLAN if self._wants_one_plan else BY_VALUES
        if self._planning != wanted and not self.in_atomic_block:
            self._tell(wanted)
        return super().create_cursor(name)

    def _set_autocommit(self, autocommit: bool) -> None:
        # What a transaction is told goes with it if it is rolled back.
        if self._planning not in {None, AS_IT_LIKES} and not autocommit:
            with self.wrap_database_errors:
                self._tell(AS_IT_LIKES)
        super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _tell(self, planning: str) -> None:
        wire = self.connection
        if wire.prepare_threshold is None or not wire.autocommit:
            return
        wire.execute(f"SET plan_cache_mode TO {planning}")
        self._planning = planning

    def is_usable(self) -> bool:
        """Tell whether the kept connection is alive, without asking the server.

        Between two pages the server has nothing to say. If there is something to read
        it is the end, or a notice; then a new connection is the price.
        """
        if self.connection is None:
            return False
        wire = self.connection.pgconn
        if wire.status != ConnStatus.OK:
            return False
        waiting = select.poll()
        waiting.register(wire.socket, select.POLLIN | select.POLLHUP | select.POLLERR)
        return not waiting.poll(0)
