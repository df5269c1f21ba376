"""What is done from time to time: one loop, in one process, until told to stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from veriga.api.idempotency import KEEP_FOR
from veriga.api.models import IdempotentAnswer
from veriga.config.checkpoint import LOOK_EVERY_S, Checkpointer, database_path
from veriga.documents.services import sweep_files

logger = logging.getLogger(__name__)
PURGE_EVERY_S = 3600.0


def do_chores(ended: threading.Event) -> None:
    """Do all chores until `ended` is set."""
    checkpointer = Checkpointer(database_path()) if _on_sqlite() else None
    is_checkpointer = False
    next_purge = time.monotonic()
    try:
        while not ended.wait(LOOK_EVERY_S):
            if checkpointer is not None:
                is_checkpointer = is_checkpointer or checkpointer.acquire()
                checkpointer.checkpoint()
            if time.monotonic() >= next_purge:
                next_purge = time.monotonic() + PURGE_EVERY_S
                _quietly(purge)
    finally:
        connection.close()
        if checkpointer is not None:
            checkpointer.release()


def purge() -> None:
    """Delete sessions that have ended, files long deleted and answers nobody needs."""
    SessionStore.clear_expired()
    sweep_files(now=timezone.now())
    IdempotentAnswer.objects.filter(made_at__lt=timezone.now() - KEEP_FOR).delete()
    if _on_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")


def _quietly(chore: Callable[[], None]) -> None:
    """Run a chore; a database that is away for a while does not end the loop."""
    try:
        chore()
    except DatabaseError:
        logger.exception("A chore failed and will be tried again")
    finally:
        close_old_connections()


def _on_sqlite() -> bool:
    return connection.vendor == "sqlite"
