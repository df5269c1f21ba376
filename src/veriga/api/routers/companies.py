"""Companies."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from veriga.access.queries import find_user
from veriga.access.rules import Actor
from veriga.api import shapes
from veriga.api.answers import answer, expected_version, nothing, only_known
from veriga.api.auth import reader, writer
from veriga.api.idempotency import once
from veriga.api.schemas.parties import (
    CompaniesOut,
    CompaniesQuery,
    CompanyFilter,
    CompanyIn,
    CompanyOut,
    CompanyPatch,
)
from veriga.parties.queries import (
    CompanyFilters,
    categories_of,
    get_company,
    list_companies,
)
from veriga.parties.services import create_company, delete_company
from veriga.work.services.companies import update_company

from .activities import owner_id

router = Router(tags=["companies"])


@router.get("/companies", response=CompaniesOut)
def list_all_companies(
    request: HttpRequest, query: Query[CompaniesQuery]
) -> HttpResponse:
    """Return companies by name, in Slovenian order."""
    only_known(request, CompaniesQuery)
    actor = reader(request)
    page = list_companies(
        actor,
        read_filters(actor, query),
        limit=query.limit,
        cursor=query.cursor or None,
    )
    marks = categories_of(company.pk for company in page.rows)
    items = [shapes.company(one, marks.get(one.pk, ())) for one in page.rows]
    return answer({"items": items, "next": page.next})


@router.post("/companies", response={201: CompanyOut})
def make_company(request: HttpRequest, body: CompanyIn) -> HttpResponse:
    """Make a company; a name is enough."""
    context = writer(request)

    def work() -> Any:
        company = create_company(context=context, **_given(context.actor, body))
        address = f"/api/v1/companies/{company.pk}"
        return lambda: answer(_shape(company), 201, address=address)

    return once(request, work)


@router.get("/companies/{int:company_id}", response=CompanyOut)
def read_company(request: HttpRequest, company_id: int) -> HttpResponse:
    """Return one company."""
    return answer(_shape(get_company(reader(request), company_id)))


@router.patch("/companies/{int:company_id}", response=CompanyOut)
def change_company(
    request: HttpRequest, company_id: int, body: CompanyPatch
) -> HttpResponse:
    """Change what the body names."""
    context = writer(request)
    company = update_company(
        context=context,
        company_id=company_id,
        expected_version=expected_version(request),
        **_given(context.actor, body),
    )
    return answer(_shape(company))


@router.delete("/companies/{int:company_id}", response={204: None})
def remove_company(request: HttpRequest, company_id: int) -> HttpResponse:
    """Delete a company that has no activities and no contacts."""
    delete_company(context=writer(request), company_id=company_id)
    return nothing()


def read_filters(actor: Actor, given: CompanyFilter) -> CompanyFilters:
    """Return what a list or a command is narrowed by, as queries take it."""
    return CompanyFilters(
        q=given.q,
        status=given.status or "",
        account_owner_id=owner_id(actor, given.account_owner),
        country=given.country.upper(),
        kind=given.kind,
        abc=given.abc,
        category=given.category,
    )


def _given(actor: Actor, body: CompanyPatch) -> dict[str, Any]:
    """Return the body's fields by the names of the services."""
    fields = body.given()
    if "account_owner" in fields:
        owner = fields.pop("account_owner")
        found = None if owner is None else find_user(actor, owner).pk
        fields["account_owner_id"] = found
    if "parent" in fields:
        fields["parent_id"] = fields.pop("parent")
    return fields


def _shape(company: Any) -> Any:
    return shapes.company(company, categories_of([company.pk]).get(company.pk, ()))
