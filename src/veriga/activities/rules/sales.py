"""Sales: what the marks and quotes of a chain say about its stage and outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from .words import CLOSING, MarkKind, Outcome


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark, or the recording of a quote (`kind` "quote"), as sales read them."""

    at: datetime
    order: tuple[int, int]  # ties: marks before quotes, then by id
    kind: str
    value: str = ""
    activity_id: int = 0


@dataclass(slots=True)
class Sale:
    """One pass of a chain towards an order."""

    outcome: Outcome = Outcome.OPEN
    closed_at: datetime | None = None
    quotes: list[int] = field(default_factory=list)  # ids of the quotes recorded in it


def read_sales(signs: Iterable[Sign]) -> tuple[list[Sale], str]:
    """Return the sales of a chain in order (at least one), and its newest stage.

    A close ends the current sale. What comes after is after-sales work until a stage
    mark that does not close, or a quote, opens the next sale; so does an explicit
    outcome "open", which takes the last close back.
    """
    sales = [Sale()]
    stage = ""
    for sign in sorted(signs, key=lambda s: (s.at, s.order)):
        current = sales[-1]
        if sign.kind == MarkKind.OUTCOME:
            outcome = Outcome(sign.value)
            if outcome in CLOSING:
                current.outcome, current.closed_at = outcome, sign.at
            else:
                current.outcome, current.closed_at = Outcome.OPEN, None
        elif sign.kind == MarkKind.STAGE:
            stage = sign.value
            # A closing stage comes with its own outcome mark, made just before it.
            if current.outcome in CLOSING and current.closed_at != sign.at:
                sales.append(Sale())
        elif sign.kind == "quote":
            if current.outcome in CLOSING:
                sales.append(Sale())
            sales[-1].quotes.append(sign.activity_id)
    return sales, stage
