"""Companies: the list, the relations page, the form, the picker, the shares."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veriga.access.queries import list_users, user_names
from veriga.access.rules import Actor
from veriga.common.checks import clean_query
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.parties.queries import (
    CompanyFilters,
    alike_companies,
    categories_of,
    company_names,
    count_companies,
    find_companies,
    get_company,
)
from veriga.parties.services import (
    create_company,
    delete_company,
    share_company,
    unshare_company,
)
from veriga.setup.rules import Subject
from veriga.web.columns import COLS, columns_of
from veriga.web.conditions import condition_chips
from veriga.web.forms.companies import (
    category_options,
    category_words,
    kinds_for,
    mail_languages,
    marks,
    why_alike,
)
from veriga.web.forms.custom import (
    custom_names,
    filter_inputs,
    inputs_of,
    shown_custom,
)
from veriga.web.forms.filters import read_company_filters, whole_number
from veriga.web.forms.opened import edited, typed_over, version_of
from veriga.web.forms.parties import (
    COMPANY_FIELDS,
    company_data,
    countries,
    read_company,
    shown,
)
from veriga.web.offline import kept_offline
from veriga.web.pages import Typed, reader, show, user_of, wants_window, writer
from veriga.web.party_rows import heads, is_wide, values_of_companies
from veriga.work.queries.companies import list_company_rows
from veriga.work.queries.names import prospect_types
from veriga.work.queries.overview import count_once
from veriga.work.services.companies import update_company
from veriga.work.services.merging import merged_into

from .lists import choices, count_of, next_address, said_count, show_list
from .party_bulk import company_commands
from .relations import show_relations
from .saving import moved, problems_of, saved, show_window

NEW = {"status": "prospect", "country": "SI"}


@require_GET
def company_list(request: HttpRequest) -> HttpResponse:
    """The companies that the user sees, by name."""
    actor = reader(request)
    filters = read_company_filters(request.GET)
    order = "-name" if request.GET.get("order") == "-name" else "name"
    page = list_company_rows(
        actor,
        filters,
        now=timezone.now(),
        order=order,
        cursor=request.GET.get("cursor") or None,
    )
    what = filters if filters.further is None else None
    count = count_of(
        request,
        page,
        lambda: count_once(
            actor, what, lambda limit: count_companies(actor, filters, limit=limit)
        ),
    )
    columns = columns_of(
        "companies", request.GET.get(COLS), user_of(request).list_columns
    )
    shown_heads = heads("companies", columns)
    values: dict[str, Any] = {
        "nav": "companies",
        "count": said_count(count),
        "filters": replace(filters, further=None),
        "order": order,
        "rows": page.rows,
        "next_url": next_address(request, page.next),
        "is_filtered": filters != CompanyFilters(),
        "conditions": condition_chips(request),
        "owners": choices(user_names(actor)),
        "categories": category_options(),
        "kinds": kinds_for(actor),
        "custom_filters": filter_inputs(Subject.COMPANY, request.GET),
        "cols": request.GET.get(COLS, ""),
        "columns": columns,
        "heads": shown_heads,
        "values": values_of_companies(actor, columns, page.rows),
        "commands": company_commands(actor),
        "is_wide": is_wide(columns, shown_heads),
    }
    return show_list(request, "companies/list.html", values)


@require_GET
@kept_offline("company", "tab")
def page(request: HttpRequest, id: int) -> HttpResponse:
    """Everything about one company."""
    if wants_window(request):
        return HttpResponse()  # no record to show: the window goes to the page itself
    try:
        return show_relations(request, id)
    except NotFound:
        kept_id = merged_into(id)
        if kept_id is None:
            raise
        get_company(reader(request), kept_id)  # the same 404 for what is not seen
        return HttpResponseRedirect(reverse("companies:page", kwargs={"id": kept_id}))


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """What a picker offers for the typed text, or companies of nearly this name."""
    actor = reader(request)
    if "similar" in request.GET:
        but = whole_number(request.GET, "but")
        alike = alike_companies(actor, request.GET.dict(), but=but)
        told = [(one.company, why_alike(one)) for one in alike]
        return show(request, "companies/similar.html", {"found": told})
    q = clean_query(request.GET.get("q", ""))
    found = find_companies(actor, q)
    is_known = any(c.name.casefold() == q.casefold() for c in found)
    offers_new = actor.can_record and "known" not in request.GET
    values = {"companies": found, "new": q if offers_new and not is_known else ""}
    return show(request, "companies/find.html", values)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new company."""
    context = writer(request)
    if not context.actor.can_record:
        raise NotAllowed
    owner = {"account_owner_id": str(context.actor.user_id)}
    names = (*COMPANY_FIELDS, "categories", *custom_names(Subject.COMPANY))
    empty = {**dict.fromkeys(names, ""), **NEW, **owner}
    if request.method == "GET":
        name = {"name": clean_query(request.GET.get("name", ""))}
        return _show_form(request, {**empty, **name})
    try:
        values = {"name": "", **read_company(company_data(request.POST))}
        company = create_company(context=context, **values)
    except Invalid as error:
        typed = typed_over(company_data(request.POST), empty)
        return _show_form(request, typed, error)
    address = reverse("companies:page", kwargs={"id": company.pk})
    return saved(request, address, _("The company was added."), opens_page=True)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, id: int) -> HttpResponse:
    """The form of a company."""
    context = writer(request)
    company = get_company(context.actor, id)
    if not context.actor.can_record:
        raise NotAllowed
    stored = shown(company, COMPANY_FIELDS)
    marked = categories_of([company.pk]).get(company.pk, [])
    stored["categories"] = ",".join(marked)
    stored |= shown_custom(Subject.COMPANY, company.custom)
    if request.method == "GET":
        return _show_form(request, stored, company=company)
    try:
        update_company(
            context=context,
            company_id=id,
            expected_version=version_of(request.POST),
            **read_company(company_data(request.POST)),
        )
    except (Invalid, Conflict) as error:
        return _show_form(request, stored, error, company=company)
    address = reverse("companies:page", kwargs={"id": id})
    return saved(request, address, _("The company was saved."), opens_page=True)


