"""What a chain's stored caches must be, out of its members, links and marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from .sales import Sign, read_sales
from .words import KindCode, Outcome

# Sorts after every reference: an activity in the making, whose number comes last.
UNNUMBERED = "~"


class Member(NamedTuple):
    """What the caches need of one activity."""

    id: int
    kind: str
    date: datetime
    reference_key: str | None
    recorded_at: datetime

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
    signs = [mark for mark in marks if mark.activity_id in ids]
    signs += [
        Sign(m.recorded_at, (1, m.id), "quote", activity_id=m.id)
        for m in members
        if m.kind == KindCode.QUOTE
    ]
    sales, stage = read_sales(signs)
    return Summary(
        origin_id=origin.id,
        size=len(members),
        events=counts[KindCode.EVENT],
        tasks=counts[KindCode.TASK],
        product_records=counts[KindCode.PRODUCT_RECORD],
        quotes=counts[KindCode.QUOTE],
        first_date=min(m.date for m in members),
        last_date=max(m.date for m in members),
        stage=stage,
        outcome=Outcome(sales[-1].outcome),
    )
