"""Activities of the four kinds: bodies that make and change them, and their shape."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from .types import (
    Custom,
    Day,
    DayOut,
    DirectionWord,
    Flag,
    Id,
    Ids,
    In,
    Instant,
    InstantOut,
    KindWord,
    Line,
    Lines,
    NamedOut,
    Number,
    NumberOut,
    Out,
    PageQuery,
    ParticipantOut,
    Participants,
    Patch,
    Person,
    Product,
    QueryId,
    ResultWord,
    StateWord,
    UserOut,
)

# Names of Draft that differ from those of the interface stand in routers/activities.py.
COMMON = (
    "title",
    "direction",
    "owner",
    "participants",
    "contacts",
    "importance",
    "product",
    "text",
    "confidential",
    "result",
    "custom",
)
LINES_MAX = 500
GUESTS_MAX = 100


class QuoteLineIn(In):
    """One line of a quote; text, unit and price default to those of the product."""

    product: Product | None = None
    text: Line | None = None
    quantity: Number | None = None
    unit: Line | None = None
    unit_price: Number | None = None
    discount_percent: Number | None = None
    vat_rate: Number | None = None


class ActivityIn(In):
    """What all four kinds have in common when they are made."""

    company: Id
    title: Line
    direction: DirectionWord | None = None
    owner: Person | None = None
    participants: Participants | None = None
    contacts: Ids | None = None
    importance: Line | None = None
    text: Lines | None = Field(None, description="The first entry of its log.")
    confidential: Flag | None = Field(
        None, description="The first entry is for holders of that right alone."
    )
    product: Product | None = None
    made_on: Line | None = Field(
        None, description="Reference of the activity it follows, linked at once."
    )
    done_at: Instant | None = Field(
        None, description="Explicit null keeps open what would be done when saved."
    )
    result: ResultWord | None = None
    custom: Custom | None = None

    def given(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Return what the body says of the fields `names`, without null."""
        values = {name: getattr(self, name) for name in names}
        return {name: value for name, value in values.items() if value is not None}

    def own(self) -> dict[str, Any]:
        """Return what the body says of the fields of its kind."""
        return own_values(self, set(type(self).model_fields) - COMMON_FIELDS)


COMMON_FIELDS = frozenset(ActivityIn.model_fields)


def own_values(body: In, names: set[str] | frozenset[str]) -> dict[str, Any]:
    """Return the fields `names` that the body gives, lists as plain dictionaries."""
    found = {name: getattr(body, name) for name in body.model_fields_set & names}
    for name in ("lines", "guests"):
        if found.get(name) is not None:
            found[name] = [one.model_dump(exclude_unset=True) for one in found[name]]
    return found


class GuestIn(In):
    """Somebody from elsewhere at an event, nobody's contact."""

    name: Line
    firm: Line | None = None
    text: Line | None = None


GuestsIn = Annotated[list[GuestIn], Field(max_length=GUESTS_MAX)]


class EventIn(ActivityIn):
    """An event: call, visit, meeting, mail."""

    type: Line | None = None
    starts_at: Instant
    ends_at: Instant | None = None
    all_day: Flag | None = None
    place: Line | None = None
    reason: Line | None = None
    referred_by: Line | None = None
    guests: GuestsIn | None = None


class TaskIn(ActivityIn):
    """A task; its deadline is a day or an instant."""

    starts_on: Day | None = None
    due_on: Day | None = None
    due_at: Instant | None = None


class ProductRecordIn(ActivityIn):
    """What a company has to do with a product."""

    type: Line | None = None
    recorded_on: Day | None = None
    follow_up_on: Day | None = None
    quantity: Number | None = None
    product_text: Line | None = Field(
        None, description="A product that the catalogue lacks."
    )
    competitor: Line | None = None
    competitor_price: Number | None = Field(None, description="Of one unit.")
    competitor_currency: Line | None = None
    opinion: Line | None = Field(None, description="What the customer thinks of it.")


QuoteLinesIn = Annotated[list[QuoteLineIn], Field(max_length=LINES_MAX)]


class QuoteIn(ActivityIn):
    """An offer with lines and prices."""

    issued_on: Day | None = None
    valid_until: Day | None = None
    sent_at: Instant | None = None
    currency: Line | None = None
    lines: QuoteLinesIn | None = None


class ActivityPatch(Patch):
    """What may be changed; fields of another kind are refused as unknown.

    `done_at` null reopens, a time finishes.
    """

    company: Id = 0
    title: Line = ""
    direction: DirectionWord = "out"
    owner: Person = 0
    participants: Participants = Field(default_factory=list)
    contacts: Ids = Field(default_factory=list)
    importance: Line | None = None
    product: Product | None = None
    done_at: Instant | None = None
    result: ResultWord | None = None
    custom: Custom | None = None

    type: Line | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    all_day: Flag = False
    place: Line | None = None
    reason: Line | None = None
    referred_by: Line | None = None
    guests: GuestsIn | None = None
    starts_on: Day | None = None
    due_on: Day | None = None
    due_at: Instant | None = None
    recorded_on: Day | None = None
    follow_up_on: Day | None = None
    quantity: Number | None = None
    product_text: Line | None = None
    competitor: Line | None = None
    competitor_price: Number | None = None
    competitor_currency: Line | None = None
    opinion: Line | None = None
    issued_on: Day | None = None
    valid_until: Day | None = None
    sent_at: Instant | None = None
    currency: Line | None = None
    lines: QuoteLinesIn | None = None

    def changes(self) -> dict[str, Any]:
        """Return what the body gives, by the names of update_activity."""
        found = own_values(self, frozenset(self.model_fields_set))
        if found.get("result", "") is None:
            found["result"] = ""
        return found


