"""Making, changing and deleting companies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import ProtectedError

from veriga.access.models import User
from veriga.access.queries import users_by_id
from veriga.access.rules import Context, Source
from veriga.common.announcing import announce
from veriga.common.errors import Conflict, Invalid, NotAllowed, Problems
from veriga.common.rows import check_version, lock_row, set_changed
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.parties.models import Company, CompanyStatus, Share
from veriga.parties.queries import can_see, is_kept_from, visible_companies
from veriga.parties.rules import missing_when_active
from veriga.setup.happenings import Happening, What, happened

from .activation import answer_requests
from .company_fields import KEYS, change_categories, clean_company, entries_of, set_keys
from .rights import require_steward, require_writer

CHECKED_WHEN_ACTIVE = (
    *("kind", "street", "postcode", "town", "country", "tax_number"),
    "account_owner_id",
)
# By what a company is found.
SEARCHED = frozenset(
    {
        *("name", "phone", "email", "website", "tax_number", "registration_number"),
        "town",
    }
)
# What was recorded elsewhere is as complete as it was there.
UNCHECKED = frozenset({Source.DEMO, Source.GENERATED, Source.IMPORT})


@write
def create_company(*, context: Context, name: str, **fields: Any) -> Company:
    """Return a new company; a name is enough, the other fields are those of CLEANERS
    and `custom`.

    The account owner is the actor unless `account_owner_id` says otherwise; the team is
    the account owner's. If that would hide the company from its maker, it is shared
    with them. Duplicates are allowed; `similar_companies` finds them beforehand.
    """
    require_writer(context)
    fields.setdefault("account_owner_id", context.actor.user_id)
    company = Company(created_by_id=context.actor.user_id, created_at=context.now)
    values = clean_company(context, company, {"name": name, **fields})
    categories = values.pop("categories", [])
    set_changed(company, values)
    _check_persons(context, company)
    _check_status(context, company, CompanyStatus.PROSPECT)
    owner = _set_owner_team(company)
    set_keys(company)
    company.save(force_insert=True)
    if categories:
        company.categories.set(entries_of(categories))
    maker = users_by_id([context.actor.user_id]).get(context.actor.user_id or 0, owner)
    if maker is not None and not can_see(maker, company):
        Share.objects.create(
            company=company, user=maker, made_by=maker, made_at=context.now
        )
    announce("company", [company.pk])
    note_change(
        context, "company", company.pk, "create", {"name": (None, company.name)}
    )
    return company


@write
def update_company(
    *,
    context: Context,
    company_id: int,
    expected_version: int | None = None,
    **changes: Any,
) -> Company:
    """Return the company with `changes`: any of the fields of CLEANERS, and `custom`.

    Anybody who sees the company and may record; the account owner is changed only by
    the account owner or a manager, the own firm only by a manager. Call the service of
    the same name in work.services.companies, which carries the change to activities.
    Errors: stale, inactive_user, unknown_field and the codes of common.checks.
    """
    company = lock_row(visible_companies(context.actor), company_id)
    require_writer(context)
    if company.is_own and not context.actor.is_manager:
        raise NotAllowed
    check_version(company, expected_version)
    values = clean_company(context, company, changes)
    if values.get("account_owner_id", company.account_owner_id) != (
        company.account_owner_id
    ):
        require_steward(context, company)
    categories = values.pop("categories", None)
    changed = set_changed(company, values)
    if categories is not None:
        changed |= change_categories(company, categories)
    if not changed:
        return company
    if {"kind", "account_owner_id"} & changed.keys():
        _check_persons(context, company)
    if "status" in changed:
        _check_status(context, company, changed["status"][0])
    _save(context, company, changed)
    if "status" in changed and company.status == CompanyStatus.ACTIVE:
        answer_requests(context, company)
        happened(context, Happening(What.ACTIVATED, company.pk))
    return company


@write
def restore_company(
    *, context: Context, company_id: int, version: int, was: Mapping[str, Any]
) -> Company:
    """Give a company back the account owner, status, ABC mark or categories it had.

    For undoing: an owner who has left since is the owner again, and whoever gave the
    company away need not see it any more. The caller decides who may. Errors: stale if
    anybody saved it after `version`, not_found, and those of natural persons.
    """
    company = lock_row(Company.objects.all(), company_id)
    require_writer(context)
    check_version(company, version)
    values = dict(was)
    categories = values.pop("categories", None)
    changed = set_changed(company, values)
    if categories is not None:
        changed |= change_categories(company, categories)
    _check_persons(context, company)
    if changed:
        _save(context, company, changed)
    return company


@write
def delete_company(*, context: Context, company_id: int) -> None:
    """Delete a company that has no activities and no contacts.

    By its account owner, its maker or a manager. Errors: company_in_use.
    """
    company = lock_row(visible_companies(context.actor), company_id, to_delete=True)
    require_writer(context)
    if company.is_own:
        raise NotAllowed
    if company.created_by_id is None or company.created_by_id != context.actor.user_id:
        require_steward(context, company)
    try:
        company.delete()
    except ProtectedError:
        raise Conflict("company_in_use") from None
    announce("company", [company_id])
    note_change(
        context, "company", company_id, "delete", {"name": (company.name, None)}
    )


@write
def create_own_firm(*, context: Context, name: str) -> Company:
    """Return the installation's own firm, made if need be. Administrators only."""
    if not context.actor.is_administrator:
        raise NotAllowed
    firm = Company.objects.filter(is_own=True).first()
    if firm is not None:
        return firm
    firm = Company(
        is_own=True,
        status=CompanyStatus.ACTIVE,
        created_by_id=context.actor.user_id,
        created_at=context.now,
    )
    set_changed(firm, clean_company(context, firm, {"name": name}))
    set_keys(firm)
    firm.save(force_insert=True)
    announce("company", [firm.pk])
    note_change(context, "company", firm.pk, "create", {"name": (None, firm.name)})
    return firm


