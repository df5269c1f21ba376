"""The fields that this installation adds: the list, and the form of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veriga.access.rules import Context
from veriga.common.errors import Invalid, NotAllowed, NotFound
from veriga.setup.custom_fields import fields_of
from veriga.setup.models import CustomField, LifeCycle
from veriga.setup.rules import FieldType, Subject
from veriga.setup.services import move_field, update_field
from veriga.web.pages import faults, writer
from veriga.work.services.custom_fields import create_field

from .answers import closed
from .lists import show_list
from .saving import moved, show_window

CHOICE_COLUMNS = ("code", "name_sl", "name_en")
BLANK_CHOICES = 3


@require_GET
def field_list(request: HttpRequest) -> HttpResponse:
    """All custom fields, by what they belong to."""
    _administrator(request)
    names = subject_names()
    types = type_names()
    values = {
        "nav": "fields",
        "groups": [
            (
                subject,
                names[subject],
                [(field, types[field.type]) for field in fields_of(subject)],
            )
            for subject in Subject
        ],
        "life_cycles": life_cycles(),
    }
    return show_list(request, "fields/list.html", values)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new field."""
    context = _administrator(request)
    subject = request.GET.get("subject", Subject.COMPANY)
    values = {"subject": subject, "type": "text", "name_sl": "", "name_en": ""}
    if request.method == "GET":
        return _show_form(request, values, [], None)
    values = {name: request.POST.get(name, "") for name in values}
    choices = _posted_choices(request)
    try:
        create_field(
            context=context,
            subject=values["subject"],
            type_=values["type"],
            name_sl=values["name_sl"],
            name_en=values["name_en"],
            choices=choices,
            in_list="in_list" in request.POST,
        )
    except Invalid as error:
        return _show_form(request, values, choices, None, error)
    return closed(request, reverse("fields:list"), _("The field was added."))


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, id: int) -> HttpResponse:
    """The form of a field."""
    context = _administrator(request)
    field = _field(id)
    stored = {
        "name_sl": field.name_sl,
        "name_en": field.name_en,
        "life_cycle": field.life_cycle,
    }
    if request.method == "GET":
        choices = [choice for choice in field.choices if not choice["is_off"]]
        return _show_form(request, stored, choices, field)
    values = {name: request.POST.get(name, "") for name in stored}
    choices = _posted_choices(request)
    changes: dict[str, Any] = {**values, "in_list": "in_list" in request.POST}
    if field.type == FieldType.CHOICE:
        changes["choices"] = choices
    try:
        update_field(context=context, field_id=id, **changes)
    except Invalid as error:
        return _show_form(request, values, choices, field, error)
    return closed(request, reverse("fields:list"), _("The field was saved."))


@require_POST
def move(request: HttpRequest, id: int) -> HttpResponse:
    """Move a field up or down among those of its subject."""
    is_down = request.POST.get("down") == "1"
    move_field(context=_administrator(request), field_id=id, down=is_down)
    return moved(request, reverse("fields:list"), _("The order was changed."))


def subject_names() -> dict[str, str]:
    """Return what may have custom fields, in words."""
    return {
        Subject.COMPANY: _("Companies"),
        Subject.CONTACT: _("Contacts"),
        Subject.EVENT: _("Events"),
        Subject.TASK: _("Tasks"),
        Subject.PRODUCT_RECORD: _("Product records"),
        Subject.QUOTE: _("Quotes"),
    }


def type_names() -> dict[str, str]:
    """Return the types of fields in words."""
    return {
        FieldType.TEXT: _("Text"),
        FieldType.NUMBER: _("Number"),
        FieldType.DATE: _("Date"),
        FieldType.CHOICE: _("Choice from a list"),
        FieldType.YES_NO: _("Yes or no"),
    }


def life_cycles() -> dict[str, str]:
    """Return where an entry of a list stands, in words."""
    return {
        LifeCycle.ACTIVE: pgettext("entry", "in use"),
        LifeCycle.RETIRING: pgettext("entry", "being phased out"),
        LifeCycle.OFF: pgettext("entry", "no longer in use"),
    }


def _administrator(request: HttpRequest) -> Context:
    context = writer(request)
    if not context.actor.is_administrator:
        raise NotAllowed
    return context


def _field(field_id: int) -> CustomField:
    for subject in Subject:
        for field in fields_of(subject):
            if field.pk == field_id:
                return field
    raise NotFound


def _posted_choices(request: HttpRequest) -> list[dict[str, str]]:
    columns = [request.POST.getlist(f"choice_{name}") for name in CHOICE_COLUMNS]
    rows = [
        dict(zip(CHOICE_COLUMNS, row, strict=True))
        for row in zip(*columns, strict=False)
    ]
    return [row for row in rows if row["name_sl"].strip() or row["name_en"].strip()]


def _show_form(
    request: HttpRequest,
    values: dict[str, str],
    choices: list[dict[str, Any]],
    field: CustomField | None,
    error: Invalid | None = None,
) -> HttpResponse:
    """Return the form of a field, given back if there is an error."""
    is_list = "in_list" in request.POST if error else bool(field and field.in_list)
    context = {
        "nav": "fields",
        "field": field,
        "values": values,
        "choices": [*choices, *({} for _one in range(BLANK_CHOICES))],
        "has_choices": field is None or field.type == FieldType.CHOICE,
        "in_list": is_list,
        "errors": faults(error) if error else {},
        "subjects": list(subject_names().items()),
        "types": list(type_names().items()),
        "life_cycles": list(life_cycles().items()),
    }
    status = 422 if error else 200
    return show_window(request, "fields/form.html", context, status=status)
