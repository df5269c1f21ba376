"""Commands for many companies or contacts: which were chosen, and what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from veriga.access.rules import Actor
from veriga.common.errors import FieldError, Invalid
from veriga.parties.queries import list_companies, list_contacts
from veriga.web.pages import Typed
from veriga.work.queries.bulk import Chosen
from veriga.work.queries.party_bulk import VALUE, PartyCommand
from veriga.work.rules.bulk import MOST
from veriga.work.rules.party_bulk import CompanyAction, ContactAction, PartyAction

from .filters import read_company_filters, read_contact_filters

PER_PAGE = 200
ACTIONS: Mapping[str, type[PartyAction]] = {
    "companies": CompanyAction,
    "contacts": ContactAction,
}


def all_parties_that_fit(
    page: str, actor: Actor, data: Mapping[str, str]
) -> tuple[list[Chosen], bool]:
    """Return the first MOST rows of a list with the filters that `data` has.

    With them whether the list goes on.
    """
    rows: list[Any] = []
    cursor = None
    while len(rows) < MOST:
        limit = min(PER_PAGE, MOST - len(rows))
        if page == "companies":
            order = "-name" if data.get("order") == "-name" else "name"
            filters = read_company_filters(data)
            found: Any = list_companies(
                actor, filters, order=order, limit=limit, cursor=cursor
            )
        else:
            people = read_contact_filters(data)
            found = list_contacts(actor, people, limit=limit, cursor=cursor)
        rows += found.rows
        cursor = found.next
        if cursor is None:
            break
    return [Chosen(str(row.pk), row.row_version) for row in rows], cursor is not None


def read_party_command(page: str, action: str, typed: str) -> PartyCommand:
    """Return what a form says is to be done; not_a_date for a day that is none."""
    done = ACTIONS[page](action)
    text = typed.strip()
    if done == ContactAction.LEFT and text:
        read = Typed({VALUE: text})
        day = read.day(VALUE)
        if day is None:
            raise Invalid("not_a_date", errors=[FieldError(VALUE, "not_a_date")])
        return PartyCommand(done, day)
    return PartyCommand(done, typed if done == ContactAction.FUNCTION else text)
