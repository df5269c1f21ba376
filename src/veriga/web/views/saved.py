"""Saved views: the lists that somebody narrowed, under names; shared, in the menu."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veriga.common.errors import Invalid, NotFound
from veriga.setup.models import SavedView
from veriga.setup.rules import VIEW_PAGES
from veriga.setup.services import delete_view, pin_view, save_view
from veriga.setup.views import get_view, list_views
from veriga.web.columns import COLS
from veriga.web.jinja import query_string
from veriga.web.pages import faults, reader, user_of, writer

from .answers import closed
from .saving import moved, show_window

PAGES: Final = {
    "activities": "activities:overview",
    "events": "events:list",
    "tasks": "tasks:list",
    "product_records": "product_records:list",
    "quotes": "quotes:list",
    "companies": "companies:list",
    "contacts": "contacts:list",
    "running": "running",
    "board": "board",
    "forecast": "forecast:page",
    "calendar": "calendar",
}


@require_http_methods(["GET", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """The views of one page, and the form that saves how it is narrowed now."""
    context = writer(request)
    page = request.POST.get("page", "") or request.GET.get("page", "")
    if page not in VIEW_PAGES:
        raise NotFound
    query = request.POST.get("query")
    if query is None:
        # A view has the columns with which it is saved, also for colleagues.
        cols = request.GET.get(COLS) or user_of(request).list_columns.get(page)
        changes = {"page": None, "cursor": None, COLS: cols}
        query = query_string(request.GET, **changes).removeprefix("?")
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            view = save_view(
                context=context,
                page=page,
                name=request.POST.get("name", ""),
                query=query,
                shared="shared" in request.POST,
            )
        except Invalid as error:
            errors = faults(error)
        else:
            text = _("The view is saved: %(name)s") % {"name": view.name}
            return closed(request, address_of(view), text)
    values: dict[str, Any] = {
        "nav": page,
        "page": page,
        "saved_query": query,
        "is_narrowed": bool(parse_qsl(query)),
        "views": list_views(context.actor, page),
        "name": request.POST.get("name", ""),
        "is_shared": "shared" in request.POST,
        "errors": errors,
        "list_address": reverse(PAGES[page]),
    }
    status = 422 if errors else 200
    return show_window(request, "views/window.html", values, status=status)


@require_GET
def open_view(request: HttpRequest, id: int) -> HttpResponse:
    """The address of a view: leads to its list as it was saved."""
    return HttpResponseRedirect(address_of(get_view(reader(request), id)))


@require_POST
def pin(request: HttpRequest, id: int) -> HttpResponse:
    """Put a view into the menu, or take it out."""
    pinned = request.POST.get("pinned") == "yes"
    view = pin_view(context=writer(request), view_id=id, pinned=pinned)
    text = (
        _("In your menu: %(name)s") if pinned else _("No longer in your menu: %(name)s")
    )
    return moved(request, address_of(view), text % {"name": view.name})


@require_POST
def delete(request: HttpRequest, id: int) -> HttpResponse:
    """Delete a view."""
    view = delete_view(context=writer(request), view_id=id)
    text = _("The view is deleted: %(name)s") % {"name": view.name}
    return moved(request, reverse(PAGES[view.page]), text)


def address_of(view: SavedView) -> str:
    """Return the list of a view, narrowed as it was saved."""
    address = reverse(PAGES[view.page])
    return f"{address}?{view.query}" if view.query else address
