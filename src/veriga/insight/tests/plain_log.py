"""The activity log as the documents describe it, row by row in plain Python."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from veriga.activities.models import Activity, Chain, Link, Mark
from veriga.activities.rules.times import has_happened
from veriga.activities.rules.words import NOT_CARRIED_OUT
from veriga.common.working_time import WorkingCalendar
from veriga.insight.rules.log import ActivityLog, Ending, Fate, Side


def plain_rows(now: datetime, calendar: WorkingCalendar) -> list[dict[str, Any]]:
    """Return every activity that insight reads, in the order of the log."""
    found = []
    for one in Activity.objects.select_related("company").filter(deleted_at=None):
        if one.company.is_own:
            continue
        if one.result in NOT_CARRIED_OUT:
            fate = Fate.DROPPED
        elif has_happened(one) and one.occurred_at <= now:
            fate = Fate.HELD
        else:
            fate = Fate.COMING
        kind = one.kind
        if kind == "event":
            kind = one.type_code or "event"
        elif kind == "product_record" and one.type_code:
            kind = f"product_record:{one.type_code}"
        found.append(
            {
                "order": (one.chain_id, one.date, one.reference_key),
                "id": one.pk,
                "chain": one.chain_id,
                "kind": kind,
                "side": Side[one.direction.upper()],
                "fate": fate,
                "user": one.owner_id,
                "product": one.product_id or 0,
                "at": calendar.clock(one.occurred_at) if fate == Fate.HELD else None,
                "planned": calendar.clock(one.date),
                "recorded": calendar.clock(one.recorded_at),
                "closed": calendar.clock(one.done_at) if one.done_at else None,
                "day": one.date.astimezone(calendar.zone).toordinal(),
            }
        )
    found.sort(key=lambda row: row.pop("order"))
    return found


def plain_chains(calendar: WorkingCalendar) -> list[dict[str, Any]]:
    """Return every chain that insight reads, by id."""
    found = []
    for chain in Chain.objects.select_related("company", "origin").order_by("pk"):
        if chain.company.is_own:
            continue
        marks = Mark.objects.filter(
            activity__chain=chain, withdrawn_at=None, kind="outcome"
        )
        newest = max(marks, key=lambda m: (m.made_at, m.pk), default=None)
        is_closed = newest is not None and chain.outcome != "open"
        event = getattr(chain.origin, "event", None)
        found.append(
            {
                "id": chain.pk,
                "company": chain.company_id,
                "team": chain.company.team_id or 0,
                "account_owner": chain.company.account_owner_id or 0,
                "segment": chain.company.abc,
                "origin": chain.origin_id,
                "origin_reason": (event and event.reason_id) or "",
                "began": calendar.clock(chain.first_date),
                "ended": calendar.clock(newest.made_at) if is_closed else None,
                "ending": Ending[chain.outcome.upper()],
            }
        )
    return found


def plain_links() -> set[tuple[int, int]]:
    rows = Link.objects.exclude(follow_up__company__is_own=True)
    return set(rows.values_list("follow_up_id", "stimulus_id"))


def rows_of(log: ActivityLog) -> list[dict[str, Any]]:
    """Return what a log holds, with names in the place of numbers."""
    table = log.activities
    return [
        {
            "id": int(table.id[row]),
            "chain": int(log.chains.id[table.chain[row]]),
            "kind": log.kinds[table.kind[row]].code,
            "side": Side(table.side[row]),
            "fate": Fate(table.fate[row]),
            "user": int(table.user[row]),
            "product": int(table.product[row]),
            "at": _known(table.at[row]),
            "planned": float(table.planned[row]),
            "recorded": float(table.recorded[row]),
            "closed": _known(table.closed[row]),
            "day": int(table.day[row]),
        }
        for row in range(len(table))
    ]


def chains_of(log: ActivityLog) -> list[dict[str, Any]]:
    """Return the chains of a log, with names in the place of numbers."""
    table = log.chains
    return [
        {
            "id": int(table.id[i]),
            "company": int(table.company[i]),
            "team": int(table.team[i]),
            "account_owner": int(table.account_owner[i]),
            "segment": _named(log.segments, table.segment[i]),
            "origin": int(log.activities.id[table.origin[i]]),
            "origin_reason": _named(log.reasons, table.origin_reason[i]),
            "began": float(table.began[i]),
            "ended": _known(table.ended[i]),
            "ending": Ending(table.ending[i]),
        }
        for i in range(len(table))
    ]


def links_of(log: ActivityLog) -> set[tuple[int, int]]:
    ids = log.activities.id
    return {
        (int(ids[follow_up]), int(ids[stimulus]))
        for follow_up, stimulus in zip(
            log.links.follow_up, log.links.stimulus, strict=True
        )
    }


def _known(value: float) -> float | None:
    return None if value != value else float(value)


def _named(names: tuple[str, ...], place: int) -> str:
    return names[place] if place >= 0 else ""
