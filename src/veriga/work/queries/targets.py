"""The grid of targets of a team and its people, with what changed in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from veriga.access.queries import list_targets, list_teams, list_users
from veriga.access.rules import Actor, may_set_target
from veriga.common.errors import NotAllowed
from veriga.history.queries import list_changes_of_all

NO_TEAM: Final = "0"  # the people without one
SHOWN: Final = 12  # changes


@dataclass(frozen=True, slots=True)
class GridCell:
    """A target of one month; `name` is that of access.services.Cell."""

    name: str
    month_on: date
    amount_minor: int | None


@dataclass(slots=True)
class GridLine:
    """A team or a person with a target for each month of the year."""

    code: str
    name: str
    is_team: bool
    cells: list[GridCell] = field(default_factory=list)

    @property
    def total_minor(self) -> int:
        return sum(cell.amount_minor or 0 for cell in self.cells)


@dataclass(frozen=True, slots=True)
class GridChange:
    """A change of targets of somebody: (month, currency, old, new) in `details`."""

    at: datetime
    who: str
    whose: str
    details: list[tuple[date, str, int | None, int | None]]


@dataclass(frozen=True, slots=True)
class Grid:
    """The lines of one team, its own first; `teams` are those that may be chosen."""

    team: str
    teams: list[tuple[str, str]]
    lines: list[GridLine]
    changes: list[GridChange]

    def people_at(self, place: int) -> int:
        """Return the sum of the people's targets of a month, by its place."""
        people = [line for line in self.lines if not line.is_team]
        return sum(line.cells[place].amount_minor or 0 for line in people)


def get_grid(actor: Actor, *, year: int, currency: str, team: str) -> Grid:
    """Return the targets that `actor` may set of a team; five statements.

    A team that they may not, or none, stands for the first that they may: their own.
    """
    teams = [one for one in list_teams(actor) if may_set_target(actor, one.pk)]
    users = [
        one
        for one in list_users(actor, active_only=True)
        if may_set_target(actor, one.team_id)
    ]
    known = [(str(one.pk), one.name) for one in teams]
    if any(one.team_id is None for one in users):
        known.append((NO_TEAM, ""))
    if not known:
        raise NotAllowed
    codes = [code for code, _name in known]
    own = str(actor.team_id)
    shown = team if team in codes else own if own in codes else codes[0]
    lines = [
        GridLine(f"t{one.pk}", one.name, True) for one in teams if str(one.pk) == shown
    ]
    lines += [
        GridLine(f"u{one.pk}", one.name, False)
        for one in users
        if str(one.team_id or NO_TEAM) == shown
    ]
    _fill(lines, actor, year, currency)
    return Grid(shown, known, lines, _changes(lines))


def written(minor: int | None) -> str:
    """Return an amount as an input of the grid shows it: cents only where there are."""
    if minor is None:
        return ""
    amount, cents = divmod(minor, 100)
    return f"{amount},{cents:02}" if cents else str(amount)


def _fill(lines: Sequence[GridLine], actor: Actor, year: int, currency: str) -> None:
    months = [date(year, month, 1) for month in range(1, 13)]
    there = {
        (f"u{one.user_id}" if one.user_id else f"t{one.team_id}", one.month_on): one
        for one in list_targets(
            actor, months[0], date(year + 1, 1, 1), currency=currency
        )
    }
    for line in lines:
        for month_on in months:
            target = there.get((line.code, month_on))
            line.cells.append(
                GridCell(
                    f"{line.code}-{month_on:%Y-%m}",
                    month_on,
                    target.amount_minor if target else None,
                )
            )


def _changes(lines: Sequence[GridLine]) -> list[GridChange]:
    names = {line.code: line.name for line in lines}
    found = []
    for subject, letter in (("target_of_team", "t"), ("target_of_user", "u")):
        ids = [int(code[1:]) for code in names if code[0] == letter]
        for one in list_changes_of_all(subject, ids, limit=SHOWN):
            details = [
                (date.fromisoformat(f"{name[:7]}-01"), name[8:], old, new)
                for name, (old, new) in one.changes.items()
            ]
            whose = names[f"{letter}{one.subject_id}"]
            found.append(GridChange(one.made_at, one.made_by_name, whose, details))
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]
