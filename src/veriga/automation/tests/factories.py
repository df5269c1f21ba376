"""Rules for tests, made through the services."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from veriga.access.models import User
from veriga.access.tests.factories import NOW
from veriga.activities.tests.factories import acting
from veriga.automation.models import Rule
from veriga.automation.services import NewStep, RuleDraft, create_rule, switch_rule
from veriga.setup.services import install_code_lists

_numbers = count(1)


def call_in(days: int, **fields: Any) -> NewStep:
    """Return the step that plans a call."""
    return NewStep(kind="event", type_code="call", days=days, **fields)


def make_rule(
    user: User, *steps: NewStep, now: datetime = NOW, on: bool = True, **fields: Any
) -> Rule:
    """Return a stored rule, switched on, that waits for a visit unless told else."""
    install_code_lists()
    values: dict[str, Any] = {
        "name": f"Pravilo {next(_numbers)}",
        "trigger": "done",
        "steps": steps or (call_in(2),),
    }
    if fields.get("trigger", "done") == "done":
        values |= {"kind": "event", "type_code": "visit", "result": "carried_out"}
    context = acting(user, now)
    rule = create_rule(context=context, draft=RuleDraft(**{**values, **fields}))
    return switch_rule(context=context, rule_id=rule.pk, on=on)
