"""Lists as files: exactly the rows that a page shows, all of them, as CSV or XLSX.

A table is a heading and rows of values; days, instants and amounts stay what they are,
so that a spreadsheet can count with them. Rows are read page by page, with the rights
of whoever asks.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from veriga.access.rules import Actor
from veriga.activities.queries.lists import count_activities, list_activities
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.queries.running import count_running, list_running
from veriga.activities.rules.words import KindCode
from veriga.web.columns import (
    COLS,
    KINDS,
    PARTIES,
    Columns,
    column_heading,
    columns_of,
    values_of,
)
from veriga.web.forecast_export import forecast_table
from veriga.web.formats import day, moment, money
from veriga.web.forms.choices import importance_name, result_name
from veriga.web.forms.custom import words_of
from veriga.web.forms.filters import (
    read_activity_filters,
    read_running_filters,
)
from veriga.web.insight.exporting import INSIGHT_PAGES, insight_table
from veriga.web.party_export import party_table
from veriga.web.pieces import state_word
from veriga.web.running import chain_lines
from veriga.web.tables import MOST_ROWS, PER_PAGE, Money, Table, pages_of, require_short
from veriga.web.words import kind_name
from veriga.work.queries.silence import limits_for

PAGES: Final = (
    *(*KINDS, "companies", "contacts", "running", "forecast"),
    *INSIGHT_PAGES,
)
# What a spreadsheet would take for a formula at the beginning of a text.
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


def table_of(
    page: str,
    actor: Actor,
    data: Mapping[str, str],
    *,
    now: datetime,
    kept: Mapping[str, str] | None = None,
) -> Table:
    """Return the table of a list page, narrowed as its address `data` says.

    `kept` are the columns that whoever asks keeps for lists, by page.
    Raises Invalid export_too_long if it has more than MOST_ROWS rows.
    """
    if page in KINDS:
        return _activities(page, actor, data, now, kept or {})
    if page in PARTIES:
        return party_table(page, actor, data, now, kept or {})
    if page in INSIGHT_PAGES:
        return insight_table(page, actor, data, now)
    made = {
        "running": _running,
        "forecast": forecast_table,
    }
    return made[page](actor, data, now)


def csv_pieces(table: Table) -> Iterator[str]:
    """Yield the table as text: commas in English, semicolons in Slovenian.

    Spreadsheets of these languages expect them so. It begins with the mark by which
    they know UTF-8.
    """
    is_english = (get_language() or "").startswith("en")
    place = io.StringIO()
    writer = csv.writer(place, delimiter="," if is_english else ";")
    place.write("\ufeff")
    for row in itertools.chain([table.head], _texts(table.rows)):
        writer.writerow(row)
        yield place.getvalue()
        place.seek(0)
        place.truncate()


def xlsx_file(table: Table) -> bytes:
    """Return the table as a workbook of one sheet, its values as they are."""
    place = io.BytesIO()
    book = xlsxwriter.Workbook(
        place,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "d. m. yyyy",
        },
    )
    sheet = book.add_worksheet(_sheet_name(table.name))
    bold = book.add_format({"bold": True})
    days = book.add_format({"num_format": "d. m. yyyy", "align": "left"})
    moments = book.add_format({"num_format": "d. m. yyyy h:mm", "align": "left"})
    amounts = book.add_format({"num_format": "#,##0.00"})
    for column, title in enumerate(table.head):
        sheet.write_string(0, column, title, bold)
    last = 0
    for last, row in enumerate(table.rows, 1):
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, Money):
                sheet.write_number(last, column, float(value.amount), amounts)
            elif isinstance(value, datetime):
                local = timezone.localtime(value).replace(tzinfo=None)
                sheet.write_datetime(last, column, local, moments)
            elif isinstance(value, date):
                sheet.write_datetime(last, column, value, days)
            elif isinstance(value, int):
                sheet.write_number(last, column, value)
            else:
                sheet.write_string(last, column, str(value))
    sheet.freeze_panes(1, 0)
    if table.head:
        sheet.autofilter(0, 0, last, len(table.head) - 1)
        sheet.set_column(0, len(table.head) - 1, 18)
    book.close()
    return place.getvalue()


def _texts(rows: Iterable[Sequence[Any]]) -> Iterator[list[str]]:
    for row in rows:
        yield [_text(value) for value in row]


def _text(value: Any) -> str:
    """Return a value as the page writes it; a text never begins a formula."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return money(value.minor, value.currency)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # The decimal sign of the language, so that a spreadsheet takes it for a number.
        is_english = (get_language() or "").startswith("en")
        return f"{value:.10g}".replace(".", "." if is_english else ",")
    text = str(value)
    return f"'{text}" if text.startswith(FORMULAS) else text


def _sheet_name(name: str) -> str:
    return "".join(c for c in name if c not in r"[]:*?/\\")[:31] or "Veriga"


