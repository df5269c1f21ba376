"""The log of a record: adding, editing and locking its entries."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from veriga.activities.queries.record import get_entry
from veriga.activities.services import add_entry, edit_entry, lock_entry
from veriga.activities.services.entries import require_entry
from veriga.common.errors import Invalid
from veriga.web.pages import faults, writer

from .answers import answer
from .mentions import with_untold
from .record_window import show_record


@require_POST
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add an entry to the log of a record."""
    text = request.POST.get("text", "")
    context = writer(request)
    try:
        entry = add_entry(
            context=context,
            reference=reference,
            text=text,
            confidential=bool(request.POST.get("confidential")),
        )
    except Invalid as error:
        return show_record(
            request, reference, status=422, errors=faults(error), entry_text=text
        )
    said = with_untold(context.actor, entry, _("The entry is added."))
    return answer(request, reference, said)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, id: int) -> HttpResponse:
    """The record with one entry open for editing; a POST saves its text."""
    context = writer(request)
    entry = get_entry(context.actor, id)
    reference = str(entry.activity.reference)
    require_entry(context.actor, entry)
    if request.method == "GET":
        return show_record(request, reference, editing=id, edit_text=entry.text)
    text = request.POST.get("text", "")
    try:
        entry = edit_entry(context=context, entry_id=id, text=text)
    except Invalid as error:
        return show_record(
            request,
            reference,
            status=422,
            editing=id,
            edit_text=text,
            edit_errors=faults(error),
        )
    said = with_untold(context.actor, entry, _("The entry is changed."))
    return answer(request, reference, said)


@require_POST
def lock(request: HttpRequest, id: int) -> HttpResponse:
    """Lock an entry for everybody but its author, or unlock it."""
    context = writer(request)
    locked = request.POST.get("locked") == "1"
    entry = lock_entry(context=context, entry_id=id, locked=locked)
    text = _("The entry is locked.") if locked else _("The entry is unlocked.")
    return answer(request, str(entry.activity.reference), text)
