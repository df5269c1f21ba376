"""How this installation shows things, read again every few seconds.

Everybody may read it, hence no actor.
"""

from __future__ import annotations

import time

from veriga.common.phones import PhoneForm

from .models import Preferences

KEEP_S = 5.0

_kept: dict[str, tuple[float, PhoneForm]] = {}


def phone_form() -> PhoneForm:
    """Return how phone numbers are shown."""
    kept = _kept.get("phone_form")
    now = time.monotonic()
    if kept is None or kept[0] <= now:
        row = Preferences.objects.first() or Preferences()
        kept = _kept["phone_form"] = (now + KEEP_S, PhoneForm(row.phone_form))
    return kept[1]


def forget_preferences() -> None:
    """Empty the memory of this process; services and tests call it."""
    _kept.clear()
