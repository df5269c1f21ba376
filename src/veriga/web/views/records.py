"""Records: the window of one, its form, and the commands that end or reopen it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veriga.access.rules import Actor, Context
from veriga.activities.kinds import describe_all
from veriga.activities.queries.activities import get_activity
from veriga.activities.queries.mentions import first_entry
from veriga.activities.queries.record import (
    list_contacts_of,
    list_parts,
    standing_with,
)
from veriga.activities.rules.repeats import Which
from veriga.activities.rules.rights import can_edit
from veriga.activities.rules.words import KindCode, LinkReason, Result
from veriga.activities.services import (
    accept_quote,
    delete_activity,
    delete_series,
    finish_activity,
    reopen_activity,
    update_series,
)
from veriga.common.errors import Conflict, FieldError, Invalid, NotAllowed
from veriga.common.text import fold
from veriga.parties.queries import find_companies, get_company
from veriga.quotes.services import mark_sent
from veriga.web.forms.filters import whole_number
from veriga.web.forms.opened import OPENED, join_records, write_record
from veriga.web.forms.records import (
    RecordForm,
    blank_form,
    faults_at,
    posted_form,
    read_changes,
    read_draft,
    read_repeat,
    stored_form,
)
from veriga.web.offline import kept_offline
from veriga.web.pages import faults, writer
from veriga.work.services.recording import (
    move_with_changes,
    record_with_company,
    update_and_share,
)

from .activities import NAVS
from .answers import answer, gone
from .mentions import with_untold
from .record_forms import (
    FormPage,
    differing_fields,
    may_share,
    products_on_offer,
    show_form,
    stimulus_of,
)
from .record_window import show_record

if TYPE_CHECKING:
    from veriga.activities.models import Activity
    from veriga.parties.models import Company

PANELS = ("link", "links", "sale", "next")


@require_GET
@kept_offline("record")
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """The window of one record; `panel` opens Poveži, Povezave or the sale in it."""
    panel = request.GET.get("panel", "")
    return show_record(request, reference, panel=panel if panel in PANELS else "")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of a new record, at a company or made on another record."""
    context = writer(request)
    if not context.actor.can_record:
        raise NotAllowed
    if request.method == "POST":
        return _create(request, context, kind)
    form = blank_form(kind, request.GET, user_id=context.actor.user_id, now=context.now)
    page = FormPage(form)
    place(page, context.actor, context.now)
    return show_form(request, context.actor, page, context.now)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """The form of a stored record; a save that comes too late shows what differs."""
    context = writer(request)
    activity = get_activity(context.actor, reference)
    parts = list_parts(activity)
    people = [part.user for part in parts]
    if not can_edit(context.actor, standing_with(activity, people)):
        raise NotAllowed
    stored = stored_form(
        activity,
        describe_all([activity])[activity.pk],
        contacts=[c.pk for c in list_contacts_of(activity)],
        parts=parts,
    )
    if request.method == "POST":
        return _update(request, context, activity, stored)
    page = FormPage(stored, activity.company, activity=activity)
    page.version, page.opened = activity.row_version, write_record(stored)
    return show_form(request, context.actor, page, context.now)


@require_POST
def finish(request: HttpRequest, reference: str) -> HttpResponse:
    """Mark as done; an accepted quote may close its sale, or asks whether it should."""
    context = writer(request)
    result = request.POST.get("result", "")
    if result == Result.ACCEPTED:
        return _accept(request, context, reference)
    activity = finish_activity(context=context, reference=reference, result=result)
    is_next = activity.kind != KindCode.QUOTE
    return answer(
        request,
        str(activity.reference),
        _("The record is done."),
        panel="next" if is_next else "",
    )


