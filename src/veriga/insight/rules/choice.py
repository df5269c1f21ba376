"""Which chain a new record continues, learnt from the links that people confirmed.

Conditional logit: of the candidates offered, each is as likely as the exponential of
its score. It must beat the fixed weights on later links, else it stays silent.
Source: docs/insight/links.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from veriga.activities.rules.choosing import (
    COUNTS_FROM,
    OFFERED,
    REASONS,
    RECENT,
    SURE,
    Suggestion,
    Weights,
)
from veriga.activities.rules.likeness import (
    FEATURES,
    Offer,
    Transitions,
    figures,
    fixed_order,
)

from .intervals import Estimate, share
from .log import Floats, Ints

ENOUGH_LINKS = 500
TRAINED_SHARE = 0.8
RIDGE = 0.5
BY_CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class ChoiceModel:
    """The learnt weight of each of FEATURES, and how often kinds follow kinds."""

    weights: Floats
    transitions: Transitions

    def plain(self) -> Weights:
        """Return it as forms use it, without NumPy."""
        return Weights(tuple(map(float, self.weights)), self.transitions)

    def _shares(self, x: Floats) -> Floats:
        """Return the probability of each candidate, of a new chain last."""
        score = x @ self.weights
        chance = np.exp(score - score.max())
        whole: Floats = chance / chance.sum()
        return whole

    def suggest(self, offer: Offer) -> tuple[Suggestion, ...]:
        """Return the three likeliest chains, of each its newest activity.

        A chain is as likely as its candidates together. A new chain stands among them
        if it is likely enough, and is never preselected.
        """
        x = likeness(offer, self.transitions)
        by_chain = chain_chances(offer, self._shares(x))
        order = sorted(by_chain, key=lambda c: (-by_chain[c], c is None, c or 0))
        return tuple(
            self._suggestion(offer, x, chain, by_chain[chain], is_first=place == 0)
            for place, chain in enumerate(order[:OFFERED])
        )

    def _suggestion(
        self,
        offer: Offer,
        x: Floats,
        chain: int | None,
        confidence: float,
        *,
        is_first: bool,
    ) -> Suggestion:
        if chain is None:
            return Suggestion(None, None, confidence, (), False)
        members = [i for i, c in enumerate(offer.candidates) if c.chain == chain]
        newest = max(members, key=lambda i: offer.candidates[i].record.at)
        return Suggestion(
            offer.candidates[newest].id,
            chain,
            confidence,
            self._reasons(x, members),
            is_first and confidence > SURE,
        )

    def _reasons(self, x: Floats, members: Sequence[int]) -> tuple[str, ...]:
        """Return what speaks for this chain beside the other ones, weightiest first."""
        others = np.setdiff1d(np.arange(len(x) - 1), members)
        beside = x[others].mean(axis=0) if len(others) else np.zeros(x.shape[1])
        counts = self.weights * (x[list(members)].mean(axis=0) - beside)
        found: dict[str, float] = {}
        for feature, word in REASONS.items():
            amount = float(counts[FEATURES.index(feature)])
            # A thing not in common is no reason, however unlike the others are.
            if _is_true(feature, x[list(members)]):
                found[word] = found.get(word, 0.0) + amount
        told = [word for word, amount in found.items() if amount >= COUNTS_FROM]
        return tuple(sorted(told, key=lambda word: -found[word]))


def _is_true(feature: str, members: Floats) -> bool:
    """Tell whether what the feature's word says holds of the chain."""
    column = members[:, FEATURES.index(feature)]
    if feature in ("age", "chain_age"):
        return bool(column.min() <= RECENT)
    return bool((column > 0).any())


def chain_chances(offer: Offer, chance: Floats) -> dict[int | None, float]:
    """Return the probability of each chain; that of a new one under None."""
    found: dict[int | None, float] = {None: float(chance[-1])}
    for candidate, one in zip(offer.candidates, chance[:-1], strict=True):
        found[candidate.chain] = found.get(candidate.chain, 0.0) + float(one)
    return found


def likeness(offer: Offer, transitions: Transitions) -> Floats:
    """Return the figures of each candidate, and of a new chain in the last row."""
    return np.array(figures(offer, transitions))


def fit_choice(offers: Sequence[Offer]) -> ChoiceModel | None:
    """Return the model of these confirmed links, None below 500 of them.

    What had been preselected and was left so is no confirmation and is left out.
    """
    told = [offer for offer in offers if not offer.is_default and _place(offer) >= 0]
    return _fit(told) if len(told) >= ENOUGH_LINKS else None


def _fit(told: Sequence[Offer]) -> ChoiceModel:
    transitions = Transitions.of(told)
    parts = [likeness(offer, transitions) for offer in told]
    sizes = np.array([len(part) for part in parts])
    first = np.cumsum(sizes) - sizes
    x = np.vstack(parts)
    chosen = first + np.array([_place(offer) for offer in told])
    return ChoiceModel(_newton(x, first, sizes, chosen), transitions)


