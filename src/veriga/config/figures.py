"""The figures of insight, computed beside everything else: in a process of their own.

So the memory that it takes goes back to the machine, and it yields to whoever serves
pages. This process only asks, now and then, whether there is anything new.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time

from django.db import close_old_connections, connection
from django.utils import timezone

from veriga.insight.services.claiming import is_due
from veriga.insight.services.questions import is_asked

logger = logging.getLogger(__name__)
FIRST_AFTER_S = 8.0  # the first pages first
LOOK_EVERY_S = 20.0
AFTER_FAILURE_S = 600.0
ASKED_EVERY_S = 0.5
AFTER_FAILED_ANSWER_S = 15.0
STOP_WITHIN_S = 5.0


def keep_computing(ended: threading.Event) -> threading.Thread:
    """Start a thread that has figures computed when due, until `ended` is set."""
    thread = threading.Thread(target=_keep, args=(ended,), name="figures", daemon=True)
    thread.start()
    return thread


def keep_answering(ended: threading.Event) -> threading.Thread:
    """Start a thread that has questions answered as they come, until `ended` is set."""
    thread = threading.Thread(
        target=_keep_answers, args=(ended,), name="answers", daemon=True
    )
    thread.start()
    return thread


def _keep_answers(ended: threading.Event) -> None:
    wait_s = ASKED_EVERY_S
    try:
        while not ended.wait(wait_s):
            wait_s = ASKED_EVERY_S
            try:
                if is_asked(timezone.now()) and not _done_by_child("answer", ended):
                    wait_s = AFTER_FAILED_ANSWER_S
            except Exception:  # the edge of a job
                logger.exception("Questions could not be answered; tried again later")
                wait_s = AFTER_FAILED_ANSWER_S
            finally:
                close_old_connections()
    finally:
        connection.close()


def _keep(ended: threading.Event) -> None:
    wait_s = FIRST_AFTER_S
    try:
        while not ended.wait(wait_s):
            wait_s = LOOK_EVERY_S
            try:
                if is_due(timezone.now()) and not _done_by_child("compute", ended):
                    wait_s = AFTER_FAILURE_S
            except Exception:  # the edge of a job
                logger.exception("Figures could not be computed; tried again later")
                wait_s = AFTER_FAILURE_S
            finally:
                close_old_connections()
    finally:
        connection.close()


def _done_by_child(task: str, ended: threading.Event) -> bool:
    """Have it done by a child that is gone when we are told to stop."""
    # It reads until the pipe is closed, which our end, however it comes, does.
    child = subprocess.Popen(  # noqa: S603  # words of our own
        [
            sys.executable,
            "-m",
            "veriga.config.cli",
            "insight",
            task,
            "--with-worker",
        ],
        stdin=subprocess.PIPE,
    )
    began = time.monotonic()
    try:
        while child.poll() is None and not ended.wait(0.2):
            pass
        if child.poll() is not None and child.returncode:
            logger.error(
                "The child for insight %s ended with code %s after %.0f s",
                task,
                child.returncode,
                time.monotonic() - began,
            )
        return child.returncode == 0
    finally:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                child.kill()
        if child.stdin is not None:
            child.stdin.close()
