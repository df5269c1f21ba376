"""The reports: which there are, and what of each is stored.

Reports over all chains are stored as they tell themselves in JSON. What is said of each
open chain is stored chain by chain, as one row that its page reads; the shapes are in
docs/insight/running.md.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from veriga.insight.models import ChainFigures, Point
from veriga.insight.rules.calibration import Terms, calibrated
from veriga.insight.rules.chance import chance_report
from veriga.insight.rules.followed import QUOTE_WITHIN, REACTION_WITHIN, what_followed
from veriga.insight.rules.log import ActivityLog
from veriga.insight.rules.next_step import next_step_report
from veriga.insight.rules.origins import link_coverage, origins
from veriga.insight.rules.pace import VERDICTS, pace_report
from veriga.insight.rules.stalled import stall_report
from veriga.insight.rules.triggers import find_triggers
from veriga.insight.rules.wins import win_report
from veriga.insight.rules.words import ReportKind

from .maps import map_payload

logger = logging.getLogger(__name__)
Payload = dict[str, Any]


class Report(Protocol):
    """What a report must be able to do."""

    def to_json(self) -> dict[str, Any]:
        """Return it in plain JSON types."""
        ...


@dataclass(slots=True)
class Made:
    """One report, made: its payload, or what went wrong; and figures of chains."""

    kind: ReportKind
    seconds: float = 0.0
    payload: Payload | None = None
    error: str = ""
    figures: list[ChainFigures] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)


@dataclass(slots=True)
class _OfChains:
    """What the reports say of single chains, gathered by the chain's id."""

    parts: dict[int, Payload] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    point_of: dict[int, Point] = field(default_factory=dict)

    def take(self, name: str, report: Report) -> Payload:
        """Return a report without its lines on single chains, which are kept here."""
        payload = report.to_json()
        for line in payload.pop("chains", ()):
            self.parts.setdefault(line.pop("chain"), {})[name] = line
        return payload

    def figures(self) -> list[ChainFigures]:
        """Return a row for each chain; what lists ask for stands in columns."""
        return [
            _row(chain, payload, self.point_of.get(chain))
            for chain, payload in sorted(self.parts.items())
        ]


def make_reports(log: ActivityLog, terms: Terms) -> Iterator[Made]:
    """Make every report of a log, one after the other."""
    yield _made(ReportKind.FOLLOWED, lambda: _followed(log))
    yield _made(ReportKind.ORIGINS, lambda: origins(log).to_json())
    yield _made(ReportKind.MAP, lambda: map_payload(log))
    chains = _OfChains()
    yield _made(ReportKind.PACE, lambda: _pace(log, chains))
    stalled = _made(ReportKind.STALLED, lambda: _stalled(log, terms, chains))
    # A part that fails leaves the rest of what is said of each chain.
    for part in (
        _made(ReportKind.STALLED, lambda: _chance(log, chains)),
        _made(ReportKind.STALLED, lambda: _next(log, chains)),
    ):
        stalled.payload = (stalled.payload or {}) | (part.payload or {}) or None
        stalled.error = stalled.error or part.error
        stalled.seconds += part.seconds
    stalled.figures, stalled.points = chains.figures(), chains.points
    yield stalled
    yield _made(ReportKind.TRIGGERS, lambda: _triggers(log))


def _followed(log: ActivityLog) -> Payload:
    return {
        "reaction_within": REACTION_WITHIN,
        "quote_within": QUOTE_WITHIN,
        "kinds": [line.to_json() for line in what_followed(log)],
        "coverage": link_coverage(log).to_json(),
    }


def _pace(log: ActivityLog, chains: _OfChains) -> Payload:
    report = pace_report(log)
    payload = chains.take("pace", report)
    payload["verdicts"] = {
        verdict: sum(chain.verdict == verdict for chain in report.chains)
        for verdict in VERDICTS
    }
    return payload


def _stalled(log: ActivityLog, terms: Terms, chains: _OfChains) -> Payload:
    report = stall_report(log, terms.budget, terms=terms)
    payload = chains.take("silence", report)
    payload["flagged"] = len(payload["flagged"])
    payload["calibrated"] = calibrated(log, terms, is_kept=report.is_kept)
    return payload


def _triggers(log: ActivityLog) -> Payload:
    """Return what sets things in motion, and apart from it what goes with wins."""
    return find_triggers(log).to_json() | {"wins": win_report(log).to_json()}


def _chance(log: ActivityLog, chains: _OfChains) -> Payload:
    return {"chance": chains.take("chance", chance_report(log))}


def _next(log: ActivityLog, chains: _OfChains) -> Payload:
    report = next_step_report(log)
    chains.points = [Point(payload=point.to_json()) for point in report.points]
    chains.point_of = {chain: chains.points[place] for chain, place in report.chains}
    return {}


def _row(chain: int, payload: Payload, point: Point | None) -> ChainFigures:
    silence = payload.get("silence") or {}
    pace = (payload.get("pace") or {}).get("pace") or {}
    chance = (payload.get("chance") or {}).get("chance") or {}
    return ChainFigures(
        chain_id=chain,
        point=point,
        is_stalled=silence.get("code") == "flagged",
        silence_days=silence.get("silence"),
        limit_days=silence.get("limit"),
        pace=pace.get("value"),
        chance=chance.get("value"),
        payload=payload,
    )


def _made(kind: ReportKind, make: Callable[[], Payload]) -> Made:
    """Make one report; whatever goes wrong in it becomes its error."""
    began = time.monotonic()
    try:
        return Made(kind, payload=make(), seconds=time.monotonic() - began)
    except Exception as error:  # one report must not take the others along
        logger.exception("The report %s could not be made", kind)
        text = f"{type(error).__name__}: {error}"
        return Made(kind, error=text, seconds=time.monotonic() - began)
