"""Rows of activities: one pattern per table, filled once for each row.

A page shows fifty rows of some twenty values. A macro call for each of them costs more
than the query, so components/activity_row.html is rendered once with holes, and the
language, the time zone and the addresses are asked for once per page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from markupsafe import Markup, escape

from veriga.setup.models import CustomField
from veriga.web import formats, pieces
from veriga.web.forms.custom import words_of
from veriga.web.patterns import pattern
from veriga.web.words import kind_name

ROW: Final = "components/activity_row.html"


class Row(pieces.CountedRow, Protocol):
    """What of an activity's row is shown (activities.queries.ActivityRow)."""

    id: int
    kind: str
    type_code: str
    title: str
    company_id: int
    company_name: str
    owner_name: str
    date: datetime
    due_at: datetime | None
    result: str
    state: str
    attachments: int
    chain_size: int
    amount_minor: int | None
    currency: str
    gathering_id: int | None

    @property
    def is_origin(self) -> bool: ...
    @property
    def type_name(self) -> str: ...


def activity_rows(
    rows: Iterable[Row],
    company: bool = True,
    kind: bool = True,
    amount: bool = False,
    gatherings: Mapping[int, int] | None = None,
    columns: Sequence[tuple[CustomField, str]] = (),
    values: Mapping[int, Mapping[str, Any]] | None = None,
) -> Markup:
    """Return the `<tr>`s of activities; the flags say which columns the table has.

    `gatherings`: how many companies each group event has that is one row here.
    `columns`: the custom fields that have a column, with their names; `values` of them
    by activity and key.
    """
    language = get_language() or ""
    more = bool(columns)
    row = pattern(ROW, language, company=company, kind=kind, amount=amount, more=more)
    fill = filler(language, amount)
    if columns:
        fill = _with_columns(fill, [field for field, _name in columns], values or {})
    if gatherings:
        fill = _gathered(fill, gatherings)
    return Markup("".join([row % fill(one) for one in rows]))  # noqa: S704


def _with_columns(
    fill: Callable[[Row], dict[str, Any]],
    columns: Sequence[CustomField],
    values: Mapping[int, Mapping[str, Any]],
) -> Callable[[Row], dict[str, Any]]:
    """Return what fills rows with a cell for each custom field that has a column."""
    cell = Markup('<td class="c-custom">{}</td>')

    def fill_one(row: Row) -> dict[str, Any]:
        stored = values.get(row.id, {})
        words = [words_of(f, stored[f.key]) if f.key in stored else "" for f in columns]
        return {**fill(row), "more": Markup("").join(map(cell.format, words))}

    return fill_one


def _gathered(
    fill: Callable[[Row], dict[str, Any]], gatherings: Mapping[int, int]
) -> Callable[[Row], dict[str, Any]]:
    """Return what fills rows of which some are a whole group event: it opens that."""
    page = pieces.url.pattern("gatherings:page", id=98765)
    badge = Markup('<span class="badge">{}</span>').format(gettext("group event"))

    def fill_one(row: Row) -> dict[str, Any]:
        values = fill(row)
        number = gatherings.get(row.gathering_id or 0)
        if number is None:
            return values
        address = page % {"id": row.gathering_id}
        companies = ngettext("%(num)s company", "%(num)s companies", number)
        return {
            **values,
            **{"address": address, "aside": "", "window": ""},
            "company_address": address,
            "company": escape(companies % {"num": formats.number(number)}),
            **{"origin": badge, "failed": "", "counts": ""},
        }

    return fill_one


def filler(language: str, amount: bool = False) -> Callable[[Row], dict[str, Any]]:
    """Return what fills the holes of a row, each value safe to stand in markup."""
    zone = timezone.get_current_timezone()
    write = formats.Days(zone, language)
    record = pieces.url.pattern("activities:record", reference="D-26-00001")
    company = pieces.url.pattern("companies:page", id=98765)
    chain = pieces.url("activities:overview")
    origin = Markup('<span class="badge">{}</span>').format(gettext("origin"))
    types: dict[tuple[str, str], Markup] = {}

    def type_of(row: Row) -> Markup:
        key = (row.kind, row.type_code)
        if key not in types:
            types[key] = escape(row.type_name or kind_name(row.kind))
        return types[key]

    def fill(row: Row) -> dict[str, Any]:
        reference, state = row.reference, row.state
        address = record % {"reference": reference}
        return {
            "failed": "" if row.result in pieces.WENT_WELL else " is-failed",
            "reference": reference,
            "address": address,
            "aside": f"{address}aside/",
            "window": " data-window",
            "company_address": company % {"id": row.company_id},
            "state": pieces.state_of(language, state, row.result),
            "icon": pieces.kind_icon(row.kind, row.type_code),
            "type": type_of(row),
            "origin": origin if row.is_origin and row.chain_size > 1 else "",
            "title": escape(row.title),
            "company": escape(row.company_name),
            "amount": formats.money(row.amount_minor, row.currency) if amount else "",
            "date": write.day(row.date),
            "due_state": state,
            "due": write.due_short(row.due_at, row.date),
            "owner": escape(row.owner_name),
            "clip": pieces.clip(language, row.attachments),
            "counts": pieces.counts_of(language, row, chain),
        }

    return fill
