"""Settings: the code lists and the numbering; for administrators only."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veriga.access.rules import Context
from veriga.activities.queries.numbering import numbering
from veriga.activities.services import set_prefix
from veriga.common.errors import Conflict, Invalid
from veriga.common.phones import PhoneForm, shown_phone
from veriga.setup.code_lists import (
    LISTS,
    CodeList,
    code_list_of,
    get_entry,
    list_entries,
)
from veriga.setup.models import LifeCycle
from veriga.setup.preferences import phone_form
from veriga.setup.queries import code_list as kept_list
from veriga.setup.services import (
    change_preferences,
    create_entry,
    move_entry,
    update_entry,
)
from veriga.web.forms.code_lists import (
    cycles,
    direction_names,
    kind_words,
    list_note,
    list_title,
    outcome_words,
    read_entry,
    shown_entry,
)
from veriga.web.pages import done, is_htmx, show
from veriga.work.messages import message_of

from .lists import show_list
from .saving import moved, problems_of, show_window
from .users import administrator, closed

EXAMPLE = "+38641234567"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """All settings: the code lists with how many entries are in use, and the rest."""
    administrator(request)
    rows = []
    for code_list in LISTS.values():
        entries = kept_list(code_list.model)
        active = sum(entry.life_cycle == LifeCycle.ACTIVE for entry in entries)
        title = list_title(code_list.name)
        rows.append((code_list.name, title, active, len(entries) - active))
    return show(request, "settings/page.html", {"nav": "settings", "rows": rows})


@require_GET
def entries(request: HttpRequest, list_name: str) -> HttpResponse:
    """One code list in its order."""
    context = administrator(request)
    values = _list_values(context, code_list_of(list_name))
    return show_list(request, "settings/list.html", values)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, list_name: str) -> HttpResponse:
    """The form of a new entry."""
    context = administrator(request)
    code_list = code_list_of(list_name)
    if request.method == "GET":
        return _show_form(request, code_list, shown_entry(code_list, None))
    try:
        values = read_entry(code_list, request.POST)
        values.pop("life_cycle", None)
        required = {"name_sl": values.pop("name_sl", "")}
        code = request.POST.get("code", "")
        create_entry(
            context=context, list_name=list_name, code=code, **required, **values
        )
    except (Invalid, Conflict) as error:
        return _show_form(request, code_list, request.POST, error)
    return closed(request, _address(list_name), _("The entry was added and is in use."))


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, list_name: str, code: str) -> HttpResponse:
    """The form of an entry."""
    context = administrator(request)
    code_list = code_list_of(list_name)
    stored = get_entry(context.actor, code_list, code)
    values = shown_entry(code_list, stored)
    if request.method == "GET":
        return _show_form(request, code_list, values, stored=stored)
    try:
        changes = read_entry(code_list, request.POST)
        update_entry(context=context, list_name=list_name, code=code, **changes)
    except (Invalid, Conflict) as error:
        typed = {**values, **request.POST.dict()}
        return _show_form(request, code_list, typed, error, stored=stored)
    return closed(request, _address(list_name), _("The entry was saved."))


@require_POST
def move(request: HttpRequest, list_name: str, code: str) -> HttpResponse:
    """Move an entry one place: to=up or down."""
    context = administrator(request)
    down = request.POST.get("to") == "down"
    move_entry(context=context, list_name=list_name, code=code, down=down)
    if not is_htmx(request):
        return done(request, _address(list_name), _("The order was changed."))
    values = _list_values(context, code_list_of(list_name))
    return show(request, "settings/list.html", values, block="list")


@require_http_methods(["GET", "POST"])
def prefixes(request: HttpRequest) -> HttpResponse:
    """The letters that references begin with: one small form for each kind."""
    context = administrator(request)
    kind, typed, error = "", "", None
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        typed = request.POST.get("letters", "")
        try:
            set_prefix(context=context, kind=kind, letters=typed)
            address = reverse("settings:numbering")
            return moved(request, address, _("The prefix was changed."))
        except (Invalid, Conflict) as refused:
            error = refused
    rows = [
        {
            "kind": one.kind,
            "name": kind_words(one.kind),
            "value": typed if one.kind == kind else one.letters,
            "letters": one.letters,
            "is_fixed": one.is_fixed,
            "fault": message_of(error) if error and one.kind == kind else "",
        }
        for one in numbering(context.actor)
    ]
    status = 422 if error else 200
    values = {"nav": "settings", "rows": rows}
    return show(request, "settings/numbering.html", values, status=status)


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """How phone numbers are shown."""
    context = administrator(request)
    chosen, errors = str(phone_form()), {}
    if request.method == "POST":
        chosen = request.POST.get("phone_form", "")
        try:
            change_preferences(context=context, phone_form=chosen)
            return done(
                request, reverse("settings:page"), _("The settings were saved.")
            )
        except Invalid as error:
            errors = problems_of(error)
    values = {
        "nav": "settings",
        "chosen": chosen,
        "forms": [
            (form, examples.format(shown_phone(EXAMPLE, form)))
            for form, examples in (
                (PhoneForm.HOUSE, _("House form: {}")),
                (PhoneForm.INTERNATIONAL, _("International: {}")),
            )
        ],
        "errors": errors,
    }
    status = 422 if errors else 200
    return show(request, "settings/preferences.html", values, status=status)


def _address(list_name: str) -> str:
    return reverse("settings:list", kwargs={"list_name": list_name})


def _list_values(context: Context, code_list: CodeList) -> dict[str, Any]:
    return {
        "nav": "settings",
        "name": code_list.name,
        "title": list_title(code_list.name),
        "note": list_note(code_list.name),
        "own": code_list.own,
        "rows": list_entries(context.actor, code_list),
        "cycles": dict(cycles()),
        "directions": direction_names(),
        "outcomes": dict(outcome_words()),
    }


def _show_form(
    request: HttpRequest,
    code_list: CodeList,
    values: Any,
    error: Invalid | Conflict | None = None,
    *,
    stored: Any = None,
) -> HttpResponse:
    problems = problems_of(error) if error else {}
    if error is not None and error.code == "last_offered":
        field = "closes" if values.get("closes") else "life_cycle"
        problems = {field: [message_of(error)]}
    context = {
        "nav": "settings",
        "name": code_list.name,
        "list_title": list_title(code_list.name),
        "own": code_list.own,
        "stored": stored,
        "title": stored.name(get_language() or "sl") if stored else _("Add entry"),
        "values": values,
        "errors": problems,
        "cycles": cycles(),
        "directions": list(direction_names().items()),
        "outcomes": outcome_words(),
    }
    status = 422 if error else 200
    return show_window(request, "settings/form.html", context, status=status)
