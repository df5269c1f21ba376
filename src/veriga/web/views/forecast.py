"""The forecast: by month, team and owner; what changed; what was won."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from veriga.access.queries import list_teams, user_names
from veriga.access.rules import Actor, Role
from veriga.activities.queries.forecast import count_won, list_won
from veriga.web.forecast_page import (
    cells_of,
    changed_rows,
    groups_of,
    heads,
    narrowing,
    part_names,
)
from veriga.web.forms.choices import CURRENCIES
from veriga.web.forms.filters import read_months, read_sales_filters
from veriga.web.jinja import query_string
from veriga.web.pages import reader
from veriga.work.queries.changes import (
    MOST_LISTED,
    MOST_OF_PART,
    SPANS,
    get_changes,
)
from veriga.work.queries.forecast import (
    code_of,
    columns_at,
    get_forecast,
    month_edges,
    month_of,
)

from .lists import choices, count_of, next_address, said_count, show_list


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Open sales and what was won, by month; each figure opens its sales."""
    actor, now = reader(request), timezone.now()
    typed = narrowing(request.GET, actor)
    filters = read_sales_filters(typed, me=actor.user_id)
    found = get_forecast(actor, filters, now=now)
    this = month_of(now)
    codes = [column.code for column in found.columns]
    shown = request.GET.get("column", "")
    shown = shown if shown in codes else code_of(this)
    place = codes.index(shown)
    columns = heads(found.columns, shown, this)
    values: dict[str, Any] = {
        **_filter_values(actor, typed),
        "heads": columns,
        "tables": [
            (table.currency, groups_of(found, number, typed))
            for number, table in enumerate(found.tables)
        ],
        "cells": cells_of,
        "shown": columns[place],
        "before": columns[place - 1] if place else None,
        "after": columns[place + 1] if place + 1 < len(columns) else None,
        "unvalued": found.unvalued,
        "unvalued_url": reverse("running") + query_string(typed, worth="none"),
        "can_set": actor.is_manager,
    }
    return show_list(request, "forecast/page.html", values)


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """What changed in the open sales in the last week or month, sale by sale."""
    actor, now = reader(request), timezone.now()
    typed = narrowing(request.GET, actor)
    days = {str(span): span for span in SPANS}.get(request.GET.get("days", ""), 7)
    names = part_names()
    part = {str(one): one for one in names}.get(request.GET.get("part", ""))
    filters = read_sales_filters(typed, me=actor.user_id)
    found = get_changes(actor, filters, now=now, days=days, part=part)
    values: dict[str, Any] = {
        **_filter_values(actor, typed),
        "days": days,
        "spans": SPANS,
        "found": found,
        "names": names,
        "rows": changed_rows,
        "only": part,
        "at": lambda part: request.path + query_string(request.GET, part=part),
        "most": MOST_OF_PART if part else MOST_LISTED,
    }
    return show_list(request, "forecast/changes.html", values)


@require_GET
def won(request: HttpRequest) -> HttpResponse:
    """The sales that were won in a month, this one if none is named."""
    actor, now = reader(request), timezone.now()
    typed = narrowing(request.GET, actor)
    filters = read_sales_filters(typed, me=actor.user_id)
    first, after = read_months(request.GET.get("month", ""), now)
    month_on = first if first and after else month_of(now)
    start, end = month_edges([month_on])
    cursor = request.GET.get("cursor") or None
    found = list_won(actor, filters, start, end, cursor=cursor)
    count = count_of(request, found, lambda: count_won(actor, filters, start, end))
    values: dict[str, Any] = {
        **_filter_values(actor, typed),
        "month_on": month_on,
        "month": code_of(month_on),
        "months": [(one.code, one.month_on) for one in columns_at(now) if one.month_on],
        "sales": found.rows,
        "next_url": next_address(request, found.next),
        "count": said_count(count),
    }
    return show_list(request, "forecast/won.html", values)


def _filter_values(actor: Actor, typed: dict[str, str]) -> dict[str, Any]:
    return {
        "nav": "forecast",
        "typed": typed,
        "is_sales": actor.role is Role.SALES,
        "owners": choices(user_names(actor)),
        "teams": choices((team.pk, team.name) for team in list_teams(actor)),
        "currencies": [(code, code) for code in CURRENCIES],
    }
