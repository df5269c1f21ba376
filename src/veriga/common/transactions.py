"""One write, one transaction: the decorator that every service wears.

The outermost service of a call opens the transaction, retries it when the database
asks for that (deadlock, lock time-out, serialization, "database is locked"), and runs
what was left for its end with `at_end`. Services called inside it join it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 4  # the first try and three more
RETRYABLE_STATES = {"40001", "40P01", "55P03"}  # serialization, deadlock, lock time-out

_gathered: ContextVar[dict[str, set[int]] | None] = ContextVar("gathered", default=None)
_endings: ContextVar[list[Callable[[], None]] | None] = ContextVar(
    "endings", default=None
)


def write(service: Callable[P, T]) -> Callable[P, T]:
    """Return `service` made atomic, retried when outermost, with its endings run."""

    @wraps(service)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        if _endings.get() is not None:
            return service(*args, **kwargs)
        attempts = 1 if connection.in_atomic_block else ATTEMPTS
        for attempt in range(1, attempts + 1):
            try:
                return _run(service, *args, **kwargs)
            except OperationalError as error:
                if attempt == attempts or not _is_retryable(error):
                    raise
                # Waiting a random moment keeps two victims from meeting again.
                time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311
        raise AssertionError("unreachable")

    return wrapper


def at_end(action: Callable[[], None]) -> None:
    """Run `action` as one of the last writes before the outermost service commits.

    Used for what must be locked for as short a time as possible: the counters.
    """
    endings = _endings.get()
    if endings is None:
        raise RuntimeError("at_end() outside a service")
    endings.append(action)


def is_writing() -> bool:
    """Tell whether a service is running."""
    return _endings.get() is not None


def gathered_at_end(name: str, action: Callable[[set[int]], None]) -> set[int]:
    """Return the set of this name, which `action` gets before the service commits.

    For what is done once for all that a service and those inside it touch.
    """
    gathered = _gathered.get()
    if gathered is None:
        raise RuntimeError("gathered_at_end() outside a service")
    if name not in gathered:
        ids = gathered[name] = set()

        def hand_over() -> None:
            # What later endings add is gathered anew, and handed over again.
            gathered.pop(name, None)
            action(ids)

        at_end(hand_over)
    return gathered[name]


@contextmanager
def savepoint() -> Iterator[None]:
    """Run the block so that, if it fails, the rest of the service may still go on.

    What it wrote is taken back, and what it left for the end is forgotten.
    """
    endings, gathered = _endings.get(), _gathered.get()
    if endings is None or gathered is None:
        raise RuntimeError("savepoint() outside a service")
    left, names = len(endings), set(gathered)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del endings[left:]
        for name in gathered.keys() - names:  # its action was just forgotten
            del gathered[name]
        raise


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as it is now, without keeping anybody from writing."""
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # Not atomic(): that would take SQLite's lock for writing.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            yield
        finally:
            cursor.execute("COMMIT")


def _run(service: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    endings: list[Callable[[], None]] = []
    token, other = _endings.set(endings), _gathered.set({})
    try:
        with transaction.atomic():
            result = service(*args, **kwargs)
            for action in endings:
                action()
            return result
    finally:
        _endings.reset(token)
        _gathered.reset(other)


def _is_retryable(error: OperationalError) -> bool:
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return state in RETRYABLE_STATES
    return "locked" in str(error) or "busy" in str(error)
