"""Rows of activities: one pattern per table, filled once for each row.

A page shows fifty rows of some twenty values. A macro call for each of them costs more
than the query, so components/activity_row.html is rendered once with holes, and the
language, the time zone and the addresses are asked for once per page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from markupsafe import Markup, escape

from veriga.web import formats, pieces
from veriga.web.columns import MORE, Columns, usual_codes
from veriga.web.forms.choices import importance_name, result_name
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
    row_version: int

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
    columns: Columns | None = None,
    values: Mapping[str, Mapping[int, Any]] | None = None,
    prefix: str = "row",
) -> Markup:
    """Return the `<tr>`s of activities; the flags say which columns the table has.

    `gatherings`: how many companies each group event has that is one row here.
    `columns`: what is shown instead, if somebody chose; `values` of those columns that
    a row does not have by itself: by column ("people", "custom") and activity.
    `prefix` begins the ids of rows, for a second list in which the same may stand.
    """
    language = get_language() or ""
    cols = (
        columns.codes
        if columns
        else usual_codes(company=company, kind=kind, amount=amount)
    )
    row = pattern(ROW, language, cols=cols, company="company" in cols, prefix=prefix)
    fill = filler(language, "amount" in cols)
    if columns and (columns.fields or MORE.intersection(cols)):
        fill = _with_more(fill, columns, values or {})
    if gatherings:
        fill = _gathered(fill, gatherings)
    return Markup("".join([row % fill(one) for one in rows]))  # noqa: S704


def _with_more(
    fill: Callable[[Row], dict[str, Any]],
    columns: Columns,
    values: Mapping[str, Mapping[int, Any]],
) -> Callable[[Row], dict[str, Any]]:
    """Return what fills rows whose columns somebody chose, rare ones among them."""
    own = {
        code: columns.custom[code][0]
        for code in columns.codes
        if code in columns.custom
    }
    custom, people = values.get("custom", {}), values.get("people", {})
    more = [
        (code, words)
        for code, words in _more_words(people).items()
        if columns.has(code)
    ]

    def fill_one(row: Row) -> dict[str, Any]:
        found = fill(row)
        for code, words in more:
            found[code] = escape(words(row))
        stored = custom.get(row.id, {})
        for code, field in own.items():
            known = field.key in stored
            found[code] = escape(words_of(field, stored[field.key])) if known else ""
        return found

    return fill_one


def _more_words(people: Mapping[int, int]) -> dict[str, Callable[[Any], str]]:
    """Return what the columns say that a list has only if somebody chose them."""
    return {
        "result": lambda row: result_name(row.result) if row.result else "",
        "done": lambda row: formats.day(row.done_at) if row.done_at else "",
        "recorded": lambda row: formats.day(row.recorded_at),
        "importance": lambda row: importance_name(row.importance_id),
        "people": lambda row: str(people.get(row.id, "")),
    }


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
            "version": row.row_version,
            "kind_code": row.kind,
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
