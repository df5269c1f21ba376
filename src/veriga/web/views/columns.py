"""Choosing the columns of a list and their order, by buttons that every key reaches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from veriga.access.services import keep_columns
from veriga.common.errors import NotFound
from veriga.web.columns import (
    COLS,
    LISTINGS,
    all_codes,
    column_heading,
    columns_of,
    moved,
)
from veriga.web.jinja import query_string
from veriga.web.pages import user_of, writer

from .saved import PAGES
from .saving import moved as moved_on
from .saving import show_window

TEMPLATE = "columns/window.html"


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, page: str) -> HttpResponse:
    """The columns of a list: which are shown, in which order; kept by its user."""
    if page not in LISTINGS:
        raise NotFound
    kept = user_of(request).list_columns
    shown = columns_of(page, request.GET.get(COLS), kept)
    order, chosen = all_codes(shown), set(shown.codes)
    needed = shown.listing.needed
    query = query_string(request.GET, **{COLS: None, "cursor": None})
    if request.method == "POST":
        query = request.POST.get("query", "")
        order, chosen = _posted(request.POST, order, needed)
        if "save" in request.POST or "usual" in request.POST:
            codes = [code for code in order if code in chosen]
            text = "" if "usual" in request.POST else ",".join(codes)
            keep_columns(context=writer(request), page=page, columns=text)
            said = _("The columns are kept.")
            if "usual" in request.POST:
                said = _("The list has its usual columns.")
            return moved_on(request, _list_address(page, query), said)
    values: dict[str, Any] = {
        "nav": page,
        "page": page,
        "saved_query": query,
        "columns": [
            (code, column_heading(page, code, shown.custom), code in chosen)
            for code in order
        ],
        "is_usual": shown.is_usual,
        "title_code": needed,
        "list_address": _list_address(page, query),
        "turned": request.POST.get("up") or request.POST.get("down") or "",
        "went": "up" if "up" in request.POST else "down",
    }
    return show_window(request, TEMPLATE, values)


def _posted(
    data: QueryDict, known: list[str], needed: str
) -> tuple[list[str], set[str]]:
    """Return the order that a form has, one moved if it says so, and what is ticked."""
    order = [c for c in dict.fromkeys(data.getlist("order")) if c in known]
    order += [code for code in known if code not in order]
    for name, step in (("up", -1), ("down", 1)):
        code = data.get(name, "")
        if code:
            order = moved(order, code, step)
    return order, {needed, *data.getlist("on")} & set(order)


def _list_address(page: str, query: str) -> str:
    """Return the list with its filters, and without columns in its address."""
    filters: Mapping[str, Any] = QueryDict(query.removeprefix("?"))
    return reverse(PAGES[page]) + query_string(filters, **{COLS: None})
