"""The forecast as its page shows it: figures in words, each with its list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veriga.access.rules import Actor, Role
from veriga.activities.queries.narrowing import NONE
from veriga.activities.rules.forecast import Part
from veriga.common.money import MINOR_SCALE
from veriga.web.formats import number
from veriga.web.jinja import query_string
from veriga.web.strip import month_label
from veriga.work.queries.forecast import (
    LATER,
    OVERDUE,
    ChangedSale,
    Column,
    Figures,
    Forecast,
    Line,
)
from veriga.work.queries.names import stage_name

# What the list of open chains calls these measures.
FILTERS: Final = ("owner", "team", "currency")
EVERYBODY: Final = "all"
WORTH_OF = {"weighted": "any", "quoted": "quoted", "stated": "stated"}


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; `is_shown` is the one that a phone shows."""

    code: str
    name: str
    is_past: bool
    is_shown: bool
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A target beside what is won: shares of the bar in percent, and in words."""

    won: int
    weighted: int
    percent: int
    title: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure; `url` leads to its sales."""

    text: str = ""
    url: str = ""
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of a line, with what it comes to in all columns together."""

    measure: str
    name: str
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True, slots=True)
class Group:
    """A line of the forecast with its measures."""

    kind: str
    name: str
    rows: list[Row]


def narrowing(data: Mapping[str, str], actor: Actor) -> dict[str, str]:
    """Return whose sales are meant: a salesperson's own, unless the address says more.

    "all" are those of everybody that they see.
    """
    typed = {name: data.get(name, "") for name in FILTERS}
    if not typed["owner"] and not typed["team"] and actor.role is Role.SALES:
        typed["owner"] = "me"
    if typed["owner"] == EVERYBODY:
        typed["owner"] = ""
    return typed


def heads(columns: list[Column], shown: str, this: date) -> list[Head]:
    """Return the heads of the columns; `shown` is the code a phone shows."""
    return [
        Head(
            column.code,
            column_name(column.code, column.month_on, this.year),
            column.is_past,
            column.code == shown,
            column.code == OVERDUE,
        )
        for column in columns
    ]


def column_name(code: str, month_on: date | None, year: int) -> str:
    """Return what a column is called."""
    if month_on is not None:
        return month_label(month_on, year)
    if code == OVERDUE:
        return pgettext("month", "Overdue")
    if code == LATER:
        return pgettext("month", "Later")
    return _("No month")


def measure_names() -> dict[str, str]:
    """Return the measures in the words of the page."""
    return {
        "won": pgettext("forecast", "Won"),
        "target": pgettext("forecast", "Target"),
        "people_target": pgettext("forecast", "People's targets"),
        "weighted": pgettext("forecast", "Weighted"),
        "quoted": pgettext("forecast", "Quoted"),
        "stated": pgettext("forecast", "Stated"),
    }


def groups_of(found: Forecast, place: int, typed: Mapping[str, str]) -> list[Group]:
    """Return the lines of one table; `typed` narrows the lists that figures open."""
    table = found.tables[place]
    made = []
    for line in table.lines:
        kept = {**typed, "currency": table.currency, **_narrowing(line)}
        rows = [
            _row(measure, name, line, found.columns, kept)
            for measure, name in measure_names().items()
        ]
        rows = [row for row in rows if any(cell.text for cell in row.cells)]
        made.append(Group(line.kind, _name_of(line), rows))
    return made


def _name_of(line: Line) -> str:
    if line.kind == "all":
        return _("Together")
    if line.kind == "team":
        return line.name or _("No team")
    return line.name or _("No account owner")


def _narrowing(line: Line) -> dict[str, int]:
    if line.kind == "all":
        return {}
    team = {"team": line.team_id or NONE}
    return team if line.kind == "team" else {**team, "owner": line.owner_id or NONE}


def _row(
    measure: str,
    name: str,
    line: Line,
    columns: list[Column],
    kept: Mapping[str, object],
) -> Row:
    cells = [
        _cell(measure, line.figures.get(column.code) or Figures(), column.code, kept)
        for column in columns
    ]
    total = Cell()
    if measure in WORTH_OF:
        total = _figure(line.sum_of(measure), _list_address(measure, "", kept))
    return Row(measure, name, cells, total)


def _cell(
    measure: str, figures: Figures, code: str, kept: Mapping[str, object]
) -> Cell:
    if measure == "target":
        return _target(figures)
    if measure == "people_target":
        people = figures.people_target
        return Cell() if people is None else Cell(whole(people))
    minor: int = getattr(figures, measure)
    return _figure(minor, _list_address(measure, code, kept))


def _figure(minor: int, url: str) -> Cell:
    return Cell(whole(minor), url) if minor else Cell()


def whole(minor: int) -> str:
    """Return an amount in whole units, halves up: a forecast is no invoice."""
    return number((minor + MINOR_SCALE // 2) // MINOR_SCALE)


def _list_address(measure: str, code: str, kept: Mapping[str, object]) -> str:
    if measure == "won":
        return reverse("forecast:won") + query_string(kept, month=code)
    worth = WORTH_OF[measure]
    return reverse("running") + query_string(kept, month=code, worth=worth)


def _target(figures: Figures) -> Cell:
    target = figures.target
    if target is None:
        return Cell()
    percent = figures.percent or 0
    title = _("Won %(won)s, weighted %(weighted)s, target %(target)s") % {
        "won": whole(figures.won),
        "weighted": whole(figures.weighted),
        "target": whole(target),
    }
    won = min(100, percent)
    both = (figures.won + figures.weighted) * 100 // target if target else 0
    return Cell(whole(target), "", Bar(won, min(100, both) - won, percent, title))


def part_names() -> dict[Part, str]:
    """Return what changes of a forecast are called."""
    return {
        Part.NEW: _("New in the forecast"),
        Part.WON: pgettext("forecast", "Won"),
        Part.LOST: pgettext("forecast", "Lost"),
        Part.GIVEN_UP: pgettext("forecast", "Given up"),
        Part.GONE: _("No longer in the forecast"),
        Part.UP: _("Value up"),
        Part.DOWN: _("Value down"),
        Part.STAGE_UP: _("Stage up"),
        Part.STAGE_DOWN: _("Stage down"),
        Part.MOVED: _("Moved to another month"),
    }


def told_change(sale: ChangedSale) -> tuple[str, str]:
    """Return from what to what a sale changed, "" where it was not or is no more."""
    was, stands = sale.stood.before.open, sale.stood.now.open
    part = sale.effect.part
    if was is None or stands is None:
        return "", ""
    if part in (Part.UP, Part.DOWN):
        return whole(was.value_minor), whole(stands.value_minor)
    if part in (Part.STAGE_UP, Part.STAGE_DOWN):
        none = _("No stage yet")
        return stage_name(was.stage) or none, stage_name(stands.stage) or none
    if part is Part.MOVED:
        return _month(was.month_on), _month(stands.month_on)
    return "", ""


def _month(month_on: date | None) -> str:
    return month_label(month_on) if month_on else _("No month")
