"""What is written into a file: a table, its amounts, and how its rows are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from veriga.common.errors import Invalid
from veriga.common.keyset import Page
from veriga.web.formats import number

MOST_ROWS: Final = 20_000
PER_PAGE: Final = 200


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


def pages_of(ask: Callable[[str | None], Page[Any]]) -> Iterator[list[Any]]:
    """Yield the rows of a list page by page; `ask` takes a cursor."""
    cursor = None
    while True:
        page = ask(cursor)
        yield page.rows
        cursor = page.next
        if cursor is None:
            return


def require_short(count: int) -> None:
    """Raise Invalid export_too_long for more than MOST_ROWS rows."""
    if count > MOST_ROWS:
        raise Invalid("export_too_long", limit=number(MOST_ROWS))
