"""Long lists of ids as one value of a statement, whatever their number.

An IN of a thousand values is compiled, planned and bound value by value; as one text
that the database takes apart it is a single one, so a prepared query may have it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connection
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

_POSTGRES: Final = "SELECT unnest(%s::bigint[])"
_SQLITE: Final = "SELECT value FROM json_each(%s)"


def written(ids: Iterable[int]) -> str:
    """Return ids as the text that `read_ids` takes apart."""
    text = ",".join(map(str, ids))
    return f"{{{text}}}" if connection.vendor == "postgresql" else f"[{text}]"


def read_ids(text: str) -> RawSQL:
    """Return the ids of a `written` text, for an `__in`."""
    sql = _POSTGRES if connection.vendor == "postgresql" else _SQLITE
    return RawSQL(sql, (text,), output_field=BigIntegerField())  # noqa: S611
