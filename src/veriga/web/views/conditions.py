"""The window in which a list's conditions are put together."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from veriga.common.errors import NotFound
from veriga.web.conditions import (
    activity_options,
    outcome_options,
    stage_choices,
    what_options,
)
from veriga.web.forms.conditions import (
    NARROWED,
    change_rows,
    read_rows,
    rows_of,
    where_of,
)
from veriga.web.jinja import query_string
from veriga.web.pages import reader
from veriga.work.rules.conditions import (
    MOST_ALTERNATIVES,
    MOST_GROUPS,
    read_where,
    write_where,
)

from .saved import PAGES
from .saving import moved, show_window


@require_http_methods(["GET", "POST"])
def conditions(request: HttpRequest) -> HttpResponse:
    """The conditions of one list, and the form that changes them."""
    reader(request)
    page = request.POST.get("page", "") or request.GET.get("page", "")
    if page not in NARROWED:
        raise NotFound
    query = request.POST.get("query")
    if query is None:
        query = query_string(request.GET, page=None, cursor=None).removeprefix("?")
    known = QueryDict(query)
    status = 200
    if request.method == "POST":
        rows = read_rows(request.POST)
        if not change_rows(rows, request.POST):
            where = where_of(rows)
            if where is not None:
                shown = "list" if page == "activities" else known.get("shown")
                written = write_where(where) or None
                changed = query_string(known, where=written, shown=shown)
                return moved(request, reverse(PAGES[page]) + changed, "")
            status = 422
    else:
        rows = rows_of(read_where(known.get("where", "")))
    values: dict[str, Any] = {
        "nav": page,
        "page": page,
        "list_query": query,
        "rows": rows,
        "whats": what_options(),
        "kinds": activity_options(),
        "outcomes": outcome_options(),
        "stages": stage_choices(),
        "most_groups": MOST_GROUPS,
        "most_alternatives": MOST_ALTERNATIVES,
        "list_address": reverse(PAGES[page]) + query_string(known),
        "title": _("Conditions"),
    }
    return show_window(request, "conditions/window.html", values, status=status)
