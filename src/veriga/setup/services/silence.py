"""The firm's own limits of silence: managers and administrators set them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from veriga.access.rules import Context
from veriga.common.errors import NotAllowed, Problems
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.setup.models import EventType
from veriga.setup.queries import forget_code_lists

MOST_DAYS: Final = 250  # working days: about a year


@write
def set_silence_limits(*, context: Context, limits: Mapping[str, Any]) -> int:
    """Set limits in working days by the code of an event type; None takes one away.

    What is absent stays. Return how many changed. Errors: not_allowed, unknown_choice,
    wrong_type, between.
    """
    if not context.actor.is_manager:
        raise NotAllowed
    types = {one.code: one for one in EventType.objects.select_for_update()}
    problems = Problems()
    changed: dict[str, tuple[object, object]] = {}
    for code, days in limits.items():
        one = types.get(code)
        if one is None:
            problems.add(code, "unknown_choice")
        elif days is not None and (isinstance(days, bool) or not isinstance(days, int)):
            problems.add(code, "wrong_type")
        elif days is not None and not 1 <= days <= MOST_DAYS:
            problems.add(code, "between", least=1, most=MOST_DAYS)
        elif one.silence_days != days:
            changed[f"{code}.silence_days"] = (one.silence_days, days)
            one.silence_days = days
    problems.raise_if_any()
    if changed:
        EventType.objects.bulk_update(types.values(), ["silence_days"])
        note_change(context, "event_type", 0, "update", changed)
        forget_code_lists()
        transaction.on_commit(forget_code_lists)
    return len(changed)
