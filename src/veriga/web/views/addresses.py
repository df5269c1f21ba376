"""Further addresses of a company: the form, and taking one away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from veriga.common.errors import Conflict, Invalid, NotAllowed
from veriga.parties.queries import get_address, get_company
from veriga.parties.services import add_address, remove_address, update_address
from veriga.web.forms.companies import address_kinds
from veriga.web.forms.opened import edited, typed_over, version_of
from veriga.web.forms.parties import ADDRESS_FIELDS, countries, shown
from veriga.web.pages import writer

from .saving import moved, problems_of, saved, show_window

if TYPE_CHECKING:
    from veriga.access.rules import Context
    from veriga.parties.models import Address, Company


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, id: int) -> HttpResponse:
    """The form of a new address."""
    context, company = _recorder(request, id)
    empty = {**dict.fromkeys(ADDRESS_FIELDS, ""), "country": company.country}
    if request.method == "GET":
        return _form(request, company, empty)
    try:
        typed = {"kind": "", "town": "", **_typed(request)}
        add_address(context=context, company_id=id, **typed)
    except Invalid as error:
        return _form(request, company, typed_over(request.POST, empty), error)
    return saved(request, _tab(id), _("The address was added."), opens_page=True)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, id: int, address_id: int) -> HttpResponse:
    """The form of one that is there."""
    context, company = _recorder(request, id)
    address = get_address(context.actor, id, address_id)
    stored = shown(address, ADDRESS_FIELDS)
    if request.method == "GET":
        return _form(request, company, stored, address=address)
    try:
        update_address(
            context=context,
            company_id=id,
            address_id=address_id,
            expected_version=version_of(request.POST),
            **_typed(request),
        )
    except (Invalid, Conflict) as error:
        return _form(request, company, stored, error, address=address)
    return saved(request, _tab(id), _("The address was saved."), opens_page=True)


@require_POST
def remove(request: HttpRequest, id: int, address_id: int) -> HttpResponse:
    """Take an address away."""
    remove_address(context=writer(request), company_id=id, address_id=address_id)
    return moved(request, _tab(id), _("The address was removed."))


def _recorder(request: HttpRequest, company_id: int) -> tuple[Context, Company]:
    context = writer(request)
    company = get_company(context.actor, company_id)
    if not context.actor.can_record:
        raise NotAllowed
    return context, company


def _typed(request: HttpRequest) -> dict[str, str]:
    return {n: request.POST[n] for n in ADDRESS_FIELDS if n in request.POST}


def _tab(company_id: int) -> str:
    return reverse("companies:page", kwargs={"id": company_id}) + "?tab=data"


def _form(
    request: HttpRequest,
    company: Company,
    values: dict[str, str],
    error: Invalid | Conflict | None = None,
    *,
    address: Address | None = None,
) -> HttpResponse:
    options: dict[str, Any] = {"kind": address_kinds(), "country": countries()}
    form = edited(
        request.POST if address else {},
        values,
        address.row_version if address else "",
        is_stale=error is not None and error.code == "stale",
        options=options,
    )
    context = {
        "nav": "companies",
        "company": company,
        "address": address,
        "values": form.values,
        "version": form.version,
        "opened": form.opened,
        "notes": form.notes,
        "errors": problems_of(error) if error else {},
        "options": options,
    }
    status = 422 if error else 200
    return show_window(request, "companies/address.html", context, status=status)
