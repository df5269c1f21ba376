"""The forecast as a table for a file: a row for each line, measure and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from veriga.access.rules import Actor
from veriga.web.forecast_page import column_name, measure_names, narrowing
from veriga.web.forms.filters import read_sales_filters
from veriga.web.tables import Money, Table
from veriga.work.queries.forecast import Forecast, get_forecast


def forecast_table(actor: Actor, data: Mapping[str, str], now: datetime) -> Table:
    """Return what the page shows, to the cent; owners and targets, no sums of them."""
    filters = read_sales_filters(narrowing(data, actor), me=actor.user_id)
    found = get_forecast(actor, filters, now=now)
    head = [
        *(_("Currency"), _("Team"), _("Account owner"), _("Month")),
        *measure_names().values(),
    ]
    return Table(_("Forecast"), head, _rows(found))


def _rows(found: Forecast) -> Iterator[list[Any]]:
    measures = measure_names()
    for table in found.tables:
        team = ""
        for line in table.lines:
            if line.kind == "all":
                continue
            team = line.name or _("No team") if line.kind == "team" else team
            owner = ""
            if line.kind == "owner":
                owner = line.name or _("No account owner")
            for column in found.columns:
                figures = line.figures.get(column.code)
                if figures is None or figures.is_empty:
                    continue
                amounts = [getattr(figures, measure) for measure in measures]
                month = column.month_on or column_name(column.code, None, 0)
                yield [
                    *(table.currency, team, owner, month),
                    *(Money(one, table.currency) if one else None for one in amounts),
                ]
