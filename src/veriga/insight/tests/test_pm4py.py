"""The map of a real log, edge by edge as pm4py draws it (BPI Challenge 2012).

pm4py runs in .venv-pm4py, which `make pm4py` makes. The data are no part of the
project; tests/support/event_logs.py says where they are looked for.
"""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
from collections import Counter
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.support.event_logs import event_log

from veriga.insight.rules.map_filters import variants
from veriga.insight.rules.process_map import process_map

from .chains_by_hand import Act, Story, log_of

ROOT = Path(__file__).parents[4]
PYTHON = ROOT / ".venv-pm4py/bin/python"
DAY_S = 86_400


@pytest.fixture(scope="module")
def cases():
    """Return (activity, time) of each case, as the file has them."""
    found: dict[str, list[tuple[str, datetime]]] = {}
    with gzip.open(event_log("bpi2012/bpi2012_events.csv.gz"), "rt") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["timestamp"])
            found.setdefault(row["case_id"], []).append((row["activity"], at))
    return found


@pytest.fixture(scope="module")
def log(cases):
    stories = [
        Story([Act(activity, at.timestamp() / DAY_S) for activity, at in events])
        for events in cases.values()
    ]
    return log_of(stories, now=20_000.0)


def test_the_half_of_the_log_that_is_here(log):
    found = process_map(log, fewest=1)
    assert (found.chains, found.activities, len(found.nodes)) == (6_537, 130_441, 24)
    assert sum(edge.share.count for edge in found.edges) == 130_441 - 6_537
    # Each chain begins with the application, as the bank says.
    assert {n.kind: n.starts for n in found.nodes if n.starts} == {"A_SUBMITTED": 6_537}


@pytest.fixture(scope="module")
def theirs(cases, tmp_path_factory):
    lock = ROOT / ".venv-pm4py/lock.txt"
    current = ROOT / "requirements/pm4py.txt"
    if not lock.exists() or lock.read_bytes() != current.read_bytes():
        pytest.skip("pm4py is not there; `make pm4py` makes an environment for it")
    path = tmp_path_factory.mktemp("pm4py") / "log.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case", "activity", "time"])
        for case, events in cases.items():
            writer.writerows([case, kind, at.isoformat()] for kind, at in events)
    script = Path(__file__).with_name("pm4py_map.py")
    done = subprocess.run([PYTHON, script, path], capture_output=True, check=True)
    return json.loads(done.stdout)


def test_pm4py_counts_the_same_edges(log, theirs):
    found = process_map(log, fewest=1)
    ours = {(e.source, e.target): e.share.count for e in found.edges}
    assert ours == {(a, b): n for a, b, n in theirs["counts"]}
    ends = Counter({node.kind: node.ended + node.waiting for node in found.nodes})
    assert +ends == Counter(theirs["ends"])
    assert {n.kind: n.starts for n in found.nodes if n.starts} == theirs["starts"]


def test_pm4py_finds_the_same_median_times(log, theirs):
    found = process_map(log, fewest=1)
    seconds = {(a, b): value for a, b, value in theirs["medians"]}
    compared = 0
    for edge in found.edges:
        if edge.wait.median is not None:
            compared += edge.wait.n
            # A float of days since 1970 holds about a microsecond.
            expected = seconds[edge.source, edge.target] / DAY_S
            assert edge.wait.median == pytest.approx(expected, abs=2e-11 * 20_000)
    assert compared > 0.99 * (130_441 - 6_537)


def test_pm4py_counts_as_many_variants_before_they_are_folded(log, theirs):
    kinds = log.activities.kind.astype(np.uint8)
    first = log.chains.first.tolist()
    whole = {kinds[a:b].tobytes() for a, b in pairwise(first)}
    assert len(whole) == theirs["variants"]
    assert variants(log).different < 0.8 * len(whole)
