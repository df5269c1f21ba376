"""The protocol that each of the four kinds fills, and the registry that holds them.

The heart reaches a kind's own fields through here, so that it need not import the rooms
that stand on it. Each room registers its kind when the program starts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Protocol

from veriga.common.errors import Problems

from .models import Activity
from .rules.times import Times
from .rules.words import Direction, KindCode, Result


@dataclass(frozen=True, slots=True)
class Own:
    """What a kind read from its own fields: columns of the row, and its detail.

    `detail` is for the kind alone: `save` gets it back unchanged.
    """

    times: Times
    direction: Direction
    detail: Any
    type_code: str = ""
    amount_minor: int | None = None
    currency: str = ""


class Describable(Protocol):
    """What `describe` needs: a stored activity, or a row of a list."""

    @property
    def pk(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def type_code(self) -> str: ...
    @property
    def date(self) -> datetime: ...
    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def ends_at(self) -> datetime | None: ...
    @property
    def all_day(self) -> bool: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def currency(self) -> str: ...


class Kind(Protocol):
    """One of event, task, product record, quote."""

    code: KindCode
    fields: frozenset[str]
    results: frozenset[Result]

    def read(
        self,
        values: Mapping[str, Any],
        current: Activity | None,
        *,
        now: datetime,
        zone: tzinfo,
        problems: Problems,
    ) -> Own | None:
        """Return what `values` mean, over what `current` has if it exists already.

        Values have the types of `describe`; absent keys keep what is there. What is
        wrong goes to `problems`; None if nothing sensible can be made of them.
        """

    def save(self, activity: Activity, detail: Any) -> None:
        """Write the kind's own tables for `activity`, which has been saved."""

    def describe(self, activities: Sequence[Describable]) -> dict[int, dict[str, Any]]:
        """Return each activity's own fields by its id, in at most two statements."""

    def differences(self, activities: Sequence[Activity]) -> Iterator[tuple[int, str]]:
        """Yield (activity id, what differs) where row and own tables disagree."""


_kinds: dict[KindCode, Kind] = {}


def register(kind: Kind) -> None:
    """Make `kind` known; called by its room's AppConfig."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind:
    """Return the registered kind of this code."""
    return _kinds[KindCode(code)]


def describe_all(activities: Sequence[Describable]) -> dict[int, dict[str, Any]]:
    """Return the own fields of activities of any kinds, by id."""
    found: dict[int, dict[str, Any]] = {}
    for kind in _kinds.values():
        own = [a for a in activities if a.kind == kind.code]
        if own:
            found |= kind.describe(own)
    return found
