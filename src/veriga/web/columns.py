"""The columns of lists: which there are, which are shown, in what order.

An address says them (`cols=reference,title,due`), else what the user keeps for a list,
else the usual ones. The state always begins a row, and a title it always has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veriga.activities.queries.people import participant_counts
from veriga.activities.queries.rows import ActivityRow, custom_values
from veriga.activities.rules.words import KindCode
from veriga.setup.models import CustomField
from veriga.setup.rules import Subject
from veriga.web.forms.custom import PREFIX, named_columns

TITLE: Final = "title"
COLS: Final = "cols"  # in an address
KINDS: Final = {
    "activities": "",
    "events": KindCode.EVENT,
    "tasks": KindCode.TASK,
    "product_records": KindCode.PRODUCT_RECORD,
    "quotes": KindCode.QUOTE,
}
PLAIN: Final = (
    *("reference", "kind", TITLE, "company", "amount", "date", "due", "owner"),
    *("result", "done", "recorded", "importance", "people", "clip", "counts"),
)
MORE: Final = frozenset({"result", "done", "recorded", "importance", "people"})
LAST: Final = ("clip", "counts")
PARTIES: Final = {"companies": Subject.COMPANY, "contacts": Subject.CONTACT}
Named = tuple[CustomField, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """The columns that one kind of list may have.

    `more` only where somebody chose them, `needed` always; `last` ends a row.
    """

    plain: tuple[str, ...]
    more: frozenset[str]
    needed: str
    last: tuple[str, ...] = ()


ACTIVITIES: Final = Listing(PLAIN, MORE, TITLE, LAST)
_COMPANIES: Final = ("name", "town", "status", "owner", "chains", "last")
_MORE_OF_COMPANIES: Final = (
    *("kind", "abc", "categories", "prospect_type", "team", "parent", "street"),
    *("postcode", "country", "phone", "email", "website", "tax_number"),
    *("registration_number", "language", "expected", "recorded"),
)
_CONTACTS: Final = ("name", "function", "company", "phone", "email")
_MORE_OF_CONTACTS: Final = ("mobile", "since", "until", "last", "note", "recorded")
LISTINGS: Final = {
    **dict.fromkeys(KINDS, ACTIVITIES),
    "companies": Listing(
        (*_COMPANIES, *_MORE_OF_COMPANIES), frozenset(_MORE_OF_COMPANIES), "name"
    ),
    "contacts": Listing(
        (*_CONTACTS, *_MORE_OF_CONTACTS), frozenset(_MORE_OF_CONTACTS), "name"
    ),
}
# What may be changed in its cell. What decides who sees a company (its kind), and what
# is chosen by searching, is changed in the form.
CHANGED_HERE: Final = {
    "companies": frozenset(
        {
            *("name", "town", "status", "owner", "abc", "categories", "phone"),
            *("prospect_type", "street", "postcode", "email", "website", "language"),
            *("tax_number", "registration_number", "expected"),
        }
    ),
    "contacts": frozenset(
        {"name", "function", "phone", "mobile", "email", "since", "until"}
    ),
}


def is_changed_here(page: str, code: str) -> bool:
    """Tell whether the cells of a column of companies or contacts may be changed."""
    return code in CHANGED_HERE[page] or code.startswith(PREFIX)


@dataclass(frozen=True, slots=True)
class Columns:
    """What a list shows: codes in their order, and the custom fields among them."""

    codes: tuple[str, ...]
    custom: dict[str, Named]
    is_usual: bool
    listing: Listing = ACTIVITIES

    @property
    def fields(self) -> list[Named]:
        """The custom fields shown, in the order of their columns."""
        return [self.custom[code] for code in self.codes if code in self.custom]

    def has(self, code: str) -> bool:
        return code in self.codes


def usual_codes(
    *, company: bool = True, kind: bool = True, amount: bool = False
) -> tuple[str, ...]:
    """Return the columns that a table of activities has by itself."""
    hidden = {
        *(() if company else ("company",)),
        *(() if kind else ("kind",)),
        *(() if amount else ("amount",)),
    }
    return tuple(code for code in PLAIN if code not in MORE | hidden)


def columns_of(page: str, address: str | None, kept: Mapping[str, str]) -> Columns:
    """Return the columns of a list: those of the address, of the user, the usual ones.

    What is unknown there is passed over, as a field that was switched off since is.
    """
    listing, subject = LISTINGS[page], _subject_of(page)
    named = (
        {PREFIX + one[0].code: one for one in named_columns(subject)} if subject else {}
    )
    usual = _with_custom(_usual_of(page), named, listing.last)
    known = {*listing.plain, *named}
    for said in (address, kept.get(page)):
        codes = [
            code for code in dict.fromkeys((said or "").split(",")) if code in known
        ]
        if codes:
            needed = listing.needed
            chosen = tuple(codes if needed in codes else [needed, *codes])
            return Columns(chosen, named, chosen == usual, listing)
    return Columns(usual, named, True, listing)


def _subject_of(page: str) -> str:
    """Return what of a list has custom fields, "" where several kinds stand in it."""
    return PARTIES.get(page) or KINDS[page]


def _usual_of(page: str) -> tuple[str, ...]:
    if page in PARTIES:
        listing = LISTINGS[page]
        return tuple(code for code in listing.plain if code not in listing.more)
    kind = KINDS[page]
    return usual_codes(
        kind=kind not in {KindCode.TASK, KindCode.QUOTE},
        amount=kind == KindCode.QUOTE,
    )


def values_of(
    columns: Columns, rows: Sequence[ActivityRow]
) -> dict[str, dict[int, Any]]:
    """Return what rows of activities do not have by themselves.

    A statement for each such column.
    """
    ids = [row.id for row in rows]
    return {
        "custom": custom_values(ids) if columns.fields else {},
        "people": participant_counts(ids) if columns.has("people") else {},
    }


def all_codes(columns: Columns) -> list[str]:
    """Return every column of a list: first those shown, then the others."""
    every = [*columns.listing.plain, *columns.custom]
    return [*columns.codes, *(code for code in every if code not in columns.codes)]


def column_heading(page: str, code: str, custom: Mapping[str, Named]) -> str:
    """Return what a column of a page is called."""
    if page in KINDS:
        return heading_of(code, custom, quote=KINDS[page] == KindCode.QUOTE)
    if code in custom:
        return custom[code][1]
    names = _company_headings() if page == "companies" else _contact_headings()
    return names[code]


def heading_of(code: str, custom: Mapping[str, Named], *, quote: bool = False) -> str:
    """Return what a column of activities is called."""
    if code in custom:
        return custom[code][1]
    names: dict[str, str] = {
        "reference": _("Ref. no."),
        "kind": _("Type"),
        TITLE: _("Title"),
        "company": _("Company"),
        "amount": _("Amount"),
        "date": _("Date"),
        "due": _("Valid until") if quote else _("Due"),
        "owner": _("Owner"),
        "result": _("Result"),
        "done": pgettext("column", "Done"),
        "recorded": _("Recorded"),
        "importance": _("Importance"),
        "people": _("Participants"),
        "clip": _("Attachments"),
        "counts": _("Linked"),
    }
    return names[code]


def _company_headings() -> dict[str, str]:
    return {
        "name": pgettext("company", "Name"),
        "town": _("Town"),
        "status": _("Status"),
        "owner": _("Account owner"),
        "chains": _("Open chains"),
        "last": _("Last activity"),
        "kind": _("Kind of company"),
        "abc": _("ABC"),
        "categories": _("Categories"),
        "prospect_type": _("Prospect type"),
        "team": _("Team"),
        "parent": _("Parent company"),
        "street": _("Street"),
        "postcode": _("Postcode"),
        "country": _("Country"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "website": _("Website"),
        "tax_number": _("Tax number"),
        "registration_number": _("Registration number"),
        "language": _("Language of mails"),
        "expected": _("Co-operation expected"),
        "recorded": _("Recorded"),
    }


def _contact_headings() -> dict[str, str]:
    return {
        "name": pgettext("person", "Name"),
        "function": _("Function"),
        "company": _("Company"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "mobile": _("Mobile phone"),
        "since": _("Since"),
        "until": _("Until"),
        "last": _("Last activity"),
        "note": _("Note"),
        "recorded": _("Recorded"),
    }


def moved(codes: Sequence[str], code: str, step: int) -> list[str]:
    """Return the codes with one of them moved by one place."""
    found = list(codes)
    if code not in found:
        return found
    at = found.index(code)
    to = min(max(at + step, 0), len(found) - 1)
    found.insert(to, found.pop(at))
    return found


def _with_custom(
    codes: tuple[str, ...], custom: Iterable[str], last: tuple[str, ...]
) -> tuple[str, ...]:
    """Return codes with custom fields before what always ends a row."""
    ends = [code for code in last if code in codes]
    return (*(code for code in codes if code not in ends), *custom, *ends)
