"""Making, changing and deleting companies."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import ProtectedError, QuerySet

from veriga.access.models import User
from veriga.access.queries import users_by_id
from veriga.access.rules import Context, Source
from veriga.common.checks import (
    clean_choice,
    clean_country,
    clean_email,
    clean_id,
    clean_text,
    clean_website,
    refuse_unknown,
    settle_phones,
)
from veriga.common.errors import Conflict, Invalid, NotAllowed, Problems
from veriga.common.rows import check_version, lock_row, set_changed
from veriga.common.text import fold, sort_key
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.parties.models import (
    Abc,
    Company,
    CompanyKind,
    CompanyStatus,
    MailLanguage,
    Share,
)
from veriga.parties.queries import can_see, is_kept_from, visible_companies
from veriga.parties.rules import (
    missing_when_active,
    month_or_day,
    own_domain,
    registration_number,
    tax_number,
)
from veriga.setup.custom_fields import clean_custom
from veriga.setup.models import CompanyCategory, ProspectType
from veriga.setup.queries import get_offered
from veriga.setup.rules import Subject

from .activation import answer_requests
from .rights import require_steward, require_writer

NAME_LENGTH = 200
CHECKED_WHEN_ACTIVE = (
    *("kind", "street", "postcode", "town", "country", "tax_number"),
    "account_owner_id",
)
# What was recorded elsewhere is as complete as it was there.
UNCHECKED = frozenset({Source.DEMO, Source.GENERATED, Source.IMPORT})
KEYS = ("name_key", "name_folded", "domain_key")
NOTES_LENGTH = 10_000
Cleaner = Callable[[Problems, str, Any], Any]


def _text(limit: int, *, required: bool = False) -> Cleaner:
    def clean(problems: Problems, field: str, value: object) -> str:
        return clean_text(problems, field, value, limit=limit, required=required)

    return clean


def _word(words: Collection[str]) -> Cleaner:
    """Return the cleaner of a closed set of words, of which none is one too."""

    def clean(problems: Problems, field: str, value: object) -> str:
        return (
            "" if value in (None, "") else clean_choice(problems, field, value, words)
        )

    return clean


def _clean_expected(problems: Problems, field: str, value: object) -> str:
    text = clean_text(problems, field, value, limit=20)
    found = month_or_day(text) if text else ""
    if found is None:
        problems.add(field, "not_a_month_or_day")
    return found or ""


CLEANERS: Mapping[str, Cleaner] = {
    "name": _text(NAME_LENGTH, required=True),
    "status": lambda p, f, v: clean_choice(p, f, v, CompanyStatus.values),
    "prospect_type": _text(32),  # a code; whether it is on offer is asked if it changes
    "street": _text(120),
    "postcode": _text(16),
    "town": _text(80),
    "country": clean_country,
    "phone": _text(40),
    "email": clean_email,
    "website": lambda p, f, v: clean_website(p, f, v, limit=120),
    "tax_number": _text(20),
    "registration_number": _text(20),
    "kind": _word(CompanyKind.values),
    "parent_id": clean_id,
    "abc": _word(Abc.values),
    "language": _word(MailLanguage.values),
    "expected_on": _clean_expected,
    "notes": lambda p, f, v: clean_text(p, f, v, limit=NOTES_LENGTH, multiline=True),
    "account_owner_id": clean_id,
}
NUMBERS: Mapping[str, Callable[[str, str], str | None]] = {
    "tax_number": tax_number,
    "registration_number": registration_number,
}


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
    values = _clean(context, company, {"name": name, **fields})
    categories = values.pop("categories", [])
    set_changed(company, values)
    _check_persons(context, company)
    _check_status(context, company, CompanyStatus.PROSPECT)
    owner = _set_owner_team(company)
    _set_keys(company)
    company.save(force_insert=True)
    if categories:
        company.categories.set(_entries(categories))
    maker = users_by_id([context.actor.user_id]).get(context.actor.user_id or 0, owner)
    if maker is not None and not can_see(maker, company):
        Share.objects.create(
            company=company, user=maker, made_by=maker, made_at=context.now
        )
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
    values = _clean(context, company, changes)
    if values.get("account_owner_id", company.account_owner_id) != (
        company.account_owner_id
    ):
        require_steward(context, company)
    categories = values.pop("categories", None)
    changed = set_changed(company, values)
    if categories is not None:
        changed |= _change_categories(company, categories)
    if not changed:
        return company
    if {"kind", "account_owner_id"} & changed.keys():
        _check_persons(context, company)
    if "status" in changed:
        _check_status(context, company, changed["status"][0])
    old_team_id = company.team_id
    if "account_owner_id" in changed:
        _set_owner_team(company)
        if company.team_id != old_team_id:
            changed["team_id"] = (old_team_id, company.team_id)
    _set_keys(company)
    company.row_version += 1
    company.save(
        update_fields=[*(changed.keys() - {"categories"}), *KEYS, "row_version"],
    )
    note_change(context, "company", company.pk, "update", changed)
    if "status" in changed and company.status == CompanyStatus.ACTIVE:
        answer_requests(context, company)
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
    set_changed(firm, _clean(context, firm, {"name": name}))
    _set_keys(firm)
    firm.save(force_insert=True)
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


def check_numbers(
    problems: Problems, values: dict[str, Any], stored: Company | None = None
) -> None:
    """Make the numbers in `values` compact, if they are right where they change.

    Codes bad_tax_number and bad_registration_number. A wrong one that was stored before
    stays, so that the rest of an old record can be changed.
    """
    country = values.get("country") or (stored.country if stored else "SI")
    wrong = {error.field for error in problems.errors}
    for field, read in NUMBERS.items():
        number = values.get(field, "")
        if (
            not number
            or field in wrong
            or (stored is not None and number == getattr(stored, field))
        ):
            continue
        found = read(number, country)
        if found is None:
            problems.add(field, f"bad_{field}", country=country)
        else:
            values[field] = found


def _clean(
    context: Context, company: Company, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values of `given` by column; Invalid with all that is wrong."""
    problems = Problems()
    refuse_unknown(problems, given, (*CLEANERS, "custom", "categories"))
    values = {
        field: CLEANERS[field](problems, field, value)
        for field, value in given.items()
        if field in CLEANERS
    }
    if "custom" in given:
        custom = clean_custom(
            problems, Subject.COMPANY, given["custom"], company.custom
        )
        values["custom"] = custom
    if "categories" in given:
        try:
            values["categories"] = _clean_categories(company, given["categories"])
        except Invalid as error:
            problems.errors.extend(error.errors)
    check_numbers(problems, values, company)
    region = values.get("country") or company.country
    settle_phones(problems, values, ("phone",), region=region, stored=company)
    parent_id = values.get("parent_id")
    if parent_id is not None and parent_id != company.parent_id:
        _check_parent(problems, context, company, parent_id)
    if "prospect_type" in values:
        code = values.pop("prospect_type") or None
        values["prospect_type_id"] = code
        if code is not None and code != company.prospect_type_id:
            _check_offered(problems, code)
    owner_id = values.get("account_owner_id")
    if owner_id is not None and owner_id != company.account_owner_id:
        owner = users_by_id([owner_id]).get(owner_id)
        if owner is None:
            problems.add("account_owner_id", "unknown_choice")
        elif not owner.is_active:
            problems.add("account_owner_id", "inactive_user")
    problems.raise_if_any()
    return values


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


