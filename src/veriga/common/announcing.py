"""What lower rooms tell whoever listens, without knowing who that is.

A service that changes what others derive from a record says so with `announce`. Who
listens is told once, with all records of a kind together, at the end of the transaction
and as a part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .transactions import gathered_at_end, is_writing

Listener = Callable[[set[int]], None]

_listeners: dict[str, Listener] = {}


def listen(noun: str, listener: Listener) -> None:
    """Have `listener` told the ids of changed records; called by a room's AppConfig."""
    _listeners[noun] = listener


def announce(noun: str, ids: Iterable[int]) -> None:
    """Say that the texts of these records have changed, or that they are gone.

    `noun` is activity, company, contact, gathering or product. Outside a service it is
    told at once.
    """
    listener = _listeners.get(noun)
    if listener is None:
        return
    if is_writing():
        gathered_at_end(noun, listener).update(ids)
    else:
        listener(set(ids))
