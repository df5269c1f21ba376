"""What people of the demo company expect of their open sales, and their targets."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from veriga.access.models import User
from veriga.access.rules import Context, Role
from veriga.access.services import Cell, set_targets
from veriga.activities.rules.words import MarkKind
from veriga.work.queries.forecast import add_months
from veriga.work.services.loading import LoadedActivity, LoadedChain, LoadedMark

SHARE_STATED: Final = 0.8
SHARE_MOVED: Final = 0.2  # of these: another month was stated in the last days
ABROAD_EVERY: Final = 12  # of these, one in so many: in Swiss francs
# How many months from now an order is expected, and how often; None: not said.
MONTHS: Final = (
    (-1, 2),
    (0, 7),
    (1, 8),
    (2, 6),
    (3, 4),
    (4, 3),
    (5, 2),
    (7, 1),
    (None, 3),
)
LEAST, MOST = 20, 320  # hundreds of the currency
# A target of a month, in whole euros: of each seller, and of their team beside it.
OF_SELLER: Final = (18_000, 24_000, 30_000, 36_000)
OF_TEAM: Final = 60_000


def state_sales(
    chains: Sequence[LoadedChain], rng: random.Random, now: datetime
) -> None:
    """State values and months on most of the open sales of `chains`."""
    this = now.date().replace(day=1)
    stated = 0
    for chain in chains:
        marks = [mark for one in chain.activities for mark in one.marks]
        kinds = {mark.kind for mark in marks}
        if MarkKind.STAGE not in kinds or MarkKind.OUTCOME in kinds:
            continue
        if rng.random() < SHARE_STATED:
            stated += 1
            currency = "EUR" if stated % ABROAD_EVERY else "CHF"
            _state(chain.activities, rng, now, this, currency)


def _state(
    activities: Sequence[LoadedActivity],
    rng: random.Random,
    now: datetime,
    this: date,
    currency: str,
) -> None:
    first = next(one for one in activities if one.marks)
    back, shares = zip(*MONTHS, strict=True)
    ahead = rng.choices(back, shares)[0]
    stated = LoadedMark(
        MarkKind.STATEMENT,
        first.recorded_at + timedelta(minutes=5),
        amount_minor=rng.randint(LEAST, MOST) * 100_00,
        currency=currency,
        month_on=None if ahead is None else add_months(this, ahead),
        made_by_id=first.owner_id,
    )
    first.marks = (*first.marks, stated)
    moved_at = now - timedelta(days=rng.randint(1, 6))
    if ahead is not None and rng.random() < SHARE_MOVED:
        again = replace(
            stated,
            made_at=max(moved_at, stated.made_at),
            amount_minor=(stated.amount_minor or 0) * rng.choice((9, 10, 11)) // 10,
            month_on=add_months(this, max(ahead, 0) + 1),
        )
        first.marks = (*first.marks, again)


def make_targets(context: Context, users: Iterable[User], rng: random.Random) -> None:
    """Set the targets of this year and the next for the sellers and their teams."""
    year = context.now.year
    months = [date(y, m, 1) for y in (year, year + 1) for m in range(1, 13)]
    sellers = [
        one for one in users if one.role == Role.SALES and one.team_id and one.is_active
    ]
    monthly: dict[tuple[str, int], int] = {}
    for one in sorted(sellers, key=lambda user: user.email):
        monthly["user", one.pk] = rng.choice(OF_SELLER)
        monthly["team", one.team_id or 0] = OF_TEAM
    set_targets(context=context, currency="EUR", amounts=_cells(monthly, months))


def _cells(
    monthly: Mapping[tuple[str, int], int], months: Sequence[date]
) -> dict[Cell, int | None]:
    return {
        Cell(month_on, **{f"{kind}_id": pk}): amount * 100
        for (kind, pk), amount in monthly.items()
        for month_on in months
    }
