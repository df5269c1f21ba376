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
from veriga.activities.queries.activities import count_activities, list_activities
from veriga.activities.queries.rows import ActivityRow, custom_values
from veriga.activities.queries.running import count_running, list_running
from veriga.activities.rules.words import KindCode
from veriga.common.errors import Invalid
from veriga.common.keyset import Page
from veriga.parties.queries import count_companies, count_contacts, list_contacts
from veriga.setup.rules import Subject
from veriga.web.forecast_export import forecast_table
from veriga.web.formats import day, function_there, moment, money, number, phone
from veriga.web.forms.custom import list_columns, named_columns, words_of
from veriga.web.forms.filters import (
    read_activity_filters,
    read_company_filters,
    read_contact_filters,
    read_running_filters,
)
from veriga.web.pieces import state_word
from veriga.web.running import chain_lines
from veriga.web.tables import Money, Table
from veriga.web.words import kind_name
from veriga.work.queries.companies import list_company_rows

MOST_ROWS: Final = 20_000
PER_PAGE: Final = 200
KINDS: Final = {
    "activities": "",
    "events": KindCode.EVENT,
    "tasks": KindCode.TASK,
    "product_records": KindCode.PRODUCT_RECORD,
    "quotes": KindCode.QUOTE,
}
PAGES: Final = (*KINDS, "companies", "contacts", "running", "forecast")
# What a spreadsheet would take for a formula at the beginning of a text.
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


def table_of(
    page: str, actor: Actor, data: Mapping[str, str], *, now: datetime
) -> Table:
    """Return the table of a list page, narrowed as its address `data` says.

    Raises Invalid export_too_long if it has more than MOST_ROWS rows.
    """
    if page in KINDS:
        return _activities(page, actor, data, now)
    made = {
        "companies": _companies,
        "contacts": _contacts,
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
    text = str(value)
    return f"'{text}" if text.startswith(FORMULAS) else text


def _sheet_name(name: str) -> str:
    return "".join(c for c in name if c not in r"[]:*?/\\")[:31] or "Veriga"


def _pages(ask: Callable[[str | None], Page[Any]]) -> Iterator[list[Any]]:
    cursor = None
    while True:
        page = ask(cursor)
        yield page.rows
        cursor = page.next
        if cursor is None:
            return


def _require_short(count: int) -> None:
    if count > MOST_ROWS:
        raise Invalid("export_too_long", limit=number(MOST_ROWS))


def _activities(
    page: str, actor: Actor, data: Mapping[str, str], now: datetime
) -> Table:
    kind = KINDS[page]
    filters = read_activity_filters(data, me=actor.user_id, kind=kind)
    # A file holds each event of a group event; nothing in it could be opened.
    filters = replace(filters, gathered=False)
    _require_short(count_activities(actor, filters, now=now, limit=MOST_ROWS))
    columns = named_columns(kind) if kind else []
    is_quotes = kind == KindCode.QUOTE
    head = [
        *(_("Ref. no."), _("State"), _("Type"), _("Title"), _("Company")),
        *((_("Amount"), _("Currency")) if is_quotes else ()),
        *(_("Date"), _("Valid until") if is_quotes else _("Due"), _("Owner")),
        *(name for _field, name in columns),
        *(_("Attachments"), _("Linked quotes"), _("Linked product records")),
        _("Linked events"),
    ]

    def row_of(row: ActivityRow, custom: Mapping[str, Any]) -> list[Any]:
        is_whole = row.all_day or row.kind != KindCode.EVENT
        due = row.due_at
        amount: list[Any] = []
        if is_quotes:
            amount = [None, ""]
            if row.amount_minor is not None:
                amount = [Money(row.amount_minor, row.currency), row.currency]
        return [
            row.reference,
            state_word(row.state, row.result),
            row.type_name or kind_name(row.kind),
            row.title,
            row.company_name,
            *amount,
            _day(row.date) if is_whole else row.date,
            due and _due(due),
            row.owner_name,
            *(words_of(field, custom.get(field.key)) for field, _name in columns),
            row.attachments or None,
            row.quotes or None,
            row.product_records or None,
            row.events or None,
        ]

    def rows() -> Iterator[list[Any]]:
        for part in _pages(
            lambda cursor: list_activities(
                actor, filters, now=now, limit=PER_PAGE, cursor=cursor
            )
        ):
            values = custom_values([row.id for row in part]) if columns else {}
            for row in part:
                yield row_of(row, values.get(row.id, {}))

    return Table(_names()[page], head, rows())


def _companies(actor: Actor, data: Mapping[str, str], now: datetime) -> Table:
    filters = read_company_filters(data)
    _require_short(count_companies(actor, filters, limit=MOST_ROWS))
    order = "-name" if data.get("order") == "-name" else "name"
    columns = list_columns(Subject.COMPANY)
    language = get_language() or "sl"
    head = [
        *(pgettext("company", "Name"), _("Town"), _("Status"), _("Account owner")),
        *(_("Open chains"), _("Last activity")),
        *(column.name(language) for column in columns),
    ]
    prospect, active = _("Prospect"), _("Active customer")
    rows = (
        [
            row.name,
            row.town,
            "" if row.is_own else prospect if row.status == "prospect" else active,
            row.owner_name or "",
            row.open_chains or None,
            row.last_date and _day(row.last_date),
            *(words_of(column, row.custom.get(column.key)) for column in columns),
        ]
        for part in _pages(
            lambda cursor: list_company_rows(
                actor, filters, now=now, order=order, limit=PER_PAGE, cursor=cursor
            )
        )
        for row in part
    )
    return Table(_names()["companies"], head, rows)


def _contacts(actor: Actor, data: Mapping[str, str], _now: datetime) -> Table:
    filters = read_contact_filters(data)
    _require_short(count_contacts(actor, filters, limit=MOST_ROWS))
    columns = list_columns(Subject.CONTACT)
    language = get_language() or "sl"
    head = [
        *(_("Last name"), _("First name"), _("Function"), _("Company")),
        *(_("Phone"), _("Mobile phone"), _("E-mail")),
        *(column.name(language) for column in columns),
    ]
    rows = (
        [
            *(one.last_name, one.first_name, function_there(one), one.company.name),
            *(phone(one.phone), phone(one.mobile), one.email),
            *(words_of(column, one.custom.get(column.key)) for column in columns),
        ]
        for part in _pages(
            lambda cursor: list_contacts(actor, filters, limit=PER_PAGE, cursor=cursor)
        )
        for one in part
    )
    return Table(_names()["contacts"], head, rows)


def _running(actor: Actor, data: Mapping[str, str], now: datetime) -> Table:
    filters = read_running_filters(data, me=actor.user_id, now=now)
    _require_short(count_running(actor, filters, now=now, limit=MOST_ROWS))
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
        for part in _pages(
            lambda cursor: list_running(
                actor, filters, now=now, limit=PER_PAGE, cursor=cursor
            )
        )
        for one in chain_lines(part, {}, now)
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
        "companies": _("Companies"),
        "contacts": _("Contacts"),
        "running": _("Open chains"),
    }
