"""Activities: one by its reference, and lists of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import get_language

from veriga.access.rules import Actor
from veriga.activities.models import Activity, DateMove
from veriga.activities.rules.references import read_reference
from veriga.activities.rules.rights import Standing
from veriga.activities.rules.times import state_of
from veriga.activities.rules.words import KindCode, State
from veriga.common.days import day_end, day_start
from veriga.common.errors import Invalid, NotFound
from veriga.common.keyset import Order, Page, take_page
from veriga.common.text import fold
from veriga.parties.models import Company
from veriga.parties.queries import activity_condition, visible_companies
from veriga.setup.models import CodeListEntry, EventType, ProductRecordType
from veriga.setup.queries import find_entry

ORDERS = {
    order.name: order
    for order in (
        Order("date", ("date", "reference_key"), descending=True),
        Order("oldest", ("date", "reference_key")),
        Order("reference", ("reference_key",)),
        Order("due", ("due_at", "reference_key"), nullable=True),
        Order("done", ("done_at", "reference_key"), descending=True, nullable=True),
        Order("recorded", ("recorded_at", "reference_key"), descending=True),
        Order("title", ("title_key", "reference_key")),
        Order("company", ("company_key", "reference_key")),
        Order("owner", ("owner_key", "reference_key")),
    )
}
LIMIT = 50
MAX_LIMIT = 200
OPEN = "open"  # as a filter of states: overdue or pending


@dataclass(frozen=True, slots=True)
class ActivityFilters:
    """What narrows a list; the list page and the API share it.

    `linked_to` is a reference: the other members of its chain. Days are inclusive, in
    the installation's time zone.
    """

    company_id: int | None = None
    kind: str = ""
    state: str = ""
    owner_id: int | None = None
    linked_to: str = ""
    q: str = ""
    date_from: date | None = None
    date_to: date | None = None
    type_code: str = ""
    order: str = "date"


class ActivityRow(NamedTuple):
    """One line of a list. The four counts are of its chain without itself.

    A named tuple, because making fifty of them costs a fifth of fifty data classes.
    What stands behind `state` is read only where it is asked for: `is_full`.
    """

    id: int
    reference: str
    reference_key: str
    kind: str
    type_code: str
    title: str
    direction: str
    company_id: int
    company_name: str
    date: datetime
    all_day: bool
    due_at: datetime | None
    done_at: datetime | None
    occurred_at: datetime | None
    recorded_at: datetime
    result: str
    owner_id: int
    owner_name: str
    attachments: int
    amount_minor: int | None
    currency: str
    chain_id: int
    chain_size: int
    origin_id: int
    chain_outcome: str
    quotes: int
    product_records: int
    events: int
    tasks: int
    state: State
    owner_email: str = ""
    source: str = ""
    row_version: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    importance_id: str | None = None
    product_id: int | None = None
    product_code: str | None = None
    product_name: str | None = None

    @property
    def is_full(self) -> bool:
        return self.row_version > 0

    @property
    def pk(self) -> int:
        return self.id

    @property
    def is_origin(self) -> bool:
        return self.origin_id == self.id

    @property
    def type_name(self) -> str:
        """The name of its type in the active language, "" if it has none."""
        return type_name(self.kind, self.type_code)


TYPE_LISTS: dict[str, type[CodeListEntry]] = {
    KindCode.EVENT: EventType,
    KindCode.PRODUCT_RECORD: ProductRecordType,
}


def type_name(kind: str, code: str) -> str:
    """Return the name of a type in the active language, "" for kinds without types."""
    model = TYPE_LISTS.get(kind)
    entry = find_entry(model, code) if model else None
    return entry.name(get_language() or "sl") if entry else ""


_COLUMNS = (
    "id", "reference", "reference_key", "kind", "type_code", "title", "direction",
    "company_id", "company__name", "date", "all_day", "due_at", "done_at",
    "occurred_at", "recorded_at", "result", "owner_id", "owner__name", "attachments",
    "amount_minor", "currency", "chain_id", "chain__size", "chain__origin_id",
    "chain__outcome", "chain__quotes", "chain__product_records", "chain__events",
    "chain__tasks",
)  # fmt: skip
_MORE_COLUMNS = (
    "owner__email", "source", "row_version", "starts_at", "ends_at", "importance_id",
    "product_id", "product__code", "product__name",
)  # fmt: skip
_KIND, _DUE_AT, _DONE_AT = (_COLUMNS.index(c) for c in ("kind", "due_at", "done_at"))
_END = len(_COLUMNS)
_COUNTS = _END - 4
_OWN_COUNT = {"quote": 0, "product_record": 1, "event": 2, "task": 3}


def to_row(values: tuple[Any, ...], now: datetime) -> ActivityRow:
    """Return the row of one tuple of _COLUMNS, or of _COLUMNS and _MORE_COLUMNS."""
    counts = list(values[_COUNTS:_END])
    counts[_OWN_COUNT[values[_KIND]]] -= 1
    state = state_of(values[_DONE_AT], values[_DUE_AT], now)
    return ActivityRow(*values[:_COUNTS], *counts, state, *values[_END:])


def visible_activities(actor: Actor) -> QuerySet[Activity]:
    """Return the living activities of the companies that `actor` sees."""
    rows = Activity.objects.filter(deleted_at__isnull=True)
    condition = activity_condition(actor)
    return rows if condition is None else rows.filter(condition)


def state_condition(state: str, now: datetime) -> Q:
    """Return rules.times.state_of as a condition of SQL; "open" is all but done."""
    if state == State.DONE:
        return Q(done_at__isnull=False)
    if state == OPEN:
        return Q(done_at__isnull=True)
    overdue = Q(done_at__isnull=True, due_at__lte=now)
    if state == State.OVERDUE:
        return overdue
    return Q(done_at__isnull=True) & (Q(due_at__isnull=True) | Q(due_at__gt=now))


def narrow(
    actor: Actor, rows: QuerySet[Activity], filters: ActivityFilters, now: datetime
) -> QuerySet[Activity]:
    """Return `rows` narrowed by `filters`; NotFound for an unknown `linked_to`."""
    zone = timezone.get_default_timezone()
    if filters.company_id is not None:
        rows = rows.filter(company_id=filters.company_id)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.type_code:
        rows = rows.filter(type_code=filters.type_code)
    if filters.owner_id is not None:
        rows = rows.filter(owner_id=filters.owner_id)
    if filters.state:
        rows = rows.filter(state_condition(filters.state, now))
    if filters.linked_to:
        one = get_activity(actor, filters.linked_to)
        rows = rows.filter(chain_id=one.living_chain_id).exclude(pk=one.pk)
    if filters.date_from:
        rows = rows.filter(date__gte=day_start(filters.date_from, zone))
    if filters.date_to:
        rows = rows.filter(date__lt=day_end(filters.date_to, zone))
    return rows.filter(text_condition(filters.q)) if filters.q.strip() else rows


def text_condition(text: str) -> Q:
    """Return the condition that the title or the company holds each word of `text`.

    Or that `text` is the reference or a part of it, or an old number. Companies are
    asked for by themselves, so that a search looks through their names only once.
    """
    typed = text.strip()
    old_number = Q(pk__in=with_old_number(typed))
    reference = read_reference(text)
    if reference:
        return Q(reference=reference) | old_number
    condition = Q()
    for word in fold(text).split():
        companies = Company.objects.filter(name_folded__contains=word).values("pk")
        condition &= Q(title_folded__contains=word) | Q(company_id__in=companies)
    if any(c.isdigit() for c in typed):
        condition |= Q(reference__contains=typed.upper()) | old_number
    return condition


def with_old_number(text: str) -> QuerySet[Activity, Any]:
    """Return the ids of imported activities that had this number, visible or not."""
    # Written out, because SQLite uses a partial index only if it reads its condition.
    numbered = RawSQL(  # nothing that anybody typed is in it
        "source_reference > ''", (), output_field=BooleanField()
    )
    forms = sorted({text, text.upper(), text.lower()})
    return Activity.objects.filter(numbered, source_reference__in=forms).values("pk")


def list_activities(
    actor: Actor,
    filters: ActivityFilters,
    *,
    now: datetime,
    limit: int = LIMIT,
    cursor: str | None = None,
    full: bool = False,
) -> Page[ActivityRow]:
    """Return one page of the activities that `actor` sees, newest first by default.

    `full`: with what only a record's own page or a program wants.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid.of("limit", "limit_range")
    if filters.order not in ORDERS:
        raise Invalid.of("order", "unknown_choice")
    rows = narrow(actor, visible_activities(actor), filters, now)
    order = ORDERS[filters.order]
    return rows_page(rows, order, now=now, limit=limit, cursor=cursor, full=full)


