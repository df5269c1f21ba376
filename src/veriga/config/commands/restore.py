"""`veriga restore FILE`: the installation as it was at the time of the backup."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from veriga.config.checkpoint import checkpointing
from veriga.config.commands.progress import Progress
from veriga.config.database import migrate, require_current_database
from veriga.config.errors import UsageError
from veriga.config.restoring import restore


def run(given: argparse.Namespace) -> int:
    source = Path(given.file)
    if not source.is_file():
        raise UsageError(f"There is no file {source}.")
    if not MigrationRecorder(connection).applied_migrations():
        migrate()  # a new machine: tables, and nothing in them
    require_current_database()
    with checkpointing(), Progress() as progress:
        made = restore(source, settings.FILES, replace=given.replace, say=progress.say)
    print(
        f"{made.rows:,} rows, {len(made.files):,} files restored."
        " Nothing differs. Everybody signs in again."
    )
    return 0
