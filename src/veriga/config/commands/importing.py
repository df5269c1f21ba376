"""`veriga import event-log`: the cases of an event log as chains."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils import timezone

from veriga.access.rules import Context, Source, system
from veriga.config.checkpoint import checkpointing
from veriga.config.database import require_current_database
from veriga.config.errors import UsageError
from veriga.transfer.rules.cases import ReadLog, read_log
from veriga.transfer.rules.faults import FileFault
from veriga.transfer.rules.reading_mapping import read_mapping
from veriga.work.services.event_logs import (
    check_types,
    import_event_log,
    known_cases,
)


def run(given: argparse.Namespace) -> int:
    """Read all of the file, then store all of it; a fault stores nothing."""
    require_current_database()
    now = timezone.now()
    try:
        mapping = read_mapping(given.mapping)
        log = read_log(Path(given.file), mapping, now)
        check_types(mapping, log)
        for line in _told(log):
            print(line)
        if given.dry_run:
            known = len(known_cases(mapping, log))
            print(f"Nothing is stored. Cases that are there already: {known:,}.")
            return 0
        context = Context(system("import"), now, Source.IMPORT)
        with checkpointing():
            done = import_event_log(context=context, mapping=mapping, log=log)
    except FileFault as fault:
        raise UsageError(str(fault)) from None
    print(
        f"Stored: {done.cases:,} chains with {done.activities:,} activities,"
        f" {done.companies:,} new companies, {done.people:,} new people,"
        f" {done.types:,} new types. There already: {done.known_cases:,} cases."
    )
    return 0


def _told(log: ReadLog) -> list[str]:
    """Return what is in a log, in lines."""
    lines = [
        f"{log.events:,} events, {len(log.cases):,} cases with"
        f" {log.activities:,} activities, {len(log.companies()):,} companies,"
        f" {log.first_at:%Y-%m-%d} to {log.last_at:%Y-%m-%d}"
    ]
    for name, count in log.left_out.most_common():
        lines.append(f"  left out: {name}: {count:,}")
    if log.empty_cases:
        lines.append(f"  left out: cases without any activity: {log.empty_cases:,}")
    return lines
