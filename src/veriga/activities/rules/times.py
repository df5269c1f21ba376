"""State, deadlines and whose move it is, out of an activity's times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from .words import NOT_CARRIED_OUT, UNNUMBERED, Direction, KindCode, State


@dataclass(frozen=True, slots=True)
class Times:
    """What a kind makes of its own dates; all instants aware.

    `date` is what everything sorts by, `due_at` when it becomes overdue (None: never).
    `finished_at` is set where saving means done: an event whose end has passed, a
    product record without a follow-up. `document_at` is the date of a record or quote,
    which is when it occurred, done or not. `sent_at` is when a quote first went out.
    """

    date: datetime
    due_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False
    finished_at: datetime | None = None
    document_at: datetime | None = None
    sent_at: datetime | None = None


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
    return activity.direction != Direction.INTERNAL and has_happened(activity)


C = TypeVar("C", bound=Contactlike)


def has_happened(activity: Contactlike) -> bool:
    """Tell whether it was really done; what was cancelled breaks no silence."""
    return activity.occurred_at is not None and activity.result not in NOT_CARRIED_OUT


def is_appointment(activity: Contactlike) -> bool:
    """Tell whether it is a contact agreed on and not yet held; its date tells when."""
    return (
        activity.kind == KindCode.EVENT
        and activity.direction != Direction.INTERNAL
        and activity.done_at is None
    )


def newest(members: Sequence[C]) -> C | None:
    """Return the one that happened last, None of none."""
    return max(
        members,
        key=lambda a: (a.occurred_at, a.reference_key or UNNUMBERED),
        default=None,
    )


def newest_contact(members: Iterable[C]) -> C | None:
    """Return the last activity in which we and the customer were in touch."""
    return newest([a for a in members if is_contact(a)])


def move_by(
    agreed_until: datetime | None,
    first_due_at: datetime | None,
    last_contact: str,
    now: datetime,
) -> str:
    """Return what `whose_move` says, out of what a chain keeps of its members.

    `agreed_until` is the last date of an appointment not yet held, `first_due_at` the
    first deadline of what is open, `last_contact` the direction of the newest contact.
    """
    if agreed_until is not None and agreed_until > now:
        return "agreed"
    if first_due_at is not None and first_due_at <= now:
        return "ours"
    return "theirs" if last_contact == Direction.OUT else "ours"


def whose_move(members: Iterable[Contactlike], now: datetime) -> str:
    """Return "agreed" (a planned contact is ahead), "ours" or "theirs".

    Order of the rules: DESIGN §2. An agreed appointment is nobody's fault until its
    date; then what is overdue is ours; then the newest contact decides: after the
    customer's act it is our move, after ours theirs. Without any contact it is ours.
    """
    activities = list(members)
    contact = newest_contact(activities)
    return move_by(
        max((a.date for a in activities if is_appointment(a)), default=None),
        min((a.due_at for a in activities if a.due_at and not a.done_at), default=None),
        contact.direction if contact else "",
        now,
    )
