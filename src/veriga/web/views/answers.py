"""How the commands of a record answer: the window shows it again, with a toast."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from veriga.web.pages import done, is_htmx, toast

if TYPE_CHECKING:
    from veriga.activities.models import Change


def record_address(reference: str, panel: str = "") -> str:
    """Return the address of a record, with one of its panels open."""
    address = reverse("activities:record", kwargs={"reference": reference})
    return f"{address}?panel={panel}" if panel else address


def undo_address(change: Change | None) -> str:
    """Return where a change is undone, "" for none."""
    return reverse("undo", kwargs={"id": change.pk}) if change else ""


def answer(
    request: HttpRequest,
    reference: str,
    text: str,
    *,
    change: Change | None = None,
    panel: str = "",
    undo_url: str = "",
    undo_label: str = "",
) -> HttpResponse:
    """Answer a command that was carried out: the record is shown, `text` said.

    htmx gets the event `veriga:saved`: the window reads the record again, the list
    below follows, and the row glows.
    """
    return _tell(
        request,
        record_address(reference, panel),
        text,
        undo_url or undo_address(change),
        reference=reference,
        undo_label=undo_label,
    )


def gone(
    request: HttpRequest, address: str, text: str, change: Change | None
) -> HttpResponse:
    """Answer a command after which the record is no more: its window closes."""
    return _tell(request, address, text, undo_address(change), close=True)


def closed(
    request: HttpRequest, address: str, text: str, undo_url: str = "", **more: object
) -> HttpResponse:
    """Answer a form after which there is nothing to look at: its window closes."""
    return _tell(request, address, text, undo_url, close=True, **more)


def changed(
    request: HttpRequest,
    address: str,
    text: str,
    *,
    undo_url: str = "",
    undo_label: str = "",
) -> HttpResponse:
    """Answer a command given in a list or a drawing: it is read again, `text` said.

    Without htmx the browser goes to `address`.
    """
    if not is_htmx(request):
        return done(request, address, text, undo_url=undo_url)
    response = HttpResponse(status=204)
    event: dict[str, object] = {"veriga:changed": {}}
    return toast(response, text, undo_url=undo_url, undo_label=undo_label, **event)


def _tell(
    request: HttpRequest, address: str, text: str, undo_url: str, **more: object
) -> HttpResponse:
    if not is_htmx(request):
        messages.success(request, text, extra_tags=undo_url)
        return HttpResponseRedirect(address)
    event = {"address": address, "text": text, "undo_url": undo_url, **more}
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"veriga:saved": event})
    return response
