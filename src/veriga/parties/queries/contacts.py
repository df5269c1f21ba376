"""Reading contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Exists, IntegerField, Q, QuerySet, Value, When

from veriga.access.rules import Actor
from veriga.common.checks import check_limit, clean_query, is_id
from veriga.common.errors import NotFound
from veriga.common.keyset import (
    Page,
    named_values,
    page_of,
    pop_values,
    read_cursor,
    unreadable_cursor,
)
from veriga.common.parts import page_of_parts
from veriga.common.prepared import Counting, count_together, prepared
from veriga.common.text import fold
from veriga.parties.models import Company, Contact
from veriga.parties.rules import phone_digits, web_domain
from veriga.setup.custom_fields import conditions

from .matching import begins_with, digits_of, has_words, holds
from .positions import (
    BY_NAME,
    as_at,
    as_seen,
    at_company,
    contact_parts,
    parts_at,
    people_at,
)
from .visibility import (
    any_of,
    company_condition,
    seen_by,
    sight_of,
    visible_companies,
    visible_ids,
)

# What a list does not say of the company: half of the list's time was to read it.
NOT_LISTED = tuple(
    f"company__{column.name}"
    for column in Company._meta.concrete_fields
    if column.name not in {"id", "name"}
)
OFFERED = 30  # by a form, before somebody searches


@dataclass(frozen=True, slots=True)
class ContactFilters:
    """What a list of contacts may be narrowed by; empty means any."""

    q: str = ""
    company_id: int | None = None
    custom: tuple[tuple[str, Any], ...] = ()  # (key of a custom field, value)
    further: Q | None = None  # what a room above asks of the rows' own companies


def visible_contacts(actor: Actor) -> QuerySet[Contact]:
    """Return all contacts at companies that the actor sees, with the first company."""
    contacts = Contact.objects.select_related("company")
    condition = any_of(contact_parts(actor))
    return contacts if condition is None else contacts.filter(condition)


def contact_names(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of those of `ids` that the actor sees; no statement for none."""
    wanted = {contact_id for contact_id in ids if is_id(contact_id)}
    if not wanted:
        return {}
    return {one.pk: one.name for one in visible_contacts(actor).filter(pk__in=wanted)}


def get_contact(actor: Actor, contact_id: int) -> Contact:
    """Return a contact with the company, as the actor sees it; or NotFound."""
    found = as_seen(actor, list(visible_contacts(actor).filter(pk=contact_id)))
    if not found:
        raise NotFound
    return found[0]


def contacts_of(
    actor: Actor,
    company_id: int,
    *,
    limit: int = OFFERED,
    q: str = "",
    ids: Iterable[int] = (),
) -> list[Contact]:
    """Return the first contacts at a company by last name, those of `ids` in any case.

    `q` narrows the rest to what it finds. NotFound if the company is invisible.
    """
    if not visible_ids(actor, [company_id]):
        raise NotFound
    q, wanted = clean_query(q), {one for one in ids if is_id(one)}
    if q:
        some = Contact.objects.filter(at_company(company_id), _found_by(q))
        found = as_at(company_id, some.order_by("name_key", "id")[:limit])
    else:
        found = people_at(company_id, limit=limit)
    missing = wanted - {one.pk for one in found}
    if missing:
        chosen = Contact.objects.filter(at_company(company_id), pk__in=missing)
        found = as_at(company_id, chosen.order_by("name_key", "id")) + found
    return found


def list_contacts(
    actor: Actor,
    filters: ContactFilters,
    *,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Contact]:
    """Return a page of the contacts that fit, by last name, with their companies.

    Errors: bad_cursor, limit_range.
    """
    limit = check_limit(limit)
    sight, who = sight_of(actor)
    values = read_cursor(BY_NAME, cursor) if cursor else ()
    given = _given(filters) | named_values(values)
    # What is searched for has no shape that comes again.
    ask = _listed.plain if {"q", "custom", "further"} & set(given) else _listed
    with unreadable_cursor():
        found = ask(sight, limit, **who, **given)
    page: Page[Contact] = page_of(found, BY_NAME, limit=limit)
    if "company_id" in given:
        return replace(page, rows=as_at(given["company_id"], page.rows))
    return replace(page, rows=as_seen(actor, page.rows))


