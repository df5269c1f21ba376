"""Making a prospect an active customer, or asking somebody who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from veriga.access.queries import list_users
from veriga.common.errors import Conflict, Invalid, NotAllowed
from veriga.parties.queries import get_company, open_requests, who_may_activate
from veriga.parties.services import ask_activation
from veriga.web.forms.companies import kinds_for
from veriga.web.forms.opened import edited, version_of
from veriga.web.forms.parties import countries, read_company, shown
from veriga.web.pages import Typed, writer
from veriga.work.services.companies import update_company

from .lists import choices
from .saving import moved, problems_of, saved, show_window

if TYPE_CHECKING:
    from veriga.access.rules import Context
    from veriga.parties.models import Company

FIELDS = (
    *("name", "kind", "tax_number", "registration_number", "street", "postcode"),
    *("town", "country", "phone", "email", "account_owner_id"),
)


@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest, id: int) -> HttpResponse:
    """All that an active customer needs; without the right, whom to ask."""
    context = writer(request)
    company = get_company(context.actor, id)
    if not context.actor.can_record:
        raise NotAllowed
    address = reverse("companies:page", kwargs={"id": id})
    if company.status != "prospect":
        return HttpResponseRedirect(address)
    if not context.actor.may_activate:
        return _ask(request, context, company)
    if request.method == "GET":
        return _form(request, context, company)
    try:
        values = {k: v for k, v in read_company(request.POST).items() if k in FIELDS}
        update_company(
            context=context,
            company_id=id,
            expected_version=version_of(request.POST),
            status="active",
            **values,
        )
    except (Invalid, Conflict) as error:
        return _form(request, context, company, error)
    text = _("The company is an active customer now.")
    return saved(request, address, text, opens_page=True)


def _form(
    request: HttpRequest,
    context: Context,
    company: Company,
    error: Invalid | Conflict | None = None,
) -> HttpResponse:
    users = list_users(context.actor)
    options: dict[str, Any] = {
        "kind": kinds_for(context.actor),
        "country": countries(),
        "account_owner_id": choices(
            (u.pk, u.name)
            for u in users
            if u.is_active or u.pk == company.account_owner_id
        ),
    }
    form = edited(
        request.POST,
        shown(company, FIELDS),
        company.row_version,
        is_stale=error is not None and error.code == "stale",
        options=options,
    )
    values = {
        "nav": "companies",
        "company": company,
        "values": form.values,
        "version": form.version,
        "opened": form.opened,
        "notes": form.notes,
        "errors": problems_of(error) if error else {},
        "options": options,
        "requests": open_requests(company),
    }
    status = 422 if error else 200
    return show_window(request, "companies/activate.html", values, status=status)


def _ask(request: HttpRequest, context: Context, company: Company) -> HttpResponse:
    problems: dict[str, list[str]] = {}
    if request.method == "POST":
        typed = Typed(request.POST)
        try:
            user_id = typed.number("user")
            typed.raise_if_any()
            notice = ask_activation(
                context=context,
                company_id=company.pk,
                user_id=user_id,
                message=request.POST.get("message", ""),
            )
            address = reverse("companies:page", kwargs={"id": company.pk})
            text = _("Asked: %(name)s") % {"name": notice.user.name}
            return moved(request, address, text)
        except (Invalid, Conflict) as error:
            problems = problems_of(error)
    values = {
        "nav": "companies",
        "company": company,
        "colleagues": who_may_activate(context.actor, company),
        "requests": open_requests(company),
        "chosen": request.POST.get("user", ""),
        "message": request.POST.get("message", ""),
        "errors": problems,
    }
    status = 422 if problems else 200
    return show_window(request, "companies/ask.html", values, status=status)
