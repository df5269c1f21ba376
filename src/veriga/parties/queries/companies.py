"""Reading companies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from veriga.access.rules import Actor
from veriga.common.checks import check_limit, clean_query, is_id
from veriga.common.errors import Invalid, NotFound
from veriga.common.keyset import (
    Order,
    Page,
    named_values,
    page_of,
    pop_values,
    read_cursor,
    unreadable_cursor,
)
from veriga.common.parts import page_of_parts
from veriga.common.prepared import (
    Counting,
    Prepared,
    count_together,
    padded,
    prepared,
)
from veriga.common.text import fold
from veriga.parties.models import Company
from veriga.parties.rules import phone_digits, web_domain
from veriga.setup.custom_fields import conditions

from .matching import begins_with, digits_of, has_words, holds
from .visibility import company_parts, seen_by, sight_of, visible_companies

R = TypeVar("R")

ORDERS = {
    "name": Order("name", ("name_key", "id")),
    "-name": Order("-name", ("name_key", "id"), descending=True),
}
NOTHING = "?"  # no status and no country: what cannot be typed finds nothing


@dataclass(frozen=True, slots=True)
class CompanyFilters:
    """What a list of companies may be narrowed by; empty means any."""

    q: str = ""
    status: str = ""
    account_owner_id: int | None = None
    country: str = ""
    kind: str = ""
    abc: str = ""
    category: str = ""
    custom: tuple[tuple[str, Any], ...] = ()  # (key of a custom field, value)
    further: Q | None = None  # what a room above asks of the rows besides


def get_company(actor: Actor, company_id: int) -> Company:
    """Return a company with its account owner, team and prospect type; or NotFound."""
    sight, who = sight_of(actor)
    found = _company(sight, pk=company_id, **who)
    if not found:
        raise NotFound
    return found[0]


@prepared
def _company(sight: str, /, *, pk: int, **who: int) -> QuerySet[Company]:
    companies = visible_companies(seen_by(sight, **who)).filter(pk=pk)
    return companies.select_related("account_owner", "team", "prospect_type")


def family_of(actor: Actor, company: Company) -> list[Company]:
    """Return what the actor sees of a company's parent and branches, by name."""
    related = Q(parent_id=company.pk)
    if company.parent_id is not None:
        related |= Q(pk=company.parent_id)
    return list(visible_companies(actor).filter(related).order_by("name_key", "id"))


