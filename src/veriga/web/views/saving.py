"""How a form in the window answers: saved, refused, or overtaken by somebody else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from veriga.common.errors import Conflict, Invalid
from veriga.web.pages import faults, is_htmx, show, wants_window
from veriga.work.messages import message_of


def show_window(
    request: HttpRequest,
    template: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Return the block `window` if the window or htmx asks, else the whole page."""
    block = "window" if wants_window(request) or is_htmx(request) else None
    return show(request, template, values, block=block, status=status)


def saved(
    request: HttpRequest, address: str, text: str, *, opens_page: bool = False
) -> HttpResponse:
    """Answer a form that was saved: its record is shown at `address`.

    `opens_page`: the address is a page of its own, which then says `text`.
    """
    if not is_htmx(request):
        messages.success(request, text)
        return HttpResponseRedirect(address)
    event: dict[str, Any] = {"address": address}
    if opens_page:
        messages.success(request, text)
    else:
        event["text"] = text
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"veriga:saved": event})
    return response


def moved(request: HttpRequest, address: str, text: str) -> HttpResponse:
    """Answer a command after which there is nothing left to show here."""
    if text:
        messages.success(request, text)
    if not is_htmx(request):
        return HttpResponseRedirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response


def problems_of(error: Invalid | Conflict) -> dict[str, list[str]]:
    """Return the sentences of a refused save by field; "" for the form."""
    if isinstance(error, Invalid):
        return faults(error)
    return {"": [message_of(error)]}


def version_for(request: HttpRequest, record: Any, *, is_stale: bool) -> object:
    """Return the version a form carries: the one it was opened with.

    Once it has shown what somebody else saved, the one it has shown.
    """
    if record is None:
        return ""
    if is_stale:
        return record.row_version
    return request.POST.get("row_version") or record.row_version
