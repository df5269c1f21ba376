"""Calls that reached nobody: one key finishes them and makes the next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from veriga.web.formats import day, moment
from veriga.web.forms.filters import whole_number
from veriga.web.pages import done, is_htmx, toast, writer
from veriga.work.services.calls import call_again, take_back_call

from .answers import answer, record_address


@require_POST
def not_reached(request: HttpRequest, reference: str) -> HttpResponse:
    """Finish a call as not reached and make the next one; the toast takes it back."""
    made = call_again(
        context=writer(request),
        reference=reference,
        expected_version=whole_number(request.POST, "row_version"),
    )
    own, following = str(made.call.reference), str(made.next.reference)
    begins = made.next.date
    text = _("Not reached. The next call is %(reference)s, %(when)s.") % {
        "reference": following,
        "when": day(begins) if made.next.all_day else moment(begins),
    }
    undo_url = ""
    if made.can_take_back:
        places = {"reference": own, "following": following}
        undo_url = reverse("activities:take_back_call", kwargs=places)
    return answer(request, own, text, undo_url=undo_url)


@require_POST
def take_back(request: HttpRequest, reference: str, following: str) -> HttpResponse:
    """Undo `not_reached`: the call is open again, the next one is deleted."""
    take_back_call(
        context=writer(request), reference=reference, next_reference=following
    )
    text = _("Undone.")
    if is_htmx(request):
        return toast(HttpResponse(status=204), text)
    return done(request, record_address(reference), text)
