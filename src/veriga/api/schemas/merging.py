"""Merging companies."""

from __future__ import annotations

from typing import Any, Literal

from .parties import CompanyOut
from .types import Id, In, Line, NamedOut, Out, QueryId

Side = Literal["kept", "away"]


class MergePreviewQuery(In):
    other: QueryId


class MergeIn(In):
    """Which company becomes a part, and which value is right where the two differ."""

    other: Id
    take: dict[Line, Side] | None = None

    def sides(self) -> dict[str, str]:
        return dict(self.take or {})


class DifferenceOut(Out):
    """A field in which the two differ; `prefers` is what is taken if nobody says."""

    field: str
    kept: Any
    away: Any
    prefers: Side


class MergePreviewOut(Out):
    kept: NamedOut
    away: NamedOut
    fields: list[DifferenceOut]
    moves: dict[str, int]


class MergedOut(Out):
    """`merge` undoes it."""

    merge: int
    company: CompanyOut
