"""What is written into a file: a table, and the amounts in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units, as lists hold it."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        return Decimal(self.minor) / 100


@dataclass(frozen=True, slots=True)
class Table:
    """What is written: a name, the headings, and the rows, read as they are written."""

    name: str
    head: list[str]
    rows: Iterable[Sequence[Any]]
