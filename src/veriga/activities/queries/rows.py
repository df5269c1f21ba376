"""Rows of activities: what lists show, in which orders, out of any queryset."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import get_language

from veriga.activities.models import Activity
from veriga.activities.rules.times import state_of
from veriga.activities.rules.words import KindCode, State
from veriga.common.keyset import Order, Page, order_by, page_of, take_rows
from veriga.common.prepared import prepared
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
    gathering_id: int | None
    importance_id: str | None
    row_version: int
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
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    product_id: int | None = None
    product_code: str | None = None
    product_name: str | None = None
    custom: dict[str, Any] = {}  # noqa: RUF012 (of a NamedTuple; nobody changes it)

    @property
    def is_full(self) -> bool:
        return bool(self.owner_email)

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


COLUMNS = (
    "id", "reference", "reference_key", "kind", "type_code", "title", "direction",
    "company_id", "company__name", "date", "all_day", "due_at", "done_at",
    "occurred_at", "recorded_at", "result", "owner_id", "owner__name", "attachments",
    "amount_minor", "currency", "gathering_id", "importance_id", "row_version",
    "chain_id", "chain__size", "chain__origin_id", "chain__outcome", "chain__quotes",
    "chain__product_records", "chain__events", "chain__tasks",
)  # fmt: skip
MORE_COLUMNS = (
    "owner__email", "source", "starts_at", "ends_at", "product_id", "product__code",
    "product__name", "custom",
)  # fmt: skip
_KIND, _DUE_AT, _DONE_AT = (COLUMNS.index(c) for c in ("kind", "due_at", "done_at"))
_END = len(COLUMNS)
_COUNTS = _END - 4
_OWN_COUNT = {"quote": 0, "product_record": 1, "event": 2, "task": 3}


def to_row(values: tuple[Any, ...], now: datetime) -> ActivityRow:
    """Return the row of one tuple of COLUMNS, or of COLUMNS and MORE_COLUMNS."""
    counts = list(values[_COUNTS:_END])
    counts[_OWN_COUNT[values[_KIND]]] -= 1
    state = state_of(values[_DONE_AT], values[_DUE_AT], now)
    whole: list[Any] = [*values[:_COUNTS], *counts, state, *values[_END:]]
    return ActivityRow(*whole)


def columns_of(order: Order, *, full: bool) -> tuple[str, ...]:
    """Return the columns to read: of a row, and behind them those of the order.

    Some orders go by folded keys, which no row shows.
    """
    shown = (*COLUMNS, *MORE_COLUMNS) if full else COLUMNS
    return (*shown, *(name for name in order.columns if name not in shown))


def first_rows(
    rows: QuerySet[Activity], order: Order, *, limit: int, full: bool = False
) -> QuerySet[Activity, tuple[Any, ...]]:
    """Return the tuples for `to_page`, of a queryset that is to be prepared."""
    rows = rows.order_by(*order_by(order))[: limit + 1]
    return rows.values_list(*columns_of(order, full=full))


def to_page(
    found: list[tuple[Any, ...]],
    order: Order,
    *,
    now: datetime,
    limit: int,
    full: bool = False,
) -> Page[ActivityRow]:
    """Return the page of up to `limit` + 1 tuples of `columns_of`."""
    columns = columns_of(order, full=full)
    places = [columns.index(name) for name in order.columns]
    end = _END + len(MORE_COLUMNS) if full else _END
    return page_of(
        found,
        order,
        limit=limit,
        convert=lambda values: to_row(values[:end], now),
        keys=lambda values: [values[place] for place in places],
    )


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
    found = take_rows(
        rows.values_list(*columns_of(order, full=full)),
        order,
        limit=limit,
        cursor=cursor,
    )
    return to_page(found, order, now=now, limit=limit, full=full)


@prepared
def _rows_of(full: bool, *, ids: list[int]) -> QuerySet[Activity, tuple[Any, ...]]:
    columns = (*COLUMNS, *MORE_COLUMNS) if full else COLUMNS
    return Activity.objects.filter(pk__in=ids).values_list(*columns)


def rows_of(
    ids: Iterable[int], *, now: datetime, full: bool = False
) -> dict[int, ActivityRow]:
    """Return rows by id, for ids that the caller found among visible activities."""
    wanted = list(ids)
    found = _rows_of(full, ids=wanted) if wanted else []
    return {values[0]: to_row(values, now) for values in found}


def custom_values(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return the custom values, by key, of activities that the caller may show.

    One statement. Who has none is missing.
    """
    rows = Activity.objects.filter(pk__in=ids).exclude(custom={})
    return dict(rows.values_list("pk", "custom"))
