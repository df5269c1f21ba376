"""Bringing SQLite's write-ahead log back into the database file.

SQLite before 3.51.3 can corrupt a database when two connections checkpoint at once, so
every connection of the program leaves that to one: whoever holds the lock file.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

LOOK_EVERY_S = 1.0
SMALL_BYTES = 1_000_000  # not worth the trouble
LARGE_BYTES = 64_000_000  # writers wait for a moment rather than let it grow
WAIT_FOR_OTHERS_MS = 2_000


class Checkpointer:
    """The one that checkpoints one database; `acquire` tells whether it is this one."""

    def __init__(self, path: Path) -> None:
        self._log = path.with_name(f"{path.name}-wal")
        self._lock_path = path.with_name(f"{path.name}-checkpointer")
        self._path = path
        self._lock: int | None = None
        self._connection: sqlite3.Connection | None = None

    def acquire(self) -> bool:
        """Take the lock if nobody has it, and open the connection."""
        lock = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._lock = lock
        # Opened here and used by one thread at a time, not always the same.
        self._connection = sqlite3.connect(
            self._path,
            isolation_level=None,
            timeout=WAIT_FOR_OTHERS_MS / 1000,
            check_same_thread=False,
        )
        for pragma in ("wal_autocheckpoint=0", "mmap_size=0", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        return True

    def checkpoint(self, *, finish: bool = False) -> None:
        """Move what is in the log into the database, as far as readers let it.

        A large log, or the last one (`finish`), is emptied, for which others wait.
        """
        if self._connection is None:
            return
        try:
            size = self._log.stat().st_size
        except FileNotFoundError:
            return
        if not size or (size < SMALL_BYTES and not finish):
            return
        mode = "TRUNCATE" if finish or size >= LARGE_BYTES else "PASSIVE"
        try:
            self._connection.execute(f"PRAGMA wal_checkpoint({mode})")
        except sqlite3.OperationalError:
            return  # somebody is busy; the next look finds it again

    def release(self) -> None:
        """Empty the log, close the connection and give the lock to others."""
        if self._connection is not None:
            self.checkpoint(finish=True)
            self._connection.close()
            self._connection = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def database_path() -> Path:
    """Return the file of the SQLite database."""
    return Path(str(connection.settings_dict["NAME"]))


@contextmanager
def checkpointing() -> Iterator[None]:
    """Keep the log short while the block writes, unless a server sees to it.

    On PostgreSQL there is nothing to do.
    """
    if connection.vendor != "sqlite":
        yield
        return
    checkpointer = Checkpointer(database_path())
    if not checkpointer.acquire():
        yield
        return
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_EVERY_S):
            checkpointer.checkpoint()

    thread = threading.Thread(target=look, name="checkpointer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        # This thread's own connection may not stand in the way.
        connection.close()
        checkpointer.release()
