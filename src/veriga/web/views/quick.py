"""Quick entry: one line from any page, and what comes next once a record is done."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from veriga.access.rules import Actor
from veriga.common.errors import Invalid, NotAllowed
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
from veriga.web.pages import faults, writer

from .answers import answer, closed, record_address
from .record_forms import FormPage, continuing, similar_companies_of
from .records import choose_company, company_called, place, save_new
from .saving import show_window

TEMPLATE = "records/quick.html"


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The short form of a new record."""
    context = writer(request)
    if not context.actor.can_record:
        raise NotAllowed
    if request.method == "GET":
        typed = blank_quick(request.GET, context.now)
        form = full_form(typed, user_id=context.actor.user_id, now=context.now)
        page = FormPage(form)
        place(page, context.actor, context.now)
        return _show(request, context.actor, typed, page, context.now)
    typed = posted_quick(request.POST)
    page = FormPage(RecordForm("", dict(typed)))
    try:
        page.form = full_form(typed, user_id=context.actor.user_id, now=context.now)
        choose_company(page.form)
        place(page, context.actor, context.now)
        if page.company is None:
            page.company = company_called(context.actor, page.form)
        activity = save_new(context, page, share=False)
    except Invalid as error:
        known = faults_at(error, page.form)
        page.errors = faults(faults_in_quick(known, page.form.kind))
        if page.company is None and (pk := whole_number(page.form.values, "company")):
            page.company = get_company(context.actor, pk)
        return _show(request, context.actor, typed, page, context.now)
    text = _("Saved: %(reference)s") % {"reference": activity.reference}
    if page.stimulus is not None:
        return answer(request, page.stimulus.reference, text)
    return closed(request, record_address(str(activity.reference)), text)


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
