"""`veriga worker`: the chores, until the process is told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable

from veriga.config.chores import do_chores


def run(given: argparse.Namespace) -> int:
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    if given.with_server:
        # The server holds the other end of standard input for as long as it lives.
        when_left_alone(ended.set)
    do_chores(ended)
    return 0


def when_left_alone(act: Callable[[], object]) -> None:
    """Call `act` once whoever started this process is gone."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        act()

    threading.Thread(target=wait, daemon=True).start()
