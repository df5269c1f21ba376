"""Replicates of the simulator judged by their truth: coverage, claims, power.

`python -m veriga.insight.tests.trigger_acceptance` prints the table of
docs/insight/triggers.md for `scenario chains replicates` given as arguments.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from veriga.insight.rules.trigger_design import OUTCOMES, Design, merged
from veriga.insight.rules.trigger_estimates import (
    ALLOWANCE,
    Z95,
    benjamini_hochberg,
    estimated,
    p_above_margin,
)
from veriga.insight.rules.trigger_report import Verdict
from veriga.insight.rules.triggers import find_triggers

from .simulator import RATIOS, Simulated, simulate


@dataclass(frozen=True)
class Said:
    """What was said of one kind in one replicate, and what is true."""

    outcome: str
    kind: str
    truth: float
    beta: float
    error: float
    is_claimed: bool

    @property
    def is_covered(self) -> bool:
        reach = Z95 * np.hypot(self.error, ALLOWANCE)
        return bool(abs(self.beta - np.log(self.truth)) <= reach)

    @property
    def is_covered_plainly(self) -> bool:
        return bool(abs(self.beta - np.log(self.truth)) <= Z95 * self.error)


def estimates_of(simulated: Simulated) -> list[Said]:
    """Return what the model says, without the guards, which cost most of the time."""
    design = Design(simulated.log)
    rows, events = merged(design)
    said = []
    for i, outcome in enumerate(OUTCOMES):
        found = estimated(
            design, outcome, replace(rows, events=events[:, i].astype(float))
        )
        for own in found.spoken:
            kind = simulated.log.kinds[own.kind].code
            true = simulated.truth.ratios[kind] if i == 0 else 1.0
            said.append(Said(outcome, kind, true, own.beta, own.error, False))
    return _claimed(said)


def naive_of(simulated: Simulated) -> list[Said]:
    """Return what a dashboard would say: the rate after an action against the rest."""
    design = Design(simulated.log)
    rows, events = merged(design)
    said = []
    for column, number in enumerate(design.columns.acted):
        kind = simulated.log.kinds[number].code
        inside = rows.columns[:, column] > 0
        n, rest = events[inside, 0].sum(), events[~inside, 0].sum()
        rates = n / rows.exposure[inside].sum(), rest / rows.exposure[~inside].sum()
        beta, error = np.log(rates[0] / rates[1]), np.sqrt(1 / n + 1 / rest)
        true = simulated.truth.ratios[kind]
        said.append(Said(OUTCOMES[0], kind, true, beta, error, False))
    return _claimed(said)


def _claimed(said: list[Said]) -> list[Said]:
    ps = benjamini_hochberg(np.array([p_above_margin(s.beta, s.error) for s in said]))
    return [
        replace(s, is_claimed=bool(p < 0.05)) for s, p in zip(said, ps, strict=True)
    ]


def reported_of(simulated: Simulated) -> list[Said]:
    """Return what the whole report says, guards included."""
    said = []
    for report in find_triggers(simulated.log).outcomes:
        for line in report.lines:
            if line.effect is not None:
                is_first = report.outcome == OUTCOMES[0]
                true = simulated.truth.ratios[line.kind] if is_first else 1.0
                beta = float(np.log(line.effect.ratio))
                is_claimed = line.verdict is Verdict.ACCELERATES
                said.append(
                    Said(report.outcome, line.kind, true, beta, line.error, is_claimed)
                )
    return said


@dataclass(frozen=True)
class Score:
    """The figures of many replicates; shares between 0 and 1."""

    replicates: int
    coverage: float
    plain_coverage: float
    worst_kind: float
    coverage_of_quotes: float
    any_false: float
    false_discovery: float
    power: dict[str, float]
    bias: dict[str, float]


def score(replicates: Iterable[list[Said]], *, only_null: bool = False) -> Score:
    """Return the figures; `only_null` where the true ratio is no single number."""
    runs = list(replicates)
    said = [s for run in runs for s in run]
    reactions = [s for s in said if s.outcome == OUTCOMES[0]]
    judged = [s for s in reactions if s.truth == 1.0 or not only_null]
    quotes = [s for s in said if s.outcome != OUTCOMES[0]]
    kinds = {s.kind for s in judged}
    false = [sum(s.is_claimed and s.truth <= 1.0 for s in run) for run in runs]
    claims = [sum(s.is_claimed for s in run) for run in runs]
    return Score(
        replicates=len(runs),
        coverage=_share(s.is_covered for s in judged),
        plain_coverage=_share(s.is_covered_plainly for s in judged),
        worst_kind=min(
            (_share(s.is_covered for s in judged if s.kind == k) for k in kinds),
            default=1.0,
        ),
        coverage_of_quotes=_share(s.is_covered for s in quotes),
        any_false=_share(f > 0 for f in false),
        false_discovery=_share(
            f / max(c, 1) for f, c in zip(false, claims, strict=True)
        ),
        power={
            k: sum(s.is_claimed for s in reactions if s.kind == k) / max(len(runs), 1)
            for k in list(RATIOS)[:4]
        },
        bias={
            k: float(np.mean([s.beta - np.log(s.truth) for s in judged if s.kind == k]))
            for k in list(RATIOS)
            if k in kinds
        },
    )


def _share(values: Iterable[float]) -> float:
    listed = [float(v) for v in values]
    return float(np.mean(listed)) if listed else float("nan")


def main(arguments: list[str]) -> None:
    """Print the figures of a scenario: scenario chains replicates [guards|naive]."""
    scenario, chains, count = arguments[0], int(arguments[1]), int(arguments[2])
    how = {"guards": reported_of, "naive": naive_of}.get(
        arguments[3] if len(arguments) > 3 else "", estimates_of
    )
    seeds = np.random.SeedSequence().generate_state(count).tolist()
    found = score(
        (how(simulate(seed, chains, scenario)) for seed in seeds),
        only_null=scenario == "decay",
    )
    power = "/".join(f"{p:.2f}" for p in found.power.values())
    visit = found.bias.get("visit", float("nan"))
    null = _share(b for k, b in found.bias.items() if RATIOS[k] == 1.0)
    sys.stdout.write(
        f"{scenario} {chains} x{found.replicates} {how.__name__}: coverage"
        f" {found.coverage:.3f} plain {found.plain_coverage:.3f} worst"
        f" {found.worst_kind:.2f} quotes {found.coverage_of_quotes:.3f} any false"
        f" {found.any_false:.3f} fdr {found.false_discovery:.3f} power {power}"
        f" bias visit {visit:+.3f} null {null:+.3f}\n"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
