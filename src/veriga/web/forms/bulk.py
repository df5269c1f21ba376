"""Commands for many activities: what was chosen, and what is to be done to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from veriga.access.rules import Actor
from veriga.activities.queries.lists import list_activities
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.rules.words import KindCode
from veriga.common.errors import FieldError, Invalid, NotFound
from veriga.web.columns import KINDS
from veriga.work.queries.bulk import Chosen, Command
from veriga.work.rules.bulk import MOST, Action

from .filters import read_activity_filters, whole_number

PER_PAGE = 200
LONGEST_NUMBER = 4


def read_chosen(text: str) -> list[Chosen]:
    """Return the rows of an address or a form: D-26-00042.3,N-26-00007.1

    Behind each reference stands the version that its row showed, if it showed one.
    """
    found = []
    for part in filter(None, text.split(",")):
        reference, _dot, version = part.partition(".")
        number = whole_number({"version": version}, "version")
        found.append(Chosen(reference.strip(), number))
    return found


def write_chosen(chosen: list[Chosen]) -> str:
    """Return rows as read_chosen reads them."""
    return ",".join(
        one.reference if one.version is None else f"{one.reference}.{one.version}"
        for one in chosen
    )


def all_that_fit(
    actor: Actor, data: Mapping[str, str], *, now: datetime
) -> tuple[list[Chosen], int, bool]:
    """Return the first MOST rows of the list whose page and filters `data` has.

    With them the number of group events among these, which are one row each and no
    activity to be changed, and whether the list goes on.
    """
    page = data.get("page", "")
    if page not in KINDS:
        raise NotFound
    filters = read_activity_filters(data, me=actor.user_id, kind=KINDS[page])
    rows: list[ActivityRow] = []
    cursor = None
    while len(rows) < MOST:
        limit = min(PER_PAGE, MOST - len(rows))
        found = list_activities(actor, filters, now=now, limit=limit, cursor=cursor)
        rows += found.rows
        cursor = found.next
        if cursor is None:
            break
    own = [r for r in rows if not (filters.gathers and r.gathering_id is not None)]
    chosen = [Chosen(row.reference, row.row_version) for row in own]
    return chosen, len(rows) - len(own), cursor is not None


def read_command(action: str, data: Mapping[str, str]) -> Command:
    """Return what a form says is to be done; wrong_type for days that are no number."""
    return Command(
        Action(action),
        owner=whole_number(data, "owner"),
        results={kind: data.get(f"result_{kind}", "") for kind in KindCode},
        days=_days(data.get("days", "")) if action == Action.MOVE else None,
        importance=data.get("importance", ""),
        # What is typed goes before what was offered and chosen.
        stimulus=data.get("stimulus", "").strip() or data.get("likely", "").strip(),
    )


def _days(typed: str) -> int | None:
    """Return a number of days, with a minus, of either kind, for earlier ones."""
    text = typed.strip().replace("\N{MINUS SIGN}", "-").removeprefix("+")
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER):
        raise Invalid("wrong_type", errors=[FieldError("days", "wrong_type")])
    return int(text)
