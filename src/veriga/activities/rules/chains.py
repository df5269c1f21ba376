"""What a chain's stored caches must be, out of its members, links and marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from .sales import (
    AcceptedQuote,
    Close,
    SentQuote,
    Sign,
    closes_of,
    read_sales,
    worth_of,
)
from .times import (
    has_happened,
    is_appointment,
    is_contact,
    newest,
    newest_contact,
)
from .words import UNNUMBERED, Direction, KindCode, MarkKind, Outcome, Result


class Member(NamedTuple):
    """What the caches need of one activity."""

    id: int
    kind: str
    date: datetime
    reference_key: str | None
    recorded_at: datetime
    direction: str
    due_at: datetime | None
    done_at: datetime | None
    occurred_at: datetime | None
    result: str
    sent_at: datetime | None
    amount_minor: int | None
    currency: str

    @property
    def order(self) -> tuple[datetime, str]:
        """Oldest first: the story's order."""
        return self.date, self.reference_key or UNNUMBERED


@dataclass(frozen=True, slots=True)
class Summary:
    """The caches of one chain, named as the columns of `Chain`."""

    origin_id: int
    size: int
    events: int
    tasks: int
    product_records: int
    quotes: int
    first_date: datetime
    last_date: datetime
    stage: str
    outcome: str
    last_acted_id: int | None
    last_acted_at: datetime
    last_in_at: datetime | None
    last_contact: str
    agreed_until: datetime | None
    first_due_at: datetime | None
    next_step_id: int | None
    is_running: bool
    sale_since: datetime
    sale_name: str
    worth_minor: int | None
    worth_currency: str
    worth_month_on: date | None
    worth_from_id: int | None
    worth_is_quoted: bool


def summarise(
    members: Sequence[Member],
    links: Iterable[tuple[int, int]],
    marks: Iterable[Sign],
) -> Summary:
    """Return the caches of the chain that `members` (at least one) form.

    `links` are (follow-up, stimulus) ids and `marks` the marks of any activities;
    what does not touch the members is passed over.
    """
    ids = {member.id for member in members}
    followers = {follow_up for follow_up, _ in links if follow_up in ids}
    origin = min((m for m in members if m.id not in followers), key=lambda m: m.order)
    counts = dict.fromkeys(KindCode, 0)
    for member in members:
        counts[KindCode(member.kind)] += 1
    signs = _signs_of(members, marks)
    sales, stage = read_sales(signs)
    outcome = Outcome(sales[-1].outcome)
    acted = newest([m for m in members if has_happened(m)])
    contact = newest_contact(members)
    coming = [m for m in members if m.done_at is None]
    steps = [m for m in coming if m.kind != KindCode.QUOTE]
    worth = worth_of(sales[-1], signs, _sent(members))
    first_date = min(m.date for m in members)
    return Summary(
        origin_id=origin.id,
        size=len(members),
        events=counts[KindCode.EVENT],
        tasks=counts[KindCode.TASK],
        product_records=counts[KindCode.PRODUCT_RECORD],
        quotes=counts[KindCode.QUOTE],
        first_date=first_date,
        last_date=max(m.date for m in members),
        stage=stage,
        outcome=outcome,
        last_acted_id=acted.id if acted else None,
        # Where nothing has happened yet, the wait began when it was first noted.
        last_acted_at=(
            (acted.occurred_at if acted else None)
            or min(m.recorded_at for m in members)
        ),
        last_in_at=max(
            (
                m.occurred_at
                for m in members
                if m.direction == Direction.IN and is_contact(m) and m.occurred_at
            ),
            default=None,
        ),
        last_contact=contact.direction if contact else "",
        agreed_until=max((m.date for m in coming if is_appointment(m)), default=None),
        first_due_at=min((m.due_at for m in coming if m.due_at), default=None),
        next_step_id=min(steps, key=_soonest).id if steps else None,
        is_running=outcome is Outcome.OPEN
        and (len(members) > 1 or bool(stage) or counts[KindCode.QUOTE] > 0),
        sale_since=sales[-1].since or first_date,
        sale_name=worth.name if worth else "",
        worth_minor=worth.amount_minor if worth else None,
        worth_currency=worth.currency if worth else "",
        worth_month_on=worth.month_on if worth else None,
        worth_from_id=worth.activity_id if worth else None,
        worth_is_quoted=worth is not None and worth.is_quoted,
    )


def closes_in(members: Sequence[Member], marks: Iterable[Sign]) -> dict[int, Close]:
    """Return what is kept on the marks that close a sale of a chain, by their ids."""
    marks = list(marks)
    if not any(mark.kind == MarkKind.OUTCOME for mark in marks):
        return {}
    signs = _signs_of(members, marks)
    accepted = [
        AcceptedQuote(m.done_at, m.id, m.amount_minor, m.currency)
        for m in members
        if m.kind == KindCode.QUOTE and m.result == Result.ACCEPTED and m.done_at
    ]
    return closes_of(read_sales(signs)[0], signs, _sent(members), accepted)


def _signs_of(members: Sequence[Member], marks: Iterable[Sign]) -> list[Sign]:
    ids = {member.id for member in members}
    signs = [mark for mark in marks if mark.activity_id in ids]
    signs += [
        Sign(m.recorded_at, (1, m.id), "quote", activity_id=m.id)
        for m in members
        if m.kind == KindCode.QUOTE
    ]
    return signs


def _sent(members: Sequence[Member]) -> list[SentQuote]:
    return [
        SentQuote(m.sent_at, m.id, m.amount_minor, m.currency)
        for m in members
        if m.sent_at is not None
    ]


def _soonest(member: Member) -> tuple[bool, datetime, datetime, str]:
    """Order what is to be done: the earliest deadline first, none last."""
    return (
        member.due_at is None,
        member.due_at or member.date,
        *member.order,
    )