@require_POST
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Make a done record open again."""
    activity = reopen_activity(context=writer(request), reference=reference)
    return answer(request, str(activity.reference), _("The record is open again."))


@require_POST
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """Note that a quote went out to the customer."""
    activity = mark_sent(context=writer(request), reference=reference)
    return answer(request, str(activity.reference), _("The quote is marked as sent."))


@require_POST
def delete(request: HttpRequest, reference: str) -> HttpResponse:
    """Delete a record; it can be undone for 30 days."""
    context = writer(request)
    which = request.POST.get("which", "")
    if which:
        deleted = delete_series(context=context, reference=reference, which=which)[0]
    else:
        deleted = delete_activity(
            context=context,
            reference=reference,
            expected_version=whole_number(request.POST, "row_version"),
        )
    activity = deleted.change.activity
    address = reverse(f"{NAVS[KindCode(activity.kind)]}:list")
    text = _("Deleted: %(reference)s") % {"reference": activity.reference}
    return gone(request, address, text, deleted.change)


# --- the parts -------------------------------------------------------------------


def _accept(request: HttpRequest, context: Context, reference: str) -> HttpResponse:
    accepted = accept_quote(context=context, reference=reference)
    own = str(accepted.activity.reference)
    if accepted.ask_to_close:
        text = _("The quote is accepted. Is the sale won?")
        return answer(request, own, text, panel="sale")
    text = _("The quote is accepted.")
    if accepted.change is not None:
        text = _("The quote is accepted, the sale is won.")
    return answer(request, own, text, change=accepted.change)


def choose_company(form: RecordForm) -> None:
    """Take what was chosen of the companies that a typed name may mean."""
    if form["company_choice"] == "new":
        form.values["new_name"] = form["company_text"]
    elif form["company_choice"]:
        form.values["company"] = form["company_choice"]


def place(page: FormPage, actor: Actor, now: datetime) -> None:
    """Set the company of a new record, and what it is made on."""
    form = page.form
    if form["made_on"]:
        stimulus = get_activity(actor, form["made_on"])
        page.company, page.stimulus = stimulus.company, stimulus_of(stimulus, now)
        form.values["made_on"] = str(stimulus.reference)
        form.values["company"] = str(stimulus.company_id)
        return
    company_id = whole_number(form.values, "company")
    if company_id is not None:
        page.company = get_company(actor, company_id)


def _create(request: HttpRequest, context: Context, kind: str) -> HttpResponse:
    form = posted_form(kind, request.POST)
    choose_company(form)
    page = FormPage(form)
    place(page, context.actor, context.now)
    try:
        if page.company is None:
            page.company = company_called(context.actor, form)
        activity = save_new(context, page, share="share" in request.POST)
    except Invalid as error:
        page.errors = faults(faults_at(error, form))
        page.offers_share = may_share(context.actor, page, error)
        return show_form(request, context.actor, page, context.now)
    text = _("Saved: %(reference)s") % {"reference": activity.reference}
    if "@" in form["text"]:
        text = with_untold(context.actor, first_entry(context.actor, activity), text)
    then = request.POST.get("then", "")
    panel = then if then in PANELS else ""
    return answer(request, str(activity.reference), text, panel=panel)


def save_new(context: Context, page: FormPage, *, share: bool) -> Activity:
    """Save what the form of a new record says, its company with it if it is new."""
    form = page.form
    made_on = form["made_on"]
    reason = LinkReason.FORM
    if made_on:
        reason = LinkReason.MADE_ON
    elif form["follows"] and form["follows"] == form["offered"]:
        reason = LinkReason.SUGGESTION
    draft = read_draft(
        form,
        company_id=page.company.pk if page.company else 0,
        now=context.now,
        products=products_on_offer(context.actor),
        follows=made_on or (form["follows"] if page.company else ""),
        reason=reason,
        offered="" if made_on or page.company is None else form["offered"],
    )
    repeat = read_repeat(form)
    if page.company is not None:
        return record_with_company(
            context=context, draft=draft, share=share, repeat=repeat
        )
    # Whoever is chosen at another company is not at this new one.
    return record_with_company(
        context=context,
        draft=replace(draft, contacts=()),
        company_name=form["new_name"],
        share=share,
        repeat=repeat,
    )


def company_called(actor: Actor, form: RecordForm) -> Company | None:
    """Return the company of exactly the typed name, None if one is to be made.

    Errors: required, company_unknown if the name is not one that was chosen.
    """
    if form["new_name"].strip():
        return None
    typed = fold(form["company_text"])
    if not typed:
        raise _no_company("required", form)
    alike = [c for c in find_companies(actor, typed) if fold(c.name) == typed]
    if len(alike) != 1:
        raise _no_company("company_unknown", form)
    form.values["company"] = str(alike[0].pk)
    return alike[0]


def _no_company(code: str, form: RecordForm) -> Invalid:
    """Return what is wrong with the company; a missing title is told with it."""
    errors = [FieldError("company", code)]
    if not form["title"].strip():
        errors.append(FieldError("title", "required"))
    return Invalid(code, errors=errors)


def _update(
    request: HttpRequest, context: Context, activity: Activity, stored: RecordForm
) -> HttpResponse:
    actor = context.actor
    form = posted_form(activity.kind, request.POST, stored)
    version = whole_number(request.POST, "row_version")
    page = FormPage(form, activity.company, activity=activity)
    page.version = version if version is not None else activity.row_version
    page.opened = request.POST.get(OPENED, "")
    if form["company"] != stored["company"] and form["company"].isdigit():
        page.company = get_company(actor, int(form["company"]))
    try:
        if version is not None and version != activity.row_version:
            raise Conflict("stale")
        changes = read_changes(form, stored, products_on_offer(actor, activity.product))
        return _change(request, context, activity, changes, version)
    except Conflict as error:
        if error.code != "stale":
            raise
        _overtaken(page, stored, actor, activity)
        page.errors = {"": faults(Invalid("stale"))[""]}
        page.version = activity.row_version
    except Invalid as error:
        page.errors = faults(faults_at(error, form))
        page.offers_move = error.code == "company_fixed"
        page.offers_share = may_share(actor, page, error)
    return show_form(request, actor, page, context.now)


def _overtaken(
    page: FormPage, stored: RecordForm, actor: Actor, activity: Activity
) -> None:
    """Join what was typed with what somebody else has saved, and say where."""
    page.form, before = join_records(page.form, page.opened, stored)
    page.differing = differing_fields(page.form, stored, actor, activity)
    if before is not None:
        told = {label for label, *_texts in page.differing}
        found = differing_fields(before, stored, actor, activity)
        page.meanwhile = [one for one in found if one[0] not in told]
    page.opened = write_record(stored)


def _change(
    request: HttpRequest,
    context: Context,
    activity: Activity,
    changes: dict[str, Any],
    version: int | None,
) -> HttpResponse:
    reference = str(activity.reference)
    which = request.POST.get("which") or Which.THIS
    if "move" in request.POST and "company" in changes:
        company_id = changes.pop("company")
        moved = move_with_changes(
            context=context,
            reference=reference,
            company_id=company_id,
            changes=changes,
            expected_version=version,
        )
        text = _("Taken out of the chain and moved.")
        return answer(request, reference, text, change=moved.change)
    if changes and "share" in request.POST:
        update_and_share(
            context=context,
            reference=reference,
            changes=changes,
            expected_version=version,
            which=which,
        )
    elif changes:
        update_series(
            context=context,
            reference=reference,
            changes=changes,
            which=which,
            expected_version=version,
        )
    return answer(request, reference, _("The changes are saved."))
