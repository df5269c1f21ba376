"""One command for many companies or contacts; bulk/{id}/undo takes it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Router

from veriga.access.rules import Context
from veriga.api.answers import answer
from veriga.api.auth import writer
from veriga.api.errors import name_of
from veriga.api.idempotency import once
from veriga.api.schemas.party_bulk import (
    CompaniesBulkIn,
    ContactsBulkIn,
    PartyBulkOut,
    PartyChosenIn,
)
from veriga.common.errors import Invalid
from veriga.common.keyset import Page
from veriga.parties.queries import ContactFilters, list_companies, list_contacts
from veriga.work.messages import message_of
from veriga.work.queries.bulk import Chosen, Left
from veriga.work.queries.party_bulk import (
    VALUE,
    PartyCommand,
    PartyPlan,
    plan_companies,
    plan_contacts,
)
from veriga.work.rules.bulk import MOST
from veriga.work.rules.party_bulk import CompanyAction, ContactAction, PartyAction
from veriga.work.services.bulk import Outcome
from veriga.work.services.party_bulk import run_for_companies, run_for_contacts

from .companies import read_filters

router = Router(tags=["bulk"])
PER_PAGE = 200
# The field of a body that holds the value of each command.
FIELDS: Final[dict[PartyAction, str]] = {
    CompanyAction.OWNER: "owner",
    CompanyAction.STATUS: "status",
    CompanyAction.ADD_CATEGORY: "category",
    CompanyAction.DROP_CATEGORY: "category",
    CompanyAction.ABC: "abc",
    ContactAction.LEFT: "until_on",
    ContactAction.FUNCTION: "function",
}


@router.post("/bulk/companies", response=PartyBulkOut)
def change_many_companies(request: HttpRequest, body: CompaniesBulkIn) -> HttpResponse:
    """Do one thing to many companies, or say what it would do."""
    context = writer(request)
    command = _command(CompanyAction(body.action), body)

    def work() -> Any:
        chosen = _chosen(
            "companies", body.companies, _companies_that_fit(context, body)
        )
        with _named(command):
            if body.dry_run:
                return _foreseen(plan_companies(context.actor, chosen, command))
            return _done(
                run_for_companies(context=context, chosen=chosen, command=command)
            )

    return once(request, work)


@router.post("/bulk/contacts", response=PartyBulkOut)
def change_many_contacts(request: HttpRequest, body: ContactsBulkIn) -> HttpResponse:
    """Do one thing to many contacts, or say what it would do."""
    context = writer(request)
    command = _command(ContactAction(body.action), body)

    def work() -> Any:
        chosen = _chosen("contacts", body.contacts, _contacts_that_fit(context, body))
        with _named(command):
            if body.dry_run:
                return _foreseen(plan_contacts(context.actor, chosen, command))
            return _done(
                run_for_contacts(context=context, chosen=chosen, command=command)
            )

    return once(request, work)


def _command(
    action: PartyAction, body: CompaniesBulkIn | ContactsBulkIn
) -> PartyCommand:
    return PartyCommand(action, getattr(body, FIELDS[action]))


@contextmanager
def _named(command: PartyCommand) -> Iterator[None]:
    """Say of the field that the body has what services say of the value."""
    try:
        yield
    except Invalid as error:
        field = FIELDS[command.action]
        errors = [
            replace(one, field=field) if one.field == VALUE else one
            for one in error.errors
        ]
        raise Invalid(error.code, errors=errors, **error.params) from error


Ask = Callable[[str | None], Page[Any]]


def _chosen(
    name: str, named: Sequence[int | PartyChosenIn] | None, ask: Ask | None
) -> list[Chosen]:
    """Return the rows that the body names, or all that fit its filter.

    Errors: required for neither, either_or for both; too_many_rows for a list that is
    longer than what one command takes, of which nothing is done.
    """
    if named is not None and ask is not None:
        raise Invalid.of("filter", "either_or", one=name, other="filter")
    if ask is not None:
        return _all_that_fit(ask)
    if named is None:
        raise Invalid.of(name, "required")
    return [
        Chosen(str(one))
        if isinstance(one, int)
        else Chosen(str(one.id), one.row_version)
        for one in named
    ]


def _companies_that_fit(context: Context, body: CompaniesBulkIn) -> Ask | None:
    """Return what asks for the pages of the list that the body's filter leaves."""
    if body.filter is None:
        return None
    filters = read_filters(context.actor, body.filter)
    return lambda cursor: list_companies(
        context.actor, filters, limit=PER_PAGE, cursor=cursor
    )


def _contacts_that_fit(context: Context, body: ContactsBulkIn) -> Ask | None:
    """Return the same for contacts."""
    if body.filter is None:
        return None
    filters = ContactFilters(q=body.filter.q, company_id=body.filter.company)
    return lambda cursor: list_contacts(
        context.actor, filters, limit=PER_PAGE, cursor=cursor
    )


def _all_that_fit(ask: Ask) -> list[Chosen]:
    found: list[Chosen] = []
    cursor = None
    while True:
        page = ask(cursor)
        found += [Chosen(str(row.pk), row.row_version) for row in page.rows]
        cursor = page.next
        if len(found) > MOST:
            raise Invalid("too_many_rows", limit=MOST)
        if cursor is None:
            return found


def _foreseen(plan: PartyPlan[Any]) -> Callable[[], HttpResponse]:
    changed = [row.pk for row in plan.fit]
    return lambda: _said(None, changed, plan.left, plan.unseen)


def _done(done: Outcome) -> Callable[[], HttpResponse]:
    changed = [item["id"] for item in done.batch.items] if done.batch else []
    batch_id = done.batch.pk if done.batch else None
    return lambda: _said(batch_id, changed, done.left)


def _said(
    batch_id: int | None,
    changed: list[int],
    left: list[Left],
    unseen: int | None = None,
) -> HttpResponse:
    told = [_told(one) for one in left]
    return answer(
        {"batch": batch_id, "changed": changed, "left": told, "unseen": unseen}
    )


def _told(left: Left) -> dict[str, Any]:
    errors = left.why.errors if isinstance(left.why, Invalid) else []
    return {
        "id": int(left.reference),
        "name": left.title,
        "code": left.why.code,
        "detail": message_of(left.why),
        "fields": [name_of(one) for one in errors],
    }
