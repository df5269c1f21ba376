"""Open chains told: how long silent, how likely to move, how fast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veriga.insight.queries.results import StoredChain
from veriga.insight.rules.words import Budget
from veriga.web.formats import day, number

from .ranges import Told, days, times

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChainRow:
    """One open chain on a page of insight."""

    reference: str
    title: str
    company_id: int
    company_name: str
    silence: str
    limit: str
    label: str
    chance: Told | None
    pace: str
    pace_range: str
    verdict: str
    verdict_name: str
    tone: str
    done: str


def tell_chain(chain: StoredChain) -> ChainRow:
    """Return an open chain as a row shows it."""
    silence = chain.payload.get("silence") or {}
    pace = chain.payload.get("pace") or {}
    estimate = pace.get("pace")
    verdict = pace.get("verdict", "")
    return ChainRow(
        reference=chain.origin,
        title=chain.title,
        company_id=chain.company_id,
        company_name=chain.company_name,
        silence=number(silence["wait"]) if silence else "",
        limit=number(silence["limit"]) if silence.get("limit") is not None else "",
        label=label_name(silence.get("label", "")),
        chance=chance_of(chain),
        pace=times(estimate["value"]) if estimate else "",
        pace_range=range_of(estimate) if estimate else "",
        verdict=verdict,
        verdict_name=verdict_name(verdict),
        tone={"slow": "late", "fast": "done"}.get(verdict, ""),
        done=_done(pace),
    )


def chance_of(chain: StoredChain) -> Told | None:
    """Return the chance of a reaction, None where nothing can be said."""
    found = (chain.payload.get("chance") or {}).get("chance")
    if not found:
        return None
    low, at, high = (found[name] * 100 for name in ("low", "value", "high"))
    text = f"{number(low)}–{number(high)} %"
    return Told(f"{number(at)} %", text, found["n"], low, at, high)


def range_of(estimate: Json) -> str:
    return f"{times(estimate['low'])}–{times(estimate['high'])}"


def label_name(label: str) -> str:
    """Return what the customer's own rhythm says of a flag."""
    return {
        "unusual_here": _("unusual for this customer too"),
        "often_this_slow": _("this customer is often this slow"),
        "too_few": _("too few waits of this customer to compare"),
    }.get(label, "")


def verdict_name(verdict: str) -> str:
    """Return how fast a chain is beside similar ones."""
    return {
        "slow": pgettext("pace", "slow"),
        "usual": pgettext("pace", "usual"),
        "fast": pgettext("pace", "fast"),
        "too_few": _("too few cases"),
    }.get(verdict, "")


def _done(pace: Json) -> str:
    """Return how many activities there were in how many days, and at similar chains."""
    if not pace:
        return ""
    text = _("%(num)s in %(days)s working days") % {
        "num": number(pace["activities"]),
        "days": number(pace["days"]),
    }
    if pace.get("expected") is None:
        return text
    return _("%(done)s, similar chains about %(expected)s") % {
        "done": text,
        "expected": number(pace["expected"]),
    }


def budget_names() -> dict[str, str]:
    """Return what a manager may choose: how seldom a flag comes in vain."""
    return {
        Budget.QUIET: _("Quiet: one false alarm in 500 working days of an open chain"),
        Budget.USUAL: _("Usual: one in 250 working days"),
        Budget.WATCHFUL: _("Watchful: one in 125 working days"),
        Budget.EAGER: _("Eager: one in 60 working days"),
    }


def tell_stalled(payload: Json) -> dict[str, Any]:
    """Return what the page of stalled chains says above its list."""
    limit = payload.get("limit") or {}
    usual = payload.get("usual") or {}
    made = payload.get("calibrated")
    return {
        "code": payload.get("code", ""),
        "limit": days(limit["value"]) if limit.get("value") is not None else "",
        "limit_n": limit.get("n", 0),
        "usual": days(usual["value"]) if usual.get("value") is not None else "",
        "usual_n": usual.get("n", 0),
        "made_on": day(datetime.fromisoformat(made["at"])) if made else "",
        "drift": payload.get("drift") or {},
        "budget": payload.get("budget") or {},
        "flagged": payload.get("flagged", 0),
    }


def tell_pace(payload: Json) -> dict[str, Any]:
    """Return what the page of paces says above its list."""
    verdicts = payload.get("verdicts") or {}
    return {
        "code": payload.get("code", ""),
        "n_chains": payload.get("n_chains", 0),
        "n_gaps": payload.get("n_gaps", 0),
        "verdicts": [
            (verdict_name(verdict), verdicts.get(verdict, 0))
            for verdict in ("slow", "usual", "fast", "too_few")
        ],
    }
