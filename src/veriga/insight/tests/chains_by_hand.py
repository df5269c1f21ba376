"""Logs written by hand or drawn by chance, for tests of the map and what followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from veriga.insight.rules.log import (
    Activities,
    ActivityKind,
    ActivityLog,
    Chains,
    Ending,
    Fate,
    Links,
    Side,
)


@dataclass(frozen=True)
class Act:
    """One activity: its kind, when, and what else a test wants to say of it."""

    kind: str
    at: float
    side: Side = Side.OUT
    fate: Fate = Fate.HELD
    late: float = 0.0  # working days from happening to recording
    product: int = 0


@dataclass(frozen=True)
class Story:
    """One chain; without `links` each activity follows the one before."""

    acts: Sequence[Act]
    ending: Ending = Ending.OPEN
    ended: float | None = None
    segment: int = -1
    team: int = 0
    reason: int = -1
    links: Sequence[tuple[int, int]] | None = field(default=None)


def log_of(
    stories: Sequence[Story],
    now: float = 1_000.0,
    *,
    segments: tuple[str, ...] = ("small", "large"),
    reasons: tuple[str, ...] = ("fair", "enquiry"),
) -> ActivityLog:
    """Return the log of these chains; ids of chains from 101, of activities from 1."""
    stories = [
        Story(s.acts, s.ending, s.ended, s.segment, s.team, s.reason, _links(s))
        for s in stories
    ]
    codes = sorted({act.kind for story in stories for act in story.acts})
    rows: list[tuple[int, Act]] = []
    first, links = [0], []
    for number, story in enumerate(stories):
        order = sorted(range(len(story.acts)), key=lambda i: (story.acts[i].at, i))
        place = {old: len(rows) + new for new, old in enumerate(order)}
        rows += [(number, story.acts[i]) for i in order]
        first.append(len(rows))
        links += [(place[f], place[s]) for f, s in story.links or ()]
    acts = [act for _, act in rows]
    ints = lambda values: np.array(list(values), dtype=np.int64)  # noqa: E731
    floats = lambda values: np.array(list(values), dtype=np.float64)  # noqa: E731
    planned = floats(act.at for act in acts)
    held = np.array([act.fate is Fate.HELD for act in acts], dtype=np.bool_)
    at = np.where(held, planned, np.nan)
    activities = Activities(
        id=np.arange(1, len(rows) + 1),
        chain=ints(number for number, _ in rows),
        kind=ints(codes.index(act.kind) for act in acts),
        side=ints(act.side for act in acts),
        fate=ints(act.fate for act in acts),
        user=np.zeros(len(rows), dtype=np.int64),
        product=ints(act.product for act in acts),
        at=at,
        planned=planned,
        recorded=planned + floats(act.late for act in acts),
        closed=at,
        day=730_000 + planned.astype(np.int64),
    )
    ended = [
        story.ended
        if story.ended is not None
        else max((act.at for act in story.acts), default=0.0)
        for story in stories
    ]
    chains = Chains(
        id=np.arange(101, 101 + len(stories)),
        first=ints(first),
        company=np.arange(1, len(stories) + 1),
        team=ints(story.team for story in stories),
        account_owner=np.zeros(len(stories), dtype=np.int64),
        segment=ints(story.segment for story in stories),
        origin=ints(first[:-1]),
        origin_reason=ints(story.reason for story in stories),
        began=planned[first[:-1]] if stories else np.empty(0),
        ended=floats(
            np.nan if story.ending is Ending.OPEN else end
            for story, end in zip(stories, ended, strict=True)
        ),
        ending=ints(story.ending for story in stories),
    )
    return ActivityLog(
        tuple(ActivityKind(code) for code in codes),
        segments,
        reasons,
        activities,
        chains,
        Links(ints(f for f, _ in links), ints(s for _, s in links)),
        now,
    )


def _links(story: Story) -> Sequence[tuple[int, int]]:
    if story.links is not None:
        return story.links
    return [(i, i - 1) for i in range(1, len(story.acts))]


def chain(*kinds: str, every: float = 1.0, start: float = 0.0, **more: object) -> Story:
    """Return a chain of these kinds, `every` working days apart."""
    acts = [Act(kind, start + place * every) for place, kind in enumerate(kinds)]
    return Story(acts, **more)  # type: ignore[arg-type]


ACTS = st.builds(
    Act,
    kind=st.sampled_from(["call", "quote", "task", "visit"]),
    at=st.sampled_from([0.0, 1.0, 2.0, 2.5, 7.0, 30.0, 90.0]),
    side=st.sampled_from(list(Side)),
    fate=st.sampled_from([Fate.HELD, Fate.HELD, Fate.HELD, Fate.COMING, Fate.DROPPED]),
    late=st.sampled_from([0.0, 0.0, 5.0]),
    product=st.integers(0, 2),
)


@st.composite
def _stories(draw: st.DrawFn) -> Story:
    acts = draw(st.lists(ACTS, min_size=1, max_size=7))
    links = [(i, draw(st.integers(0, i - 1))) for i in range(1, len(acts))]
    return Story(
        acts,
        draw(st.sampled_from(list(Ending))),
        segment=draw(st.integers(-1, 1)),
        team=draw(st.integers(0, 2)),
        reason=draw(st.integers(-1, 1)),
        links=links,
    )


STORIES = st.lists(_stories(), max_size=12)

AWKWARD = {
    "empty": [],
    "one activity": [chain("call")],
    "nothing carried out": [Story([Act("call", 1.0, fate=Fate.COMING)])],
    "one chain of 5,000": [chain(*["call", "visit", "quote", "task"] * 1_250)],
    "all on one day": [chain("call", "quote", "visit", every=0.0)] * 30,
    "40 kinds": [chain(*(f"k{(i * j) % 40}" for i in range(40))) for j in range(1, 40)],
    "a year without data": [chain("call"), chain("call", "quote", start=260.0)],
    "all in the future": [chain("call", "quote", start=2_000.0)],
}
