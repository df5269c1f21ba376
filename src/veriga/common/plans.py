"""How a database is kept from plans that its statistics make look better."""

from __future__ import annotations

from typing import Any

from django.db.models import Func


class Unindexed(Func):
    """A column that SQLite is not to find rows by, though an index would let it."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **more)


class Unordered(Unindexed):
    """The same for both databases, to order by: no index is walked in its order."""

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        # Nothing simpler stays: PostgreSQL would see through it.
        template = "GREATEST(%(expressions)s, %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **more)
