"""The forecast as its page shows it: figures in words, each with its list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markupsafe import Markup, escape

from veriga.access.rules import Actor, Role
from veriga.activities.queries.narrowing import NONE
from veriga.activities.rules.forecast import Part
from veriga.common.money import MINOR_SCALE
from veriga.web.formats import money, number
from veriga.web.jinja import query_string
from veriga.web.patterns import pattern
from veriga.web.pieces import url
from veriga.web.strip import month_label
from veriga.work.queries.changes import ChangedSale, Changes, PartSum
from veriga.work.queries.forecast import (
    LATER,
    OVERDUE,
    Column,
    Figures,
    Forecast,
    Line,
)
from veriga.work.queries.names import stage_name

# What the list of open chains calls these measures.
FILTERS: Final = ("owner", "team", "currency")
EVERYBODY: Final = "all"
TARGET: Final = "components/target.html"
CHANGED: Final = "components/changed_sale.html"
WORTH_OF = {"weighted": "any", "quoted": "quoted", "stated": "stated"}


@dataclass(frozen=True)
class Head:
    """The head of a column; `is_shown` is the one that a phone shows."""

    code: str
    name: str
    is_past: bool
    is_shown: bool
    is_overdue: bool = False

    @cached_property
    def classes(self) -> Markup:
        """The classes of its cells."""
        told = {
            "is-number": True,
            "is-past": self.is_past,
            "is-overdue": self.is_overdue,
            "is-shown": self.is_shown,
        }
        return Markup(" ".join(name for name, holds in told.items() if holds))  # noqa: S704


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


NOTHING: Final = Cell()


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
    measures = measure_names()
    made = []
    for line in table.lines:
        kept = {**typed, "currency": table.currency, **_narrowing(line)}
        lists = _Lists(kept)
        rows = [
            _row(measure, name, line, found.columns, lists)
            for measure, name in measures.items()
        ]
        rows = [row for row in rows if any(cell.text for cell in row.cells)]
        made.append(Group(line.kind, _name_of(line), rows))
    return made


def cells_of(row: Row, heads: Sequence[Head]) -> Markup:
    """Return the `<td>`s of a row, one for each column."""
    found = [
        f'<td class="{head.classes}">{_inside(cell)}</td>'
        for head, cell in zip(heads, row.cells, strict=True)
    ]
    return Markup("".join(found))  # noqa: S704


def _inside(cell: Cell) -> str:
    if cell.url:
        return f'<a href="{escape(cell.url)}">{escape(cell.text)}</a>'
    if cell.bar is None:
        return str(escape(cell.text))
    percent = '<span class="target-percent">{} %</span>'
    return pattern(TARGET, "") % {
        "text": escape(cell.text),
        "title": escape(cell.bar.title),
        "won": cell.bar.won,
        "weighted": cell.bar.weighted,
        "percent": percent.format(cell.bar.percent) if cell.bar.percent else "",
    }


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
    lists: _Lists,
) -> Row:
    cells = [
        _cell(measure, line.figures.get(column.code), column.code, lists)
        for column in columns
    ]
    total = NOTHING
    if measure in WORTH_OF:
        total = _figure(line.sum_of(measure), measure, "", lists)
    return Row(measure, name, cells, total)


def _cell(measure: str, figures: Figures | None, code: str, lists: _Lists) -> Cell:
    if figures is None:
        return NOTHING
    if measure == "target":
        return _target(figures)
    if measure == "people_target":
        people = figures.people_target
        return NOTHING if people is None else Cell(whole(people))
    return _figure(getattr(figures, measure), measure, code, lists)


def _figure(minor: int, measure: str, code: str, lists: _Lists) -> Cell:
    return Cell(whole(minor), lists.of(measure, code)) if minor else NOTHING


def whole(minor: int) -> str:
    """Return an amount in whole units, halves up: a forecast is no invoice."""
    return number((minor + MINOR_SCALE // 2) // MINOR_SCALE)


class _Lists:
    """The lists that the figures of one line open: a page has some hundreds of them."""

    def __init__(self, kept: Mapping[str, object]) -> None:
        said = query_string(kept)
        self._won = url("forecast:won") + said
        self._running = url("running") + said
        self._joint = "&" if said else "?"

    def of(self, measure: str, code: str) -> str:
        """Return the list behind a figure; `code` "" means every column."""
        month = f"month={quote(code)}" if code else ""
        if measure == "won":
            return f"{self._won}{self._joint}{month}"
        worth = f"worth={WORTH_OF[measure]}"
        said = f"{month}&{worth}" if month else worth
        return f"{self._running}{self._joint}{said}"


def _target(figures: Figures) -> Cell:
    target = figures.target
    if target is None:
        return NOTHING
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


def changed_rows(part: PartSum, changes: Changes) -> Markup:
    """Return the `<tr>`s of the sales of one part, each with what it changed."""
    row = pattern(CHANGED, "")
    company = url.pattern("companies:page", id=98765)
    chain_of = url.pattern("activities:chain", reference="D-26-00001")
    found = []
    for sale in part.sales:
        chain = changes.names.get(sale.chain_id)
        if chain is None:  # merged away a moment ago
            continue
        old, new = told_change(sale)
        effect = sale.effect
        found.append(
            row
            % {
                "company": company % {"id": chain.company_id},
                "company_name": escape(chain.company_name),
                "chain": chain_of % {"reference": chain.reference},
                "title": escape(chain.sale_name or chain.title),
                "owner": escape(chain.owner_name or ""),
                "turn": escape(f"{old} → {new}" if old or new else ""),
                "value": _signed(effect.value_minor, effect.currency),
                "weighted": _signed(effect.weighted_minor, effect.currency),
            }
        )
    return Markup("".join(found))  # noqa: S704


def _signed(minor: int, currency: str) -> str:
    if not minor:
        return ""
    return f"{'+' if minor > 0 else ''}{escape(money(minor, currency))}"


def told_change(sale: ChangedSale) -> tuple[str, str]:
    """Return from what to what a sale changed, "" where it was not or is no more."""
    was, stands = sale.was, sale.stands
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