@prepared
def _listed(
    sight: str, limit: int, /, me: int = 0, team: int | None = None, **given: Any
) -> QuerySet[Contact]:
    actor = seen_by(sight, me, team)
    contacts = Contact.objects.select_related("company").defer(*NOT_LISTED)
    # At one company the list is as long as that has people, whatever else one sees.
    parts = contact_parts(actor)
    if "company_id" in given:
        company_id = given.pop("company_id")
        contacts = contacts.filter(_if_seen(actor, company_id))
        parts = parts_at(company_id)
    return page_of_parts(
        _narrow(actor, contacts, given),
        parts,
        BY_NAME,
        limit=limit,
        values=pop_values(given),
    )


def count_contacts(actor: Actor, filters: ContactFilters, *, limit: int) -> int:
    """Return how many contacts fit, counting no further than `limit` + 1."""
    sight, who = sight_of(actor)
    given = _given(filters)
    if {"q", "custom", "further"} & set(given):
        rows = _counted.build(sight, limit, **who, **given)
        return count_together([Counting.of(rows)])[0]
    return count_together([_counted.counting(sight, limit, **who, **given)])[0]


@prepared
def _counted(
    sight: str, limit: int, /, me: int = 0, team: int | None = None, **given: Any
) -> QuerySet[Contact, int]:
    actor = seen_by(sight, me, team)
    contacts = visible_contacts(actor)
    if "company_id" in given:
        company_id = given.pop("company_id")
        contacts = Contact.objects.filter(
            at_company(company_id), _if_seen(actor, company_id)
        )
    found = _narrow(actor, contacts, given).order_by()
    return found.values_list("pk", flat=True)[: limit + 1]


def _if_seen(actor: Actor, company_id: int) -> Exists:
    return Exists(visible_companies(actor).filter(pk=company_id))


def _given(filters: ContactFilters) -> dict[str, Any]:
    """Return the filters that are set, as values that a database takes."""
    company_id = filters.company_id
    found = {
        "q": clean_query(filters.q),
        "company_id": company_id if company_id is None or is_id(company_id) else 0,
        "custom": filters.custom,
        "further": filters.further,
    }
    return {name: value for name, value in found.items() if value not in ("", None, ())}


def _narrow(
    actor: Actor, contacts: QuerySet[Contact], given: dict[str, Any]
) -> QuerySet[Contact]:
    if "q" in given:
        contacts = contacts.filter(_found_by(given["q"]))
    if "custom" in given:
        contacts = contacts.filter(conditions("custom", given["custom"]))
    if "further" in given:
        # Whose own company is out of sight is not told by what is asked of it.
        seen = company_condition(actor)
        contacts = contacts.filter(given["further"], seen or Q())
    return contacts


def find_contacts(actor: Actor, q: str, limit: int = 8) -> list[Contact]:
    """Return the likeliest contacts for what somebody types, with their companies.

    First last names that begin so, then the rest by last name. At most two statements.
    """
    contacts = visible_contacts(actor)
    q = clean_query(q)
    typed = fold(q)
    if not typed:
        return as_seen(actor, contacts.order_by("name_key", "id")[:limit])
    found = list(
        contacts.filter(begins_with("name_folded", typed)).order_by(
            "name_folded", "id"
        )[:limit]
    )
    if len(found) < limit:
        rank = Case(
            When(name_folded__contains=f" {typed}", then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        rest = contacts.filter(_found_by(q)).exclude(pk__in=[c.pk for c in found])
        found += rest.order_by(rank, "name_key", "id")[: limit - len(found)]
    return as_seen(actor, found)


def _found_by(q: str) -> Q:
    """Return the condition for contacts that `q` may mean: name, phone, e-mail."""
    condition = has_words("name_folded", q)
    digits = phone_digits(q)
    if digits:
        condition |= holds(digits_of("phone"), digits)
        condition |= holds(digits_of("mobile"), digits)
    if "@" in q:
        condition |= Q(email__iexact=q)
    domain = web_domain(q.lstrip("@"))
    if domain:
        condition |= Q(email__iendswith=f"@{domain}")
    return condition
