"""Whether the database is there and up to date, before a command relies on it."""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from veriga.config.errors import UsageError
from veriga.work.services.tables import refresh_statistics


def migrate() -> None:
    """Bring the tables up to date, without a word.

    Tables that held something are counted again: without it a new index would be
    passed over, or taken where it does not serve.
    """
    executor = MigrationExecutor(connection)
    had_tables = bool(executor.loader.applied_migrations)
    was_behind = is_behind(executor)
    call_command("migrate", verbosity=0, interactive=False)
    if had_tables and was_behind:
        refresh_statistics(apps.get_models())


def is_behind(executor: MigrationExecutor | None = None) -> bool:
    """Tell whether this release wants tables or columns that are not there yet."""
    executor = executor or MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def require_current_database() -> None:
    """Raise UsageError unless every table is there as this release wants it."""
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        raise UsageError("The database is empty; `veriga init` sets it up.")
    if is_behind(executor):
        raise UsageError("The database is of another release: run `veriga init`.")


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"