def company_names(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of those of `ids` that the actor sees; no statement for none."""
    wanted = {company_id for company_id in ids if is_id(company_id)}
    if not wanted:
        return {}
    found = visible_companies(actor).filter(pk__in=wanted)
    return dict(found.values_list("pk", "name"))


def categories_of(ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the codes of the categories of companies that the caller may show.

    In the order of the list; who has none is missing. One statement, none for no ids.
    """
    found: dict[int, list[str]] = {}
    wanted = list(ids)
    for company_id, code in _categories(ids=padded(wanted)) if wanted else ():
        found.setdefault(company_id, []).append(code)
    return found


@prepared
def _categories(*, ids: list[int]) -> QuerySet[Any, tuple[int, str]]:
    marked = Company.categories.through.objects.filter(company_id__in=ids)
    ordered = marked.order_by("companycategory__position", "companycategory_id")
    return ordered.values_list("company_id", "companycategory_id")


def own_firm() -> Company:
    """Return the installation's own firm, which everybody sees; or NotFound."""
    company = Company.objects.filter(is_own=True).first()
    if company is None:
        raise NotFound
    return company


def list_companies(
    actor: Actor,
    filters: CompanyFilters,
    *,
    order: str = "name",
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Company]:
    """Return a page of the companies that fit, with their account owners.

    `order` is "name" or "-name". Errors: bad_cursor, limit_range, unknown_choice.
    """
    found = ask_for_page(
        _listed, actor, filters, order=order, limit=limit, cursor=cursor
    )
    return page_of(found, ORDERS[order], limit=limit)


def ask_for_page(
    query: Prepared[R],
    actor: Actor,
    filters: CompanyFilters,
    *,
    order: str,
    limit: int,
    cursor: str | None,
    **more: Any,
) -> list[R]:
    """Return what `query`, made of `companies_page`, finds; see `list_companies`.

    Up to `limit` + 1 rows, for `page_of`.
    """
    if order not in ORDERS:
        raise Invalid.of("order", "unknown_choice")
    limit = check_limit(limit)
    sight, who = sight_of(actor)
    values = read_cursor(ORDERS[order], cursor) if cursor else ()
    given = _given(filters) | named_values(values)
    # What is searched for has no shape that comes again.
    ask = query.plain if {"q", "custom", "further"} & set(given) else query
    with unreadable_cursor():
        return ask(sight, order, limit, **who, **given, **more)


@prepared
def _listed(*shape: Any, **values: Any) -> QuerySet[Company]:
    return companies_page(*shape, **values).select_related("account_owner")


def companies_page(
    sight: str, order: str, limit: int, /, me: int = 0, team: int | None = None,
    **given: Any,
) -> QuerySet[Company]:  # fmt: skip
    """Return one page of companies, for a prepared query; see `ask_for_page`."""
    return page_of_parts(
        _narrow(Company.objects.all(), given),
        company_parts(seen_by(sight, me, team), prefix=""),
        ORDERS[order],
        limit=limit,
        values=pop_values(given),
    )


def count_companies(actor: Actor, filters: CompanyFilters, *, limit: int) -> int:
    """Return how many companies fit, counting no further than `limit` + 1."""
    sight, who = sight_of(actor)
    given = _given(filters)
    if {"q", "custom", "further"} & set(given):
        rows = _counted.build(sight, limit, **who, **given)
        return count_together([Counting.of(rows)])[0]
    return count_together([_counted.counting(sight, limit, **who, **given)])[0]


@prepared
def _counted(
    sight: str, limit: int, /, me: int = 0, team: int | None = None, **given: Any
) -> QuerySet[Company, int]:
    found = _narrow(visible_companies(seen_by(sight, me, team)), given)
    return found.order_by().values_list("pk", flat=True)[: limit + 1]


def matching_companies(actor: Actor, filters: CompanyFilters) -> QuerySet[Company]:
    """Return all visible companies that fit, unordered, to be narrowed further."""
    return _narrow(visible_companies(actor), _given(filters))


def _given(filters: CompanyFilters) -> dict[str, Any]:
    """Return the filters that are set, as values that a database takes."""
    owner_id = filters.account_owner_id
    found = {
        "q": clean_query(filters.q),
        "status": filters.status and (clean_query(filters.status) or NOTHING),
        "account_owner_id": owner_id if owner_id is None or is_id(owner_id) else 0,
        "country": filters.country and (clean_query(filters.country) or NOTHING),
        "kind": filters.kind and (clean_query(filters.kind) or NOTHING),
        "abc": filters.abc and (clean_query(filters.abc) or NOTHING),
        "category": filters.category and (clean_query(filters.category) or NOTHING),
        "custom": filters.custom,
        "further": filters.further,
    }
    return {name: value for name, value in found.items() if value not in ("", None, ())}


def _narrow(companies: QuerySet[Company], given: dict[str, Any]) -> QuerySet[Company]:
    if "q" in given:
        companies = companies.filter(_found_by(given["q"]))
    if "custom" in given:
        companies = companies.filter(conditions("custom", given["custom"]))
    if "further" in given:
        companies = companies.filter(given["further"])
    if "category" in given:
        marked = Company.categories.through.objects.filter(
            companycategory_id=given["category"]
        )
        companies = companies.filter(pk__in=marked.values("company_id"))
    for name in ("status", "account_owner_id", "country", "kind", "abc"):
        if name in given:
            companies = companies.filter(**{name: given[name]})
    return companies


def find_companies(actor: Actor, q: str, limit: int = 8) -> list[Company]:
    """Return the likeliest companies for what somebody types, for pickers.

    First names that begin so, then names with words that begin so, then names that hold
    the words anywhere, and what has this tax number, phone number, e-mail address or
    domain. Accents and case do not matter. At most two statements.
    """
    companies = visible_companies(actor).select_related("account_owner")
    q = clean_query(q)
    typed = fold(q)
    if not typed:
        return list(companies.order_by("name_key", "id")[:limit])
    found = list(
        companies.filter(begins_with("name_folded", typed)).order_by(
            "name_folded", "id"
        )[:limit]
    )
    if len(found) < limit:
        rest = companies.filter(_found_by(q)).exclude(pk__in=[c.pk for c in found])
        found += _word_beginnings_first(rest, typed)[: limit - len(found)]
    return found


def _word_beginnings_first(
    companies: QuerySet[Company], typed: str
) -> QuerySet[Company]:
    rank = Case(
        When(name_folded__contains=f" {typed}", then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return companies.order_by(rank, "name_key", "id")


def _found_by(q: str) -> Q:
    """Return the condition for companies that `q` may mean."""
    condition = has_words("name_folded", q)
    number = "".join(q.split()).upper()
    if sum(c.isdigit() for c in number) >= 4:
        condition |= Q(tax_number__iexact=q) | Q(tax_number__iendswith=number)
    digits = phone_digits(q)
    if digits:
        condition |= holds(digits_of("phone"), digits)
    if "@" in q:
        condition |= Q(email__iexact=q)
    domain = web_domain(q.lstrip("@"))
    if domain:
        condition |= Q(email__iendswith=f"@{domain}") | Q(website__icontains=domain)
    return condition
