"""What is loaded: chains with their activities, and what belongs to these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from veriga.activities.rules.words import (
    KindCode,
    LinkReason,
    MarkKind,
)
from veriga.quotes.rules import LineValues


@dataclass(frozen=True, slots=True)
class LoadedEntry:
    """One text in an activity's log."""

    author_id: int | None
    made_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class LoadedMark:
    """A stage, an outcome or a statement; see activities.models.Mark."""

    kind: MarkKind
    made_at: datetime
    value: str = ""
    reason: str = ""
    amount_minor: int | None = None
    currency: str = ""
    month_on: date | None = None
    name: str = ""
    made_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class LoadedLink:
    """That an activity follows the one at `position` in its chain's list."""

    position: int
    made_at: datetime
    reason: LinkReason = LinkReason.IMPORT
    made_by_id: int | None = None


@dataclass(slots=True)
class LoadedActivity:
    """One activity of a chain, with the fields of its kind; instants are aware.

    Every activity but the first of its chain follows at least one before it, so a chain
    is connected and free of circles by the way it is written down.
    """

    kind: KindCode
    title: str
    recorded_at: datetime
    owner_id: int
    created_by_id: int | None = None  # None: the owner
    direction: str = ""  # "": what type or kind says
    type_code: str = ""
    done_at: datetime | None = None
    result: str = ""
    product_id: int | None = None
    follows: Sequence[LoadedLink] = ()
    marks: Sequence[LoadedMark] = ()
    entries: Sequence[LoadedEntry] = ()
    contact_ids: Sequence[int] = ()
    participant_ids: Sequence[int] = ()
    source_reference: str = ""
    # event
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False
    reason: str = ""
    place: str = ""
    # task
    starts_on: date | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    # product record
    recorded_on: date | None = None
    follow_up_on: date | None = None
    quantity: int | None = None  # x 10^-3
    # quote
    issued_on: date | None = None
    valid_until: date | None = None
    sent_at: datetime | None = None
    currency: str = "EUR"
    lines: Sequence[LineValues] = ()


@dataclass(slots=True)
class LoadedChain:
    """A chain: its company and its activities, each after those it follows."""

    company_id: int
    activities: Sequence[LoadedActivity] = field(default_factory=list)
