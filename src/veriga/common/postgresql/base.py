"""The engine that settings name for PostgreSQL: Django's own, with two things quicker.

Instants are read by one call instead of four, and a kept connection is found dead by
looking at its socket instead of asking the server on every page.
"""

from __future__ import annotations

import select
from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus
from psycopg.types.datetime import TimestamptzLoader


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

    def init_connection_state(self) -> None:
        """Make the connection ready; called once for each."""
        super().init_connection_state()
        if self.timezone is UTC:
            self.connection.adapters.register_loader("timestamptz", InstantLoader)

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
