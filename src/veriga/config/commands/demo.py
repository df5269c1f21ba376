"""`veriga demo`: the demo company, made if it is not there, not of today, or older."""

from __future__ import annotations

import argparse
import sqlite3
import time
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from veriga import __version__
from veriga.config.checkpoint import Checkpointer, checkpointing, database_path
from veriga.config.database import is_behind, migrate
from veriga.config.demo_home import Marker, clear, is_current, sign
from veriga.config.errors import UsageError
from veriga.config.serve import serve
from veriga.demo.company import make_demo
from veriga.demo.customers import PASSWORD
from veriga.demo.start import people, write_start
from veriga.demo.words import WORDS

ATTEMPTS, WAIT_S = 10, 0.3


def run(given: argparse.Namespace) -> int:
    home, language = Path(settings.HOME), settings.LANGUAGE_CODE
    words = WORDS[language]
    now = timezone.now()
    today = timezone.localdate(now)
    wanted = Marker(__version__, language, today.isoformat())
    _require_alone()
    if given.fresh or not is_current(home, wanted) or is_behind():
        print(words.making, flush=True)
        connection.close()  # the file that it holds goes
        clear(home)
        migrate()
        with checkpointing():
            made = make_demo(language=language, now=now)
        write_start(Path(settings.DEMO_START), made)
        sign(home, wanted)

    def say() -> None:
        print(f"{words.address} http://{given.host}:{given.port}/")
        print(f"{words.sign_in}")
        for person in people(language):
            print(f"  {person.title}: {person.email}")
        print(f"{words.password} {PASSWORD}")
        print(f"(SQLite {sqlite3.sqlite_version})", flush=True)

    serve(host=given.host, port=given.port, when_ready=say)
    return 0


def _require_alone() -> None:
    """Raise UsageError if another process serves this demo."""
    checkpointer = Checkpointer(database_path())
    # One that was just killed needs a moment until its worker has gone too.
    for _ in range(ATTEMPTS):
        if checkpointer.acquire():
            checkpointer.release()
            return
        time.sleep(WAIT_S)
    raise UsageError("The demo is running already.")