class DoneIn(In):
    """How and when it was done; now and carried out if nothing is said."""

    done_at: Instant | None = None
    result: ResultWord | None = None


class NotReachedIn(In):
    """When the next call is to be; the next working day, same hour, if nothing said."""

    starts_at: Instant | None = None


class ActivityFilter(In):
    """What activities are narrowed by."""

    company: QueryId | None = None
    state: StateWord | None = None
    owner: Line = Field("", description="A user: id or e-mail address.")
    linked_to: Line = Field(
        "", description="A reference: the other members of its chain."
    )
    contact: QueryId | None = Field(None, description="Who takes part.")
    q: Line = Field("", description="Text in reference, title or company.")
    from_: Day | None = Field(None, alias="from", description="First day.")
    to: Day | None = Field(None, description="Last day.")


class ListQuery(ActivityFilter, PageQuery):
    """What narrows a list of activities."""


class ActivitiesQuery(ListQuery):
    """The same over all kinds."""

    kind: KindWord | None = None


class LinkedCounts(Out):
    """How many of each its chain holds, without itself."""

    quotes: int
    product_records: int
    events: int
    tasks: int


class ProductOut(Out):
    id: int
    code: str
    name: str


class QuoteLineOut(Out):
    product: int | None
    text: str
    quantity: NumberOut
    unit: str
    unit_price: NumberOut
    discount_percent: NumberOut
    vat_rate: NumberOut
    net: NumberOut


class GuestOut(Out):
    name: str
    firm: str
    text: str


class _Item(Out):
    reference: str
    title: str
    direction: DirectionWord
    company: NamedOut
    date: InstantOut
    due_at: InstantOut | None
    done_at: InstantOut | None
    result: ResultWord | None
    occurred_at: InstantOut | None
    recorded_at: InstantOut
    state: StateWord
    owner: UserOut
    importance: str | None
    product: ProductOut | None
    attachments: int
    linked: LinkedCounts
    chain_size: int
    source: str
    custom: Custom
    row_version: int


class EventItem(_Item):
    kind: Literal["event"]
    type: str
    starts_at: InstantOut
    ends_at: InstantOut | None
    all_day: bool
    place: str
    reason: str
    referred_by: str
    guests: list[GuestOut]


class TaskItem(_Item):
    kind: Literal["task"]
    starts_on: DayOut
    due_on: DayOut | None


class ProductRecordItem(_Item):
    kind: Literal["product_record"]
    type: str
    recorded_on: DayOut
    follow_up_on: DayOut | None
    quantity: NumberOut | None
    product_text: str
    competitor: str
    competitor_price: NumberOut | None
    competitor_currency: str | None
    opinion: str


class QuoteItem(_Item):
    kind: Literal["quote"]
    issued_on: DayOut
    valid_until: DayOut | None
    sent_at: InstantOut | None
    currency: str
    net: NumberOut
    vat: NumberOut
    total: NumberOut
    lines: list[QuoteLineOut]


class _People(Out):
    """Who takes part: shown of one activity, not in lists."""

    participants: list[ParticipantOut]
    contacts: list[NamedOut]


class EventOut(EventItem, _People):
    """An event in full."""


class TaskOut(TaskItem, _People):
    """A task in full."""


class ProductRecordOut(ProductRecordItem, _People):
    """A product record in full."""


class QuoteOut(QuoteItem, _People):
    """A quote in full."""


class AcceptedQuoteOut(QuoteOut):
    """A quote just accepted: what became of its sale."""

    ask_to_close: bool = Field(
        False, description="Other quotes of the sale are open: ask whether it is won."
    )
    change: int | None = Field(None, description="The change that closed the sale.")


AnyActivityOut = Annotated[
    EventOut | TaskOut | ProductRecordOut | QuoteOut, Field(discriminator="kind")
]
DoneOut = Annotated[
    EventOut | TaskOut | ProductRecordOut | AcceptedQuoteOut,
    Field(discriminator="kind"),
]


AnyItem = Annotated[
    EventItem | TaskItem | ProductRecordItem | QuoteItem,
    Field(discriminator="kind"),
]


class NotReachedOut(Out):
    """The call that is done now, and the next one, linked to it."""

    call: EventOut
    next: EventOut


class ActivitiesOut(Out):
    items: list[AnyItem]
    next: str | None


class ChangeOut(Out):
    """A change, by the id that `changes/{id}/undo` takes."""

    model_config = ConfigDict(extra="forbid")
    change: int
