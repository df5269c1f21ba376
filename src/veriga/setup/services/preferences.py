"""Changing how this installation shows things and when it works; in force at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, time
from typing import Any, Final

import holidays
from django.db import transaction

from veriga.access.rules import Context
from veriga.common.checks import clean_choice
from veriga.common.errors import NotAllowed, Problems
from veriga.common.phones import PhoneForm
from veriga.common.rows import set_changed
from veriga.common.transactions import write
from veriga.common.working_time import FIRST_YEAR, LAST_YEAR
from veriga.history.services import note_change
from veriga.setup.models import Preferences
from veriga.setup.preferences import forget_preferences

MOST_FREE_DAYS: Final = 500


@write
def change_preferences(*, context: Context, phone_form: str) -> Preferences:
    """Set how phone numbers are shown, a PhoneForm.

    Errors: not_allowed unless administrator, unknown_choice.
    """
    _require_administrator(context)
    problems = Problems()
    form = clean_choice(problems, "phone_form", phone_form, set(PhoneForm))
    problems.raise_if_any()
    return _change(context, {"phone_form": form})


@write
def change_offline(*, context: Context, keeps_offline: bool) -> Preferences:
    """Set whether people's devices may keep pages for when there is no signal.

    Errors: not_allowed unless administrator.
    """
    _require_administrator(context)
    return _change(context, {"keeps_offline": keeps_offline})


@write
def change_working_time(
    *,
    context: Context,
    country: str,
    opens: time | None,
    closes: time | None,
    free_days: Collection[date] = (),
) -> Preferences:
    """Set whose public holidays are kept, the opening hours, and further free days.

    Durations in working days, silence and the calendar follow at once. Errors:
    not_allowed unless administrator, unknown_choice, required, ends_before_start,
    out_of_range, too_many.
    """
    _require_administrator(context)
    problems = Problems()
    known = holidays.list_supported_countries()
    chosen = clean_choice(problems, "country", country, set(known))
    for name, value in (("opens", opens), ("closes", closes)):
        if value is None:
            problems.add(name, "required")
    if opens is not None and closes is not None and closes <= opens:
        problems.add("closes", "ends_before_start")
    if any(not FIRST_YEAR <= day.year <= LAST_YEAR for day in free_days):
        problems.add("free_days", "out_of_range")
    if len(free_days) > MOST_FREE_DAYS:
        problems.add("free_days", "too_many", limit=MOST_FREE_DAYS)
    problems.raise_if_any()
    return _change(
        context,
        {
            "holiday_country": chosen,
            "opens_at": opens,
            "closes_at": closes,
            "free_days": sorted(day.isoformat() for day in set(free_days)),
        },
    )


def _require_administrator(context: Context) -> None:
    if not context.actor.is_administrator:
        raise NotAllowed


def _change(context: Context, values: dict[str, Any]) -> Preferences:
    row = Preferences.objects.select_for_update(no_key=True).first() or Preferences()
    changed = set_changed(row, values)
    if changed:
        row.save()
        told = {name: (_told(old), _told(new)) for name, (old, new) in changed.items()}
        note_change(context, "setting", row.pk, "update", told)
    forget_preferences()
    transaction.on_commit(forget_preferences)
    return row


def _told(value: Any) -> Any:
    """Return a value as history keeps it."""
    return value.isoformat("minutes") if isinstance(value, time) else value
