"""How this installation shows things and when it works, read again every few seconds.

Everybody may read it, hence no actor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from veriga.common.kept import Kept
from veriga.common.phones import PhoneForm

from .models import Preferences


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When the firm works: between which hours, without the holidays of its country.

    `free_days` are those on which it is closed besides, in order.
    """

    country: str
    opens: time
    closes: time
    free_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stored:
    phone_form: PhoneForm
    working_time: WorkingTime
    keeps_offline: bool


_kept: Kept[_Stored] = Kept(5.0)


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
    _kept.forget()


def _stored() -> _Stored:
    return _kept.get(None, _read)


def _read() -> _Stored:
    row = Preferences.objects.first() or Preferences()
    days = tuple(date.fromisoformat(text) for text in row.free_days)
    works = WorkingTime(row.holiday_country, row.opens_at, row.closes_at, days)
    return _Stored(PhoneForm(row.phone_form), works, row.keeps_offline)
