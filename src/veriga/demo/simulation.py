"""How a chain of the past went: a customer's reactions simulated, a seller at work.

Plain Python, in working days. Reactions come by chance at a rate that depends on the
customer's warmth, on how long they have been silent and on what we did in the last ten
working days (truth.py); everything else, what sellers do when, knows the past only and
never what the customer will do. Described in docs/insight/demo.md.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Mapping
from math import ceil, inf
from typing import Final

from .courses import Course, Fate, Seller, Step, reaction_rate
from .plots import GIVEN_UP, LOST, PATH, WON
from .truth import (
    BASE_RATE,
    EFFECTS,
    LOST_IN_SILENCE,
    LOST_IN_SILENCE_FROM,
    NEWSLETTER_FROM_WARMTH,
    NEWSLETTER_RATE,
    QUIET,
    WARMTH_ON_ACTIONS,
    Origin,
)

LONGEST: Final = 60
# What a seller does of their own accord, by phase: event types (a sample, too) with
# weights. What is agreed beforehand with the customer takes place days later.
OWN: Final[Mapping[str, Mapping[str, float]]] = {
    "opening": {"call": 3, "email": 1.5, "visit": 4, "video_meeting": 1},
    "qualify": {"call": 3, "email": 2, "visit": 4, "meeting": 1, "video_meeting": 1},
    "sample": {"sample_sent": 5, "call": 2, "visit": 2, "email": 2},
    "present": {"demonstration": 3, "visit": 3, "meeting": 1, "call": 2, "email": 1},
    "offer": {"call": 3, "email": 2, "visit": 2, "meeting": 1},
    "negotiate": {"call": 3, "email": 2, "visit": 2, "meeting": 2, "video_meeting": 1},
    "after_sales": {"visit": 4, "call": 3, "email": 2, "meeting": 0.5},
}
ANSWERS: Final[Mapping[str, float]] = {"email": 5, "call": 3, "video_meeting": 0.5}
AGREED: Final = frozenset({"visit", "meeting", "video_meeting", "demonstration"})
REACTIONS: Final[Mapping[str, float]] = {
    "email_in": 5, "call_in": 5, "visit_in": 0.6, "product_record": 1.2,
}  # fmt: skip
RECORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "opening": ("interest", "competitor_product"),
    "qualify": ("interest", "objection", "competitor_product"),
    "sample": ("test", "test", "objection"),
    "present": ("interest", "objection"),
    "offer": ("objection", "competitor_product"),
    "negotiate": ("objection", "competitor_product"),
    "after_sales": ("in_use", "in_use", "interest"),
}
# Rates per working day of one seller at a customer of warmth 1, and chances.
OWN_RATE: Final = 0.08
TASK_RATE: Final = 0.018
TALK_RATE: Final = 0.004  # among ourselves
ANSWER_CHANCE: Final = 0.3
NOT_REACHED_CHANCE: Final = 0.12
CANCELLED_CHANCE: Final = 0.09
FORWARD_CHANCE: Final = 0.75
SKIP_CHANCE: Final = {"sample": 0.3, "present": 0.3}
DECIDING: Final = ("offer", "negotiate")
WON_CHANCE, LOST_CHANCE, LOST_EARLY_CHANCE = 0.34, 0.16, 0.03
CHASES: Final = 2
GIVEN_UP_CHANCE: Final = 0.9  # else nobody writes down that it is over
CARE_DAYS: Final = 30.0  # how long after an order the chain goes on, on average
SECOND_SALE_CHANCE: Final = 0.12
PARTS_CHANCE: Final = 0.12
SPEAKING_DAYS, INTENDED_CHANCE = 20.0, 0.9


class Simulation:
    """One chain, told by seeded chance from `began` until `until`."""

    def __init__(
        self,
        rng: random.Random,
        origin: Origin,
        *,
        began: float,
        until: float,
        warmth: float,
        seller: Seller,
        may_buy: bool,
    ) -> None:
        self._rng = rng
        self._course = Course(began, until, warmth, origin)
        self._seller = seller
        self._may_buy = may_buy
        self._phase, self._sale = "opening", 0
        self._silent_since = began
        self._last: dict[str, float] = {}
        self._chased = 0
        self._stops_at = inf
        self._agenda: list[tuple[float, int, str, Step | None]] = []
        self._count = 0

    def run(self) -> Course:
        """Return the course."""
        course, rng = self._course, self._rng
        self._begin()
        now = course.began
        bound = BASE_RATE * course.warmth * max(share for _, share in QUIET)
        for effect in EFFECTS.values():
            bound *= max(effect, 1.0)
        while self._agenda and len(course.steps) < LONGEST:
            at = self._agenda[0][0]
            reaction = now + rng.expovariate(bound)
            if min(at, reaction) >= min(course.until, self._stops_at):
                break
            if reaction < at:
                now = reaction
                if now < course.over and rng.random() * bound < self._rate(now):
                    self._react(now)
                continue
            now, _, what, step = heapq.heappop(self._agenda)
            self._do(what, step, now)
        self._finish()
        return course

    def _rate(self, now: float) -> float:
        silence = now - self._silent_since
        if silence < 0:  # a record of tomorrow's date is still to come
            return 0.0
        return reaction_rate(self._course.warmth, silence, self._last, now)

    def _begin(self) -> None:
        course, rng = self._course, self._rng
        inbound = course.origin.type.endswith("_in") or course.origin.type in {
            "enquiry", "chance_meeting",
        }  # fmt: skip
        origin = self._step("event", course.origin.type, course.began)
        origin.direction = "in" if inbound else "out"
        self._hold(origin)
        self._plan("answer", course.began + 0.2 + rng.expovariate(0.5))
        self._plan_own(course.began + 1)
        self._plan_chase(course.began)
        self._plan("task", course.began + rng.expovariate(TASK_RATE))
        self._plan("talk", course.began + rng.expovariate(TALK_RATE))
        self._plan("silence", course.began + LOST_IN_SILENCE_FROM)
        if course.warmth >= NEWSLETTER_FROM_WARMTH:
            self._plan("newsletter", course.began + rng.expovariate(NEWSLETTER_RATE))

    # --- the agenda ----------------------------------------------------------------

    def _plan(self, what: str, at: float, step: Step | None = None) -> None:
        self._count += 1
        heapq.heappush(self._agenda, (at, self._count, what, step))

    def _plan_own(self, now: float) -> None:
        rate = OWN_RATE * self._seller.pace * self._course.warmth**WARMTH_ON_ACTIONS
        self._plan("own", now + self._rng.expovariate(rate))

    def _plan_chase(self, now: float) -> None:
        self._plan("chase", now + 9 + self._rng.expovariate(1 / 5))

    def _step(self, kind: str, type_: str, at: float, agreed: float = -1.0) -> Step:
        direction = "internal" if kind == "task" else "out"
        if type_ == "internal_meeting":
            direction = "internal"
        when = at if agreed < 0 else agreed
        return Step(self._phase, kind, type_, direction, at, when, self._sale)

    def _hold(self, step: Step) -> None:
        """Let a step take place."""
        self._course.steps.append(step)
        if step.direction != "in" and step.fate is Fate.HELD:
            self._last[step.code] = step.at

    def _do(self, what: str, step: Step | None, now: float) -> None:
        rng = self._rng
        if step is not None:
            self._take_place(step)
        elif what == "own":
            self._plan_own(now)
            weights = dict(OWN[self._phase])
            weights["visit"] = weights.get("visit", 0.0) * self._seller.visits
            self._act(self._one_of(weights), now)
        elif what == "answer":
            self._act(self._one_of(ANSWERS), now)
        elif what == "newsletter":
            self._plan("newsletter", now + rng.expovariate(NEWSLETTER_RATE))
            self._hold(self._step("event", "invitation", now))
        elif what == "task":
            self._plan("task", now + rng.expovariate(TASK_RATE))
            self._agree(self._step("task", "", now + rng.uniform(0.5, 6), now))
        elif what == "talk":
            self._plan("talk", now + rng.expovariate(TALK_RATE))
            self._hold(self._step("event", "internal_meeting", now))
        elif what == "chase":
            self._chase(now)
        else:
            self._watch_silence(now)

    def _one_of(self, weights: Mapping[str, float]) -> str:
        return self._rng.choices(list(weights), list(weights.values()))[0]

    def _act(self, type_: str, now: float) -> None:
        """Do it at once, or agree on a day."""
        rng = self._rng
        if type_ == "sample_sent":
            day = float(ceil(now))  # records have a day, no hour
            self._agree(self._step("product_record", type_, day, day))
        elif type_ in AGREED:
            at = now + 2 + rng.expovariate(1 / 4)
            at = at // 1 + rng.randrange(24) / 32  # done before the office closes
            step = self._step("event", type_, at, now)
            if rng.random() < CANCELLED_CHANCE:
                step.fate = Fate.CANCELLED
            self._agree(step)
        else:
            step = self._step("event", type_, now)
            if type_ == "call" and rng.random() < NOT_REACHED_CHANCE:
                step.fate = Fate.NOT_REACHED
            self._hold(step)

    def _agree(self, step: Step) -> None:
        self._plan("held", step.at, step)

    def _take_place(self, step: Step) -> None:
        step.phase, step.sale = self._phase, self._sale
        self._hold(step)
        if step.type in {"visit", "demonstration"} and step.fate is Fate.HELD:
            self._forward(0.2, step.at)

    # --- the customer --------------------------------------------------------------

    def _react(self, now: float) -> None:
        rng, course = self._rng, self._course
        type_ = self._one_of(REACTIONS)
        step = self._step("event", type_, now)
        if type_ == "product_record":
            now = float(ceil(now))
            if now >= course.until:
                return
            type_ = rng.choice(RECORDS[self._phase])
            step = self._step("product_record", type_, now)
        step.direction = "in"
        self._silent_since, self._chased = now, 0
        step.closes = self._decision(step)
        if step.closes:
            step.phase = step.closes
        self._hold(step)
        if step.closes:
            self._close(step.closes, now)
            return
        if rng.random() < ANSWER_CHANCE:
            self._plan("answer", now + 0.1 + rng.expovariate(1.0))
        self._forward(FORWARD_CHANCE, now)

    def _decision(self, step: Step) -> str:
        """Return how the sale ends with this reaction, if it does."""
        chance, promise = self._rng.random(), self._course.origin.promise
        if self._phase in DECIDING and step.kind == "event":
            won = WON_CHANCE * promise if self._may_buy else 0.0
            if chance < won and step.type != "visit_in":
                return WON
            early = LOST_CHANCE if step.type != "visit_in" else 0.0
            return LOST if chance > 1 - early else ""
        early = LOST_EARLY_CHANCE if step.type in {"email_in", "call_in"} else 0.0
        is_sale = self._phase not in {"opening", "after_sales"}
        return LOST if is_sale and chance > 1 - early else ""

    def _forward(self, chance: float, now: float) -> None:
        """Bring the sale one phase further, perhaps; an offer begins with a quote."""
        rng = self._rng
        if self._phase == "after_sales":
            self._care(now)
            return
        place = PATH.index(self._phase)
        if (
            place + 1 == len(PATH)
            or rng.random() > chance * self._course.origin.promise
        ):
            return
        place += 1
        while rng.random() < SKIP_CHANCE.get(PATH[place], 0.0):
            place += 1
        if PATH[place] != "offer":
            self._phase = PATH[place]
        else:
            self._quote(now, "offer")

    def _quote(self, now: float, phase: str) -> None:
        if any(step is not None and step.kind == "quote" for *_, step in self._agenda):
            return
        at = now + 1 + self._rng.expovariate(1 / 2)
        if phase == "offer":
            self._phase = phase
        self._agree(self._step("quote", "", at, at))

    def _care(self, now: float) -> None:
        """After an order: now and then parts are asked for, or a second machine."""
        chance = self._rng.random()
        if chance < SECOND_SALE_CHANCE and self._sale == 0:
            self._phase, self._sale, self._stops_at = "qualify", 1, inf
        elif chance > 1 - PARTS_CHANCE:
            self._quote(now, "after_sales")

    # --- endings -------------------------------------------------------------------

    def _close(self, ending: str, now: float) -> None:
        self._course.ending = ending
        if ending == WON and len(self._course.steps) < LONGEST - 4:
            self._phase = "after_sales"
            self._agenda = [one for one in self._agenda if one[3] is None]
            heapq.heapify(self._agenda)
            self._stops_at = now + self._rng.expovariate(1 / CARE_DAYS)
        else:
            self._stops_at = now
        if ending != WON:
            self._course.over = now

    def _chase(self, now: float) -> None:
        """Ask again after a silence, and in the end give up, written down or not."""
        rng = self._rng
        if now - self._silent_since < 9 or self._phase == "after_sales":
            self._plan_chase(max(now, self._silent_since))
            return
        if self._chased < CHASES:
            self._chased += 1
            self._act("call" if rng.random() < 0.5 else "email", now)
            self._plan_chase(now)
        elif rng.random() < GIVEN_UP_CHANCE:
            last = self._step("event", "internal_meeting", now)
            if rng.random() < 0.6:
                last = self._step("task", "", now)
            last.phase = last.closes = GIVEN_UP
            self._hold(last)
            self._close(GIVEN_UP, now)
        else:
            self._course.over = min(self._course.over, now)
            self._stops_at = now

    def _watch_silence(self, now: float) -> None:
        """Each working day of a long silence the customer may be lost to us."""
        since = now - self._silent_since
        if since < LOST_IN_SILENCE_FROM:
            again = self._silent_since + LOST_IN_SILENCE_FROM
            self._plan("silence", max(again, now + 0.1))
        elif self._rng.random() < LOST_IN_SILENCE:
            self._course.over = min(self._course.over, now)
        else:
            self._plan("silence", now + 1)

    def _finish(self) -> None:
        """Say when it was over, and keep what is agreed for the days to come."""
        course = self._course
        stopped = min(self._stops_at, course.until)
        if len(course.steps) >= LONGEST:
            stopped = course.steps[-1].at
        if stopped < course.until:
            course.over = min(course.over, stopped)
            return
        coming = sorted(self._agenda, key=lambda one: one[:2])
        for _, _, what, step in coming:
            if step is not None and step.agreed < course.until and what == "held":
                if step.kind != "quote":
                    self._come(step)
                return
        self._intend(course.until)

    def _intend(self, until: float) -> None:
        """Write down what is meant to be done next, while the customer still speaks."""
        rng = self._rng
        silence = until - self._silent_since
        if silence > SPEAKING_DAYS or rng.random() > INTENDED_CHANCE:
            return
        agreed = max(self._silent_since, until - rng.uniform(0.2, 3.0))
        at = until // 1 + 1 + rng.randrange(8) + rng.randrange(24) / 32
        type_ = "call" if rng.random() < 0.6 else "visit"
        self._come(self._step("event", type_, at, agreed))

    def _come(self, step: Step) -> None:
        step.fate = Fate.COMING
        self._course.steps.append(step)
