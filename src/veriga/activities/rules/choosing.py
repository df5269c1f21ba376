"""Which chain a new record continues, by weights that insight has learnt.

Conditional logit: each candidate is as likely as the exponential of its score, a chain
as its candidates together. Plain Python, so that whoever serves a form can do it;
insight learns the weights with NumPy (insight/rules/choice.py), and a test holds the
two together. Source: docs/insight/links.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .likeness import FEATURES, Offer, Transitions, chains_of, figures

SURE = 0.6
OFFERED = 3
COUNTS_FROM = 0.25
RECENT = math.log1p(30.0)  # days, as the feature has them
# Which figures can be a reason, and the word for it.
REASONS = {
    "same_contact": "same_contact",
    "same_product": "same_product",
    "same_user": "same_user",
    "alike_text": "alike_text",
    "best_text": "alike_text",
    "product_share": "same_product",
    "age": "recent",
    "chain_age": "recent",
    "usual_next": "usual_next",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A chain to continue: the activity to link to, how sure that is, and why.

    `activity` and `chain` are None for a new chain. `is_preselected` above 0.6 only.
    """

    activity: int | None
    chain: int | None
    confidence: float
    reasons: tuple[str, ...]
    is_preselected: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """The learnt weight of each of FEATURES, and how often kinds follow kinds."""

    values: tuple[float, ...]
    transitions: Transitions

    def suggest(self, offer: Offer, most: int = OFFERED) -> tuple[Suggestion, ...]:
        """Return the likeliest chains, of each its newest activity.

        A new chain stands among them if it is likely enough, and is never preselected.
        """
        x = figures(offer, self.transitions)
        chances = self._chances(x)
        chains = chains_of(offer.candidates)
        by_chain: dict[int | None, float] = {None: chances[-1]}
        for chain, members in chains.items():
            by_chain[chain] = sum(chances[i] for i in members)
        order = sorted(by_chain, key=lambda c: (-by_chain[c], c is None, c or 0))
        found = []
        for place, one in enumerate(order[:most]):
            if one is None:
                found.append(Suggestion(None, None, by_chain[one], (), False))
                continue
            members = chains[one]
            newest = max(members, key=lambda i: offer.candidates[i].record.at)
            found.append(
                Suggestion(
                    offer.candidates[newest].id,
                    one,
                    by_chain[one],
                    self._reasons(x, members),
                    place == 0 and by_chain[one] > SURE,
                )
            )
        return tuple(found)

    def _chances(self, x: Sequence[Sequence[float]]) -> list[float]:
        """Return the probability of each candidate, of a new chain last."""
        weights = self.values
        scores = [sum(w * v for w, v in zip(weights, row, strict=True)) for row in x]
        best = max(scores)
        chances = [math.exp(score - best) for score in scores]
        whole = sum(chances)
        return [chance / whole for chance in chances]

    def _reasons(
        self, x: Sequence[Sequence[float]], members: Sequence[int]
    ) -> tuple[str, ...]:
        """Return what speaks for this chain beside the other ones, weightiest first."""
        inside = set(members)
        own = [x[i] for i in members]
        others = [row for i, row in enumerate(x[:-1]) if i not in inside]
        found: dict[str, float] = {}
        for feature, word in REASONS.items():
            column = FEATURES.index(feature)
            # A thing not in common is no reason, however unlike the others are.
            if _is_true(feature, [row[column] for row in own]):
                beside = _mean([row[column] for row in others])
                amount = _mean([row[column] for row in own]) - beside
                found[word] = found.get(word, 0.0) + self.values[column] * amount
        told = [word for word, amount in found.items() if amount >= COUNTS_FROM]
        return tuple(sorted(told, key=lambda word: -found[word]))

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types, to be stored."""
        pairs = self.transitions.pairs.items()
        return {
            "weights": dict(zip(FEATURES, self.values, strict=True)),
            "pairs": [[stimulus, then, n] for (stimulus, then), n in pairs],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Weights | None:
        """Return what was stored, None if another release had other figures."""
        values = stored["weights"]
        if set(values) != set(FEATURES):
            return None
        pairs = {(stimulus, then): n for stimulus, then, n in stored["pairs"]}
        return cls(tuple(values[f] for f in FEATURES), Transitions.counted(pairs))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _is_true(feature: str, values: Sequence[float]) -> bool:
    """Tell whether what the feature's word says holds of the chain."""
    if feature in ("age", "chain_age"):
        return min(values) <= RECENT
    return any(value > 0 for value in values)
