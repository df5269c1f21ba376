"""Contacts: the list, the record window, the form and the picker."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veriga.common.checks import clean_query
from veriga.common.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound
from veriga.parties.queries import (
    ContactFilters,
    contacts_of,
    count_contacts,
    find_contacts,
    get_company,
    get_contact,
    list_contacts,
    positions_of,
)
from veriga.parties.services import delete_contact, update_contact
from veriga.setup.rules import Subject
from veriga.web.cards import card_of
from veriga.web.columns import COLS, columns_of
from veriga.web.conditions import condition_chips
from veriga.web.forms.custom import (
    custom_names,
    facts_of,
    filter_inputs,
    inputs_of,
    shown_custom,
)
from veriga.web.forms.filters import read_contact_filters, whole_number
from veriga.web.forms.opened import edited, typed_over, version_of
from veriga.web.forms.parties import (
    CONTACT_FIELDS,
    country_name,
    read_contact,
    shown,
)
from veriga.web.pages import reader, show, user_of, writer
from veriga.web.party_history import history_of_contact
from veriga.web.party_rows import heads, is_wide, values_of_contacts
from veriga.work.queries.names import contact_functions
from veriga.work.queries.overview import count_once
from veriga.work.queries.relations import list_of_contact
from veriga.work.services.contacts import add_contact

from .lists import count_of, next_address, said_count, show_list
from .party_bulk import contact_commands
from .saving import moved, problems_of, saved, show_window

MOST_CHOSEN = 100


@require_GET
def contact_list(request: HttpRequest) -> HttpResponse:
    """The contacts at companies that the user sees, by last name."""
    actor = reader(request)
    filters = read_contact_filters(request.GET)
    company = get_company(actor, filters.company_id) if filters.company_id else None
    page = list_contacts(actor, filters, cursor=request.GET.get("cursor") or None)
    what = filters if filters.further is None else None
    count = count_of(
        request,
        page,
        lambda: count_once(
            actor, what, lambda limit: count_contacts(actor, filters, limit=limit)
        ),
    )
    columns = columns_of(
        "contacts", request.GET.get(COLS), user_of(request).list_columns
    )
    shown_heads = heads("contacts", columns)
    values: dict[str, Any] = {
        "nav": "contacts",
        "count": said_count(count),
        "filters": replace(filters, further=None),
        "conditions": condition_chips(request),
        "company": company,
        "add_query": f"?company={company.pk}" if company else "",
        "rows": page.rows,
        "next_url": next_address(request, page.next),
        "is_filtered": filters != ContactFilters(),
        "custom_filters": filter_inputs(Subject.CONTACT, request.GET),
        "cols": request.GET.get(COLS, ""),
        "columns": columns,
        "heads": shown_heads,
        "values": values_of_contacts(actor, columns, page.rows, now=timezone.now()),
        "commands": contact_commands(),
        "is_wide": is_wide(columns, shown_heads),
    }
    return show_list(request, "contacts/list.html", values)


@require_GET
def page(request: HttpRequest, id: int) -> HttpResponse:
    """One contact and what was done with them."""
    actor = reader(request)
    contact = get_contact(actor, id)
    values = {
        "nav": "contacts",
        "contact": contact,
        "can_record": actor.can_record,
        "add_query": f"?company={contact.company_id}",
        "custom_facts": facts_of(Subject.CONTACT, contact.custom),
        "positions": positions_of(actor, id),
        "rows": list_of_contact(actor, id, now=timezone.now()),
        "history": history_of_contact(actor, contact)
        if "history" in request.GET
        else None,
    }
    return show_window(request, "contacts/page.html", values)


@require_GET
def card(request: HttpRequest, id: int) -> HttpResponse:
    """The contact as a vCard."""
    contact = get_contact(reader(request), id)
    text = card_of(contact, country_name(contact.company.country))
    response = HttpResponse(text, content_type="text/vcard; charset=utf-8")
    name = quote(f"{contact.name}.vcf")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """What a picker offers for the typed text, at one company or at all."""
    actor = reader(request)
    q = clean_query(request.GET.get("q", ""))
    company_id = whole_number(request.GET, "company")
    if company_id is None:
        found = find_contacts(actor, q)
    else:
        filters = ContactFilters(q=q, company_id=company_id)
        found = list_contacts(actor, filters, limit=20).rows
    return show(request, "contacts/find.html", {"contacts": found})


@require_GET
def choices(request: HttpRequest) -> HttpResponse:
    """The contacts at a company that a record's form offers for a text."""
    actor = reader(request)
    company = get_company(actor, whole_number(request.GET, "company") or 0)
    chosen = [one for one in request.GET.getlist("contacts") if one.isdigit()]
    q = clean_query(request.GET.get("contact_q", ""))
    found = contacts_of(actor, company.pk, q=q, ids=map(int, chosen[:MOST_CHOSEN]))
    values = {
        "company": company,
        "company_contacts": found,
        "chosen_contacts": set(chosen),
        "contact_q": q,
        "errors": {},
    }
    return show(request, "records/contacts.html", values)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new contact."""
    context = writer(request)
    if not context.actor.can_record:
        raise NotAllowed
    names = (*CONTACT_FIELDS, *custom_names(Subject.CONTACT))
    empty = dict.fromkeys(names, "")
    if request.method == "GET":
        return _show_form(request, empty)
    try:
        company_id = whole_number(request.POST, "company")
        new_company = request.POST.get("company_new", "")
        if company_id is None and not new_company.strip():
            raise Invalid.of("company", _company_fault(request))
        contact = add_contact(
            context=context,
            company_id=company_id,
            new_company=new_company,
            **{"last_name": "", **read_contact(request.POST)},
        )
    except NotFound:
        error = Invalid(errors=[FieldError("company", "unknown_choice")])
        return _show_form(request, typed_over(request.POST, empty), error)
    except Invalid as error:
        return _show_form(request, typed_over(request.POST, empty), error)
    address = reverse("contacts:page", kwargs={"id": contact.pk})
    return saved(request, address, _("The contact was added."))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, id: int) -> HttpResponse:
    """The form of a contact."""
    context = writer(request)
    contact = get_contact(context.actor, id)
    if not context.actor.can_record:
        raise NotAllowed
    stored = shown(contact, CONTACT_FIELDS)
    stored |= shown_custom(Subject.CONTACT, contact.custom)
    if request.method == "GET":
        return _show_form(request, stored, contact=contact)
    try:
        update_contact(
            context=context,
            contact_id=id,
            expected_version=version_of(request.POST),
            **read_contact(request.POST),
        )
    except (Invalid, Conflict) as error:
        return _show_form(request, stored, error, contact=contact)
    address = reverse("contacts:page", kwargs={"id": id})
    return saved(request, address, _("The contact was saved."))


@require_POST
def delete(request: HttpRequest, id: int) -> HttpResponse:
    """Delete a contact who takes part in nothing."""
    context = writer(request)
    company_id = get_contact(context.actor, id).company_id
    delete_contact(context=context, contact_id=id)
    address = reverse("companies:page", kwargs={"id": company_id})
    return moved(request, address, _("The contact was deleted."))


def _company_fault(request: HttpRequest) -> str:
    """Return what is wrong with a company that was typed and not chosen."""
    typed = request.POST.get("company_text", "").strip()
    return "unknown_choice" if typed else "required"


def _chosen_company(request: HttpRequest) -> tuple[str, str]:
    """Return id and name of the company that the form or the address names."""
    chosen = whole_number(request.POST or request.GET, "company")
    typed = request.POST.get("company_text", "")
    if chosen is None:
        return "", typed
    try:
        return str(chosen), get_company(reader(request), chosen).name
    except NotFound:
        return "", typed


def _show_form(
    request: HttpRequest,
    values: dict[str, str],
    error: Invalid | Conflict | None = None,
    *,
    contact: Any = None,
) -> HttpResponse:
    """Return the form, given back with what is wrong if there is an error.

    `values` are those of a new contact, or what is stored of one that is there.
    """
    is_stale = error is not None and error.code == "stale"
    company_id, company_name = _chosen_company(request) if contact is None else ("", "")
    inputs = inputs_of(Subject.CONTACT, contact.custom if contact else None)
    form = edited(
        request.POST if contact else {},
        values,
        contact.row_version if contact else "",
        is_stale=is_stale,
        options={one.name: one.options for one in inputs if one.options},
    )
    context = {
        "nav": "contacts",
        "contact": contact,
        "values": form.values,
        "version": form.version,
        "opened": form.opened,
        "notes": form.notes,
        "errors": problems_of(error) if error else {},
        "custom_inputs": inputs,
        "custom_values": form.values,
        "functions": contact_functions(),
        "company_id": company_id,
        "company_name": company_name,
    }
    status = 422 if error else 200
    return show_window(request, "contacts/form.html", context, status=status)