def _activities(
    page: str,
    actor: Actor,
    data: Mapping[str, str],
    now: datetime,
    kept: Mapping[str, str],
) -> Table:
    kind = KINDS[page]
    filters = read_activity_filters(data, me=actor.user_id, kind=kind)
    # A file holds each event of a group event; nothing in it could be opened.
    filters = replace(filters, gathered=False)
    require_short(count_activities(actor, filters, now=now, limit=MOST_ROWS))
    columns = columns_of(page, data.get(COLS), kept)
    cells = [_cells(page, code, columns) for code in columns.codes]
    # The state stands behind what begins a row, which a spreadsheet is sorted by.
    cells.insert(
        1, ([_("State")], lambda row, _more: [state_word(row.state, row.result)])
    )
    head = [name for names, _values in cells for name in names]

    def rows() -> Iterator[list[Any]]:
        for part in pages_of(
            lambda cursor: list_activities(
                actor, filters, now=now, limit=PER_PAGE, cursor=cursor
            )
        ):
            more = values_of(columns, part)
            for row in part:
                yield [value for _names, get in cells for value in get(row, more)]

    return Table(_names()[page], head, rows())


Cells = tuple[
    list[str], Callable[[ActivityRow, Mapping[str, Mapping[int, Any]]], list[Any]]
]


def _cells(page: str, code: str, columns: Columns) -> Cells:
    """Return the headings of a column, and what gives a row's values for them."""
    name = column_heading(page, code, columns.custom)
    if code in columns.custom:
        field = columns.custom[code][0]
        return [name], lambda row, more: [
            words_of(field, more["custom"].get(row.id, {}).get(field.key))
        ]
    if code == "amount":
        return [name, _("Currency")], lambda row, _more: _amount(row)
    if code == "counts":
        heads = [_("Linked quotes"), _("Linked product records"), _("Linked events")]
        return heads, lambda row, _more: [
            *(row.quotes or None, row.product_records or None, row.events or None)
        ]
    if code == "people":
        return [name], lambda row, more: [more["people"].get(row.id)]
    get: Callable[[ActivityRow], Any] = {
        "reference": lambda row: row.reference,
        "kind": lambda row: row.type_name or kind_name(row.kind),
        "title": lambda row: row.title,
        "company": lambda row: row.company_name,
        "date": _date,
        "due": lambda row: row.due_at and _due(row.due_at),
        "owner": lambda row: row.owner_name,
        "result": lambda row: result_name(row.result) if row.result else "",
        "done": lambda row: row.done_at,
        "recorded": lambda row: row.recorded_at,
        "importance": lambda row: importance_name(row.importance_id),
        "clip": lambda row: row.attachments or None,
    }[code]
    return [name], lambda row, _more: [get(row)]


def _amount(row: ActivityRow) -> list[Any]:
    if row.amount_minor is None:
        return [None, ""]
    return [Money(row.amount_minor, row.currency), row.currency]


def _date(row: ActivityRow) -> date | datetime:
    is_whole = row.all_day or row.kind != KindCode.EVENT
    return _day(row.date) if is_whole else row.date


def _running(actor: Actor, data: Mapping[str, str], now: datetime) -> Table:
    limits = limits_for(actor, now)
    filters = read_running_filters(data, me=actor.user_id, limits=limits)
    require_short(count_running(actor, filters, now=now, limit=MOST_ROWS))
    head = [
        *(_("Company"), _("Account owner"), _("Chain"), _("Ref. no."), _("Stage")),
        *(pgettext("move", "Move"), _("Silence"), pgettext("silence", "Customer's")),
        *(_("Last"), _("Next step"), _("Expected value"), _("Currency")),
        _("Expected month"),
    ]

    def row_of(one: Any) -> list[Any]:
        chain = one.chain
        worth = None
        if chain.worth_minor is not None:
            worth = Money(chain.worth_minor, chain.worth_currency)
        return [
            chain.company_name,
            chain.company_owner_name or "",
            chain.sale_name or chain.origin_title,
            chain.origin_reference,
            one.stage,
            one.move_name,
            one.silence.days,
            one.silence.customer_days,
            _day(chain.last_acted_at),
            chain.next_title or "",
            worth,
            chain.worth_currency,
            chain.worth_month_on,
        ]

    rows = (
        row_of(one)
        for part in pages_of(
            lambda cursor: list_running(
                actor, filters, now=now, limit=PER_PAGE, cursor=cursor
            )
        )
        for one in chain_lines(part, {}, limits)
    )
    return Table(_names()["running"], head, rows)


def _day(moment_: datetime) -> date:
    return timezone.localdate(moment_)


def _due(due_at: datetime) -> date | datetime:
    """Return a deadline: its day if it has no hour, which is stored as the next one."""
    local = timezone.localtime(due_at)
    if local.hour or local.minute or local.second:
        return due_at
    return date.fromordinal(local.date().toordinal() - 1)


def _names() -> dict[str, str]:
    return {
        "activities": _("Activity overview"),
        "events": _("Events"),
        "tasks": _("Tasks"),
        "product_records": _("Product records"),
        "quotes": _("Quotes"),
        "running": _("Open chains"),
    }
