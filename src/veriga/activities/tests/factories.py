"""Activities for the tests of every room, made through the services."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Context, Source
from veriga.access.tests.factories import NOW
from veriga.activities.models import Activity
from veriga.activities.services import Draft, create_activity
from veriga.parties.models import Company
from veriga.setup.services import install_code_lists

OWN_FIELDS = frozenset(
    {
        *("starts_at", "ends_at", "all_day", "place", "type", "reason", "referred_by"),
        "guests",
        *("starts_on", "due_on", "due_at"),
        *("recorded_on", "follow_up_on", "quantity", "product_text", "opinion"),
        *("competitor", "competitor_price", "competitor_currency"),
        *("issued_on", "valid_until", "lines", "sent_at"),
    }
)
_numbers = count(1)


def acting(user: User, now: datetime = NOW) -> Context:
    """Return the context in which `user` acts at `now`."""
    return Context(actor_of(user), now, Source.FORM)


def make_activity(
    user: User,
    company: Company,
    kind: str = "event",
    *,
    now: datetime = NOW,
    days_ago: float = 1,
    **fields: Any,
) -> Activity:
    """Return a stored activity; `own` fields of its kind may be given by name."""
    install_code_lists()
    own = {name: fields.pop(name) for name in list(fields) if name in OWN_FIELDS}
    if kind == "event":
        own.setdefault("starts_at", now - timedelta(days=days_ago))
    draft = Draft(
        kind=kind,
        company_id=company.pk,
        title=fields.pop("title", f"Aktivnost {next(_numbers)}"),
        own=own,
        **fields,
    )
    return create_activity(context=acting(user, now), draft=draft)
