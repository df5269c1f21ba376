"""Conditions that lists are narrowed by: what they may say, and their written form.

All groups of a `Where` must hold, and of a group at least one condition. It is written
into addresses, and so into saved views: `no:event.visit:60;began:event.fair|has:quote`
is "no visit within 60 working days, and the chain began with a fair or holds a quote".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from veriga.activities.rules.words import KindCode, Outcome
from veriga.common.errors import Invalid

MOST_GROUPS: Final = 8
MOST_ALTERNATIVES: Final = 4
MOST_DAYS: Final = 2_000  # about eight years of working days
NO_STAGE: Final = "-"
CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class What(StrEnum):
    """What a condition says: of the work with a company, or of one of its chains."""

    NOT_WITHIN = "no"  # none of this was carried out within so many working days
    WITHIN = "did"
    NOT_AHEAD = "unplanned"  # nothing of this is planned
    AHEAD = "planned"
    BEGAN = "began"  # the chain's origin is of this
    HAS = "has"
    LACKS = "lacks"
    SILENT = "silent"  # longer than so many working days
    OLDER = "older"
    OUTCOME = "outcome"
    STAGE = "stage"


OF_COMPANY: Final = frozenset(
    {What.NOT_WITHIN, What.WITHIN, What.NOT_AHEAD, What.AHEAD}
)
WITH_ACTIVITY: Final = OF_COMPANY | {What.BEGAN, What.HAS, What.LACKS}
OF_NOTHING: Final = frozenset({What.SILENT, What.OLDER})
WITH_DAYS: Final = OF_NOTHING | {What.NOT_WITHIN, What.WITHIN}


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is to hold.

    `of` is a kind, "" for any, or a kind and a type ("event.visit"); of an outcome or a
    stage its code. `days` are working days.
    """

    what: What
    of: str = ""
    days: int | None = None

    def __str__(self) -> str:
        of = [] if self.what in OF_NOTHING else [self.of]
        days = [] if self.days is None else [str(self.days)]
        return ":".join([self.what, *of, *days])


Group = tuple[Condition, ...]
Where = tuple[Group, ...]


def make_condition(what: str, of: str = "", days: int | None = None) -> Condition:
    """Return a condition of what was typed or read.

    Errors: Invalid for the field "what", "of" or "days": unknown_choice, required,
    between.
    """
    if what not in What.__members__.values():
        raise Invalid.of("what", "unknown_choice")
    said = What(what)
    if said not in WITH_DAYS:
        days = None
    elif days is None:
        raise Invalid.of("days", "required")
    elif not 1 <= days <= MOST_DAYS:
        raise Invalid.of("days", "between", least=1, most=MOST_DAYS)
    if not _fits(said, of):
        raise Invalid.of("of", "required" if not of else "unknown_choice")
    return Condition(said, of, days)


def _fits(what: What, of: str) -> bool:
    if what in WITH_ACTIVITY:
        kind, _dot, code = of.partition(".")
        is_any = not of and what in OF_COMPANY
        return is_any or (kind in set(KindCode) and (not _dot or _is_code(code)))
    if what is What.OUTCOME:
        return of in set(Outcome)
    if what is What.STAGE:
        return of == NO_STAGE or _is_code(of)
    return not of


def _is_code(text: str) -> bool:
    return CODE.fullmatch(text) is not None


def read_where(text: str) -> Where:
    """Return the conditions of an address; what makes no sense there is passed over."""
    groups = []
    for part in text.split(";")[:MOST_GROUPS]:
        group = []
        for one in part.split("|")[:MOST_ALTERNATIVES]:
            condition = _read(one)
            if condition is not None and condition not in group:
                group.append(condition)
        if group and tuple(group) not in groups:
            groups.append(tuple(group))
    return tuple(groups)


def _read(text: str) -> Condition | None:
    what, _colon, rest = text.strip().partition(":")
    of, _colon, days = ("", "", rest) if what in OF_NOTHING else rest.partition(":")
    if days and not (days.isascii() and days.isdigit() and len(days) <= 6):
        return None
    try:
        return make_condition(what, of, int(days) if days else None)
    except Invalid:
        return None


def write_where(where: Where) -> str:
    """Return the written form, which `read_where` reads again."""
    return ";".join("|".join(map(str, group)) for group in where)


def without(where: Where, group: int, place: int) -> Where:
    """Return the conditions without one of them."""
    groups = [
        tuple(one for at, one in enumerate(found) if (number, at) != (group, place))
        for number, found in enumerate(where)
    ]
    return tuple(found for found in groups if found)
