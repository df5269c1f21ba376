"""What a candidate for a link has in common with the new record: 14 figures.

Plain Python: forms order by them, insight learns their weights from them.
Source: docs/insight/links.md.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

BUCKETS = 2**18
GRAMS = (3, 4, 5)
PRIOR = 5.0
PRODUCT_WEIGHT = 2.0
CONTACT_WEIGHT = 1.0

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
KindName: TypeAlias = int | str


@dataclass(frozen=True, slots=True)
class Record:
    """What a link is chosen by. `at` in days; `text` is its title."""

    at: float
    kind: KindName
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

    pairs: Mapping[tuple[KindName, KindName], int]
    stimuli: Mapping[KindName, int]
    follow_ups: Mapping[KindName, int]
    total: int

    @classmethod
    def of(cls, offers: Iterable[Offer]) -> Transitions:
        """Count what these offers led to."""
        pairs: Counter[tuple[KindName, KindName]] = Counter()
        for offer in offers:
            for candidate in offer.candidates:
                if candidate.id == offer.chosen:
                    pairs[candidate.record.kind, offer.record.kind] += 1
        return cls.counted(pairs)

    @classmethod
    def counted(cls, pairs: Mapping[tuple[KindName, KindName], int]) -> Transitions:
        """Return what these counts of pairs, (stimulus, follow-up), come to."""
        stimuli: Counter[KindName] = Counter()
        follow_ups: Counter[KindName] = Counter()
        for (stimulus, follow_up), n in pairs.items():
            stimuli[stimulus] += n
            follow_ups[follow_up] += n
        return cls(pairs, stimuli, follow_ups, stimuli.total())

    def log_lift(self, stimulus: KindName, follow_up: KindName) -> float:
        """Return how much oftener than by chance the kinds follow one another.

        0 for a kind of which nothing is known, or that the form does not know yet.
        """
        if not self.follow_ups.get(follow_up):
            return 0.0
        usual = (self.follow_ups.get(follow_up, 0) + 1) / (self.total + 1)
        n = self.pairs.get((stimulus, follow_up), 0)
        share = (n + PRIOR * usual) / (self.stimuli.get(stimulus, 0) + PRIOR)
        return math.log(share / usual)


@lru_cache(maxsize=1_000)
def text_vector(text: str) -> Mapping[int, float]:
    """Return the hashed 3- to 5-grams of the words of a text, of length 1.

    Endings change in Slovenian, stems stay: "ponudba" and "ponudbo" share most grams.
    """
    counts: dict[int, int] = {}
    for word in text.lower().split():
        for gram in _grams(word):
            counts[gram] = counts.get(gram, 0) + 1
    damped = {gram: 1 + math.log(n) for gram, n in counts.items()}
    length = math.sqrt(sum(value * value for value in damped.values()))
    return {gram: value / length for gram, value in damped.items()}


@lru_cache(maxsize=5_000)
def _grams(word: str) -> tuple[int, ...]:
    """Return the hashed pieces of a word; titles of a firm use few words over again."""
    padded = f" {word} "
    return tuple(
        zlib.crc32(padded[i : i + size].encode()) % BUCKETS
        for size in GRAMS
        for i in range(len(padded) - size + 1)
    )


def cosine(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """Return how alike two texts are, 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(value * other.get(gram, 0.0) for gram, value in one.items())


def figures(offer: Offer, transitions: Transitions) -> list[list[float]]:
    """Return the figures of each candidate, and of a new chain in the last row."""
    new, candidates = offer.record, offer.candidates
    alike = [0.0] * len(candidates)
    if new.text.strip():
        text = text_vector(new.text)
        alike = [cosine(text, text_vector(c.record.text)) for c in candidates]
    rows: list[list[float]] = [[] for _ in candidates]
    for members in chains_of(candidates).values():
        records = [candidates[j].record for j in members]
        newest = max(members, key=lambda j: candidates[j].record.at)
        best = max(alike[j] for j in members)
        with_product = sum(bool(new.products & one.products) for one in records)
        chain_age = math.log1p(max(new.at - candidates[newest].record.at, 0.0))
        for i in members:
            old = candidates[i].record
            rows[i] = [
                *_in_common(new.contacts, old.contacts),
                *_in_common(new.products, old.products),
                float(bool(new.user) and new.user == old.user),
                alike[i],
                best,
                with_product / len(members),
                math.log1p(max(new.at - old.at, 0.0)),
                chain_age,
                float(i == newest),
                math.log(len(members)),
                transitions.log_lift(old.kind, new.kind),
                0.0,
            ]
    return [*rows, [0.0] * NEW_CHAIN + [1.0]]


def _in_common(new: frozenset[int], old: frozenset[int]) -> tuple[float, float]:
    """Return whether both have one the same, and whether both have only others."""
    same = bool(new & old)
    return float(same), float(bool(new) and bool(old) and not same)


def chains_of(candidates: Sequence[Candidate]) -> dict[int, list[int]]:
    """Return the places of the candidates of each chain, in their order."""
    chains: dict[int, list[int]] = {}
    for place, candidate in enumerate(candidates):
        chains.setdefault(candidate.chain, []).append(place)
    return chains


def fixed_scores(offer: Offer) -> dict[int, float]:
    """Return the score of each chain by the fixed weights: product 2, contact 1, age.

    As docs/maths/suggestions.md says; what the learnt weights must beat.
    """
    new, scores = offer.record, {}
    for chain, members in chains_of(offer.candidates).items():
        records = [offer.candidates[j].record for j in members]
        days = min(int(max(new.at - record.at, 0)) for record in records)
        product = any(new.products & record.products for record in records)
        contact = any(new.contacts & record.contacts for record in records)
        weighed = PRODUCT_WEIGHT * product + CONTACT_WEIGHT * contact
        scores[chain] = weighed + 1 / (1 + days / 30)
    return scores


def fixed_order(offer: Offer) -> list[int]:
    """Return the chains by the fixed weights, the best first, of equals the newer."""
    scores = fixed_scores(offer)
    newest: dict[int, float] = {}
    for candidate in offer.candidates:
        at = candidate.record.at
        newest[candidate.chain] = max(at, newest.get(candidate.chain, at))
    return sorted(scores, key=lambda c: (-scores[c], -newest[c]))
