"""What is stored of a company: reading what is given, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import QuerySet

from veriga.access.queries import users_by_id
from veriga.access.rules import Context
from veriga.common.checks import (
    Cleaner,
    clean_choice,
    clean_country,
    clean_email,
    clean_fields,
    clean_id,
    clean_text,
    clean_website,
    settle_phones,
    text_of,
)
from veriga.common.errors import Invalid, Problems
from veriga.common.text import fold, sort_key
from veriga.parties.models import Abc, Company, CompanyKind, CompanyStatus, MailLanguage
from veriga.parties.queries import visible_companies
from veriga.parties.rules import (
    month_or_day,
    own_domain,
    registration_number,
    tax_number,
)
from veriga.setup.custom_fields import clean_custom
from veriga.setup.models import CompanyCategory, ProspectType
from veriga.setup.queries import get_offered
from veriga.setup.rules import Subject

NAME_LENGTH = 200
NOTES_LENGTH = 10_000
KEYS = ("name_key", "name_folded", "domain_key")


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
    "name": text_of(NAME_LENGTH, required=True),
    "status": lambda p, f, v: clean_choice(p, f, v, CompanyStatus.values),
    # A code; whether it is on offer is asked if it changes.
    "prospect_type": text_of(32),
    "street": text_of(120),
    "postcode": text_of(16),
    "town": text_of(80),
    "country": clean_country,
    "phone": text_of(40),
    "email": clean_email,
    "website": lambda p, f, v: clean_website(p, f, v, limit=120),
    "tax_number": text_of(20),
    "registration_number": text_of(20),
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


def clean_company(
    context: Context, company: Company, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values of `given` by column; Invalid with all that is wrong."""
    problems = Problems()
    values = clean_fields(problems, given, CLEANERS, "custom", "categories")
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


def entries_of(codes: list[str]) -> QuerySet[CompanyCategory]:
    return CompanyCategory.objects.filter(pk__in=codes)


def change_categories(company: Company, new: list[str]) -> dict[str, Any]:
    """Store the categories; return what they were and are, if that differs."""
    old = _codes_of(company)
    if set(old) == set(new):
        return {}
    company.categories.set(entries_of(new))
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


def set_keys(company: Company) -> None:
    """Set the columns that lists sort and search by; the caller saves."""
    company.name_key = sort_key(company.name)
    company.name_folded = fold(company.name)[:NAME_LENGTH]
    company.domain_key = own_domain(company.website, company.email)
