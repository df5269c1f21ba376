"""Marks: the stage of a sale, its outcome, and what it may be worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from veriga.access.rules import Context
from veriga.activities.models import Activity, Change, Mark
from veriga.activities.queries.activities import standing_of
from veriga.activities.queries.chains import list_marks, sales_of
from veriga.activities.queries.rows import rows_of
from veriga.activities.rules.rights import can_direct
from veriga.activities.rules.words import (
    CLOSING,
    ChangeKind,
    KindCode,
    MarkKind,
    Outcome,
    Result,
)
from veriga.common.errors import Invalid, Problems
from veriga.common.text import has_control_characters, tidy
from veriga.common.transactions import write
from veriga.setup.happenings import Happening, What, happened
from veriga.setup.models import CloseReason, Stage
from veriga.setup.queries import get_offered

from .chains import settle_chains
from .changing import finish_activity
from .locking import lock_activity, require_direct, require_edit

NAME_LENGTH = 120
NOTE_LENGTH = 200
MAX_AMOUNT = 10**15


@dataclass(frozen=True, slots=True)
class Marked:
    """The marks made; `change` if they closed the sale, so that it can be undone."""

    marks: tuple[Mark, ...]
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A quote finished; `ask_to_close` if other quotes of its sale are still open."""

    activity: Activity
    change: Change | None
    ask_to_close: bool


@write
def set_stage(*, context: Context, reference: str, stage: str) -> Marked:
    """Mark the stage that a sale has reached; a closing stage closes it too."""
    entry = get_offered(Stage, stage, "stage")
    if entry.closes:
        return close_sale(
            context=context, reference=reference, outcome=entry.closes, stage=stage
        )
    activity = lock_activity(context, reference)
    require_edit(context.actor, activity)
    mark = _store(context, activity, MarkKind.STAGE, value=stage)
    settle_chains(activity.company_id, [activity.chain_id])
    _tell_of(context, activity, What.STAGE, stage)
    return Marked((mark,))


@write
def close_sale(
    *,
    context: Context,
    reference: str,
    outcome: str,
    reason: str = "",
    note: str = "",
    stage: str = "",
) -> Marked:
    """Close the current sale as won, lost or given up; "open" takes a close back."""
    if outcome not in set(Outcome):
        raise Invalid.of("outcome", "unknown_choice")
    if has_control_characters(note):
        raise Invalid.of("note", "control_characters")
    if len(note) > NOTE_LENGTH:
        raise Invalid.of("note", "too_long", limit=NOTE_LENGTH)
    if reason:
        get_offered(CloseReason, reason, "reason")
    activity = lock_activity(context, reference)
    require_direct(context.actor, activity)
    marks = [
        _store(
            context,
            activity,
            MarkKind.OUTCOME,
            value=outcome,
            reason_id=reason or None,
            note=tidy(note),
        )
    ]
    if stage:
        marks.append(_store(context, activity, MarkKind.STAGE, value=stage))
    settle_chains(activity.company_id, [activity.chain_id])
    if stage:
        _tell_of(context, activity, What.STAGE, stage)
    if outcome in CLOSING:
        _tell_of(context, activity, What.CLOSED, outcome)
    change = Change.objects.create(
        kind=ChangeKind.CLOSE,
        company_id=activity.company_id,
        activity=activity,
        added={"marks": [mark.pk for mark in marks]},
        made_by_id=context.actor.user_id,
        made_at=context.now,
    )
    return Marked(tuple(marks), change)


@write
def state_sale(
    *,
    context: Context,
    reference: str,
    amount_minor: int | None = None,
    currency: str = "EUR",
    month_on: date | None = None,
    name: str = "",
) -> Marked:
    """State the expected value, month and name of the sale; the newest one counts."""
    problems = Problems()
    if amount_minor is not None and not 0 <= amount_minor <= MAX_AMOUNT:
        problems.add("value", "negative" if amount_minor < 0 else "out_of_range")
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        problems.add("currency", "unknown_choice")
    if has_control_characters(name):
        problems.add("name", "control_characters")
    if len(name) > NAME_LENGTH:
        problems.add("name", "too_long", limit=NAME_LENGTH)
    if amount_minor is None and month_on is None and not name.strip():
        problems.add("value", "required")
    problems.raise_if_any()
    activity = lock_activity(context, reference)
    require_edit(context.actor, activity)
    mark = _store(
        context,
        activity,
        MarkKind.STATEMENT,
        amount_minor=amount_minor,
        currency=currency if amount_minor is not None else "",
        month_on=month_on.replace(day=1) if month_on else None,
        name=tidy(name),
    )
    settle_chains(activity.company_id, [activity.chain_id])
    return Marked((mark,))


@write
def accept_quote(
    *, context: Context, reference: str, done_at: datetime | None = None
) -> Accepted:
    """Finish a quote as accepted; closes its sale as won if no other quote is open.

    Otherwise the user is to be asked, and the sale stays as it is.
    """
    activity = lock_activity(context, reference)
    was_done = activity.done_at is not None
    activity = finish_activity(
        context=context, reference=reference, done_at=done_at, result=Result.ACCEPTED
    )
    if was_done or activity.kind != KindCode.QUOTE:
        return Accepted(activity, None, False)
    chain_id = activity.living_chain_id
    members = Activity.objects.filter(chain_id=chain_id).values_list("pk", flat=True)
    rows = list(rows_of(members, now=context.now).values())
    sale = sales_of(list_marks(chain_id), rows)[-1]
    if sale.outcome in CLOSING or activity.pk not in sale.quotes:
        return Accepted(activity, None, False)
    open_ones = [r for r in rows if r.id in sale.quotes and r.done_at is None]
    may_close = can_direct(context.actor, standing_of(activity))
    if open_ones or not may_close:
        return Accepted(activity, None, may_close)
    marked = close_sale(context=context, reference=reference, outcome=Outcome.WON)
    return Accepted(activity, marked.change, False)


def _tell_of(context: Context, activity: Activity, what: What, detail: str) -> None:
    happened(context, Happening(what, activity.company_id, activity.pk, detail))


def _store(
    context: Context, activity: Activity, kind: MarkKind, **columns: object
) -> Mark:
    return Mark.objects.create(
        activity=activity,
        kind=kind,
        made_by_id=context.actor.user_id,
        made_at=context.now,
        **columns,
    )
