"""The forecast: open sales and what was won, by month, team and owner.

The figures are defined in docs/maths/forecast.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.utils import timezone

from veriga.access.queries import list_targets, list_teams, users_by_id
from veriga.access.rules import Actor
from veriga.activities.queries.forecast import (
    OpenSum,
    SalesFilters,
    WonSum,
    count_unvalued,
    open_sums,
    won_sums,
)
from veriga.common.days import day_start
from veriga.common.money import currency_order
from veriga.common.text import sort_key
from veriga.setup.models import Stage
from veriga.setup.queries import code_list

PAST: Final = 2  # months before this one, for what was won
AHEAD: Final = 5  # months after this one
OVERDUE, LATER, NO_MONTH = "overdue", "later", "none"


@dataclass(frozen=True, slots=True)
class Column:
    """A month, or OVERDUE, LATER or NO_MONTH (`month_on` None)."""

    code: str
    month_on: date | None = None
    is_past: bool = False


@dataclass(slots=True)
class Figures:
    """What one line says in one column, in minor units of its currency.

    `target` is the line's own, `people_target` the sum of its people's; None is none.
    """

    stated: int = 0
    quoted: int = 0
    weighted: int = 0
    won: int = 0
    target: int | None = None
    people_target: int | None = None

    @property
    def percent(self) -> int | None:
        """What of the target is won, in whole percent, cut off."""
        return self.won * 100 // self.target if self.target else None

    @property
    def is_empty(self) -> bool:
        own = (self.stated, self.quoted, self.weighted, self.won)
        return not any(own) and self.target is None and self.people_target is None


@dataclass(slots=True)
class Line:
    """All together, a team or an owner (`kind`), with figures by the column's code.

    `team_id` and `owner_id` are what leads to its sales; None is whoever has none.
    """

    kind: str
    name: str
    team_id: int | None
    owner_id: int | None
    figures: dict[str, Figures] = field(default_factory=dict)

    def at(self, code: str) -> Figures:
        return self.figures.setdefault(code, Figures())

    def sum_of(self, measure: str) -> int:
        return sum(getattr(one, measure) for one in self.figures.values())


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of one currency: together first, each team before its owners."""

    currency: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the page shows; `unvalued` counts open sales without a value."""

    columns: list[Column]
    tables: list[Table]
    unvalued: int


def columns_at(now: datetime) -> list[Column]:
    """Return the columns: past months, overdue, this month and the next, the rest."""
    this = month_of(now)
    past = [_column(add_months(this, -back), True) for back in range(PAST, 0, -1)]
    coming = [_column(add_months(this, ahead)) for ahead in range(AHEAD + 1)]
    return [*past, Column(OVERDUE), *coming, Column(LATER), Column(NO_MONTH)]


def month_of(now: datetime) -> date:
    """Return the first day of the month that it is in the installation's time zone."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    return today.replace(day=1)


def add_months(month_on: date, number: int) -> date:
    """Return the first day of the month `number` months later."""
    years, month = divmod(month_on.month - 1 + number, 12)
    return date(month_on.year + years, month + 1, 1)


def month_edges(months: Sequence[date]) -> list[datetime]:
    """Return the instants at which months that follow one another begin and end."""
    zone = timezone.get_default_timezone()
    return [day_start(one, zone) for one in (*months, add_months(months[-1], 1))]


def get_forecast(actor: Actor, filters: SalesFilters, *, now: datetime) -> Forecast:
    """Return the forecast of the sales that `actor` sees; six statements."""
    columns = columns_at(now)
    this = month_of(now)
    months = [add_months(this, -back) for back in range(PAST, -1, -1)]
    made = _Lines(this)
    for opened in open_sums(actor, filters, percents()):
        made.add_open(opened)
    for won in won_sums(actor, filters, month_edges(months)):
        made.add_won(won, months)
    _add_targets(actor, filters, made, months[0], add_months(this, AHEAD + 1))
    teams = {team.pk: team.name for team in list_teams(actor)}
    users = users_by_id({owner for _, _, owner in made.owners})
    names = {pk: user.name for pk, user in users.items()}
    tables = made.tables(filters, teams, names)
    return Forecast(columns, tables, count_unvalued(actor, filters))


def percents() -> dict[str, int]:
    """Return the probability of every stage by its code."""
    return {one.code: one.probability_percent for one in code_list(Stage)}


