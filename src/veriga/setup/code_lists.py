"""Which code lists there are, what each carries, and reading one to edit it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from veriga.access.rules import Actor
from veriga.common.errors import NotAllowed, NotFound

from .models import (
    CloseReason,
    CodeListEntry,
    CompanyCategory,
    ContactFunction,
    EventType,
    Importance,
    LifeCycle,
    ProductRecordType,
    ProspectType,
    Reason,
    Stage,
)


@dataclass(frozen=True, slots=True)
class CodeList:
    """One code list; `own` are the fields that its entries alone have.

    `name` stands in addresses, `subject` in the history. `is_needed`: forms cannot do
    without an entry on offer.
    """

    name: str
    subject: str
    model: type[CodeListEntry]
    own: tuple[str, ...] = ()
    is_needed: bool = False


LISTS: Final = {
    one.name: one
    for one in (
        CodeList("event-types", "event_type", EventType, ("direction",), True),
        CodeList("reasons", "reason", Reason),
        CodeList("stages", "stage", Stage, ("probability_percent", "closes"), True),
        CodeList(
            "product-record-types",
            "product_record_type",
            ProductRecordType,
            is_needed=True,
        ),
        CodeList("close-reasons", "close_reason", CloseReason),
        CodeList("prospect-types", "prospect_type", ProspectType),
        CodeList("company-categories", "company_category", CompanyCategory),
        CodeList("importances", "importance", Importance, is_needed=True),
        CodeList("contact-functions", "contact_function", ContactFunction),
    )
}


def code_list_of(name: str) -> CodeList:
    """Return the code list of this name, or NotFound."""
    try:
        return LISTS[name]
    except KeyError:
        raise NotFound from None


def list_entries(actor: Actor, code_list: CodeList) -> list[Any]:
    """Return the entries of a list as they are stored now; administrators only."""
    if not actor.is_administrator:
        raise NotAllowed
    return list(code_list.model._default_manager.order_by("position", "code"))


def get_entry(actor: Actor, code_list: CodeList, code: str) -> Any:
    """Return one entry as it is stored now; administrators only."""
    for entry in list_entries(actor, code_list):
        if entry.code == code:
            return entry
    raise NotFound


def is_offered(entry: CodeListEntry) -> bool:
    """Tell whether forms offer the entry to choose from.

    A stage that closes a sale is reached by closing it, and not chosen.
    """
    return entry.life_cycle == LifeCycle.ACTIVE and not getattr(entry, "closes", "")
