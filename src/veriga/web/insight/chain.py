"""What the chain page says of one chain: its own time, and beside similar ones.

Nothing here is computed over other chains: what the worker has stored of this one is
told, with its number and range, or that there is too little to say it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veriga.access.rules import Actor
from veriga.activities.queries.rows import ActivityRow, type_name
from veriga.activities.rules.waits import (
    Wait,
    answers_of,
    days_by_move,
    milestones_of,
    waits_of,
)
from veriga.activities.rules.words import Outcome
from veriga.common.kept import Kept
from veriga.insight.queries.results import StoredChain, get_chain_figures, get_result
from veriga.insight.rules.sights import sight_of_actor
from veriga.insight.rules.words import ReportKind
from veriga.setup.working import working_calendar
from veriga.web.formats import day, number
from veriga.web.jinja import query_string
from veriga.web.words import kind_name
from veriga.work.queries.timeline import Whole

from .chances import ChainRow, tell_chain
from .names import insight_kind
from .ranges import Told, days, told_share

REACTS_WITHIN: Final = 10.0  # working days, as in insight/rules/followed.py
MOST_STEPS: Final = 6
MOVES: Final = ("ours", "theirs", "agreed")
KEEP_S: Final = 600.0
Claims = Mapping[str, Mapping[str, Any]]
_kept_claims: Kept[Claims] = Kept(KEEP_S, most=100)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the chain's time, in per cent of its working days."""

    move: str
    at: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many working days were whose, in all."""

    move: str
    name: str
    days: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """What was reached, after how many working days."""

    name: str
    days: str
    day: str


@dataclass(frozen=True, slots=True)
class AnsweredTold:
    """What followed one kind of our activities in this chain."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What was done next at this point in other chains; `claim` if it speeds up."""

    name: str
    taken: Told
    address: str
    claim: str
    claim_address: str


@dataclass(frozen=True, slots=True)
class ChainInsight:
    """All that the panel shows."""

    stretches: list[Stretch]
    shares: list[Share]
    milestones: list[Milestone]
    answered: list[AnsweredTold]
    figures: ChainRow | None
    silence_text: str
    chance_text: str
    pace_text: str
    steps: list[NextStep] = field(default_factory=list)
    point: str = ""
    computed_at: datetime | None = None


def tell_insight(actor: Actor, whole: Whole, now: datetime) -> ChainInsight:
    """Return what is said of a chain; one statement, two for the first of them."""
    clock = working_calendar().clock
    ended = max((s.closed_at for s in whole.sales if s.closed_at), default=None)
    is_open = whole.summary.outcome == Outcome.OPEN
    until = now if is_open or ended is None else min(ended, now)
    waits = waits_of(whole.rows, until)
    stored = get_chain_figures(actor, whole.summary.id)
    row = tell_chain(stored) if stored.is_there and is_open else None
    at = stored.computed_at
    is_over = at is not None and whole.summary.last_acted_at > at
    if row and is_over:
        row = replace(row, label="")
    return ChainInsight(
        stretches=_stretches(waits, clock),
        shares=_shares(waits, clock),
        milestones=_milestones(whole, now, clock),
        answered=_answered(whole.rows, now, clock),
        figures=row,
        silence_text=_silence(stored, is_over=is_over) if row else "",
        chance_text=_chance(stored) if row else "",
        pace_text=_pace(stored) if row else "",
        steps=_steps(actor, whole, stored) if row else [],
        point=_point(stored),
        computed_at=stored.computed_at if row else None,
    )


def _stretches(waits: list[Wait], clock: Callable[[datetime], float]) -> list[Stretch]:
    if not waits:
        return []
    begin = clock(waits[0].since)
    length = clock(waits[-1].until) - begin
    if length <= 0:
        return []
    found = []
    for wait in waits:
        at, end = clock(wait.since), clock(wait.until)
        if end <= at:
            continue
        text = _("%(whose)s, %(since)s – %(until)s: %(days)s working days") % {
            "whose": move_name(wait.move),
            "since": day(wait.since),
            "until": day(wait.until),
            "days": days(end - at),
        }
        place = round((at - begin) / length * 100, 3)
        width = round((end - at) / length * 100, 3)
        found.append(Stretch(wait.move, place, width, text))
    return found


def _shares(waits: list[Wait], clock: Callable[[datetime], float]) -> list[Share]:
    by_move = days_by_move(waits, clock)
    return [Share(move, move_name(move), days(by_move[move])) for move in MOVES]


def move_name(move: str) -> str:
    """Return whose time it was."""
    return {
        "ours": _("ours to act"),
        "theirs": _("theirs to act"),
        "agreed": _("agreed wait"),
    }[move]


def _milestones(
    whole: Whole, now: datetime, clock: Callable[[datetime], float]
) -> list[Milestone]:
    """Return what was reached and when, of a chain whose beginning is known."""
    origin = whole.origin
    if origin is None:
        return []
    won = [s.closed_at for s in whole.sales if s.outcome == Outcome.WON and s.closed_at]
    found = milestones_of(origin, whole.rows, won, now, clock)
    named = ((_("First quote"), found.quote), (_("Order"), found.order))
    return [
        Milestone(name, days(reached[1]), day(reached[0]))
        for name, reached in named
        if reached is not None
    ]


