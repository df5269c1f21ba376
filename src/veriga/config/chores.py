"""What is done from time to time: one loop, in one process, until told to stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections, connection
from django.utils import timezone

from veriga.access.services.once import forget_answers
from veriga.activities.services import sum_chains
from veriga.automation.services import watch
from veriga.config.checkpoint import LOOK_EVERY_S, Checkpointer, database_path
from veriga.config.figures import keep_answering, keep_computing
from veriga.documents.services import sweep_files
from veriga.setup.services import forget_letters
from veriga.web.letters import send_letters
from veriga.work.services.indexing import count_words
from veriga.work.services.reminders import give_reminders

logger = logging.getLogger(__name__)
PURGE_EVERY_S = 3600.0
REMIND_EVERY_S = 2.0
MAIL_EVERY_S = 3.0
WATCH_EVERY_S = 60.0
COUNT_WORDS_EVERY_S = 6 * 3600.0
STOP_WITHIN_S = 8.0
MOST_UNSUMMED = 1_000


def do_chores(ended: threading.Event) -> None:
    """Do all chores until `ended` is set.

    Reminders, mails, figures and the counting of words have threads of their own: a
    mail server that does not answer, or a long computing, holds up nothing else.
    """
    threads = [
        keep_computing(ended),
        keep_answering(ended),
        _keep_doing("reminders", ended, _remind, REMIND_EVERY_S),
        _keep_doing("mails", ended, lambda: _send(ended), MAIL_EVERY_S),
        _keep_doing("words", ended, count_words, COUNT_WORDS_EVERY_S),
    ]
    checkpointer = Checkpointer(database_path()) if _on_sqlite() else None
    is_checkpointer = False
    next_purge = next_watch = time.monotonic()
    try:
        while not ended.wait(LOOK_EVERY_S):
            if checkpointer is not None:
                is_checkpointer = is_checkpointer or checkpointer.acquire()
                checkpointer.checkpoint()
            if time.monotonic() >= next_purge:
                next_purge = time.monotonic() + PURGE_EVERY_S
                _quietly(purge)
            if time.monotonic() >= next_watch:
                next_watch = time.monotonic() + WATCH_EVERY_S
                _quietly(watch_rules)
                _quietly(keep_sums)
    finally:
        for thread in threads:
            thread.join(STOP_WITHIN_S)
        connection.close()
        if checkpointer is not None:
            checkpointer.release()


def _remind() -> None:
    give_reminders(now=timezone.now())


def _send(ended: threading.Event) -> None:
    send_letters(ended=ended.is_set)


def _keep_doing(
    name: str, ended: threading.Event, chore: Callable[[], None], every_s: float
) -> threading.Thread:
    """Start a thread that does a chore again and again until `ended` is set."""

    def run() -> None:
        try:
            while not ended.wait(every_s):
                _quietly(chore)
        finally:
            connection.close()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def watch_rules() -> None:
    """Do the steps of rules whose day has come, and see which chains fell silent."""
    watch(timezone.now())


def keep_sums() -> None:
    """Put chains that have changed into the sums again.

    Those that a day changes are quickly added up beside them; what is taken out and
    put in again each time would be written twice more.
    """
    sum_chains(beyond=MOST_UNSUMMED)


def purge() -> None:
    """Delete sessions that have ended, files long deleted and answers nobody needs."""
    SessionStore.clear_expired()
    sweep_files(now=timezone.now())
    forget_letters(timezone.now())
    forget_answers(timezone.now())
    if _on_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")


def _quietly(chore: Callable[[], None]) -> None:
    """Run a chore; whatever goes wrong in it is recorded and does not end the loop."""
    try:
        chore()
    except Exception:  # the edge of a job
        logger.exception("A chore failed and will be tried again")
    finally:
        close_old_connections()


def _on_sqlite() -> bool:
    return connection.vendor == "sqlite"
