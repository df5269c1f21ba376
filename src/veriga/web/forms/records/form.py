"""What a form of an activity is: texts by the names of its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from veriga.activities.rules.words import KindCode
from veriga.web.forms.custom import custom_names
from veriga.web.forms.guests import Guest
from veriga.web.forms.quote_lines import Line

BUSY: Final = ("busy_from", "busy_until")  # with "_" and the id of a participant
COMMON: Final = ("title", "owner", "importance", "product", "direction", "company")
OWN: Final[Mapping[str, tuple[str, ...]]] = {
    KindCode.EVENT: (
        *("type", "starts_on", "starts_time", "ends_on", "ends_time"),
        *("all_day", "place", "reason", "referred_by"),
    ),
    KindCode.TASK: ("starts_on", "due_on", "due_time"),
    KindCode.PRODUCT_RECORD: (
        *("type", "recorded_on", "follow_up_on", "quantity", "product_text"),
        *("competitor", "competitor_price", "competitor_currency", "opinion"),
    ),
    KindCode.QUOTE: ("issued_on", "valid_until", "currency"),
}
NEW_ONLY: Final = (
    *("company_text", "new_name", "company_choice", "made_on", "follows", "offered"),
    *("listed", "preselected"),
    *("text", "confidential", "done", "result", "sent"),
    *("repeat_unit", "repeat_every", "repeat_until"),
)


@dataclass(slots=True)
class RecordForm:
    """The texts of one form."""

    kind: str
    values: dict[str, str]
    contacts: list[str] = field(default_factory=list)
    participants: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    guests: list[Guest] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def ids(self, name: str) -> list[int]:
        """Return the chosen contacts or participants as numbers."""
        chosen: list[str] = getattr(self, name)
        return [int(v) for v in chosen if v.isascii() and v.isdigit() and len(v) < 19]


def names_of(kind: str) -> tuple[str, ...]:
    return (*COMMON, *OWN[kind], *custom_names(kind), *NEW_ONLY)
