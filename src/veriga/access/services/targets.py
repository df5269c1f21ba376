"""Setting targets: what users and teams are to win, month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from veriga.access.models import Target, Team, User
from veriga.access.rules import Context, may_set_target
from veriga.common.errors import NotAllowed, NotFound, Problems
from veriga.common.transactions import write
from veriga.history.services import note_change

MAX_AMOUNT = 10**15
YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Cell:
    """Whose target of which month: exactly one of user and team is given."""

    month_on: date
    user_id: int | None = None
    team_id: int | None = None

    @property
    def name(self) -> str:
        """What errors call it, and inputs: `u12-2026-03`."""
        whose = f"t{self.team_id}" if self.user_id is None else f"u{self.user_id}"
        return f"{whose}-{self.month_on:%Y-%m}"


@write
def set_targets(
    *, context: Context, currency: str, amounts: Mapping[Cell, int | None]
) -> int:
    """Set targets in minor units of `currency`, None for none; return how many changed.

    Errors: NotFound of an unknown user or team; NotAllowed, see rules.may_set_target;
    Invalid negative, out_of_range, or unknown_choice of a currency or month.
    """
    if not context.actor.is_manager:
        raise NotAllowed
    _check(currency, amounts)
    _require_rights(context, amounts)
    rows = Target.objects.filter(
        currency=currency, month_on__in={cell.month_on for cell in amounts}
    )
    there = {
        Cell(one.month_on, one.user_id, one.team_id): one for one in rows.order_by("id")
    }
    changed: dict[Cell, tuple[int | None, int | None]] = {}
    for cell, amount in amounts.items():
        target = there.get(cell)
        old = target.amount_minor if target else None
        if old == amount:
            continue
        changed[cell] = old, amount
        if target and amount is None:
            target.delete()
        elif target and amount is not None:
            target.amount_minor = amount
            target.save(update_fields=["amount_minor"])
        elif amount is not None:
            Target.objects.create(
                user_id=cell.user_id,
                team_id=cell.team_id,
                month_on=cell.month_on,
                currency=currency,
                amount_minor=amount,
            )
    _note(context, currency, changed)
    return len(changed)


def _check(currency: str, amounts: Mapping[Cell, int | None]) -> None:
    problems = Problems()
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        problems.add("currency", "unknown_choice")
    for cell, amount in amounts.items():
        if cell.month_on.day != 1 or cell.month_on.year not in YEARS:
            problems.add(cell.name, "unknown_choice")
        elif amount is not None and amount < 0:
            problems.add(cell.name, "negative")
        elif amount is not None and amount > MAX_AMOUNT:
            problems.add(cell.name, "out_of_range")
    problems.raise_if_any()


def _require_rights(context: Context, cells: Iterable[Cell]) -> None:
    """Raise unless all users and teams exist and the actor sets their targets.

    They are locked, so that two managers at once do not set one target twice.
    """
    cells = list(cells)
    user_ids = {cell.user_id for cell in cells if cell.user_id is not None}
    team_ids = {cell.team_id for cell in cells if cell.team_id is not None}
    users = User.objects.select_for_update(no_key=True).filter(pk__in=user_ids)
    team_of = dict(users.order_by("pk").values_list("pk", "team_id"))
    locked = Team.objects.select_for_update(no_key=True).filter(pk__in=team_ids)
    teams = set(locked.order_by("pk").values_list("pk", flat=True))
    if set(team_of) != user_ids or teams != team_ids:
        raise NotFound
    for team_id in {*team_of.values(), *teams}:
        if not may_set_target(context.actor, team_id):
            raise NotAllowed


def _note(
    context: Context,
    currency: str,
    changed: Mapping[Cell, tuple[int | None, int | None]],
) -> None:
    """Write one line of history for each user and team, its months as fields."""
    lines: dict[tuple[str, int], dict[str, tuple[object, object]]] = defaultdict(dict)
    for cell, values in changed.items():
        whose = (
            ("target_of_team", cell.team_id or 0)
            if cell.user_id is None
            else ("target_of_user", cell.user_id)
        )
        lines[whose][f"{cell.month_on:%Y-%m} {currency}"] = values
    for (subject, pk), fields in lines.items():
        note_change(context, subject, pk, "update", fields)
