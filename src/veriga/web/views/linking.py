"""Poveži, Povezave and what they do: link, split, take out, move, undo."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veriga.access.rules import Actor
from veriga.activities.queries.activities import get_activity
from veriga.activities.queries.linking import Preview, preview_link
from veriga.activities.queries.record import get_change
from veriga.activities.rules.offering import Offering
from veriga.activities.rules.words import CLOSING, KindCode, LinkReason, Outcome
from veriga.activities.services import (
    link_activities,
    split_chain,
    undo_change,
)
from veriga.activities.services import take_out as leave_chain
from veriga.activities.services import take_out_and_move as leave_and_move
from veriga.common.errors import FieldError, Invalid, NotAllowed, NotFound
from veriga.parties.queries import get_company
from veriga.web.forms.filters import whole_number
from veriga.web.forms.records import RecordForm
from veriga.web.pages import is_htmx, reader, show, writer
from veriga.web.record_page import read_chain
from veriga.web.words import sale_words
from veriga.work.messages import message_of

from .answers import answer, changed, record_address, undo_address
from .panels import candidates_page, link_panel, links_panel
from .record_forms import continuing
from .record_window import is_piece, show_record

ASIDE = "div#window-aside"
SKETCHED = ("product", "follows", "title", "type")
FOLLOW_UP, STIMULUS = "follow_up", "stimulus"  # what the open record is in the link


@require_http_methods(["GET", "POST"])
def candidates(request: HttpRequest, reference: str) -> HttpResponse:
    """Poveži: what may be linked to a record; a POST links."""
    if request.method == "POST":
        return _link(request, reference)
    actor, now = reader(request), timezone.now()
    if not actor.can_record:
        raise NotAllowed
    if not is_htmx(request):
        return show_record(request, reference, panel="link")
    activity = get_activity(actor, reference)
    if is_piece(request, ASIDE):
        values = link_panel(request, actor, activity, now)
        return show(request, "linking/link.html", values)
    values = candidates_page(request, actor, activity, now)
    return show(request, "linking/candidates.html", values)


@require_GET
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """What linking the open record with the chosen one would join."""
    actor = reader(request)
    other, direction = request.GET.get("other", ""), request.GET.get("direction", "")
    direction = _direction(actor, reference, other, direction)
    later, earlier = _ends(reference, other, direction)
    found = preview_link(actor, later, earlier)
    mine, theirs = found.joins if direction == FOLLOW_UP else found.joins[::-1]
    address = reverse("activities:preview", kwargs={"reference": reference})
    values: dict[str, Any] = {
        "preview": found,
        "other": other,
        "direction": direction,
        "turned": STIMULUS if direction == FOLLOW_UP else FOLLOW_UP,
        "preview_url": address,
        "chains": [] if mine.id == theirs.id else [theirs, mine],
        "same_chain": mine.id == theirs.id,
        "sales": {chain.id: sale_words(chain) for chain in found.joins},
        "keeps_marks": _keeps_marks(found),
        "problem": message_of(Invalid(found.problem)) if found.problem else "",
    }
    return show(request, "linking/preview.html", values)


@require_GET
def links(request: HttpRequest, reference: str) -> HttpResponse:
    """Povezave: the whole chain of a record."""
    if not is_piece(request, ASIDE):
        return show_record(request, reference, panel="links")
    actor, now = reader(request), timezone.now()
    page = read_chain(actor, reference, now=now)
    values = {"page": page, "a": page.activity, "now": now}
    values |= links_panel(request, actor, page, now)
    return show(request, "linking/links.html", values)


@require_POST
def take_out(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a record out of its chain."""
    changed = leave_chain(context=writer(request), reference=reference)
    own = str(changed.change.activity.reference)
    text = _("Taken out of the chain: %(reference)s") % {"reference": own}
    return answer(request, own, text, change=changed.change, panel="links")


