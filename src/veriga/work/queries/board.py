"""The pipeline board: open sales by their stage."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from veriga.access.rules import Actor
from veriga.activities.queries.narrowing import NO_STAGE, RunningFilters
from veriga.activities.queries.running import (
    RunningChain,
    list_running,
    stage_totals,
)
from veriga.setup.code_lists import is_offered
from veriga.setup.models import Stage
from veriga.setup.queries import code_list

SHOWN: Final = 20  # cards of a column; the list has all of them


@dataclass(slots=True)
class Column:
    """One stage with its first cards, and what all its sales may bring, by currency.

    `stage` is None for what has no stage yet, with a probability of nothing.
    """

    stage: Stage | None
    cards: list[RunningChain] = field(default_factory=list)
    count: int = 0
    worth: dict[str, int] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.stage.code if self.stage else NO_STAGE

    @property
    def weighted(self) -> dict[str, int]:
        """The worth times the probability that the stage stands for."""
        percent = self.stage.probability_percent if self.stage else 0
        return {c: round(minor * percent / 100) for c, minor in self.worth.items()}


def get_board(actor: Actor, filters: RunningFilters, *, now: datetime) -> list[Column]:
    """Return the columns of the board, first what has no stage yet, if anything.

    One statement for the totals and one for each column that holds anything. A stage
    that is no longer offered, or that closes, has a column while an open sale stands
    there: it may have been opened again.
    """
    columns = {"": Column(None)}
    columns |= {stage.code: Column(stage) for stage in code_list(Stage)}
    for total in stage_totals(actor, filters):
        column = columns.get(total.stage)
        if column is None:  # made a moment ago; lists are kept for a few seconds
            continue
        column.count += total.number
        if total.worth_minor is not None:
            before = column.worth.get(total.currency, 0)
            column.worth[total.currency] = before + total.worth_minor
    for column in columns.values():
        if column.count:
            narrowed = replace(filters, stage=column.code)
            page = list_running(actor, narrowed, now=now, limit=SHOWN)
            column.cards = page.rows
    return [
        column
        for column in columns.values()
        if column.count or (column.stage is not None and is_offered(column.stage))
    ]