def rows_page(
    rows: QuerySet[Activity],
    order: Order,
    *,
    now: datetime,
    limit: int,
    cursor: str | None = None,
    full: bool = False,
) -> Page[ActivityRow]:
    """Return one page of `rows` as ActivityRows, in one statement."""
    columns = (*_COLUMNS, *_MORE_COLUMNS) if full else _COLUMNS
    # Columns of the order that no row shows (folded keys) are read behind the others.
    hidden = [name for name in order.columns if name not in columns]
    places = [(*columns, *hidden).index(name) for name in order.columns]
    end = len(columns)
    return take_page(
        rows.values_list(*columns, *hidden),
        order,
        limit=limit,
        cursor=cursor,
        convert=lambda values: to_row(values[:end], now),
        keys=lambda values: [values[place] for place in places],
    )


def rows_of(
    ids: Iterable[int], *, now: datetime, full: bool = False
) -> dict[int, ActivityRow]:
    """Return rows by id, for ids that the caller found among visible activities."""
    columns = (*_COLUMNS, *_MORE_COLUMNS) if full else _COLUMNS
    found = Activity.objects.filter(pk__in=list(ids)).values_list(*columns)
    return {values[0]: to_row(values, now) for values in found}


def count_activities(
    actor: Actor, filters: ActivityFilters, *, now: datetime, limit: int = 10_000
) -> int:
    """Return how many there are, counting no further than `limit` + 1."""
    rows = Activity.objects.filter(deleted_at__isnull=True)
    if activity_condition(actor) is not None:
        # From the companies rather than through all rows: what somebody sees may be a
        # small part of what there is.
        rows = rows.filter(company_id__in=visible_companies(actor).values("pk"))
    return narrow(actor, rows, filters, now).order_by()[: limit + 1].count()


def get_activity(actor: Actor, reference: str) -> Activity:
    """Return one living activity with its company, people and chain.

    The reference forgives case and missing zeros. NotFound if there is none, or it is
    deleted, or the actor may not see it.
    """
    return find_in(visible_activities(actor), reference)


def find_in(rows: QuerySet[Activity], reference: str) -> Activity:
    """Return the activity of this reference among `rows`, or raise NotFound."""
    exact = read_reference(reference)
    found = (
        rows.filter(reference=exact)
        .select_related("company", "owner", "created_by", "chain", "product")
        .first()
        if exact
        else None
    )
    if found is None:
        raise NotFound(reference=reference)
    return found


def standing_of(activity: Activity) -> Standing:
    """Return who has a say in `activity`, in one statement."""
    return Standing(
        owner_id=activity.owner_id,
        created_by_id=activity.created_by_id,
        account_owner_id=activity.company_owner_id,
        participant_ids=frozenset(
            activity.participations.values_list("user_id", flat=True)
        ),
    )


def list_date_moves(activity: Activity) -> list[DateMove]:
    """Return every move of a planned date of `activity`, oldest first."""
    return list(activity.date_moves.select_related("made_by").order_by("made_at", "id"))
