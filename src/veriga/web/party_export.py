"""The lists of companies and contacts as files: the columns that their pages show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from veriga.access.rules import Actor
from veriga.parties.queries import count_companies, count_contacts, list_contacts
from veriga.web.columns import COLS, Columns, columns_of
from veriga.web.formats import phone
from veriga.web.forms.filters import read_company_filters, read_contact_filters
from veriga.web.party_rows import (
    Head,
    company_cells,
    contact_cells,
    heads,
    values_of_companies,
    values_of_contacts,
)
from veriga.web.tables import MOST_ROWS, PER_PAGE, Table, pages_of, require_short
from veriga.work.queries.companies import list_company_rows


def party_table(
    page: str,
    actor: Actor,
    data: Mapping[str, str],
    now: datetime,
    kept: Mapping[str, str],
) -> Table:
    """Return the table of companies or contacts, narrowed as its address says.

    Errors: export_too_long.
    """
    made = _companies if page == "companies" else _contacts
    return made(actor, data, now, kept)


def _companies(
    actor: Actor, data: Mapping[str, str], now: datetime, kept: Mapping[str, str]
) -> Table:
    filters = read_company_filters(data)
    require_short(count_companies(actor, filters, limit=MOST_ROWS))
    order = "-name" if data.get("order") == "-name" else "name"
    columns = columns_of("companies", data.get(COLS), kept)

    def rows() -> Iterator[list[Any]]:
        for part in pages_of(
            lambda cursor: list_company_rows(
                actor, filters, now=now, order=order, limit=PER_PAGE, cursor=cursor
            )
        ):
            cells = company_cells(columns, values_of_companies(actor, columns, part))
            for row in part:
                yield [get(row) for get in cells.values()]

    head = [one.name for one in heads("companies", columns)]
    return Table(_("Companies"), head, rows())


def _contacts(
    actor: Actor, data: Mapping[str, str], now: datetime, kept: Mapping[str, str]
) -> Table:
    filters = read_contact_filters(data)
    require_short(count_contacts(actor, filters, limit=MOST_ROWS))
    columns = columns_of("contacts", data.get(COLS), kept)
    head = [
        name
        for one in heads("contacts", columns)
        for name in _contact_heads(one, columns)
    ]

    def rows() -> Iterator[list[Any]]:
        for part in pages_of(
            lambda cursor: list_contacts(actor, filters, limit=PER_PAGE, cursor=cursor)
        ):
            values = values_of_contacts(actor, columns, part, now=now)
            cells = contact_cells(columns, values)
            if "name" in cells:
                cells["name"] = lambda one: [one.last_name, one.first_name]
            if _holds_both(columns):
                cells["phone"] = lambda one: [phone(one.phone), phone(one.mobile)]
            for one in part:
                yield list(_flat(get(one) for get in cells.values()))

    return Table(_("Contacts"), head, rows())


def _contact_heads(one: Head, columns: Columns) -> list[str]:
    """Return the headings of a column: in a file names and numbers stand apart."""
    if one.code == "name":
        return [_("Last name"), _("First name")]
    if one.code == "phone" and _holds_both(columns):
        return [_("Phone"), _("Mobile phone")]
    return [one.name]


def _holds_both(columns: Columns) -> bool:
    """Tell whether the one column of phones holds either number of a contact."""
    return columns.has("phone") and not columns.has("mobile")


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value