@require_POST
def delete(request: HttpRequest, id: int) -> HttpResponse:
    """Delete a company without activities and contacts."""
    delete_company(context=writer(request), company_id=id)
    return moved(request, reverse("companies:list"), _("The company was deleted."))


@require_POST
def share(request: HttpRequest, id: int) -> HttpResponse:
    """Let a user see the company."""
    typed = Typed(request.POST)
    try:
        user_id = typed.number("user_id")
        typed.raise_if_any()
        if user_id is None:
            raise Invalid.of("user_id", "required")
        share_company(context=writer(request), company_id=id, user_id=user_id)
    except Invalid as error:
        problems = problems_of(error)
        return show_relations(request, id, tab="data", problems=problems, status=422)
    return moved(request, _data_tab(id), _("The company was shared."))


@require_POST
def unshare(request: HttpRequest, id: int, user_id: int) -> HttpResponse:
    """Take a share back."""
    unshare_company(context=writer(request), company_id=id, user_id=user_id)
    return moved(request, _data_tab(id), _("The share was taken back."))


def _data_tab(company_id: int) -> str:
    return reverse("companies:page", kwargs={"id": company_id}) + "?tab=data"


def _show_form(
    request: HttpRequest,
    values: dict[str, str],
    error: Invalid | Conflict | None = None,
    *,
    company: Any = None,
) -> HttpResponse:
    """Return the form, given back with what is wrong if there is an error.

    `values` are those of a new company, or what is stored of one that is there.
    """
    actor = reader(request)
    is_stale = error is not None and error.code == "stale"
    owner_id = company.account_owner_id if company else actor.user_id
    is_steward = actor.is_manager or company is None or owner_id == actor.user_id
    users = list_users(actor) if is_steward else []
    options = {
        "account_owner_id": choices(
            (u.pk, u.name) for u in users if u.is_active or u.pk == owner_id
        ),
        "country": countries(),
        "status": _statuses(actor, company),
        "prospect_type": prospect_types(values.get("prospect_type")),
        "kind": kinds_for(actor),
        "categories": [(values.get("categories", ""), category_words(values))],
        "abc": marks(),
        "language": mail_languages(),
    }
    inputs = inputs_of(Subject.COMPANY, company.custom if company else None)
    options |= {one.name: one.options for one in inputs if one.options}
    form = edited(
        company_data(request.POST) if company else {},
        values,
        company.row_version if company else "",
        is_stale=is_stale,
        options=options,
    )
    context = {
        "nav": "companies",
        "company": company,
        "values": form.values,
        "version": form.version,
        "opened": form.opened,
        "notes": form.notes,
        "errors": problems_of(error) if error else {},
        "custom_inputs": inputs,
        "custom_values": form.values,
        "owners": options["account_owner_id"],
        "countries": options["country"],
        "statuses": options["status"],
        "prospect_types": options["prospect_type"],
        "options": options,
        "categories": category_options(form.values["categories"]),
        "chosen_categories": form.values["categories"].split(","),
        "parent_name": _parent_name(actor, form.values["parent_id"]),
    }
    status = 422 if error else 200
    return show_window(request, "companies/form.html", context, status=status)


def _statuses(actor: Actor, company: Any) -> list[tuple[str, str]]:
    """Return what the status may become: active by those who have the right."""
    statuses = [("prospect", _("Prospect")), ("active", _("Active customer"))]
    if company is not None and company.status == "active":
        return statuses if actor.is_manager else statuses[1:]
    return statuses if actor.may_activate else statuses[:1]


def _parent_name(actor: Actor, typed: str) -> str:
    """Return the name that the picker of the parent shows; "" for none."""
    parent_id = Typed({"id": typed}).number("id")
    if parent_id is None:
        return ""
    return company_names(actor, [parent_id]).get(parent_id, f"#{parent_id}")
