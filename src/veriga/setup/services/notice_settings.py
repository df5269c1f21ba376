"""Choosing what one is told of: each user for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from veriga.access.rules import Context
from veriga.common.checks import clean_bool
from veriga.common.errors import NotAllowed, Problems
from veriga.common.transactions import write
from veriga.setup.models import NoticeSettings
from veriga.setup.notices import settings_of
from veriga.setup.rules import LEADS_MIN, Wish

SWITCHES: Final = tuple(f"{wish}_{how}" for wish in Wish for how in ("told", "mailed"))
CLOCKS: Final = ("quiet_from", "quiet_until", "digest_at")


@write
def change_notice_settings(
    *, context: Context, changes: Mapping[str, Any]
) -> NoticeSettings:
    """Set what the actor is told of, by the names of NoticeSettings; absent ones stay.

    Errors: unknown_field, unknown_choice, wrong_type, required for one end of the
    quiet hours without the other.
    """
    if context.actor.user_id is None:
        raise NotAllowed
    problems = Problems()
    row = settings_of(context.actor.user_id)
    for name, value in changes.items():
        if name in SWITCHES:
            setattr(row, name, clean_bool(problems, name, value))
        elif name == "event_lead_min":
            if value is not None and value not in LEADS_MIN:
                problems.add(name, "unknown_choice")
            row.event_lead_min = value
        elif name in CLOCKS:
            if value is not None and not isinstance(value, time):
                problems.add(name, "wrong_type")
            setattr(row, name, value)
        else:
            problems.add(name, "unknown_field")
    if (row.quiet_from is None) != (row.quiet_until is None):
        missing = "quiet_from" if row.quiet_from is None else "quiet_until"
        problems.add(missing, "required")
    problems.raise_if_any()
    row.save()
    return row