@require_POST
def take_out_and_move(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a record out of its chain and to another company, in one step."""
    company_id = whole_number(request.POST, "company")
    if company_id is None:
        raise Invalid(errors=[FieldError("company", "required")])
    moved = leave_and_move(
        context=writer(request), reference=reference, company_id=company_id
    )
    text = _("Taken out of the chain and moved.")
    return answer(request, reference, text, change=moved.change)


@require_GET
def likeliest(request: HttpRequest) -> HttpResponse:
    """Nadaljuje for the company, product and contacts chosen in a form so far."""
    context = writer(request)
    if not context.actor.can_record:
        raise NotAllowed
    company_id = whole_number(request.GET, "company")
    company = get_company(context.actor, company_id) if company_id else None
    # The short form asks for kind and type in one.
    what = request.GET.get("what", "") or request.GET.get("kind", "")
    kind, _colon, type_code = what.partition(":")
    form = RecordForm(
        kind if kind in set(KindCode) else "",
        {name: request.GET.get(name, "") for name in SKETCHED},
        contacts=request.GET.getlist("contacts"),
    )
    form.values["type"] = type_code or form["type"]
    values = continuing(context.actor, company, form, context.now)
    return show(request, "records/likeliest.html", {**values, "errors": {}})


@require_POST
def split(request: HttpRequest, id: int) -> HttpResponse:
    """Remove one link; the record it is done from is shown again."""
    changed = split_chain(context=writer(request), link_id=id)
    reference = request.POST.get("reference") or str(changed.change.activity.reference)
    return answer(
        request,
        reference,
        _("The chain is split."),
        change=changed.change,
        panel="links",
    )


@require_POST
def undo(request: HttpRequest, id: int) -> HttpResponse:
    """Undo a change; undoing is a change too and can be undone."""
    context = writer(request)
    undone = undo_change(context=context, change_id=id)
    text = _("Undone.")
    if "reference" in request.POST:
        reference = request.POST["reference"]
        return answer(request, reference, text, change=undone, undo_label=_("Redo"))
    address = ""
    if not is_htmx(request):
        activity = get_change(context.actor, undone.pk).activity
        address = reverse("companies:page", kwargs={"id": activity.company_id})
        if activity.deleted_at is None:
            address = record_address(str(activity.reference))
    back = undo_address(undone)
    return changed(request, address, text, undo_url=back, undo_label=_("Redo"))


# --- the parts -------------------------------------------------------------------


def _link(request: HttpRequest, reference: str) -> HttpResponse:
    context = writer(request)
    other = request.POST.get("other", "")
    if not other:
        raise Invalid(errors=[FieldError("other", "required")])
    # A direction counts only for the row it was shown with.
    shown_with = request.POST.get("direction_of", other)
    wanted = request.POST.get("direction", "") if shown_with == other else ""
    direction = _direction(context.actor, reference, other, wanted)
    later, earlier = _ends(reference, other, direction)
    offering = Offering(
        request.POST.getlist("suggested"), request.POST.get("preselected", "")
    )
    suggested = other in offering.listed
    linked = link_activities(
        context=context,
        follow_up=later,
        stimulus=earlier,
        reason=LinkReason.SUGGESTION if suggested else LinkReason.FORM,
        offering=offering,
    )
    text = _("Linked: %(later)s follows %(earlier)s")
    if linked.change is None:
        text = _("%(later)s and %(earlier)s were linked already.")
    text = text % {"later": later, "earlier": earlier}
    return answer(request, reference, text, change=linked.change, panel="links")


def _direction(actor: Actor, reference: str, other: str, wanted: str) -> str:
    """Return what the open record is in the link; proposed if it is not `wanted`.

    The open record follows the chosen one, unless that one was recorded later.
    """
    if wanted in (FOLLOW_UP, STIMULUS):
        return wanted
    if not other:
        raise NotFound
    mine, theirs = get_activity(actor, reference), get_activity(actor, other)
    return STIMULUS if theirs.recorded_at > mine.recorded_at else FOLLOW_UP


def _ends(reference: str, other: str, direction: str) -> tuple[str, str]:
    """Return (follow-up, stimulus)."""
    return (reference, other) if direction == FOLLOW_UP else (other, reference)


def _keeps_marks(found: Preview) -> bool:
    """Tell whether one of the chains is closed and the other open."""
    outcomes = {Outcome(chain.outcome) for chain in found.joins}
    return Outcome.OPEN in outcomes and bool(outcomes & CLOSING)