class _Lines:
    """Lines in the making, by currency, team and owner."""

    def __init__(self, this: date) -> None:
        self._this = this
        self._last = add_months(this, AHEAD)
        self.all: dict[str, Line] = {}
        self.teams: dict[tuple[str, int | None], Line] = {}
        self.owners: dict[tuple[str, int | None, int | None], Line] = {}

    def lines(self, currency: str, team: int | None, owner: int | None) -> list[Line]:
        return [self.whole(currency), self.team(currency, team),
                self.owner(currency, team, owner)]  # fmt: skip

    def whole(self, currency: str) -> Line:
        return self.all.setdefault(currency, Line("all", "", None, None))

    def team(self, currency: str, team: int | None) -> Line:
        return self.teams.setdefault((currency, team), Line("team", "", team, None))

    def owner(self, currency: str, team: int | None, owner: int | None) -> Line:
        key = currency, team, owner
        return self.owners.setdefault(key, Line("owner", "", team, owner))

    def add_open(self, one: OpenSum) -> None:
        code = self._code(one.month_on)
        for line in self.lines(one.currency, one.team_id, one.owner_id):
            figures = line.at(code)
            if one.is_quoted:
                figures.quoted += one.value_minor
            else:
                figures.stated += one.value_minor
            figures.weighted += one.weighted_minor

    def add_won(self, one: WonSum, months: Sequence[date]) -> None:
        if not any(one.months_minor):
            return
        for line in self.lines(one.currency, one.team_id, one.owner_id):
            for month_on, minor in zip(months, one.months_minor, strict=True):
                line.at(code_of(month_on)).won += minor

    def _code(self, month_on: date | None) -> str:
        if month_on is None:
            return NO_MONTH
        if month_on < self._this:
            return OVERDUE
        return LATER if month_on > self._last else code_of(month_on)

    def tables(
        self, filters: SalesFilters, teams: dict[int, str], owners: dict[int, str]
    ) -> list[Table]:
        """Return the lines in order; a filter leaves out what it makes superfluous."""
        found = []
        for currency in sorted(self.all, key=currency_order):
            lines = []
            if filters.team_id is None and filters.account_owner_id is None:
                lines.append(self.all[currency])
            own = [key[1] for key in self.teams if key[0] == currency]
            for team in sorted(own, key=_named(teams)):
                if filters.account_owner_id is None:
                    lines.append(self.teams[currency, team])
                people = [key[2] for key in self.owners if key[:2] == (currency, team)]
                lines += [
                    self.owners[currency, team, owner]
                    for owner in sorted(people, key=_named(owners))
                ]
            for line in lines:
                names = teams if line.kind == "team" else owners
                pk = line.team_id if line.kind == "team" else line.owner_id
                line.name = names.get(pk or 0, "")
            lines = [line for line in lines if not _is_empty(line)]
            if lines:
                found.append(Table(currency, lines))
        return found


def code_of(month_on: date) -> str:
    """Return the code of a month's column, `2026-11`."""
    return f"{month_on:%Y-%m}"


def _column(month_on: date, is_past: bool = False) -> Column:
    return Column(code_of(month_on), month_on, is_past)


def _is_empty(line: Line) -> bool:
    return all(figures.is_empty for figures in line.figures.values())


def _named(
    names: dict[int, str],
) -> Callable[[int | None], tuple[bool, str, int]]:
    def key(pk: int | None) -> tuple[bool, str, int]:
        return pk is None, sort_key(names.get(pk or 0, "")), pk or 0

    return key


def _add_targets(
    actor: Actor, filters: SalesFilters, made: _Lines, start: date, end: date
) -> None:
    """Put targets beside the figures, each where it is set and in no other place."""
    for one in list_targets(actor, start, end, currency=filters.currency):
        team_id = one.user.team_id if one.user else one.team_id
        if filters.team_id is not None and team_id != filters.team_id:
            continue
        if filters.account_owner_id not in (None, one.user_id):
            continue
        code = code_of(one.month_on)
        above = [made.whole(one.currency)]
        if one.user is None:
            made.team(one.currency, team_id).at(code).target = one.amount_minor
            whole = above[0].at(code)
            whole.target = (whole.target or 0) + one.amount_minor
            continue
        above.append(made.team(one.currency, team_id))
        own = made.owner(one.currency, team_id, one.user_id)
        own.at(code).target = one.amount_minor
        for line in above:
            figures = line.at(code)
            figures.people_target = (figures.people_target or 0) + one.amount_minor
