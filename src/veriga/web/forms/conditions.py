"""The form of conditions: rows of alternatives, several groups of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from veriga.common.errors import Invalid
from veriga.web.pages import faults
from veriga.work.rules.conditions import (
    MOST_ALTERNATIVES,
    MOST_GROUPS,
    OF_NOTHING,
    Condition,
    What,
    Where,
    make_condition,
)

# The pages whose lists may be narrowed so; contacts by what is of their own company.
NARROWED: Final = frozenset(
    (
        *("activities", "events", "tasks", "product_records", "quotes"),
        *("companies", "contacts", "running"),
    )
)
PLACES = {What.OUTCOME: "outcome", What.STAGE: "stage"}


@dataclass(slots=True)
class Row:
    """One condition as typed; `errors` by input: what, of, days."""

    what: str = ""
    activity: str = ""
    outcome: str = ""
    stage: str = ""
    days: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)


Rows = list[list[Row]]


def rows_of(where: Where) -> Rows:
    """Return the rows of conditions that hold already, and an empty one for another."""
    found = [[_row_of(one) for one in group] for group in where]
    if len(found) < MOST_GROUPS:
        found.append([Row()])
    return found


def _row_of(one: Condition) -> Row:
    days = "" if one.days is None else str(one.days)
    row = Row(what=one.what, days=days)
    setattr(row, PLACES.get(one.what, "activity"), one.of)
    return row


def read_rows(data: Mapping[str, str]) -> Rows:
    """Return the rows as they were sent."""
    found: Rows = []
    for group in range(MOST_GROUPS):
        row = [
            _sent_row(data, f"{group}_{place}")
            for place in range(MOST_ALTERNATIVES)
            if f"what_{group}_{place}" in data
        ]
        if row:
            found.append(row)
    return found


def _sent_row(data: Mapping[str, str], at: str) -> Row:
    def sent(name: str) -> str:
        return data.get(f"{name}_{at}", "").strip()

    return Row(
        what=sent("what"),
        activity=sent("activity"),
        outcome=sent("outcome"),
        stage=sent("stage"),
        days=sent("days"),
    )


def change_rows(rows: Rows, data: Mapping[str, str]) -> bool:
    """Do what the buttons of the form say: one more row, or one less; tell if any."""
    more, drop = data.get("more", ""), data.get("drop", "")
    if more == "group":
        if len(rows) < MOST_GROUPS:
            rows.append([Row()])
        return True
    if more.isascii() and more.isdigit():
        group = int(more)
        if group < len(rows) and len(rows[group]) < MOST_ALTERNATIVES:
            rows[group].append(Row())
        return True
    if not drop:
        return False
    for number, group_rows in enumerate(rows):
        rows[number] = [
            one for place, one in enumerate(group_rows) if drop != f"{number}_{place}"
        ]
    rows[:] = [one for one in rows if one] or [[Row()]]
    return True


def where_of(rows: Rows) -> Where | None:
    """Return the conditions of the rows; None if any is faulty, which it then says.

    A row that says nothing is passed over.
    """
    is_faulty, groups = False, []
    for group in rows:
        found = []
        for row in group:
            if not row.what:
                continue
            try:
                found.append(_condition(row))
            except Invalid as error:
                row.errors, is_faulty = faults(error), True
        if found:
            groups.append(tuple(dict.fromkeys(found)))
    return None if is_faulty else tuple(dict.fromkeys(groups))


def _condition(row: Row) -> Condition:
    days = None
    if row.days:
        if not (row.days.isascii() and row.days.isdigit() and len(row.days) <= 6):
            raise Invalid.of("days", "wrong_type")
        days = int(row.days)
    place = PLACES.get(What(row.what), "activity") if row.what in set(What) else "what"
    # What this condition does not ask for may have been left from another choice.
    of = "" if row.what in OF_NOTHING else getattr(row, place)
    return make_condition(row.what, of, days)
