"""State, deadlines and whose move it is, out of an activity's times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .words import NOT_CARRIED_OUT, Direction, KindCode, State


@dataclass(frozen=True, slots=True)
class Times:
    """What a kind makes of its own dates; all instants aware.

    `date` is what everything sorts by, `due_at` when it becomes overdue (None: never).
    `finished_at` is set where saving means done: an event whose end has passed, a
    product record without a follow-up. `document_at` is the date of a record or quote,
    which is when it occurred, done or not.
    """

    date: datetime
    due_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False
    finished_at: datetime | None = None
    document_at: datetime | None = None


def state_of(done_at: datetime | None, due_at: datetime | None, now: datetime) -> State:
    """Return done, overdue or pending; SQL says the same in queries/activities.py."""
    if done_at is not None:
        return State.DONE
    if due_at is not None and due_at <= now:
        return State.OVERDUE
    return State.PENDING


def occurred_at(
    kind: KindCode,
    *,
    starts_at: datetime | None,
    done_at: datetime | None,
    document_at: datetime | None,
) -> datetime | None:
    """Return when the activity happened, None while it has not.

    An event happens at its start once it was held, a task when it is done; a record or
    a quote on its document date.
    """
    if kind in {KindCode.PRODUCT_RECORD, KindCode.QUOTE}:
        return document_at
    if done_at is None:
        return None
    return starts_at if kind is KindCode.EVENT and starts_at else done_at


class Contactlike(Protocol):
    """What `whose_move` needs to know of an activity."""

    @property
    def kind(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def date(self) -> datetime: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def done_at(self) -> datetime | None: ...
    @property
    def occurred_at(self) -> datetime | None: ...
    @property
    def result(self) -> str: ...
    @property
    def reference_key(self) -> str | None: ...


def is_contact(activity: Contactlike) -> bool:
    """Tell whether we and the customer were really in touch in this activity."""
    return (
        activity.direction != Direction.INTERNAL
        and activity.occurred_at is not None
        and activity.result not in NOT_CARRIED_OUT
    )


def whose_move(members: Iterable[Contactlike], now: datetime) -> str:
    """Return "agreed" (a planned contact is ahead), "ours" or "theirs".

    Order of the rules: DESIGN §2. An agreed appointment is nobody's fault until its
    date; then what is overdue is ours; then the newest contact decides: after the
    customer's act it is our move, after ours theirs. Without any contact it is ours.
    """
    activities = list(members)
    for activity in activities:
        if (
            activity.kind == KindCode.EVENT
            and activity.direction != Direction.INTERNAL
            and activity.done_at is None
            and activity.date > now
        ):
            return "agreed"
    if any(state_of(a.done_at, a.due_at, now) is State.OVERDUE for a in activities):
        return "ours"
    contacts = [a for a in activities if is_contact(a)]
    if not contacts:
        return "ours"
    newest = max(contacts, key=lambda a: (a.occurred_at, a.reference_key or ""))
    return "ours" if newest.direction == Direction.IN else "theirs"
