"""Where else a contact is or was: further companies, and which is the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.parties.queries import get_company, get_contact, get_position
from veriga.parties.services import remove_position
from veriga.web.forms.opened import version_of
from veriga.web.forms.parties import (
    POSITION_FIELDS,
    picked_company,
    read_position,
    shown,
)
from veriga.web.pages import writer
from veriga.work.queries.names import contact_functions
from veriga.work.services.contacts import save_position

from .saving import moved, problems_of, saved, show_window

if TYPE_CHECKING:
    from veriga.access.rules import Context
    from veriga.parties.models import Contact, Position


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, id: int) -> HttpResponse:
    """The form of a further company of a contact."""
    context, contact = _recorder(request, id)
    empty = dict.fromkeys(POSITION_FIELDS, "")
    if request.method == "GET":
        return _form(request, contact, empty)
    return _save(request, context, contact, empty)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, id: int, position_id: int) -> HttpResponse:
    """The form of one that is there."""
    context, contact = _recorder(request, id)
    position = get_position(context.actor, id, position_id)
    stored = shown(position, POSITION_FIELDS)
    if request.method == "GET":
        return _form(request, contact, stored, position)
    return _save(request, context, contact, stored, position)


@require_POST
def remove(request: HttpRequest, id: int, position_id: int) -> HttpResponse:
    """Take away what was entered by mistake."""
    remove_position(context=writer(request), contact_id=id, position_id=position_id)
    address = reverse("contacts:page", kwargs={"id": id})
    return moved(request, address, _("The company was removed from the contact."))


def _recorder(request: HttpRequest, contact_id: int) -> tuple[Context, Contact]:
    context = writer(request)
    contact = get_contact(context.actor, contact_id)
    if not context.actor.can_record:
        raise NotAllowed
    return context, contact


def _save(
    request: HttpRequest,
    context: Context,
    contact: Contact,
    stored: dict[str, str],
    position: Position | None = None,
) -> HttpResponse:
    """Save what was typed, or give it back with what is wrong."""
    try:
        save_position(
            context=context,
            contact_id=contact.pk,
            position_id=position.pk if position else None,
            company_id=None if position else picked_company(request.POST),
            expected_version=version_of(request.POST),
            **read_position(request.POST),
        )
    except NotFound:
        return _form(
            request, contact, stored, position, Invalid.of("company", "unknown_choice")
        )
    except (Invalid, Conflict) as error:
        return _form(request, contact, stored, position, error)
    address = reverse("contacts:page", kwargs={"id": contact.pk})
    return saved(request, address, _("The contact was saved."))


def _form(
    request: HttpRequest,
    contact: Contact,
    stored: dict[str, str],
    position: Position | None = None,
    error: Invalid | Conflict | None = None,
) -> HttpResponse:
    is_stale = error is not None and error.code == "stale"
    typed = request.POST
    values: dict[str, Any] = {
        "nav": "contacts",
        "contact": contact,
        "position": position,
        "values": {name: typed.get(name, value) for name, value in stored.items()}
        | {"is_first": typed.get("is_first", ""), "left_on": typed.get("left_on", "")},
        "version": contact.row_version
        if is_stale
        else typed.get("row_version", contact.row_version),
        "errors": problems_of(error) if error else {},
        "functions": contact_functions(),
        "company": _picked(request),
    }
    return show_window(
        request, "contacts/position.html", values, status=422 if error else 200
    )


def _picked(request: HttpRequest) -> tuple[str, str]:
    """Return id and name of the company that was picked, as far as it is one."""
    typed = request.POST.get("company_text", "")
    try:
        chosen = picked_company(request.POST)
        return str(chosen), get_company(writer(request).actor, chosen).name
    except (Invalid, NotFound):
        return "", typed
