"""One cell of a list, changed in its place."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from veriga.access.queries import user_names
from veriga.activities.kinds import describe_all
from veriga.activities.models import Activity
from veriga.activities.queries.activities import get_activity, standing_of
from veriga.activities.rules.rights import can_edit
from veriga.activities.rules.words import KindCode
from veriga.activities.services import update_activity
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.web.formats import day_iso, local_iso
from veriga.web.forms.choices import importances
from veriga.web.forms.filters import whole_number
from veriga.web.pages import Typed, show, writer
from veriga.work.messages import message_of

from .lists import choices

TEMPLATE: Final = "activities/cell.html"
# What a deadline is called in each kind; the end of an event is no deadline of its own.
DUE: Final = {
    KindCode.TASK: "due_on",
    KindCode.PRODUCT_RECORD: "follow_up_on",
    KindCode.QUOTE: "valid_until",
}


@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, reference: str, field: str) -> HttpResponse:
    """The little form of a cell: title, due, owner or importance; a POST saves it.

    A refused value comes back as it was typed, with the reason beside it.
    """
    context = writer(request)
    activity = get_activity(context.actor, reference)
    if not can_edit(context.actor, standing_of(activity)):
        raise NotAllowed
    own = describe_all([activity])[activity.pk]
    name = _name(activity, field, own)
    if request.method == "GET":
        value = _stored(activity, name, own)
        return _form(request, activity, field, name, value)
    typed = request.POST.get("value", "")
    version = whole_number(request.POST, "row_version")
    try:
        update_activity(
            context=context,
            reference=reference,
            changes={name: _read(name, typed)},
            expected_version=version,
        )
    except Invalid as error:
        why = message_of(error.errors[0] if error.errors else error)
        return _form(request, activity, field, name, typed, why, 422)
    except Conflict as error:
        if error.code != "stale":
            raise
        activity = get_activity(context.actor, reference)
        why = _("Somebody has changed this record since: now it says “%(now)s”.")
        own = describe_all([activity])[activity.pk]
        now = _said(activity, name, _stored(activity, name, own))
        return _form(request, activity, field, name, typed, why % {"now": now}, 409)
    response = HttpResponse(status=204)
    event = {"veriga:changed": {"reference": str(activity.reference)}}
    response["HX-Trigger"] = json.dumps(event)
    return response


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


def _said(activity: Activity, name: str, value: str) -> str:
    """Return a stored value as people read it."""
    if name == "owner":
        return activity.owner.name
    return dict(importances(value)).get(value, "–") if name == "importance" else value


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


def _form(
    request: HttpRequest,
    activity: Activity,
    field: str,
    name: str,
    value: str,
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    options: list[tuple[str, str]] = []
    if field == "owner":
        options = choices(user_names(writer(request).actor))
    elif field == "importance":
        options = [("", "–"), *importances(activity.importance_id or "")]
    values = {
        "reference": activity.reference,
        "field": field,
        "label": {
            "title": _("Title"),
            "owner": _("Owner"),
            "importance": _("Importance"),
            "due": _("Due"),
        }[field],
        "type": {"due_at": "datetime-local", "title": "text"}.get(name, "date"),
        "options": options,
        "value": value,
        "version": activity.row_version,
        "why": why,
    }
    return show(request, TEMPLATE, values, status=status)
