"""`veriga serve`."""

from __future__ import annotations

import argparse
import sqlite3

from veriga.config.database import is_sqlite, require_current_database
from veriga.config.serve import serve


def run(given: argparse.Namespace) -> int:
    require_current_database()

    def say() -> None:
        database = "PostgreSQL"
        if is_sqlite():
            database = f"SQLite {sqlite3.sqlite_version}, one connection checkpoints"
        print(f"Veriga at http://{given.host}:{given.port}/ ({database})", flush=True)

    serve(
        host=given.host,
        port=given.port,
        processes=given.processes,
        with_worker=not given.no_worker,
        when_ready=say,
    )
    return 0