@write
def follow_owner_team(*, context: Context, user: User) -> list[Company]:
    """Return the companies of `user` that were in another team, moved to the user's.

    Part of changing a user's team; the caller has checked that right.
    """
    if not context.actor.is_administrator:
        raise NotAllowed
    owned = Company.objects.filter(account_owner=user).order_by("pk")
    moved = []
    for company in owned.select_for_update(no_key=True):
        if company.team_id != user.team_id:
            changes = {"team_id": (company.team_id, user.team_id)}
            company.team_id = user.team_id
            company.row_version += 1
            company.save(update_fields=["team", "row_version"])
            note_change(context, "company", company.pk, "update", changes)
            moved.append(company)
    return moved


def _save(context: Context, company: Company, changed: dict[str, Any]) -> None:
    """Store what changed, with what follows from it, and note it."""
    if "account_owner_id" in changed:
        old_team_id = company.team_id
        _set_owner_team(company)
        if company.team_id != old_team_id:
            changed["team_id"] = (old_team_id, company.team_id)
    set_keys(company)
    company.row_version += 1
    company.save(
        update_fields=[*(changed.keys() - {"categories"}), *KEYS, "row_version"],
    )
    if SEARCHED & changed.keys():
        announce("company", [company.pk])
    note_change(context, "company", company.pk, "update", changed)


def _check_persons(context: Context, company: Company) -> None:
    """Refuse a natural person that who keeps it, or looks after it, would not see.

    Codes: no_right_to_persons for kind, may_not_see_persons for account_owner_id.
    """
    if not company.is_person:
        return
    if not context.actor.may_see_persons:
        raise Invalid.of("kind", "no_right_to_persons")
    owner_id = company.account_owner_id or 0
    owner = users_by_id([owner_id]).get(owner_id)
    if owner is not None and is_kept_from(owner, company):
        raise Invalid.of("account_owner_id", "may_not_see_persons", user=owner.name)


def _check_status(context: Context, company: Company, before: str) -> None:
    """Refuse what may not become active, or a prospect again.

    By whoever has the right, and only once it has all that an active customer needs;
    managers make it a prospect again. Code needed_when_active for each field.
    """
    actor = context.actor
    if company.status == before:
        return
    if company.status == CompanyStatus.PROSPECT:
        if not actor.is_manager:
            raise NotAllowed
        return
    if not actor.may_activate:
        raise NotAllowed
    if context.source in UNCHECKED:
        return
    values = {name: getattr(company, name) for name in CHECKED_WHEN_ACTIVE}
    problems = Problems()
    for field in missing_when_active(values):
        problems.add(field, "needed_when_active")
    problems.raise_if_any()


def _set_owner_team(company: Company) -> User | None:
    """Put the company into its account owner's team; return the account owner."""
    owner_id = company.account_owner_id
    owner = users_by_id([owner_id]).get(owner_id) if owner_id is not None else None
    company.team_id = owner.team_id if owner is not None else None
    return owner
