"""Changing one stored row: find it locked, compare versions, set what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from .errors import Conflict, FieldError, Invalid, NotFound

M = TypeVar("M", bound=Model)


class Versioned(Protocol):
    """A row that counts its versions."""

    row_version: int


def lock_row(rows: QuerySet[M], pk: int, *, to_delete: bool = False) -> M:
    """Return the row `pk` of `rows`, locked until the transaction ends; or NotFound.

    Others may go on inserting rows that point to it, unless `to_delete`.
    """
    try:
        return rows.select_for_update(of=("self",), no_key=not to_delete).get(pk=pk)
    except ObjectDoesNotExist:
        raise NotFound from None


def check_version(row: Versioned, expected: int | None) -> None:
    """Raise Conflict("stale") unless the row is in the version that was expected."""
    if expected is not None and row.row_version != expected:
        raise Conflict("stale", row_version=row.row_version)


def set_changed(row: Any, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set on `row` what differs; return old and new of each field that did."""
    changes = {}
    for name, value in values.items():
        old = getattr(row, name)
        if old != value:
            changes[name] = (old, value)
            setattr(row, name, value)
    return changes


@contextmanager
def constraint_errors(errors: Mapping[str, FieldError]) -> Iterator[None]:
    """Turn a violated constraint into the field error it means.

    `errors` maps a piece of the database's message to the error: the name of the
    constraint, or "table.column", which is what SQLite says of a unique column.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for piece, meaning in errors.items():
            if piece in str(error):
                raise Invalid(
                    meaning.code, errors=[meaning], **meaning.params
                ) from error
        raise