def _place(offer: Offer) -> int:
    """Return the row of what was chosen, -1 if it was not among the candidates."""
    if offer.chosen is None:
        return len(offer.candidates)
    ids = [candidate.id for candidate in offer.candidates]
    return ids.index(offer.chosen) if offer.chosen in ids else -1


def _newton(x: Floats, first: Ints, sizes: Ints, chosen: Ints) -> Floats:
    """Return the weights under which the choices are likeliest, lightly ridged."""
    group = np.repeat(np.arange(len(sizes)), sizes)
    weights = np.zeros(x.shape[1])

    def outcome(weights: Floats) -> tuple[float, Floats]:
        score = x @ weights
        score -= np.maximum.reduceat(score, first)[group]
        chance = np.exp(score)
        whole = np.add.reduceat(chance, first)
        loss = np.log(whole).sum() - score[chosen].sum()
        return float(loss + RIDGE / 2 * weights @ weights), chance / whole[group]

    loss, chance = outcome(weights)
    for _ in range(50):
        middle = np.add.reduceat(x * chance[:, None], first)
        slope = x[chosen].sum(axis=0) - middle.sum(axis=0) - RIDGE * weights
        bend = (x * chance[:, None]).T @ x - middle.T @ middle
        step = np.linalg.solve(bend + RIDGE * np.eye(len(weights)), slope)
        size = 1.0
        while (trial := outcome(weights + size * step))[0] > loss and size > 1e-6:
            size /= 2
        gain, weights = loss - trial[0], weights + size * step
        loss, chance = trial
        if gain < 1e-9 * (1 + abs(loss)):
            break
    return weights


def _is_more_than_chance(won: int, lost: int) -> bool:
    """Tell whether so many more were won than lost that a coin would hardly do it.

    The sign test, one-sided: of the links on which the two ways differ.
    """
    return bool(stats.binom.sf(won - 1, won + lost, 0.5) < BY_CHANCE)


@dataclass(frozen=True, slots=True)
class ChoiceReport:
    """How the learnt weights do on later links; `code`: "ok", "too_few", "no_better".

    Of the later links: the right chain first and among the first three, by the learnt
    and by the fixed weights. `sure`: right where it would be preselected; `sure_share`:
    how often it would be.
    """

    code: str
    n_links: int
    first: Estimate
    among_three: Estimate
    fixed_first: Estimate
    fixed_among_three: Estimate
    sure: Estimate
    sure_share: Estimate

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "code": self.code,
            "n_links": self.n_links,
            "first": self.first.to_json(),
            "among_three": self.among_three.to_json(),
            "fixed_first": self.fixed_first.to_json(),
            "fixed_among_three": self.fixed_among_three.to_json(),
            "sure": self.sure.to_json(),
            "sure_share": self.sure_share.to_json(),
        }


def choice_report(offers: Sequence[Offer]) -> ChoiceReport:
    """Return how weights learnt on the first four fifths do on the last fifth.

    Only if they beat the fixed weights there may they order suggestions.
    """
    ordered = sorted(
        (o for o in offers if not o.is_default and _place(o) >= 0),
        key=lambda offer: offer.record.at,
    )
    if len(ordered) < ENOUGH_LINKS:
        none = share(0, 0)
        return ChoiceReport("too_few", len(ordered), *[none] * 6)
    cut = int(len(ordered) * TRAINED_SHARE)
    model = _fit(ordered[:cut])
    later = [offer for offer in ordered[cut:] if offer.chosen is not None]
    return evaluate(model, later, len(ordered))


def evaluate(model: ChoiceModel, offers: Sequence[Offer], n_links: int) -> ChoiceReport:
    """Return how often the model names the chain that was confirmed."""
    first = three = fixed = fixed_three = sure = sure_right = 0
    won = lost = 0
    for offer in offers:
        right = offer.candidates[_place(offer)].chain
        # A new chain stands below the list of a form and takes no place in it.
        likely = model.plain().suggest(offer, OFFERED + 1)
        found = [one for one in likely if one.chain is not None][:OFFERED]
        first += found[0].chain == right
        three += right in [one.chain for one in found]
        fixed_chains = fixed_order(offer)[:OFFERED]
        fixed += fixed_chains[0] == right
        fixed_three += right in fixed_chains
        won += found[0].chain == right != fixed_chains[0]
        lost += fixed_chains[0] == right != found[0].chain
        sure += found[0].is_preselected
        sure_right += found[0].is_preselected and found[0].chain == right
    n = len(offers)
    code = "ok" if _is_more_than_chance(won, lost) else "no_better"
    return ChoiceReport(
        code,
        n_links,
        share(first, n),
        share(three, n),
        share(fixed, n),
        share(fixed_three, n),
        share(sure_right, sure),
        share(sure, n),
    )
