"""How this installation shows things and when it works, read again every few seconds.

Everybody may read it, hence no actor.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from datetime import time as clock_time

from veriga.common.phones import PhoneForm

from .models import Preferences

KEEP_S = 5.0


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When the firm works: between which hours, without the holidays of its country.

    `free_days` are those on which it is closed besides, in order.
    """

    country: str
    opens: clock_time
    closes: clock_time
    free_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    phone_form: PhoneForm
    working_time: WorkingTime
    keeps_offline: bool


_kept: list[_Kept] = []


def phone_form() -> PhoneForm:
    """Return how phone numbers are shown."""
    return _stored().phone_form


def working_time() -> WorkingTime:
    """Return when the firm works."""
    return _stored().working_time


def keeps_offline() -> bool:
    """Tell whether people's devices may keep pages for when there is no signal."""
    return _stored().keeps_offline


def forget_preferences() -> None:
    """Empty the memory of this process; services and tests call it."""
    _kept.clear()


def _stored() -> _Kept:
    now = time.monotonic()
    if not _kept or _kept[0].until <= now:
        row = Preferences.objects.first() or Preferences()
        days = tuple(date.fromisoformat(text) for text in row.free_days)
        works = WorkingTime(row.holiday_country, row.opens_at, row.closes_at, days)
        form = PhoneForm(row.phone_form)
        _kept[:] = [_Kept(now + KEEP_S, form, works, row.keeps_offline)]
    return _kept[0]
