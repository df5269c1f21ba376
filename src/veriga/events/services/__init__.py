"""The kind "event", and group events."""

from .gatherings import (
    create_gathering,
    finish_gathering,
    set_reply,
    update_gathering,
    withdraw_company,
)
from .inviting import add_companies, repair_gatherings
from .kind import EventKind
from .moving import Moved, move_event

__all__ = [
    "EventKind",
    "Moved",
    "add_companies",
    "create_gathering",
    "finish_gathering",
    "move_event",
    "repair_gatherings",
    "set_reply",
    "update_gathering",
    "withdraw_company",
]
