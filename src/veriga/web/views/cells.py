"""One cell of a list of activities, changed in its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from veriga.access.queries import user_names
from veriga.access.rules import Actor
from veriga.activities.kinds import describe_all
from veriga.activities.models import Activity
from veriga.activities.queries.activities import get_activity, standing_of
from veriga.activities.rules.rights import can_edit
from veriga.activities.rules.words import KindCode
from veriga.activities.services import update_activity
from veriga.common.errors import Invalid, NotAllowed, NotFound
from veriga.web.cells import NOTHING, Cell, Input, answer_cell, custom_input
from veriga.web.formats import day_iso, local_iso
from veriga.web.forms.choices import importances
from veriga.web.forms.custom import PREFIX, read_custom
from veriga.web.forms.filters import whole_number
from veriga.web.pages import Typed, writer

from .lists import choices

# What a deadline is called in each kind; the end of an event is no deadline of its own.
DUE: Final = {
    KindCode.TASK: "due_on",
    KindCode.PRODUCT_RECORD: "follow_up_on",
    KindCode.QUOTE: "valid_until",
}


@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, reference: str, field: str) -> HttpResponse:
    """The little form of a cell: title, due, owner, importance, or a custom field.

    A POST saves it.
    """
    context = writer(request)

    def read() -> Cell:
        activity = get_activity(context.actor, reference)
        if not can_edit(context.actor, standing_of(activity)):
            raise NotAllowed
        one = _input(context.actor, activity, field)
        row = {"reference": str(activity.reference)}
        return Cell(field, request.get_full_path(), activity.row_version, [one], row)

    def save(typed: Sequence[str], version: int) -> None:
        activity = get_activity(context.actor, reference)
        update_activity(
            context=context,
            reference=reference,
            changes=_changes(activity, field, typed[0] if typed else ""),
            expected_version=version,
        )

    return answer_cell(request, read, save)


def _name(activity: Activity, field: str, own: dict[str, Any]) -> str:
    """Return the field of the service that a column means; NotFound for none."""
    if field in {"title", "owner", "importance"}:
        return field
    if field != "due" or activity.kind not in DUE:
        raise NotFound
    # A task that is due at an hour stays so.
    return "due_at" if own.get("due_at") else DUE[KindCode(activity.kind)]


def _stored(activity: Activity, name: str, own: dict[str, Any]) -> str:
    if name == "title":
        return activity.title
    if name == "owner":
        return str(activity.owner_id)
    if name == "importance":
        return activity.importance_id or ""
    value = own.get(name)
    return local_iso(value) if isinstance(value, datetime) else day_iso(value)


def _changes(activity: Activity, field: str, typed: str) -> dict[str, Any]:
    """Return what was typed as the service takes it."""
    if field.startswith(PREFIX):
        read = Typed({field: typed})
        values = read_custom(activity.kind, {field: typed}, read)
        read.raise_if_any()
        return {"custom": values}
    name = _name(activity, field, describe_all([activity])[activity.pk])
    return {name: _read(name, typed)}


def _read(name: str, typed: str) -> Any:
    if name == "owner":
        return whole_number({"owner": typed}, "owner")
    if name in {"title", "importance"}:
        return typed
    read = Typed({name: typed})
    value = read.moment(name) if name == "due_at" else read.day(name)
    read.raise_if_any()
    if value is not None and not 1970 <= value.year <= 2100:
        raise Invalid.of(name, "out_of_range")
    return value


def _input(actor: Actor, activity: Activity, field: str) -> Input:
    if field.startswith(PREFIX):
        return custom_input(activity.kind, activity.custom, field)
    own = describe_all([activity])[activity.pk]
    name = _name(activity, field, own)
    value = _stored(activity, name, own)
    if field == "owner":
        people = choices(user_names(actor))
        return Input(_("Owner"), [value], options=people, said=activity.owner.name)
    if field == "importance":
        marks = importances(activity.importance_id or "")
        said = dict(marks).get(value, "–")
        return Input(_("Importance"), [value], options=[NOTHING, *marks], said=said)
    label = _("Title") if field == "title" else _("Due")
    kinds = {"due_at": "datetime-local", "title": "text"}
    return Input(label, [value], kinds.get(name, "date"))
