"""Changing how this installation shows things; in force at once."""

from __future__ import annotations

from django.db import transaction

from veriga.access.rules import Context
from veriga.common.checks import clean_choice
from veriga.common.errors import NotAllowed, Problems
from veriga.common.phones import PhoneForm
from veriga.common.rows import set_changed
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.setup.models import Preferences
from veriga.setup.preferences import forget_preferences


@write
def change_preferences(*, context: Context, phone_form: str) -> Preferences:
    """Set how phone numbers are shown, a PhoneForm.

    Errors: not_allowed unless administrator, unknown_choice.
    """
    if not context.actor.is_administrator:
        raise NotAllowed
    problems = Problems()
    form = clean_choice(problems, "phone_form", phone_form, set(PhoneForm))
    problems.raise_if_any()
    row = Preferences.objects.select_for_update(no_key=True).first() or Preferences()
    changed = set_changed(row, {"phone_form": form})
    if changed:
        row.save()
        note_change(context, "setting", row.pk, "update", changed)
    forget_preferences()
    transaction.on_commit(forget_preferences)
    return row
