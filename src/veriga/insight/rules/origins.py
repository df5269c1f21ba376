"""How chains began and what became of them: first contact, quote, order.

Source: docs/insight/origins.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from .counting import Z_95, Incidence, Share, Wait, aalen_johansen, rounded
from .followed import QUOTE
from .log import ActivityLog, Bools, Ending, Floats, Ints
from .walking import held_order

FEWEST_CHAINS = 10  # fewer say nothing of time
FEWEST_QUOTED = 6
HORIZONS = (20, 60, 120, 250)  # working days: a month, a quarter, half a year, a year


@dataclass(frozen=True, slots=True)
class Reached:
    """How large a share had reached a milestone `days` after the first contact."""

    days: int
    share: float
    low: float
    high: float

    def to_json(self) -> dict[str, Any]:
        return {
            "days": self.days,
            "share": rounded(self.share),
            "low": rounded(self.low),
            "high": rounded(self.high),
        }


@dataclass(frozen=True, slots=True)
class Until:
    """After how many working days a given share of all had reached a milestone.

    `days` None: they never have; `high` None: the range has no end yet.
    """

    days: float | None = None
    low: float | None = None
    high: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "days": rounded(self.days),
            "low": rounded(self.low),
            "high": rounded(self.high),
        }


@dataclass(frozen=True, slots=True)
class Milestone:
    """How many of `n` chains reached it by now, and how soon.

    `by`: Aalen-Johansen, open chains censored, those that ended without it never reach
    it; only horizons that somebody was observed for. `quarter`, `half`: when these
    shares of all had reached it. Nothing of these under FEWEST_CHAINS chains.
    """

    n: int
    reached: int
    by: tuple[Reached, ...]
    quarter: Until
    half: Until

    def to_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "reached": self.reached,
            "by": [one.to_json() for one in self.by],
            "quarter": self.quarter.to_json(),
            "half": self.half.to_json(),
        }


@dataclass(frozen=True, slots=True)
class PerQuote:
    """Carried-out activities for each quote, with the 95 % range of the ratio.

    `ratio` is None under FEWEST_QUOTED chains with a quote. `before_first`: how many
    were carried out before a chain's first quote (a Wait in activities, not in days).
    """

    activities: int
    quotes: int
    ratio: float | None
    low: float | None
    high: float | None
    before_first: Wait

    def to_json(self) -> dict[str, Any]:
        return {
            "activities": self.activities,
            "quotes": self.quotes,
            "ratio": rounded(self.ratio),
            "low": rounded(self.low),
            "high": rounded(self.high),
            "before_first": self.before_first.to_json(),
        }


@dataclass(frozen=True, slots=True)
class OriginLine:
    """Chains that began alike; `reason` and `kind` are None where they do not matter.

    A chain without a stated reason has the reason "".
    """

    reason: str | None
    kind: str | None
    chains: int
    outcomes: dict[str, int]
    quote: Milestone
    order: Milestone
    per_quote: PerQuote

    def to_json(self) -> dict[str, Any]:
        return {
            "reason": self.reason,
            "kind": self.kind,
            "chains": self.chains,
            "outcomes": self.outcomes,
            "quote": self.quote.to_json(),
            "order": self.order.to_json(),
            "per_quote": self.per_quote.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Origins:
    """All chains, then by reason, by kind of the origin, and by both together."""

    total: OriginLine
    by_reason: tuple[OriginLine, ...]
    by_kind: tuple[OriginLine, ...]
    by_both: tuple[OriginLine, ...]
    coverage: Share

    def to_json(self) -> dict[str, Any]:
        return {
            "total": self.total.to_json(),
            "by_reason": [line.to_json() for line in self.by_reason],
            "by_kind": [line.to_json() for line in self.by_kind],
            "by_both": [line.to_json() for line in self.by_both],
            "coverage": self.coverage.to_json(),
        }


@dataclass(frozen=True, slots=True)
class _Chains:
    """What is needed of each chain. Times in working days from its beginning."""

    quote_days: Floats  # NaN without a quote
    last_days: Floats  # until it ended, or until now
    ending: Ints
    held: Ints
    quotes: Ints
    before_first: Ints


def origins(log: ActivityLog) -> Origins:
    """Return how the chains of `log` began and what became of them."""
    facts = _facts(log)
    reason = log.chains.origin_reason
    kind = log.activities.kind[log.chains.origin]
    width = len(log.kinds) + 1
    return Origins(
        _line(log, facts, np.arange(len(log.chains)), None, None),
        _lines(log, facts, reason, lambda key: (key, None)),
        _lines(log, facts, kind, lambda key: (None, key)),
        _lines(
            log,
            facts,
            (reason + 1) * width + kind,
            lambda key: (key // width - 1, key % width),
        ),
        link_coverage(log),
    )


def link_coverage(log: ActivityLog, chosen: Bools | None = None) -> Share:
    """Return how many of all activities stand in chains of more than one."""
    sizes = np.diff(log.chains.first)
    if chosen is not None:
        sizes = sizes[chosen]
    return Share(int(sizes[sizes > 1].sum()), int(sizes.sum()))


def _lines(log: ActivityLog, facts: _Chains, key: Ints, names: Any) -> Any:
    """Return a line for each value of `key`, the commonest first."""
    lines = [
        _line(log, facts, np.flatnonzero(key == value), *names(value))
        for value in np.unique(key).tolist()
    ]
    return tuple(sorted(lines, key=lambda o: (-o.chains, o.reason or "", o.kind or "")))


def _line(
    log: ActivityLog, facts: _Chains, chosen: Ints, reason: int | None, kind: int | None
) -> OriginLine:
    ending = facts.ending[chosen]
    quote, last = facts.quote_days[chosen], facts.last_days[chosen]
    is_quoted = ~np.isnan(quote)
    is_won, is_closed = ending == Ending.WON, ending != Ending.OPEN
    return OriginLine(
        _reason(log, reason),
        None if kind is None else log.kinds[kind].code,
        len(chosen),
        {
            one.name.lower(): int(np.count_nonzero(ending == one))
            for one in (Ending.WON, Ending.LOST, Ending.GIVEN_UP, Ending.OPEN)
        },
        _milestone(np.where(is_quoted, quote, last), is_quoted, is_closed),
        _milestone(last, is_won, is_closed),
        _per_quote(facts, chosen),
    )


def _reason(log: ActivityLog, reason: int | None) -> str | None:
    if reason is None:
        return None
    return log.reasons[reason] if reason >= 0 else ""


def _milestone(days: Floats, reached: Bools, is_closed: Bools) -> Milestone:
    n, count = len(days), int(np.count_nonzero(reached))
    if n < FEWEST_CHAINS:
        return Milestone(n, count, (), Until(), Until())
    incidence = aalen_johansen(days, reached, is_closed)
    quarter, half = (Until(*incidence.time_of(share)) for share in (0.25, 0.5))
    return Milestone(n, count, _by(incidence), quarter, half)


def _by(incidence: Incidence) -> tuple[Reached, ...]:
    found = [(days, incidence.at(days)) for days in HORIZONS]
    return tuple(Reached(days, *at) for days, at in found if at is not None)


def _per_quote(facts: _Chains, chosen: Ints) -> PerQuote:
    held, quotes = facts.held[chosen], facts.quotes[chosen]
    with_quote = quotes > 0
    before = Wait.of(facts.before_first[chosen][with_quote].astype(np.float64))
    total, count = int(held.sum()), int(quotes.sum())
    if np.count_nonzero(with_quote) < FEWEST_QUOTED:
        return PerQuote(total, count, None, None, None, before)
    ratio, n = total / count, len(chosen)
    # A ratio of two sums over chains: its error is that of the sum of what is left.
    left = held - ratio * quotes
    spread = Z_95 * sqrt(float(left @ left) * n / (n - 1)) / count
    return PerQuote(
        total, count, ratio, max(ratio - spread, 0.0), ratio + spread, before
    )


def _facts(log: ActivityLog) -> _Chains:
    order = held_order(log)
    chains, count = log.chains, len(log.chains)
    chain = log.activities.chain[order.rows]
    quotes = [place for place, kind in enumerate(log.kinds) if kind.code == QUOTE]
    is_quote = np.isin(log.activities.kind[order.rows], quotes)
    held = np.bincount(chain, minlength=count)
    place = np.arange(len(chain)) - np.repeat(np.cumsum(held) - held, held)
    at_quote = np.flatnonzero(is_quote)
    # Backwards, so that the first one of a chain is written last.
    first = np.full(count, -1, dtype=np.int64)
    first[chain[at_quote[::-1]]] = at_quote[::-1]
    has_quote = first >= 0
    quote_days = np.full(count, np.nan)
    at = log.activities.at[order.rows]
    began = chains.began[has_quote]
    quote_days[has_quote] = np.maximum(at[first[has_quote]] - began, 0.0)
    before_first = np.zeros(count, dtype=np.int64)
    before_first[has_quote] = place[first[has_quote]]
    # An end that is not known of a closed chain is no end: it counts until now.
    end = np.where(np.isnan(chains.ended), log.now, chains.ended)
    return _Chains(
        quote_days,
        np.maximum(end - chains.began, 0.0),
        chains.ending,
        held.astype(np.int64),
        np.bincount(chain[is_quote], minlength=count).astype(np.int64),
        before_first,
    )
