"""Putting a backup in place: all of it in one transaction, proved before it counts."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Model

from veriga.access.models import User
from veriga.activities.queries.checking import find_differences
from veriga.config.archive import (
    DERIVED,
    Manifest,
    Say,
    applied_migrations,
    columns_of,
    hash_of_content,
    models,
    read_manifest,
    value_of,
)
from veriga.config.errors import UsageError
from veriga.work.services.custom_fields import (
    drop_custom_indexes,
    index_custom_fields,
)
from veriga.work.services.tables import Table, built_afterwards, refresh_statistics

CHUNK = 5_000
UNFIT = (DataError, IntegrityError, KeyError, TypeError, ValueError)


def restore(source: Path, files: Path, *, replace: bool, say: Say) -> Manifest:
    """Make the installation what it was at the time of the backup.

    Errors: UsageError if the archive is not whole or of another release, if there are
    people already and not `replace`, or if what was put in place is not what the backup
    holds; then everything is as it was.
    """
    fresh = files.with_name(f"{files.name}.restored")
    before = files.with_name(f"{files.name}.before")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = read_manifest(archive)
            _require_same_release(manifest)
            if not replace and User.objects.exists():
                raise UsageError(
                    "There are people in this installation already;"
                    " --replace puts the backup in their place."
                )
            _unpack(archive, manifest, fresh)
            # SQLite would look for the children of each parent that comes after them,
            # in tables that have no indexes yet; `_fill` checks all when all are there.
            unchecked = connection.constraint_checks_disabled()
            swapped = _swapped(files, fresh, before)
            with swapped as swap, unchecked, transaction.atomic():
                try:
                    _fill(archive, manifest, say)
                except UNFIT as error:
                    raise UsageError(
                        f"The backup holds what no table takes: {error}"
                    ) from error
                _prove(manifest, fresh)
                swap()
    except zipfile.BadZipFile as error:
        raise UsageError("The file is no backup of Veriga, or not whole.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(before, ignore_errors=True)
    refresh_statistics(models())
    return manifest


def _require_same_release(manifest: Manifest) -> None:
    if set(manifest.migrations) != set(applied_migrations()):
        raise UsageError(
            f"The backup was made by release {manifest.release}, whose tables differ:"
            " restore it with that release, then upgrade."
        )


def _unpack(archive: zipfile.ZipFile, manifest: Manifest, fresh: Path) -> None:
    for name in manifest.files:
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(f"files/{name}") as member, target.open("wb") as file:
            shutil.copyfileobj(member, file)


def _fill(archive: zipfile.ZipFile, manifest: Manifest, say: Say) -> None:
    """Empty every table and put the rows of the backup into it."""
    every = models()
    if {m._meta.db_table for m in every} != set(manifest.tables):
        raise UsageError("The backup is not whole: it has other tables.")
    _empty(every)
    done = 0
    with built_afterwards(every):
        for model in every:
            done += _fill_table(archive, model)
            say(f"{done:,} of {manifest.rows:,} rows")
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), every):
            cursor.execute(statement)
    connection.check_constraints()  # now, and not at the commit, behind the files
    index_custom_fields()


def _empty(every: list[type[Model]]) -> None:
    drop_custom_indexes()  # of fields that may be others in the backup
    quote = connection.ops.quote_name
    names = [quote(model._meta.db_table) for model in every]
    # Whoever was signed in may be somebody else now; figures were of other rows.
    others = [quote(name) for name in ("django_session", *DERIVED)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join([*names, *others])}")
            return
        for name in [*names, *others]:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608  # our own tables


def _fill_table(archive: zipfile.ZipFile, model: type[Model]) -> int:
    table = Table(model)
    write: dict[str, Callable[[Any], Any]] = {
        "DateTimeField": table.instant,
        "DateField": table.day,
        "JSONField": lambda value: json.dumps(value, ensure_ascii=False),
    }
    kinds = [f.get_internal_type() for f in model._meta.local_concrete_fields]
    columns, rows = columns_of(model), 0

    def cell(kind: str, value: Any) -> Any:
        value = value_of(kind, value)
        return value if value is None or kind not in write else write[kind](value)

    with archive.open(f"tables/{model._meta.db_table}.jsonl") as member:
        if json.loads(next(member, b"[]")) != columns:
            raise UsageError(f"The backup has other columns: {model._meta.db_table}")
        while lines := list(islice(member, CHUNK)):
            for line in lines:
                table.add(*map(cell, kinds, json.loads(line)))
            table.write(*columns)
            rows += len(lines)
    return rows


def _prove(manifest: Manifest, fresh: Path) -> None:
    """Raise UsageError unless what stands there now is what the backup holds."""
    if hash_of_content(fresh) != manifest.content_hash:
        raise UsageError("What was put in place is not what the backup holds.")
    for difference in find_differences():
        raise UsageError(f"The backup holds what does not agree: {difference}")


@contextmanager
def _swapped(files: Path, fresh: Path, before: Path) -> Iterator[Callable[[], None]]:
    """Yield what puts the files of the backup in place; undone if the block fails."""
    done = False

    def swap() -> None:
        nonlocal done
        shutil.rmtree(before, ignore_errors=True)
        if files.exists():
            files.rename(before)
        done = True
        if fresh.exists():
            fresh.rename(files)

    try:
        yield swap
    except BaseException:
        if done:
            shutil.rmtree(files, ignore_errors=True)
            if before.exists():
                before.rename(files)
        raise
