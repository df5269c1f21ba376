"""Companies and contacts."""

from __future__ import annotations

from typing import Literal

from .types import (
    Custom,
    Day,
    DayOut,
    Id,
    In,
    InstantOut,
    Line,
    Lines,
    NamedOut,
    Out,
    PageQuery,
    Patch,
    Person,
    QueryId,
    UserOut,
)

StatusWord = Literal["prospect", "active"]
CompanyKindWord = Literal["", "legal_entity", "sole_trader", "natural_person", "branch"]
AbcWord = Literal["", "A", "B", "C"]
LanguageWord = Literal["", "sl", "en", "de", "hr", "it", "hu", "sr", "fr"]


class CompanyPatch(Patch):
    """What may be changed of a company."""

    name: Line = ""
    status: StatusWord = "prospect"
    prospect_type: Line | None = None
    street: Line | None = None
    postcode: Line | None = None
    town: Line | None = None
    country: Line = "SI"
    phone: Line | None = None
    email: Line | None = None
    website: Line | None = None
    tax_number: Line | None = None
    registration_number: Line | None = None
    kind: CompanyKindWord | None = None
    parent: Id | None = None
    abc: AbcWord | None = None
    categories: list[Line] | None = None
    language: LanguageWord | None = None
    expected_on: Line | None = None
    notes: Lines | None = None
    account_owner: Person | None = None
    custom: Custom | None = None


class CompanyIn(CompanyPatch):
    """A new company; a name is enough."""

    name: Line


class CompanyFilter(In):
    """What companies are narrowed by."""

    q: Line = ""
    status: StatusWord | None = None
    account_owner: Line = ""
    country: Line = ""
    kind: CompanyKindWord = ""
    abc: AbcWord = ""
    category: Line = ""


class CompaniesQuery(CompanyFilter, PageQuery):
    """What narrows the list of companies."""


AddressWord = Literal["invoice", "delivery", "site", "other"]


class AddressPatch(Patch):
    """What may be changed of a further address."""

    kind: AddressWord = "other"
    name: Line | None = None
    street: Line | None = None
    postcode: Line | None = None
    town: Line = ""
    country: Line = "SI"
    note: Line | None = None


class AddressIn(AddressPatch):
    """A further address of a company."""

    kind: AddressWord
    town: Line


class AddressOut(Out):
    id: int
    kind: AddressWord
    name: str
    street: str
    postcode: str
    town: str
    country: str
    note: str
    row_version: int


class AddressesOut(Out):
    items: list[AddressOut]


class CompanyOut(Out):
    id: int
    name: str
    status: StatusWord
    prospect_type: str | None
    street: str
    postcode: str
    town: str
    country: str
    phone: str
    email: str
    website: str
    tax_number: str
    registration_number: str
    kind: CompanyKindWord
    parent: int | None
    abc: AbcWord
    categories: list[str]
    language: LanguageWord
    expected_on: str
    notes: str
    account_owner: UserOut | None
    is_own: bool
    custom: Custom
    created_at: InstantOut
    row_version: int


class CompaniesOut(Out):
    items: list[CompanyOut]
    next: str | None


class ContactPatch(Patch):
    """What may be changed of a contact."""

    first_name: Line | None = None
    last_name: Line = ""
    function: Line | None = None
    phone: Line | None = None
    mobile: Line | None = None
    email: Line | None = None
    note: Lines | None = None
    since_on: Day | None = None
    until_on: Day | None = None
    custom: Custom | None = None


class ContactIn(ContactPatch):
    """A new contact of a company."""

    company: Id
    last_name: Line


class ContactFilter(In):
    """What contacts are narrowed by."""

    q: Line = ""
    company: QueryId | None = None


class ContactsQuery(ContactFilter, PageQuery):
    """What narrows the list of contacts."""


class ContactOut(Out):
    id: int
    company: NamedOut
    first_name: str
    last_name: str
    name: str
    function: str
    phone: str
    mobile: str
    email: str
    note: str
    since_on: DayOut | None
    until_on: DayOut | None
    custom: Custom
    created_at: InstantOut
    row_version: int


class PositionOut(Out):
    """Where else a contact is or was."""

    id: int
    company: NamedOut
    function: str
    since_on: DayOut | None
    until_on: DayOut | None


class ContactAloneOut(ContactOut):
    positions: list[PositionOut]


class PositionPatch(Patch):
    """What may be changed of a position."""

    function: Line | None = None
    since_on: Day | None = None
    until_on: Day | None = None


class PositionIn(PositionPatch):
    """A further company of a contact."""

    company: Id


class FirstIn(Patch):
    """The day on which the contact left the company they were at."""

    left_on: Day | None = None


class ContactsOut(Out):
    items: list[ContactOut]
    next: str | None
