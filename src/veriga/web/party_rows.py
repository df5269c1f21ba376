"""Rows of companies and contacts: what stands in their columns, on pages and in files.

What a column holds is said once, as a value; a page writes it as text, or as a link
where it can be followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from veriga.access.rules import Actor
from veriga.common.phones import dialled_phone
from veriga.parties.models import Contact
from veriga.web import formats, pieces
from veriga.web.columns import Columns, column_heading, is_changed_here
from veriga.web.forms.companies import (
    category_names,
    expected_words,
    kind_name,
    language_name,
)
from veriga.web.forms.custom import words_of
from veriga.web.forms.parties import country_name
from veriga.web.patterns import pattern
from veriga.work.queries.companies import CompanyRow, shown_of_companies
from veriga.work.queries.contacts import last_with
from veriga.work.queries.names import prospect_type_name

ROWS: Final = {"companies": "companies/row.html", "contacts": "contacts/row.html"}
# The class of each column's width; "custom" where nothing is said.
WIDTHS: Final = {
    "companies": {
        **{"name": "title", "town": "town", "status": "status", "owner": "person"},
        **{"chains": "number", "last": "date", "phone": "phone", "email": "email"},
        **dict.fromkeys(("abc", "postcode"), "mark"),
        **dict.fromkeys(("street", "categories", "parent", "website"), "text"),
    },
    "contacts": {
        **{"name": "title", "function": "person", "company": "company"},
        **{"phone": "phone", "mobile": "phone", "email": "email", "note": "text"},
    },
}
PIXELS: Final = {
    **{"title": 250, "town": 122, "custom": 122, "person": 152, "phone": 152},
    **{"status": 140, "number": 112, "date": 132, "company": 190, "mark": 84},
    **{"email": 210, "text": 210},
}
ROOM: Final = 1_180  # of a table in a laptop's window, in pixels
Values = Mapping[str, Mapping[int, Any]]
Get = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a column; `width` is the class of its `<col>`.

    `is_changed_here`: its cells may be changed in their places.
    """

    code: str
    name: str
    width: str
    is_changed_here: bool


def heads(page: str, columns: Columns) -> list[Head]:
    """Return the headings of a list of companies or contacts, in their order."""
    return [
        Head(
            code,
            column_heading(page, code, columns.custom),
            WIDTHS[page].get(code, "custom"),
            is_changed_here(page, code),
        )
        for code in columns.codes
    ]


def is_wide(columns: Columns, found: Sequence[Head]) -> bool:
    """Tell whether somebody chose more columns than stand beside each other."""
    return not columns.is_usual and sum(PIXELS[one.width] for one in found) > ROOM


def values_of_companies(
    actor: Actor, columns: Columns, rows: Sequence[CompanyRow]
) -> Values:
    """Return what rows do not have by themselves, for the columns shown."""
    return shown_of_companies(actor, [row.id for row in rows], columns.codes)


def values_of_contacts(
    actor: Actor, columns: Columns, rows: Sequence[Contact], *, now: datetime
) -> Values:
    """Return what contacts do not have by themselves, for the columns shown."""
    if not columns.has("last"):
        return {"last": {}}
    return {"last": last_with(actor, [one.pk for one in rows], now=now)}


def company_cells(columns: Columns, values: Values) -> dict[str, Get]:
    """Return what gives a company's value for each column, by code."""
    more, categories, parents = (
        values[name] for name in ("more", "categories", "parent")
    )
    prospect, active = _("Prospect"), _("Active customer")
    words: dict[str, Callable[[Any], str]] = {
        "kind": kind_name,
        "prospect_type": prospect_type_name,
        "country": country_name,
        "phone": formats.phone,
        "language": language_name,
        "expected": expected_words,
    }

    def own(code: str) -> Get:
        say = words.get(code)

        def get(row: CompanyRow) -> Any:
            value = getattr(more.get(row.id), code, None)
            return say(value) if say and value else value

        return get

    known: dict[str, Get] = {
        "name": lambda row: row.name,
        "town": lambda row: row.town,
        "status": lambda row: (
            "" if row.is_own else prospect if row.status == "prospect" else active
        ),
        "owner": lambda row: row.owner_name or "",
        "chains": lambda row: row.open_chains or None,
        "last": lambda row: row.last_date and timezone.localdate(row.last_date),
        "categories": lambda row: category_names(categories.get(row.id, [])),
        "parent": lambda row: parents.get(row.id, ""),
        "recorded": lambda row: _day_of(getattr(more.get(row.id), "recorded", None)),
    }
    return {
        code: _custom(columns, code) or known.get(code) or own(code)
        for code in columns.codes
    }