def _answered(
    rows: list[ActivityRow], now: datetime, clock: Callable[[datetime], float]
) -> list[AnsweredTold]:
    found = []
    for one in answers_of(rows, now, clock, REACTS_WITHIN):
        text = _("carried out %(num)s") % {"num": number(one.carried_out)}
        if one.counted:
            text = _("the customer reacted after %(answered)s of %(counted)s") % {
                "answered": number(one.answered),
                "counted": number(one.counted),
            }
        if one.median is not None:
            text += ", " + _("typical wait %(days)s") % {"days": days(one.median)}
        name = type_name(one.kind, one.type_code) or kind_name(one.kind)
        found.append(AnsweredTold(name, text))
    return found


def _silence(stored: StoredChain, *, is_over: bool) -> str:
    """Return what was computed of the silence, if it still lasts."""
    if is_over:
        return _("Something has happened since: the silence is over.")
    silence = stored.payload.get("silence") or {}
    limit = silence.get("limit")
    if silence.get("code") == "agreed":
        return _("An appointment is agreed on: this is no silence.")
    if limit is not None and silence.get("code") == "no_limit":
        return _(
            "No flags for now: in the last quarter work went on at another speed than"
            " the limit was made from, so it would flag too many or too few."
        )
    if limit is None:
        return _("Too few waits are known yet to say how long is too long.")
    values = {
        "days": number(silence["wait"]),
        "limit": number(limit),
        "num": number(silence["n"]),
    }
    if silence.get("code") == "flagged":
        return (
            _(
                "Stalled: silent for %(days)s working days, the limit is %(limit)s"
                " (from %(num)s waits)."
            )
            % values
        )
    return (
        _(
            "Silent for %(days)s working days; the limit is %(limit)s (from %(num)s"
            " waits)."
        )
        % values
    )


def _chance(stored: StoredChain) -> str:
    chance = (stored.payload.get("chance") or {}).get("chance")
    if not chance:
        return _("Too few similar cases yet to tell the chance of a reaction.")
    return _(
        "Of 100 customers in this position about %(at)s react within the next 20"
        " working days (range %(low)s–%(high)s, from %(num)s cases)."
    ) % {
        "at": number(chance["value"] * 100),
        "low": number(chance["low"] * 100),
        "high": number(chance["high"] * 100),
        "num": number(chance["n"]),
    }


def _pace(stored: StoredChain) -> str:
    pace = stored.payload.get("pace") or {}
    estimate = pace.get("pace")
    if not estimate:
        return _("Too few activities yet to tell its pace: %(num)s.") % {
            "num": number(pace.get("activities", 0))
        }
    claim = {
        "slow": _("This chain moves more slowly than similar ones."),
        "fast": _("This chain moves faster than similar ones."),
    }.get(pace["verdict"], _("This chain moves at the usual pace."))
    return (
        claim
        + " "
        + _(
            "Activities in %(days)s working days: %(num)s, at similar chains about"
            " %(expected)s (%(ratio)s of the usual pace, range %(low)s–%(high)s)."
        )
        % {
            "days": number(pace["days"]),
            "num": number(pace["activities"]),
            "expected": number(pace["expected"]),
            "ratio": number(estimate["value"], 1),
            "low": number(estimate["low"], 1),
            "high": number(estimate["high"], 1),
        }
    )


def _point(stored: StoredChain) -> str:
    """Return at which point the chain stands, and how many others came there."""
    point = stored.next_steps
    if not point:
        return ""
    text = ngettext(
        "After %(kind)s, as seen %(num)s time",
        "After %(kind)s, as seen %(num)s times",
        point["n"],
    )
    return text % {"kind": insight_kind(point["kind"]), "num": number(point["n"])}


def _steps(actor: Actor, whole: Whole, stored: StoredChain) -> list[NextStep]:
    point = stored.next_steps
    if not point or not point["steps"]:
        return []
    claims = _claims(actor, stored.computed_at)
    found = []
    for place, step in enumerate(point["steps"][:MOST_STEPS]):
        taken = step["taken"]
        share = {"share": taken["value"], **{k: taken[k] for k in ("low", "high", "n")}}
        asked = {
            "of": "next",
            "reference": whole.summary.origin_reference,
            "step": place,
        }
        claim = claims.get(step["kind"]) if step["side"] == "out" else None
        found.append(
            NextStep(
                name=insight_kind(step["kind"]),
                taken=told_share(share),
                address=reverse("insight:behind") + query_string(asked),
                claim=_claim(claim) if claim else "",
                claim_address=reverse("insight:triggers"),
            )
        )
    return found


def _claims(actor: Actor, computed_at: datetime | None) -> Claims:
    """Return what is claimed to speed up the customer's reaction, by kind.

    Kept for as long as the figures are those that were computed then.
    """
    key = sight_of_actor(actor).key, computed_at
    return _kept_claims.get(key, lambda: _read_claims(actor))


def _read_claims(actor: Actor) -> Claims:
    payload = get_result(actor, ReportKind.TRIGGERS).payload or {}
    return {
        line["kind"]: line
        for outcome in payload.get("outcomes", ())
        if outcome["outcome"] == "reaction"
        for line in outcome["lines"]
        if line["verdict"] == "accelerates"
    }


def _claim(line: Mapping[str, Any]) -> str:
    effect = line["effect"]
    return _("speeds up the reaction: %(ratio)s times (%(low)s–%(high)s)") % {
        "ratio": number(effect["ratio"], 1),
        "low": number(effect["low"], 1),
        "high": number(effect["high"], 1),
    }
