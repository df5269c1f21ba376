"""The grid of targets: a year of a team and its people, set by their manager."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from veriga.access.services import Cell, set_targets
from veriga.common.errors import FieldError, Invalid, NotAllowed
from veriga.common.money import MINOR_SCALE, to_scaled
from veriga.web.formats import number
from veriga.web.forms.choices import CURRENCIES
from veriga.web.forms.numbers import read_decimal
from veriga.web.jinja import query_string
from veriga.web.pages import done, faults, show, writer
from veriga.work.queries.forecast import month_of
from veriga.work.queries.targets import Grid, get_grid, written

NAME: Final = re.compile(r"([ut])(\d{1,18})-(20\d\d)-(0[1-9]|1[0-2])")


@require_http_methods(["GET", "POST"])
def grid(request: HttpRequest) -> HttpResponse:
    """Show the targets of a year; a POST sets those that were changed."""
    context = writer(request)
    if not context.actor.is_manager:
        raise NotAllowed
    this = month_of(timezone.now())
    data = request.POST if request.method == "POST" else request.GET
    years = [this.year + step for step in (-1, 0, 1)]
    year = next((y for y in years if str(y) == data.get("year")), this.year)
    currency = data.get("currency", "")
    if request.method == "GET" and currency not in CURRENCIES:
        currency = CURRENCIES[0]
    team = data.get("team", "")
    found = get_grid(context.actor, year=year, currency=currency, team=team)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            amounts = _read(request)
            changed = set_targets(context=context, currency=currency, amounts=amounts)
        except Invalid as error:
            errors = faults(error)
        else:
            text = ngettext(
                "%(num)s target is saved.", "%(num)s targets are saved.", changed
            )
            address = reverse("forecast:targets") + query_string(
                {"year": year, "currency": currency, "team": found.team}
            )
            return done(request, address, text % {"num": number(changed)})
    values = {
        "nav": "forecast",
        "year": year,
        "years": [(str(one), str(one)) for one in years],
        "currency": currency,
        "currencies": [(code, code) for code in CURRENCIES],
        "teams": [(code, name or _("No team")) for code, name in found.teams],
        "grid": found,
        "shown": {
            c.name: written(c.amount_minor) for x in found.lines for c in x.cells
        },
        "typed": request.POST if errors else {},
        "was": json.dumps(_shown(found)),
        "errors": errors,
        "faults": _told(found, errors),
        "this": this,
    }
    status = 422 if errors else 200
    return show(request, "forecast/targets.html", values, status=status)


def _read(request: HttpRequest) -> dict[Cell, int | None]:
    """Return what was typed, where it differs from what the page had shown.

    So that a manager does not set back what another has changed in the meantime.
    """
    try:
        was = json.loads(request.POST.get("was", "{}"))
    except ValueError:
        was = {}
    was = was if isinstance(was, dict) else {}
    amounts: dict[Cell, int | None] = {}
    problems = []
    for name in request.POST:
        cell, text = _cell_of(name), request.POST.get(name, "").strip()
        if cell is None or text == was.get(name, ""):
            continue
        amount = read_decimal(text) if text else None
        if text and amount is None:
            problems.append(FieldError(name, "wrong_type"))
            continue
        amounts[cell] = None if amount is None else to_scaled(amount, MINOR_SCALE)
    if problems:
        raise Invalid(errors=problems)
    return amounts


def _cell_of(name: str) -> Cell | None:
    found = NAME.fullmatch(name)
    if found is None:
        return None
    month_on = date(int(found[3]), int(found[4]), 1)
    if found[1] == "u":
        return Cell(month_on, user_id=int(found[2]))
    return Cell(month_on, team_id=int(found[2]))


def _shown(found: Grid) -> dict[str, str]:
    return {
        cell.name: text
        for line in found.lines
        for cell in line.cells
        if (text := written(cell.amount_minor))
    }


def _told(found: Grid, errors: dict[str, list[str]]) -> list[str]:
    """Return each fault as a sentence that names the person or team and the month."""
    places = {
        cell.name: f"{line.name}, {cell.month_on.month}/{cell.month_on.year}"
        for line in found.lines
        for cell in line.cells
    }
    names = {"currency": _("Currency"), **places}
    return [
        f"{names[field]}: {' '.join(texts)}" if field in names else " ".join(texts)
        for field, texts in errors.items()
    ]