def contact_cells(columns: Columns, values: Values) -> dict[str, Get]:
    """Return what gives a contact's value for each column, by code."""
    last = values["last"]
    known: dict[str, Get] = {
        "name": lambda one: f"{one.last_name} {one.first_name}".strip(),
        "function": formats.function_there,
        "company": lambda one: one.company.name,
        "phone": lambda one: formats.phone(one.phone),
        "mobile": lambda one: formats.phone(one.mobile),
        "email": lambda one: one.email,
        "since": lambda one: one.since_on,
        "until": lambda one: one.until_on,
        "last": lambda one: _day_of(last.get(one.pk)),
        "note": lambda one: " ".join(one.note.split()),
        "recorded": lambda one: _day_of(one.created_at),
    }
    return {code: _custom(columns, code) or known[code] for code in columns.codes}


def company_rows(
    rows: Iterable[CompanyRow], columns: Columns, values: Values
) -> Markup:
    """Return the `<tr>`s of companies."""
    address = pieces.url.pattern("companies:page", id=98765)
    own = Markup(' <span class="badge">{}</span>').format(_("our own firm"))
    cells = company_cells(columns, values)

    def about(row: CompanyRow) -> dict[str, Any]:
        return {
            "id": row.id,
            "version": row.row_version,
            "address": address % {"id": row.id},
            "own": own if row.is_own else "",
        }

    links = {"phone": _phone(lambda row: values["more"][row.id].phone), "email": _mail}
    return _filled("companies", columns, rows, cells, about, links)


def contact_rows(rows: Iterable[Contact], columns: Columns, values: Values) -> Markup:
    """Return the `<tr>`s of contacts; one phone column shows the number there is."""
    address = pieces.url.pattern("contacts:page", id=98765)
    company = pieces.url.pattern("companies:page", id=98765)
    cells = contact_cells(columns, values)

    def number(one: Contact) -> str:
        return one.phone if columns.has("mobile") else one.phone or one.mobile

    if "phone" in cells:
        cells["phone"] = lambda one: formats.phone(number(one))

    def about(one: Contact) -> dict[str, Any]:
        return {
            "id": one.pk,
            "version": one.row_version,
            "address": address % {"id": one.pk},
            "company_address": company % {"id": one.company_id},
        }

    links = {
        "phone": _phone(number),
        "mobile": _phone(lambda one: one.mobile),
        "email": _mail,
    }
    return _filled("contacts", columns, rows, cells, about, links)


def _filled(
    page: str,
    columns: Columns,
    rows: Iterable[Any],
    cells: Mapping[str, Get],
    about: Callable[[Any], dict[str, Any]],
    links: Mapping[str, Callable[[Any, Any], Markup]],
) -> Markup:
    """Return rows in their pattern; `about` fills what belongs to no column."""
    language = get_language() or ""
    row = pattern(ROWS[page], language, cols=columns.codes)
    write = formats.Days(timezone.get_current_timezone(), language)
    done = []
    for one in rows:
        found = about(one)
        for code, get in cells.items():
            value = get(one)
            if value in (None, ""):
                found[code] = ""
            elif code in links:
                found[code] = links[code](one, value)
            elif isinstance(value, date):
                found[code] = write.day(value)
            else:
                found[code] = escape(value)
        done.append(row % found)
    return Markup("".join(done))  # noqa: S704  # each value was escaped


def _phone(number: Callable[[Any], str]) -> Callable[[Any, Any], Markup]:
    def link(one: Any, shown: str) -> Markup:
        dialled = dialled_phone(number(one))
        return Markup('<a href="tel:{}">{}</a>').format(dialled, shown)

    return link


def _mail(_one: Any, address: str) -> Markup:
    return Markup('<a href="mailto:{0}">{0}</a>').format(address)


def _custom(columns: Columns, code: str) -> Get | None:
    """Return what gives the value of a custom field in words, None for other codes."""
    if code not in columns.custom:
        return None
    field = columns.custom[code][0]
    return lambda row: words_of(field, row.custom.get(field.key))


def _day_of(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None
