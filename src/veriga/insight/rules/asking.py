"""What may be asked of the process map: which chains, and which way between kinds.

Plain Python, without NumPy: pages read an address into it, the worker answers it.
Source: docs/insight/map.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final

MOST_STEPS: Final = 100  # of a variant that is asked for
LONGEST_CODE: Final = 80


class QuestionKind(StrEnum):
    """What is asked: a map of some chains, or the chains behind one of its ways."""

    MAP = "map"
    EDGE = "edge"


@dataclass(frozen=True, slots=True)
class AskedChains:
    """Which chains; nothing given means all. `ending` as activities name outcomes.

    The meaning of each is that of map_filters.MapFilter.
    """

    since: date | None = None
    until: date | None = None
    segment: str = ""
    product: int | None = None
    ending: str = ""
    before: tuple[str, str] | None = None
    variant: tuple[str, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self == AskedChains()

    def to_json(self) -> dict[str, Any]:
        """Return what is given, always in the same form."""
        found: dict[str, Any] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if not value:
                continue
            if isinstance(value, date):
                value = value.isoformat()
            found[one.name] = list(value) if isinstance(value, tuple) else value
        return found

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> AskedChains:
        """Return what to_json told."""
        since, until = (found.get(name) for name in ("since", "until"))
        before = found.get("before")
        return cls(
            since=date.fromisoformat(since) if since else None,
            until=date.fromisoformat(until) if until else None,
            segment=found.get("segment", ""),
            product=found.get("product"),
            ending=found.get("ending", ""),
            before=(before[0], before[1]) if before else None,
            variant=tuple(found.get("variant", ())),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole question. `by`, `source`, `target` (process_map.MapBy, Exit) of a way."""

    kind: QuestionKind
    chains: AskedChains
    by: str = ""
    source: str = ""
    target: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it in the one form in which it is stored."""
        way = {"by": self.by, "source": self.source, "target": self.target}
        given = {name: value for name, value in way.items() if value}
        return {"kind": str(self.kind), "chains": self.chains.to_json(), **given}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Asked:
        """Return what to_json told."""
        return cls(
            QuestionKind(found["kind"]),
            AskedChains.from_json(found["chains"]),
            found.get("by", ""),
            found.get("source", ""),
            found.get("target", ""),
        )

    @property
    def hash(self) -> str:
        """What tells this question from all others."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return blake2b(text.encode(), digest_size=24).hexdigest()
