"""A made-up stream of records at companies with several live chains, and its truth.

Each chain has its person, its product and its words; `noise` is how often a record
shows another one. Some chains are older than the newest, so that "the latest" errs.
"""

from __future__ import annotations

import numpy as np

from veriga.activities.rules.likeness import Candidate, Offer, Record

SYLLABLES = [
    "ka",
    "ma",
    "le",
    "po",
    "vi",
    "ro",
    "su",
    "ne",
    "ti",
    "ba",
    "gra",
    "sto",
    "mi",
    "da",
    "ze",
    "lo",
    "pre",
    "ska",
    "no",
    "ru",
]
ENDINGS = ("", "a", "o", "i", "ega", "em", "ih")
COMMON = ("klic", "sestanek", "dogovor", "ponudba", "stranka", "naslednji")
# After a fair comes a call, after a call an offer; the rest follows anything.
USUAL = {0: 1, 1: 2, 2: 3, 3: 4, 4: 1}


def stream(seed: int, companies: int = 20, *, noise: float = 0.5) -> list[Offer]:
    """Return the offers of all records that continue a chain, in their order."""
    random = np.random.default_rng(seed)
    offers: list[Offer] = []
    for company in range(companies):
        offers += _of_company(random, company, noise)
    return sorted(offers, key=lambda offer: offer.record.at)


def _of_company(random: np.random.Generator, company: int, noise: float) -> list[Offer]:
    people = 10 * company + np.arange(1, 5)
    products = random.permutation(np.arange(1, 10))
    chains = [
        {
            "id": 100 * company + i,
            "person": int(random.choice(people)),
            "product": int(products[i]),
            "words": _words(random, 6),
            "user": int(random.integers(1, 4)),
            "live": (start := random.uniform(0, 500), start + random.uniform(150, 400)),
        }
        for i in range(6)
    ]
    past: list[Candidate] = []
    offers = []
    moments = np.sort(random.uniform(0, 600, 90))
    for place, at in enumerate(moments):
        live = [c for c in chains if c["live"][0] <= at <= c["live"][1]]
        if not live:
            continue
        chain = live[random.integers(len(live))]
        before = [c for c in past if at - c.record.at <= 365][-60:]
        own = [c for c in before if c.chain == chain["id"]]
        kind = int(random.integers(0, 5))
        if own and random.random() < 0.6:
            kind = USUAL[own[-1].record.kind]
        record = _record(random, chain, people, at, kind, noise)
        if before:
            offers.append(Offer(record, tuple(before), own[-1].id if own else None))
        past.append(Candidate(1000 * company + place, chain["id"], record))
    return offers


def _record(random, chain, people, at, kind, noise) -> Record:
    person, product = chain["person"], chain["product"]
    if random.random() < noise:
        person = int(random.choice(people))
    contacts = frozenset() if random.random() < 0.2 else frozenset([person])
    if random.random() < noise / 2:
        product = int(random.integers(1, 8))
    products = frozenset() if random.random() < 0.4 else frozenset([product])
    own = random.choice(chain["words"], 3)
    words = [word + random.choice(ENDINGS) for word in own]
    words += list(random.choice(COMMON, 2))
    if random.random() < noise:
        words[:1] = _words(random, 1)
    user = chain["user"] if random.random() < 0.7 else int(random.integers(1, 4))
    return Record(float(at), kind, user, contacts, products, " ".join(words))


def _words(random: np.random.Generator, n: int) -> list[str]:
    return ["".join(random.choice(SYLLABLES, 3)) for _ in range(n)]
