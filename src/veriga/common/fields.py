"""Database columns that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:  # Django's fields take type arguments in the stubs only
    TextColumn = models.CharField[str, str]
else:
    TextColumn = models.CharField


class KeyField(TextColumn):
    """A text column compared byte by byte: for sort keys and references.

    PostgreSQL orders text by the locale of the database, SQLite by bytes; keys must
    sort alike in both, so PostgreSQL is told to use the collation "C".
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
