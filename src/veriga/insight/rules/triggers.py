"""Which of our actions set things in motion: rates within each chain, and guards.

    rate_i(t) = level_i · exp( sum_k b_k · [an action of kind k in the last 10 days]
                               + time since the last reaction + age of the chain
                               + the month, with two years of chains
                               + sum_k c_k · [k agreed and yet to come] )

The level of each chain is free and cancels: chains are compared with themselves alone.
Times in working days. Source: docs/insight/triggers.md.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .conditional_poisson import Rows
from .log import ActivityLog
from .trigger_checks import checked
from .trigger_design import OUTCOMES, WINDOW_DAYS, Design, merged
from .trigger_estimates import (
    ALLOWANCE,
    LEVEL,
    MARGIN,
    Estimated,
    Spoken,
    benjamini_hochberg,
    chains_of,
    estimate_of,
    estimated,
    in_windows,
    is_itself,
    needs_of,
)
from .trigger_report import (
    Estimate,
    Guards,
    Need,
    OutcomeReport,
    TriggerLine,
    TriggerReport,
    Verdict,
)
from .trigger_seasons import seasons_of

MOST_IDS = 200
CALL = "call"
NO_SIGN = (0.8, 1.25)


def find_triggers(log: ActivityLog) -> TriggerReport:
    """Return what may be said of each kind of our actions, for each outcome.

    For a team give `log.part(...)`. Any log will do: where there is too little, the
    report says so.
    """
    design = Design(log)
    rows, events = merged(design)
    estimates = [
        estimated(design, outcome, replace(rows, events=events[:, i].astype(float)))
        for i, outcome in enumerate(OUTCOMES)
    ]
    adjusted = iter(
        benjamini_hochberg(np.array([s.p for e in estimates for s in e.spoken]))
    )
    ps = [{s.kind: float(next(adjusted)) for s in e.spoken} for e in estimates]
    guards = checked(design, estimates)
    return TriggerReport(
        chains=len(log.chains),
        window=WINDOW_DAYS,
        allowance=ALLOWANCE,
        margin=MARGIN,
        by_month=design.columns.by_month,
        outcomes=tuple(
            _report(design, estimate, ps[i], guards[i])
            for i, estimate in enumerate(estimates)
        ),
    )


def _report(
    design: Design, estimate: Estimated, ps: dict[int, float], guards: dict[int, Guards]
) -> OutcomeReport:
    acted = np.unique(design.log.activities.kind[design.acts.act]).tolist()
    lines = [
        _line(design, estimate, kind, ps, guards)
        for kind in acted
        if not is_itself(design.log, estimate.outcome, kind)
    ]
    events = int(estimate.rows.events.sum())
    return OutcomeReport(
        str(estimate.outcome),
        estimate.chains,
        events,
        tuple(lines),
        seasons_of(design, estimate),
    )


def _line(
    design: Design,
    estimate: Estimated,
    kind: int,
    ps: dict[int, float],
    guards: dict[int, Guards],
) -> TriggerLine:
    """Return what is said of one kind."""
    log, rows = design.log, estimate.rows
    chains = chains_of(design, kind)
    newest = chains[np.argsort(-log.chains.began[chains], kind="stable")][:MOST_IDS]
    acts = design.acts.act
    few = TriggerLine(
        kind=log.kinds[kind].code,
        verdict=Verdict.TOO_FEW,
        chains=len(chains),
        actions=int((log.activities.kind[acts] == kind).sum()),
        outcomes_in_windows=in_windows(design, rows, kind, estimate.outcome),
        chain_ids=tuple(log.chains.id[newest].tolist()),
        needs=needs_of(design, rows, estimate.chains, kind, estimate.outcome),
    )
    own = next((s for s in estimate.spoken if s.kind == kind), None)
    if own is None or estimate.fit is None:
        needs = few.needs or (Need("precision", 0, 1),)
        return replace(few, needs=needs)
    wait_with, wait_without = _waits(rows, own)
    effect = estimate_of(own.beta, own.allowed_error)
    return replace(
        few,
        verdict=_verdict(effect, ps[kind], guards[kind]),
        effect=effect,
        error=own.error,
        p=ps[kind],
        wait_with=wait_with,
        wait_without=wait_without,
        versus_others=_versus(estimate, own, _others(estimate, own)),
        versus_call=_versus(
            estimate,
            own,
            [s for s in _others(estimate, own) if log.kinds[s.kind].code == CALL],
        ),
        guards=guards[kind],
    )


def _verdict(effect: Estimate, p: float, guards: Guards) -> Verdict:
    if p < LEVEL and not guards.failed:
        return Verdict.ACCELERATES
    if effect.low >= NO_SIGN[0] and effect.high <= NO_SIGN[1]:
        return Verdict.NO_SIGN
    return Verdict.UNKNOWN


def _others(estimate: Estimated, own: Spoken) -> list[Spoken]:
    return [s for s in estimate.spoken if s.kind != own.kind]


def _versus(estimate: Estimated, own: Spoken, others: list[Spoken]) -> Estimate | None:
    """Return the ratio to the average of other kinds; each brings its allowance."""
    if not others or estimate.fit is None:
        return None
    weights = np.zeros(len(estimate.fit.beta))
    weights[own.column] = 1.0
    weights[[s.column for s in others]] = -1.0 / len(others)
    variance = float(weights @ estimate.fit.covariance @ weights)
    variance += ALLOWANCE**2 * (1.0 + 1.0 / len(others))
    return estimate_of(float(weights @ estimate.fit.beta), float(np.sqrt(variance)))


def _waits(rows: Rows, own: Spoken) -> tuple[float | None, float | None]:
    """Return the median waits after the action, and at the same times without it.

    Both at the mean rate in the windows; with it the rate falls back after the window.
    """
    inside = rows.columns[:, own.column] > 0
    happened, time = rows.events[inside].sum(), rows.exposure[inside].sum()
    if happened <= 0 or time <= 0:
        return None, None
    rate = happened / time
    usual = rate / np.exp(own.beta)
    within = np.log(2.0) / rate
    beyond = WINDOW_DAYS + (np.log(2.0) - rate * WINDOW_DAYS) / usual
    wait = within if within <= WINDOW_DAYS else beyond
    return float(wait), float(np.log(2.0) / usual)
