"""What followed, told: a line for each kind of activity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .names import insight_kind
from .ranges import Told, told_share, told_wait


@dataclass(frozen=True, slots=True)
class FollowedRow:
    """A kind of activity and what came after it."""

    name: str
    carried_out: int
    chains: int
    reacted: Told
    reaction_wait: Told
    quoted: Told
    quote_wait: Told


def tell_followed(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page shows of the stored report."""
    return {"rows": [_row(line) for line in payload["kinds"]]}


def _row(line: Mapping[str, Any]) -> FollowedRow:
    return FollowedRow(
        insight_kind(line["kind"]),
        line["carried_out"],
        line["chains"],
        told_share(line["reacted"]),
        told_wait(line["reaction_wait"]),
        told_share(line["quoted"]),
        told_wait(line["quote_wait"]),
    )
