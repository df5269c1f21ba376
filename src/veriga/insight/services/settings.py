"""What a manager decides about insight."""

from __future__ import annotations

from veriga.access.rules import Context
from veriga.common.errors import Invalid, NotAllowed
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.insight.models import InsightSettings
from veriga.insight.rules.words import Budget


@write
def set_budget(*, context: Context, budget: str) -> InsightSettings:
    """Set how often a chain may be flagged in vain; figures follow within minutes.

    Errors: NotAllowed for whoever does not lead all; Invalid("budget": unknown_choice).
    """
    actor = context.actor
    if not (actor.is_manager and actor.sees_everything):
        raise NotAllowed
    if budget not in set(Budget):
        raise Invalid.of("budget", "unknown_choice")
    InsightSettings.objects.get_or_create(pk=1)
    row = InsightSettings.objects.select_for_update().get(pk=1)
    if row.budget != budget:
        change = {"budget": (row.budget, budget)}
        row.budget = budget
        row.row_version += 1
        row.save()
        note_change(context, "insight_setting", row.pk, "update", change)
    return row
