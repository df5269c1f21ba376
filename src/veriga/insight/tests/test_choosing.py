"""What forms compute in plain Python is what insight learns with NumPy."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.activities.rules.choosing import Weights
from veriga.activities.rules.likeness import (
    FEATURES,
    Candidate,
    Offer,
    Record,
    Transitions,
    cosine,
    figures,
    text_vector,
)
from veriga.insight.rules.choice import ChoiceModel

KINDS = ("event:call", "event:visit", "quote:", "")
WORDS = ("klic", "ponudba", "ponudbo", "kotel", "sejem", "servis dvigala", "")
IDS = st.frozensets(st.integers(1, 4), max_size=2)
RECORDS = st.builds(
    Record,
    at=st.floats(0, 400, allow_nan=False),
    kind=st.sampled_from(KINDS),
    user=st.integers(0, 3),
    contacts=IDS,
    products=IDS,
    text=st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
)


@st.composite
def offers(draw):
    """Return a record with up to 60 candidates in up to six chains."""
    records = draw(st.lists(RECORDS, max_size=60, unique_by=lambda r: r.at))
    chains = st.integers(1, 6)
    candidates = tuple(Candidate(i, draw(chains), r) for i, r in enumerate(records))
    return Offer(draw(RECORDS), candidates)


TRANSITIONS = st.dictionaries(
    st.tuples(st.sampled_from(KINDS[:3]), st.sampled_from(KINDS[:3])),
    st.integers(1, 50),
).map(Transitions.counted)
WEIGHTS = st.lists(
    st.floats(-4, 4, allow_nan=False), min_size=len(FEATURES), max_size=len(FEATURES)
)


def by_columns(offer: Offer, transitions: Transitions) -> np.ndarray:
    """Return the figures by their definitions in docs/insight/links.md, in NumPy."""
    new, old = offer.record, [c.record for c in offer.candidates]
    chain = np.array([c.chain for c in offer.candidates], dtype=int)
    same = chain[:, None] == chain[None, :]
    at = np.array([one.at for one in old], dtype=float)
    newest = np.where(same, at[None, :], -np.inf).max(axis=1, initial=-np.inf)
    alike = np.array([cosine(text_vector(new.text), text_vector(o.text)) for o in old])
    product = np.array([bool(new.products & o.products) for o in old], dtype=float)
    contact = np.array([bool(new.contacts & o.contacts) for o in old], dtype=float)
    size = same.sum(axis=1)
    columns = [
        contact,
        [bool(new.contacts and o.contacts) for o in old] - contact,
        product,
        [bool(new.products and o.products) for o in old] - product,
        [bool(new.user) and new.user == o.user for o in old],
        alike,
        np.where(same, alike[None, :], 0).max(axis=1, initial=0),
        (same @ product) / np.maximum(size, 1),
        np.log1p(np.maximum(new.at - at, 0)),
        np.log1p(np.maximum(new.at - newest, 0)),
        at == newest,
        np.log(np.maximum(size, 1)),
        [transitions.log_lift(o.kind, new.kind) for o in old],
        np.zeros(len(old)),
    ]
    found = np.zeros((len(old) + 1, len(FEATURES)))
    found[:-1] = np.array(columns, dtype=float).T
    found[-1, -1] = 1
    return found


@given(offer=offers(), transitions=TRANSITIONS)
def test_the_figures_are_those_of_the_document(offer, transitions):
    found = np.array(figures(offer, transitions))
    assert np.abs(found - by_columns(offer, transitions)).max() < 1e-9


@given(offer=offers(), transitions=TRANSITIONS, weights=WEIGHTS)
def test_both_say_the_same(offer, transitions, weights):
    model = ChoiceModel(np.array(weights), transitions)
    stored = json.loads(json.dumps(model.plain().to_json()))
    plain = Weights.from_json(stored).suggest(offer)
    wanted = {one.chain: one for one in model.suggest(offer)}
    assert sum(one.confidence for one in plain) <= 1 + 1e-9
    for mine, theirs in zip(plain, model.suggest(offer), strict=True):
        assert mine.confidence == pytest.approx(theirs.confidence, abs=1e-9)
        if mine.chain in wanted:
            same = wanted[mine.chain]
            assert mine.activity == same.activity
            assert mine.confidence == pytest.approx(same.confidence, abs=1e-9)


def test_weights_of_other_figures_are_not_taken():
    stored = Weights((0.0,) * len(FEATURES), Transitions.counted({})).to_json()
    stored["weights"]["moon"] = stored["weights"].pop("age")
    assert Weights.from_json(stored) is None
