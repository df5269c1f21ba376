"""What a candidate for a link has in common with the new record: 13 figures.

Source: docs/insight/links.md.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .log import Floats

BUCKETS = 2**18
GRAMS = (3, 4, 5)
PRIOR = 5.0

FEATURES = (
    "same_contact",
    "other_contact",
    "same_product",
    "other_product",
    "same_user",
    "alike_text",
    "best_text",
    "product_share",
    "age",
    "chain_age",
    "is_last",
    "size",
    "usual_next",
    "new_chain",
)
NEW_CHAIN = len(FEATURES) - 1


@dataclass(frozen=True, slots=True)
class Record:
    """What a link is chosen by. `at` in days; `text` is its title and its notes."""

    at: float
    kind: int
    user: int
    contacts: frozenset[int]
    products: frozenset[int]
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An activity that the new record may follow, and the chain it stands in."""

    id: int
    chain: int
    record: Record


@dataclass(frozen=True, slots=True)
class Offer:
    """A new record, the candidates it was offered, and the chain that was confirmed.

    `chosen` is the candidate's id, None for a new chain. `is_default`: it had been
    preselected and nobody changed it, so that it says nothing about what people want.
    """

    record: Record
    candidates: tuple[Candidate, ...]
    chosen: int | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Transitions:
    """How often a kind followed a kind in confirmed links."""

    pairs: Mapping[tuple[int, int], int]
    stimuli: Mapping[int, int]
    follow_ups: Mapping[int, int]
    total: int

    @classmethod
    def of(cls, offers: Iterable[Offer]) -> Transitions:
        """Count what these offers led to."""
        pairs: Counter[tuple[int, int]] = Counter()
        for offer in offers:
            for candidate in offer.candidates:
                if candidate.id == offer.chosen:
                    pairs[candidate.record.kind, offer.record.kind] += 1
        stimuli: Counter[int] = Counter()
        follow_ups: Counter[int] = Counter()
        for (stimulus, follow_up), n in pairs.items():
            stimuli[stimulus] += n
            follow_ups[follow_up] += n
        return cls(pairs, stimuli, follow_ups, pairs.total())

    def log_lift(self, stimulus: int, follow_up: int) -> float:
        """Return how much oftener than by chance the kinds follow one another."""
        if not self.total:
            return 0.0
        usual = (self.follow_ups.get(follow_up, 0) + 1) / (self.total + 1)
        n = self.pairs.get((stimulus, follow_up), 0)
        share = (n + PRIOR * usual) / (self.stimuli.get(stimulus, 0) + PRIOR)
        return math.log(share / usual)


@lru_cache(maxsize=5_000)
def text_vector(text: str) -> Mapping[int, float]:
    """Return the hashed 3- to 5-grams of the words of a text, of length 1.

    Endings change in Slovenian, stems stay: "ponudba" and "ponudbo" share most grams.
    """
    counts: Counter[int] = Counter()
    for word in text.lower().split():
        padded = f" {word} "
        for size in GRAMS:
            for i in range(len(padded) - size + 1):
                gram = padded[i : i + size].encode()
                counts[zlib.crc32(gram) % BUCKETS] += 1
    damped = {gram: 1 + math.log(n) for gram, n in counts.items()}
    length = math.sqrt(sum(value * value for value in damped.values()))
    return {gram: value / length for gram, value in damped.items()}


def cosine(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """Return how alike two texts are, 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(value * other.get(gram, 0.0) for gram, value in one.items())


def likeness(offer: Offer, transitions: Transitions) -> Floats:
    """Return the figures of each candidate, and of a new chain in the last row."""
    new, candidates = offer.record, offer.candidates
    text = text_vector(new.text)
    alike = [cosine(text, text_vector(c.record.text)) for c in candidates]
    chains = _chains(candidates)
    x = np.zeros((len(candidates) + 1, len(FEATURES)))
    x[-1, NEW_CHAIN] = 1.0
    for i, candidate in enumerate(candidates):
        old, members = candidate.record, chains[candidate.chain]
        with_product = sum(
            bool(new.products & candidates[j].record.products) for j in members
        )
        newest = max(members, key=lambda j: candidates[j].record.at)
        x[i, :NEW_CHAIN] = (
            bool(new.contacts & old.contacts),
            bool(new.contacts and old.contacts and not new.contacts & old.contacts),
            bool(new.products & old.products),
            bool(new.products and old.products and not new.products & old.products),
            bool(new.user and new.user == old.user),
            alike[i],
            max(alike[j] for j in members),
            with_product / len(members),
            math.log1p(max(new.at - old.at, 0.0)),
            math.log1p(max(new.at - candidates[newest].record.at, 0.0)),
            i == newest,
            math.log(len(members)),
            transitions.log_lift(old.kind, new.kind),
        )
    return x


def _chains(candidates: Sequence[Candidate]) -> dict[int, list[int]]:
    chains: dict[int, list[int]] = {}
    for place, candidate in enumerate(candidates):
        chains.setdefault(candidate.chain, []).append(place)
    return chains


def fixed_scores(offer: Offer) -> dict[int, float]:
    """Return the score of each chain by the fixed weights: product 2, contact 1, age.

    As docs/maths/suggestions.md says; what the learnt weights must beat.
    """
    new, scores = offer.record, {}
    for chain, members in _chains(offer.candidates).items():
        records = [offer.candidates[j].record for j in members]
        days = min(int(max(new.at - record.at, 0)) for record in records)
        product = any(new.products & record.products for record in records)
        contact = any(new.contacts & record.contacts for record in records)
        scores[chain] = 2.0 * product + 1.0 * contact + 1 / (1 + days / 30)
    return scores
