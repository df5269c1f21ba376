"""What a form offered to continue when somebody made a link, as the link keeps it.

Bounded: three activities at most. Links are learnt from with it, so that what was
preselected teaches nothing. Source: docs/decisions/0027.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .choosing import OFFERED
from .references import read_reference


@dataclass(frozen=True, slots=True)
class Offering:
    """The references on offer, the best first, and the one that was preselected."""

    listed: Sequence[str] = ()
    preselected: str = ""

    @property
    def references(self) -> list[str]:
        """What must be known of it: a few references, whatever a browser sends."""
        asked = map(read_reference, [*self.listed[:OFFERED], self.preselected])
        return [one for one in asked if one]

    def to_json(self, ids: dict[str, int]) -> dict[str, Any]:
        """Return it by ids, without what these do not know."""
        listed = [ids.get(read_reference(one) or "") for one in self.listed[:OFFERED]]
        return {
            "listed": [one for one in listed if one],
            "preselected": ids.get(read_reference(self.preselected) or ""),
        }
