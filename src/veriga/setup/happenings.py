"""What happens in lower rooms, told to whoever listens in higher ones.

A service says what it has done, inside its transaction; a room that stands above it,
and that it may not know, has registered to hear of it when the program started. What a
listener does belongs to the same transaction, so nothing that happened is ever missed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from veriga.access.rules import Context


class What(StrEnum):
    """What may happen."""

    DONE = "done"  # an activity was finished, whatever its result
    SENT = "sent"  # a quote went out
    STAGE = "stage"  # a sale reached a stage, named by `detail`
    CLOSED = "closed"  # a sale was closed
    ACTIVATED = "activated"  # a prospect became an active customer


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, at a company and mostly to an activity."""

    what: What
    company_id: int
    activity_id: int | None = None
    detail: str = ""


Listener = Callable[[Context, Happening], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Let `listener` hear of everything; called by a room's AppConfig."""
    if listener not in _listeners:
        _listeners.append(listener)


def happened(context: Context, happening: Happening) -> None:
    """Tell what a service has just done in `context`."""
    for listener in _listeners:
        listener(context, happening)
