"""One cell of the lists of companies and contacts, changed in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from veriga.access.queries import user_names
from veriga.access.rules import Actor
from veriga.common.errors import Invalid, NotAllowed, NotFound
from veriga.parties.models import Company, CompanyStatus, Contact
from veriga.parties.queries import (
    as_at,
    categories_of,
    get_company,
    get_contact,
    positions_of,
)
from veriga.parties.services import update_contact, update_position
from veriga.setup.rules import Subject
from veriga.web.cells import (
    NOTHING,
    Cell,
    Input,
    Options,
    answer_cell,
    custom_input,
)
from veriga.web.columns import COLS, column_heading, columns_of, is_changed_here
from veriga.web.forms.companies import (
    category_names,
    category_options,
    mail_languages,
    marks,
)
from veriga.web.forms.custom import PREFIX
from veriga.web.forms.filters import whole_number
from veriga.web.forms.parties import read_company, read_contact, shown
from veriga.web.pages import user_of, writer
from veriga.web.party_history import labels
from veriga.work.messages import message_of
from veriga.work.queries.names import prospect_types
from veriga.work.services.companies import update_company

from .lists import choices

# What the service calls a column, where it is not the same word.
STORED: Final = {
    **{"owner": "account_owner_id", "expected": "expected_on"},
    **{"since": "since_on", "until": "until_on"},
}
AT_ONE_COMPANY: Final = frozenset({"function", "since", "until"})
TYPES: Final = {
    **{"phone": "tel", "mobile": "tel", "email": "email"},
    **{"since": "date", "until": "date"},
}


@require_http_methods(["GET", "POST"])
def company(request: HttpRequest, id: int, field: str) -> HttpResponse:
    """The little form of a cell of the list of companies; a POST saves it."""
    context = writer(request)

    def read() -> Cell:
        found = get_company(context.actor, id)
        _check_company(context.actor, found, field)
        one = _company_input(context.actor, found, field)
        row = {"row": f"company-{id}"}
        return Cell(field, request.get_full_path(), found.row_version, [one], row)

    def save(typed: Sequence[str], version: int) -> None:
        name = STORED.get(field, field)
        value = ",".join(typed) if name == "categories" else "".join(typed[:1])
        update_company(
            context=context,
            company_id=id,
            expected_version=version,
            **read_company({name: value}),
        )

    return answer_cell(request, read, save, why_of=_why_of)


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, id: int, field: str) -> HttpResponse:
    """The little form of a cell of the list of contacts; a POST saves it.

    What a contact is at a company is changed at the one that the list shows them at.
    """
    context = writer(request)

    def read() -> Cell:
        found = _contact_shown(request, context.actor, id)
        if not is_changed_here("contacts", field):
            raise NotFound
        if not context.actor.can_record:
            raise NotAllowed
        row = {"row": f"contact-{id}"}
        inputs = _contact_inputs(request, found, field)
        return Cell(field, request.get_full_path(), found.row_version, inputs, row)

    def save(typed: Sequence[str], version: int) -> None:
        found = _contact_shown(request, context.actor, id)
        names = _contact_names(request, found, field)
        changes = read_contact(dict(zip(names, typed, strict=False)))
        about: dict[str, Any] = {"contact_id": id, "expected_version": version}
        if found.shown_at is not None and field in AT_ONE_COMPANY:
            about["position_id"] = found.shown_at.pk
            update_position(context=context, **about, **changes)
        else:
            update_contact(context=context, **about, **changes)

    return answer_cell(request, read, save, why_of=_why_of)


# --- companies -------------------------------------------------------------------


def _check_company(actor: Actor, found: Company, field: str) -> None:
    """Refuse what is no cell, and whom it is not for; the service asks again."""
    if not is_changed_here("companies", field):
        raise NotFound
    may = actor.can_record and (actor.is_manager or not found.is_own)
    if field == "owner":
        may = may and (actor.is_manager or found.account_owner_id == actor.user_id)
    elif field == "status":
        may = may and not found.is_own and len(_statuses(actor, found)) > 1
    if not may:
        raise NotAllowed


def _company_input(actor: Actor, found: Company, field: str) -> Input:
    if field.startswith(PREFIX):
        return custom_input(Subject.COMPANY, found.custom, field)
    label = column_heading("companies", field, {})
    if field == "categories":
        codes = categories_of([found.pk]).get(found.pk, [])
        options = category_options(",".join(codes))
        said = category_names(codes) or NOTHING[1]
        return Input(label, codes, options=options, is_many=True, said=said)
    name = STORED.get(field, field)
    value = shown(found, (name,))[name]
    if field == "owner":
        return _owner_input(actor, found, label, value)
    choose: dict[str, Callable[[], Options]] = {
        "status": lambda: _statuses(actor, found),
        "abc": lambda: [NOTHING, *marks()],
        "language": lambda: [NOTHING, *mail_languages()],
        "prospect_type": lambda: [NOTHING, *prospect_types(found.prospect_type_id)],
    }
    offered = choose[field]() if field in choose else ()
    return Input(label, [value], TYPES.get(field, "text"), offered)


def _owner_input(actor: Actor, found: Company, label: str, value: str) -> Input:
    """Return the choice of the account owner; whoever has left is in it as long as
    the company is theirs."""
    people = choices(user_names(actor))
    owner = found.account_owner
    if owner is None:
        people.insert(0, NOTHING)
    elif value not in dict(people):
        people.append((value, owner.name))
    return Input(label, [value], options=people, said=owner.name if owner else "–")


def _statuses(actor: Actor, found: Company) -> list[tuple[str, str]]:
    """Return the status that a company has and those that the actor may give it."""
    may = {
        CompanyStatus.PROSPECT: actor.is_manager,
        CompanyStatus.ACTIVE: actor.may_activate,
    }
    names = {
        CompanyStatus.PROSPECT: _("Prospect"),
        CompanyStatus.ACTIVE: _("Active customer"),
    }
    return [
        (code.value, name)
        for code, name in names.items()
        if code == found.status or may[code]
    ]


# --- contacts --------------------------------------------------------------------


def _contact_shown(request: HttpRequest, actor: Actor, id: int) -> Contact:
    """Return the contact as the list shows them: at its company, if it is of one."""
    found = get_contact(actor, id)
    at = whole_number(request.GET, "company")
    if at is not None and at != found.company_id:
        if all(one.company_id != at for one in positions_of(actor, id)):
            raise NotFound
        as_at(at, [found])
    return found


def _contact_names(request: HttpRequest, found: Contact, field: str) -> tuple[str, ...]:
    """Return what the service calls the inputs of a cell."""
    if field == "name":
        return ("last_name", "first_name")
    if field == "phone" and not found.phone and found.mobile:
        kept = user_of(request).list_columns
        if not columns_of("contacts", request.GET.get(COLS), kept).has("mobile"):
            return ("mobile",)  # the one phone column shows the number there is
    return (STORED.get(field, field),)


def _contact_inputs(request: HttpRequest, found: Contact, field: str) -> list[Input]:
    if field.startswith(PREFIX):
        return [custom_input(Subject.CONTACT, found.custom, field)]
    names = _contact_names(request, found, field)
    values, words = shown(found, tuple(names)), labels()
    return [
        Input(words[name], [values[name]], TYPES.get(field, "text")) for name in names
    ]


def _why_of(error: Invalid) -> str:
    """Return what is wrong: what a company lacks is named, and which name is."""
    lacking = [e.field for e in error.errors if e.code == "needed_when_active"]
    words = labels()
    if lacking:
        fields = ", ".join(words.get(name, name) for name in lacking)
        return _("It lacks: %(fields)s.") % {"fields": fields}
    if not error.errors:
        return message_of(error)
    first = error.errors[0]
    sentence = message_of(first)
    if first.field in {"last_name", "first_name"}:
        return f"{words[first.field]}: {sentence}"
    return sentence
