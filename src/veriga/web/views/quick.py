"""Quick entry: one line from any page, and what comes next once a record is done."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from veriga.access.rules import Actor, Context
from veriga.common.errors import Invalid, NotAllowed, NotFound
from veriga.parties.queries import get_company
from veriga.web.forms.filters import whole_number
from veriga.web.forms.quick import (
    blank_quick,
    faults_in_quick,
    full_form,
    posted_quick,
    what_options,
)
from veriga.web.forms.records import RecordForm, faults_at
from veriga.web.middleware import status_of
from veriga.web.offline import kept_offline
from veriga.web.pages import faults, writer
from veriga.work.messages import message_of

from .answers import answer, closed, record_address
from .notes import is_note, refused, save_note_once, taken
from .record_forms import FormPage, continuing, similar_companies_of
from .records import choose_company, company_called, place
from .saving import show_window

TEMPLATE = "records/quick.html"


@require_http_methods(["GET", "POST"])
@kept_offline("form")
def new(request: HttpRequest) -> HttpResponse:
    """The short form of a new record."""
    context = writer(request)
    if not context.actor.can_record:
        if is_note(request):
            return refused({"": [message_of(NotAllowed())]}, status=403)
        raise NotAllowed
    if request.method == "GET":
        typed = blank_quick(request.GET, context.now)
        form = full_form(typed, user_id=context.actor.user_id, now=context.now)
        page = FormPage(form)
        place(page, context.actor, context.now)
        return _show(request, context.actor, typed, page, context.now)
    return _save(request, context)


def _save(request: HttpRequest, context: Context) -> HttpResponse:
    """Save what was typed; a note that a device sends again is saved once."""
    typed = posted_quick(request.POST)
    page = FormPage(RecordForm("", dict(typed)))
    try:
        page.form = full_form(typed, user_id=context.actor.user_id, now=context.now)
        page.form.contacts = request.POST.getlist("contacts")
        choose_company(page.form)
        place(page, context.actor, context.now)
        if page.company is None:
            page.company = company_called(context.actor, page.form)
        reference = save_note_once(request, context, page, typed)
    except Invalid as error:
        known = faults_at(error, page.form)
        page.errors = faults(faults_in_quick(known, page.form.kind))
        if is_note(request):
            return refused(page.errors)
        if page.company is None and (pk := whole_number(page.form.values, "company")):
            page.company = get_company(context.actor, pk)
        return _show(request, context.actor, typed, page, context.now)
    except (NotFound, NotAllowed) as error:
        if not is_note(request):
            raise
        return refused({"": [message_of(error)]}, status=status_of(error))
    text = _("Saved: %(reference)s") % {"reference": reference}
    if is_note(request):
        return taken(reference, text)
    if page.stimulus is not None:
        return answer(request, page.stimulus.reference, text)
    return closed(request, record_address(reference), text)


def _show(
    request: HttpRequest,
    actor: Actor,
    typed: dict[str, str],
    page: FormPage,
    now: datetime,
) -> HttpResponse:
    """Return the form, 422 with what is wrong."""
    values = {
        "nav": "",
        "typed": typed,
        "page": page,
        "form": page.form,
        "stimulus": page.stimulus,
        "errors": page.errors,
        "whats": what_options(),
        "quick_url": reverse("quick"),
        "similar": similar_companies_of(actor, page),
        **continuing(actor, page.company, page.form, now),
    }
    if page.stimulus is not None:
        values["offers"] = ()
    status = 422 if page.errors else 200
    return show_window(request, TEMPLATE, values, status=status)