def _codes_of(company: Company) -> list[str]:
    """Return the categories of a stored company, in the order of the list."""
    if company.pk is None:
        return []
    return list(company.categories.values_list("pk", flat=True))


def _clean_categories(company: Company, given: object) -> list[str]:
    """Return the codes of `given`, each once; what is stored already stays valid.

    Errors: Invalid wrong_type, unknown_choice, not_offered, for the field categories.
    """
    if not isinstance(given, list | tuple):
        raise Invalid.of("categories", "wrong_type")
    stored = _codes_of(company)
    for code in given:
        if code not in stored:
            get_offered(CompanyCategory, code, "categories")
    return list(dict.fromkeys(given))


def _entries(codes: list[str]) -> QuerySet[CompanyCategory]:
    return CompanyCategory.objects.filter(pk__in=codes)


def _change_categories(company: Company, new: list[str]) -> dict[str, Any]:
    """Store the categories; return what they were and are, if that differs."""
    old = _codes_of(company)
    if set(old) == set(new):
        return {}
    company.categories.set(_entries(new))
    return {"categories": (old, _codes_of(company))}


def _check_parent(
    problems: Problems, context: Context, company: Company, parent_id: int
) -> None:
    """Add unknown_choice for what the actor does not see, own_parent for a circle."""
    if not visible_companies(context.actor).filter(pk=parent_id).exists():
        problems.add("parent_id", "unknown_choice")
        return
    above: int | None = parent_id
    passed: set[int] = set()
    while above is not None and above not in passed:
        if above == company.pk:
            problems.add("parent_id", "own_parent")
            return
        passed.add(above)
        found = Company.objects.filter(pk=above).values_list("parent_id", flat=True)
        above = found.first()


def _check_offered(problems: Problems, code: str) -> None:
    try:
        get_offered(ProspectType, code, "prospect_type")
    except Invalid as error:
        problems.errors.extend(error.errors)


def _set_owner_team(company: Company) -> User | None:
    """Put the company into its account owner's team; return the account owner."""
    owner_id = company.account_owner_id
    owner = users_by_id([owner_id]).get(owner_id) if owner_id is not None else None
    company.team_id = owner.team_id if owner is not None else None
    return owner


def _set_keys(company: Company) -> None:
    company.name_key = sort_key(company.name)
    company.name_folded = fold(company.name)[:NAME_LENGTH]
    company.domain_key = own_domain(company.website, company.email)
