"""A real log, split in time: limits made from earlier cases hold on later ones.

BPI Challenge 2012 (van Dongen, 4TU.ResearchData), half of its cases.
"""

from __future__ import annotations

import csv
import gzip
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.support.event_logs import event_log

from veriga.common.working_time import WorkingCalendar
from veriga.insight.rules.stall import conformal_limit, shrunk_limit


@pytest.fixture(scope="module")
def halves():
    """Return kind before and length of the gaps of earlier and of later cases."""
    calendar = WorkingCalendar(["NL"], zone=ZoneInfo("Europe/Amsterdam"))
    cases: dict[str, list[tuple[float, str]]] = {}
    path = event_log("bpi2012/bpi2012_events.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            at = calendar.clock(datetime.fromisoformat(row["timestamp"]))
            cases.setdefault(row["case_id"], []).append((at, row["activity"]))
    ordered = sorted(cases.values(), key=lambda case: case[0][0])
    cut = int(len(ordered) * 0.6)
    return _gaps(ordered[:cut]), _gaps(ordered[cut:])


def _gaps(cases):
    kinds, lengths = [], []
    for case in cases:
        at = np.array([event[0] for event in case])
        kinds += [event[1] for event in case[:-1]]
        lengths.append(np.maximum(np.diff(at), 0))
    return np.array(kinds), np.concatenate(lengths)


@pytest.mark.parametrize("alpha", [0.05, 0.10])
def test_one_limit_is_within_two_points_on_later_cases(halves, alpha):
    (_, before), (_, after) = halves
    limit = conformal_limit(before, alpha).value
    assert abs((after > limit).mean() - alpha) <= 0.02


@pytest.mark.parametrize("alpha", [0.05, 0.10])
def test_limits_by_kind_are_within_six(halves, alpha):
    (kinds, before), (later_kinds, after) = halves
    for kind in np.unique(later_kinds):
        own, later = before[kinds == kind], after[later_kinds == kind]
        limit = shrunk_limit(own, before, alpha).value
        if limit is None or len(later) < 200:
            continue
        assert (later > limit).mean() - alpha <= 0.06, kind
