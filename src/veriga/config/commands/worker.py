"""`veriga worker`: the chores, until the process is told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading

from veriga.config.chores import do_chores


def run(given: argparse.Namespace) -> int:
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    if given.with_server:
        # The server holds the other end of standard input for as long as it lives.
        threading.Thread(target=_wait_for_end, args=(ended,), daemon=True).start()
    do_chores(ended)
    return 0


def _wait_for_end(ended: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    ended.set()
