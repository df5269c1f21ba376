"""Links, chains, changes, and what Poveži offers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .activities import AnyItem, EventItem, ProductRecordItem, QuoteItem, TaskItem
from .types import (
    ChainLimit,
    Day,
    In,
    InstantOut,
    KindWord,
    Line,
    Out,
    OutcomeWord,
    PageQuery,
    UserOut,
)

ReasonWord = Literal["form", "suggestion", "import", "mail", "made_on", "take_out"]


class LinkIn(In):
    """`follow_up` follows `stimulus`; both are references."""

    follow_up: Line
    stimulus: Line


class PreviewQuery(In):
    follow_up: Line
    stimulus: Line


class LinkableQuery(PageQuery):
    """What narrows the offer."""

    q: Line = ""
    kind: KindWord | None = None
    owner: Line = ""
    from_: Day | None = Field(None, alias="from")
    to: Day | None = None


class ChainQuery(In):
    limit: ChainLimit = 500
    cursor: Line = ""


class MemberCounts(Out):
    """How many of each kind a chain holds."""

    events: int
    tasks: int
    product_records: int
    quotes: int


class JoinOut(Out):
    """One of the two chains that a link would join."""

    origin: str
    counts: MemberCounts
    first_date: InstantOut
    last_date: InstantOut
    outcome: OutcomeWord


class PreviewOut(Out):
    already_linked: bool
    joins: list[JoinOut]
    problem: Literal["link_to_itself", "other_company", "circle"] | None


class LinkedOut(Out):
    """The link, the change that made it (null if it was there), and the chain's id."""

    id: int
    change: int | None
    chain: int


class SplitOut(Out):
    """The change and the ids of the chains that came of it."""

    change: int
    chains: list[int]


class LinkOut(Out):
    id: int
    follow_up: str
    stimulus: str
    made_by: UserOut | None
    made_at: InstantOut
    reason: ReasonWord


class ChainOut(Out):
    """One page of a chain, newest first, with the links of its follow-ups."""

    origin: str
    counts: MemberCounts
    first_date: InstantOut
    last_date: InstantOut
    stage: str
    outcome: OutcomeWord
    activities: list[AnyItem]
    links: list[LinkOut]
    next: str | None


class _Offer(Out):
    reasons: list[str]
    in_this_chain: bool


class EventOffer(_Offer, EventItem):
    pass


class TaskOffer(_Offer, TaskItem):
    pass


class ProductRecordOffer(_Offer, ProductRecordItem):
    pass


class QuoteOffer(_Offer, QuoteItem):
    pass


class LinkableOut(Out):
    items: list[
        Annotated[
            EventOffer | TaskOffer | ProductRecordOffer | QuoteOffer,
            Field(discriminator="kind"),
        ]
    ]
    next: str | None
