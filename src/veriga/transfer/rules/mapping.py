"""What a mapping says: which cell of an event log means what to Veriga.

Source: docs/insight/event-logs.md, which lists every key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo

from veriga.activities.rules.words import Outcome

OUTCOME_BY = ("any", "last")
UNMATCHED = ("refuse", "skip")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that hold what; "" for those that the log does not have."""

    case: str
    activity: str
    start: str
    end: str = ""
    lifecycle: str = ""
    recorded: str = ""
    owner: str = ""
    company: str = ""
    product: str = ""
    amount: str = ""

    def named(self) -> list[str]:
        names = (
            self.case, self.activity, self.start, self.end, self.lifecycle,
            self.recorded, self.owner, self.company, self.product, self.amount,
        )  # fmt: skip
        return [name for name in names if name]


@dataclass(frozen=True, slots=True)
class NewType:
    """An event or product-record type that is made where there is none of its code."""

    name_sl: str
    name_en: str


@dataclass(frozen=True, slots=True)
class ActivityRule:
    """What becomes of the events with one name; `kind` is "" for those left out.

    `match` may end in * for all names that begin so; `lifecycle` is empty for any.
    `title` is the name in the log where it is "".
    """

    match: str
    lifecycle: frozenset[str]
    kind: str
    type_code: str = ""
    direction: str = ""
    title: str = ""
    new_type: NewType | None = None

    def fits(self, name: str, lifecycle: str) -> bool:
        if self.lifecycle and lifecycle.casefold() not in self.lifecycle:
            return False
        if self.match.endswith("*"):
            return name.startswith(self.match[:-1])
        return name == self.match


@dataclass(frozen=True, slots=True)
class Mapping:
    """Everything that is said of a log; made by reading_mapping.read_mapping."""

    path: str
    name: str
    title: str
    columns: Columns
    delimiter: str
    time_format: str
    zone: tzinfo
    company_name: str
    owner_name: str
    currency: str
    activities: tuple[ActivityRule, ...]
    unmatched: str
    outcomes: dict[str, Outcome]
    outcome_by: str

    def rule_of(self, name: str, lifecycle: str) -> ActivityRule | None:
        """Return the first rule that fits an event."""
        return next(
            (rule for rule in self.activities if rule.fits(name, lifecycle)), None
        )


def zone_of(name: str) -> tzinfo:
    """Return a time zone; ValueError if there is none of that name."""
    try:
        return ZoneInfo(name)
    except (OSError, KeyError, ValueError):
        raise ValueError(name) from None
