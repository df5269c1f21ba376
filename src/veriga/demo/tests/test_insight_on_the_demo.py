"""Insight is held to the planted truth: it finds the visit, and not the newsletter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from veriga.demo.company import SEED
from veriga.demo.courses import Course, Fate
from veriga.insight.rules.log import (
    Activities,
    ActivityKind,
    ActivityLog,
    Chains,
    Ending,
    Links,
    Side,
)
from veriga.insight.rules.log import Fate as LogFate

from .made import make_past

triggers: Any = pytest.importorskip(
    "veriga.insight.rules.triggers", reason="the model of triggers is not there yet"
)

SIDES = {"out": Side.OUT, "in": Side.IN, "internal": Side.INTERNAL}
FATES = {Fate.HELD: LogFate.HELD, Fate.COMING: LogFate.COMING}
ENDINGS = {
    "": Ending.OPEN,
    "won": Ending.WON,
    "lost": Ending.LOST,
    "given_up": Ending.GIVEN_UP,
}


def log_of(courses: list[Course]) -> ActivityLog:
    """Return the courses as insight would read them from the stored chains."""
    codes = sorted({step.code for course in courses for step in course.steps})
    rows, first, ended = [], [0], []
    for number, course in enumerate(courses):
        closed = float("nan")
        for step in sorted(course.steps, key=lambda one: one.at):
            is_held = step.fate is Fate.HELD
            at = step.at if is_held else float("nan")
            kind, side = codes.index(step.code), SIDES[step.direction]
            fate = FATES.get(step.fate, LogFate.DROPPED)
            entry = (len(rows) + 1, number, kind, side, fate, 1, 0)
            rows.append((*entry, at, step.at, step.agreed, at, int(step.at)))
            closed = step.at if step.closes else closed
        ended.append(closed)
        first.append(len(rows))
    whole, real = (lambda c: np.array(c, dtype=np.int64)), np.array
    columns = list(zip(*rows, strict=True))
    ids = whole(range(1, len(courses) + 1))
    none = np.zeros(len(courses), dtype=np.int64)
    return ActivityLog(
        tuple(map(ActivityKind, codes)),
        ("",),
        (),
        Activities(
            *map(whole, columns[:7]), *map(real, columns[7:11]), whole(columns[11])
        ),
        Chains(
            ids,
            whole(first),
            ids,
            none,
            none,
            none,
            whole(first[:-1]),
            none - 1,
            real([course.began for course in courses]),
            real(ended),
            whole([ENDINGS[course.ending] for course in courses]),
        ),
        Links(whole([]), whole([])),
        courses[0].until,
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", [SEED, 1, 2])
def test_it_claims_the_visit_and_never_the_newsletter(seed):
    report = triggers.find_triggers(log_of([one.course for one in make_past(seed)]))
    reactions = report.outcomes[0]
    lines = {line.kind: line for line in reactions.lines}
    accelerating = {k for k, one in lines.items() if str(one.verdict) == "accelerates"}
    assert "visit" in accelerating
    assert lines["visit"].guards.failed == ()
    assert lines["visit"].effect.low < 2.1 < lines["visit"].effect.high
    assert accelerating <= {"visit", "call", "product_record:sample_sent"}
