"""The server process and the chores beside it."""

from __future__ import annotations

import signal
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import close_old_connections, connection
from django.utils import timezone
from granian.constants import Interfaces
from granian.server import Server

THREADS = 8
CHECKPOINT_EVERY_S = 2.0
PURGE_EVERY = timedelta(hours=6)


def serve(*, host: str, port: int, processes: int, with_worker: bool) -> None:
    """Serve until stopped by SIGTERM or Ctrl-C; the chores run in a thread beside."""
    stop = threading.Event()
    chores = threading.Thread(target=_chores, args=[stop], name="chores")
    if with_worker:
        chores.start()
    try:
        Server(
            "veriga.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=processes,
            blocking_threads=THREADS,
            websockets=False,
            log_enabled=False,
            workers_kill_timeout=10,
        ).serve()
    finally:
        stop.set()
        if with_worker:
            chores.join()


def work() -> None:
    """Do the chores in this process until stopped."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    _chores(stop)


def _chores(stop: threading.Event) -> None:
    """Checkpoint SQLite's log, and now and then purge what has expired."""
    log = _CheckpointConnection() if connection.vendor == "sqlite" else None
    next_purge = timezone.now()
    try:
        while not stop.wait(CHECKPOINT_EVERY_S):
            if log:
                log.checkpoint()
            if timezone.now() >= next_purge:
                next_purge = timezone.now() + PURGE_EVERY
                close_old_connections()
                Session.objects.filter(expire_date__lt=timezone.now()).delete()
                connection.close()
    finally:
        if log:
            log.close()


class _CheckpointConnection:
    """The one connection that moves SQLite's log into the database.

    All others have it switched off: SQLite before 3.51.3 can corrupt the log when two
    connections do it at once.
    """

    def __init__(self) -> None:
        self._connection = sqlite3.connect(
            Path(settings.DATABASES["default"]["NAME"]),
            timeout=20,
            isolation_level=None,
            check_same_thread=False,
        )

    def checkpoint(self) -> None:
        """Move what can be moved without waiting for anybody."""
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        self._connection.close()
