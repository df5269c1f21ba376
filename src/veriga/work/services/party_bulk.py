"""Commands for many companies or contacts at once; services.bulk takes them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from veriga.access.rules import Context
from veriga.activities.services.locking import lock_companies
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound, VerigaError
from veriga.common.transactions import savepoint, write
from veriga.parties.models import Company, Contact
from veriga.parties.queries import categories_of
from veriga.parties.services import lock_contacts, update_contact
from veriga.work.queries.bulk import Chosen, Left
from veriga.work.queries.party_bulk import (
    PartyCommand,
    PartyPlan,
    R,
    plan_companies,
    plan_contacts,
)
from veriga.work.rules.bulk import Of
from veriga.work.rules.party_bulk import CompanyAction

from .bulk import Outcome, keep_batch
from .companies import update_company


@write
def run_for_companies(
    *, context: Context, chosen: Sequence[Chosen], command: PartyCommand
) -> Outcome:
    """Do one thing to many companies, each as its own service does it.

    What may not be changed, or was changed since it was chosen, is left as it is and
    told. They are locked at once in the order of their ids. Errors: those of
    plan_companies.
    """
    plan = plan_companies(context.actor, chosen, command)
    held = set(lock_companies(company.pk for company in plan.fit))
    # Somebody may have been quicker while this waited for the locks.
    plan = plan_companies(context.actor, chosen, command)
    had: dict[int, list[str]] = {}
    if command.action in {CompanyAction.ADD_CATEGORY, CompanyAction.DROP_CATEGORY}:
        had = categories_of(company.pk for company in plan.fit)

    def do(company: Company) -> dict[str, Any]:
        if company.pk not in held:
            raise Conflict("changed_since")
        changes = plan.changes[company.pk]
        was = {name: getattr(company, name) for name in changes.keys() - {"categories"}}
        if "categories" in changes:
            was["categories"] = had.get(company.pk, [])
        changed = update_company(
            context=context,
            company_id=company.pk,
            expected_version=company.row_version,
            **changes,
        )
        return {"id": company.pk, "version": changed.row_version, "was": was}

    return _run(context, command, plan, do, Of.COMPANIES)


@write
def run_for_contacts(
    *, context: Context, chosen: Sequence[Chosen], command: PartyCommand
) -> Outcome:
    """Do one thing to many contacts; see run_for_companies."""
    plan = plan_contacts(context.actor, chosen, command)
    held = lock_contacts(contact.pk for contact in plan.fit)
    plan = plan_contacts(context.actor, chosen, command)

    def do(contact: Contact) -> dict[str, Any]:
        if contact.pk not in held:
            raise Conflict("changed_since")
        changes = plan.changes[contact.pk]
        was = {name: _plain(getattr(contact, name)) for name in changes}
        changed = update_contact(
            context=context,
            contact_id=contact.pk,
            expected_version=contact.row_version,
            **changes,
        )
        return {"id": contact.pk, "version": changed.row_version, "was": was}

    return _run(context, command, plan, do, Of.CONTACTS)


def _run(
    context: Context,
    command: PartyCommand,
    plan: PartyPlan[R],
    do: Callable[[R], dict[str, Any]],
    of: Of,
) -> Outcome:
    """Do it to each row that fits, in the order of their ids, and keep the batch."""
    left, items = list(plan.left), []
    for row in plan.fit:
        try:
            with savepoint():
                items.append(do(row))
        except (NotFound, NotAllowed, Conflict, Invalid) as error:
            left.append(Left(str(row.pk), row.name, _why(error)))
    if not items:
        return Outcome(0, left, of=of)
    batch = keep_batch(context, command.action, items, of)
    return Outcome(len(items), left, batch, of)


def _why(error: VerigaError) -> VerigaError:
    return Conflict("changed_since") if error.code == "stale" else error


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
