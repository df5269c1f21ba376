"""`veriga backup FILE`: everything in one file, while others go on working."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings

from veriga.config.archive import write_archive
from veriga.config.commands.progress import Progress
from veriga.config.database import require_current_database
from veriga.config.errors import UsageError


def run(given: argparse.Namespace) -> int:
    require_current_database()
    target = Path(given.file)
    if target.exists():
        raise UsageError(f"{target} is there already; a backup replaces none.")
    with Progress() as progress:
        made = write_archive(target, settings.FILES, progress.say)
    size = target.stat().st_size / 1_000_000
    print(
        f"{made.rows:,} rows, {len(made.files):,} files, {size:,.1f} MB,"
        f" SHA-256 of the content {made.content_hash}"
    )
    return 0
