"""The demo's past without a database, and plain ways to count in it.

Nothing here uses insight's own models: the planted truth is recounted from the steps of
each course, by walking through its time from one change to the next.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from veriga.access.models import User
from veriga.demo.company import ACTIVITIES, YEARS
from veriga.demo.content import load
from veriga.demo.courses import Course, Fate
from veriga.demo.customers import Customer
from veriga.demo.days import OfficeDays
from veriga.demo.past import Past, PastTeller, Told
from veriga.demo.truth import EFFECTS, QUIET, WINDOW_DAYS

ZONE = ZoneInfo("Europe/Ljubljana")
NOW = datetime(2026, 3, 3, 11, 20, tzinfo=ZONE)  # a Tuesday


@lru_cache(maxsize=8)
def make_past(seed: int, activities: int = ACTIVITIES) -> tuple[Told, ...]:
    """Return the past as `make_demo` makes it, at companies that are not stored."""
    content = load("sl")
    rng = random.Random(seed)
    office = OfficeDays(NOW, ZONE)
    sellers = [
        User(pk=n, email=one.email)
        for n, one in enumerate(content.users, 1)
        if one.role == "sales"
    ]
    products = {product.code: n for n, product in enumerate(content.products, 1)}
    customers = [
        Customer(n, (), line, rng.choice(sellers), ())
        for n, line in enumerate(content.companies[1:], 1)
    ]
    teller = PastTeller(content, rng, office, products, sellers[0])
    since = (NOW - timedelta(days=YEARS * 365)).date()
    past = Past(content, rng, office, teller, customers, since)
    return tuple(past.tell(activities))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a chain's time in which nothing changes: what is in force, and how
    many reactions came at its end."""

    days: float
    silence: float  # at its middle
    kinds: frozenset[str]
    reactions: int


def stretches(course: Course) -> Iterator[Stretch]:
    """Yield the time of a chain, as far as a customer could still react."""
    end = min(course.until, course.over)
    held = [step for step in course.steps if step.fate is Fate.HELD]
    ours = [step for step in held if step.direction != "in"]
    reactions = sorted(s.at for s in held[1:] if s.direction == "in")
    windows = [(s.at, s.at + WINDOW_DAYS, s.code) for s in ours]
    cuts = {course.began, end, *reactions}
    cuts.update(moment for one in windows for moment in one[:2])
    for began in (course.began, *reactions):
        cuts.update(began + limit for limit, _ in QUIET)
    moments = sorted(cut for cut in cuts if course.began <= cut <= end)
    for left, right in itertools.pairwise(moments):
        middle = (left + right) / 2
        since = max([course.began, *(at for at in reactions if at < middle)])
        kinds = frozenset(k for start, stop, k in windows if start < middle < stop)
        yield Stretch(right - left, middle - since, kinds, reactions.count(right))


def crude_ratio(courses: Sequence[Course], kind: str) -> float:
    """Return what a dashboard shows: reactions per day after `kind`, and otherwise."""
    events, days = [0.0, 0.0], [0.0, 0.0]
    for course in courses:
        for stretch in stretches(course):
            place = kind in stretch.kinds
            events[place] += stretch.reactions
            days[place] += stretch.days
    return events[1] / days[1] / (events[0] / days[0])


def ratio_at_equal_silence(courses: Sequence[Course], kind: str) -> float:
    """Return the ratio within the same chain at the same silence.

    Mantel and Haenszel's: every chain and class of silence is a table of its own.
    """
    above = below = 0.0
    for course in courses:
        tables: dict[int, list[list[float]]] = {}
        for stretch in stretches(course):
            silence = sum(stretch.silence >= limit for limit, _ in QUIET)
            table = tables.setdefault(silence, [[0.0, 0.0], [0.0, 0.0]])
            table[kind in stretch.kinds][0] += stretch.reactions
            table[kind in stretch.kinds][1] += stretch.days
        for (other, other_days), (own, own_days) in tables.values():
            if other_days + own_days:
                above += own * other_days / (own_days + other_days)
                below += other * own_days / (own_days + other_days)
    return above / below


def times(kinds: Mapping[str, float] = EFFECTS, *, of: frozenset[str]) -> float:
    """Return by how much the planted effects of these kinds multiply."""
    product = 1.0
    for kind in of:
        product *= kinds[kind]
    return product
