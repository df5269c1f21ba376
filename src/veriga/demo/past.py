"""The demo's past: simulated courses put into words, as chains of its companies.

When something happened comes from simulation.py; what it was called, who did it and
what was written down comes from the content, as for every other chain of the demo.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Final

from veriga.activities.rules.words import KindCode, LinkReason
from veriga.work.services.loading import LoadedActivity, LoadedChain, LoadedLink

from .chains import MINUTES, Teller, Telling
from .content.types import Content, Line
from .courses import Course, Fate, Seller, Step, some_warmth
from .customers import Customer
from .days import OfficeDays
from .plots import PATH, STALLED, Beat, Plot
from .simulation import Simulation
from .truth import ORIGINS

QUARTERS: Final = 32  # of an office day
FRESHEST: Final = 6.0  # a chain has begun at least so many working days ago
GROWTH: Final = 0.6  # the firm's sales grow: below 1, more chains begin later
LATE_WITHIN, LATE_CHANCE = 4.0, 0.3  # held lately, and not yet ticked off
FOLLOW_UP_CHANCE: Final = 0.25
# How the teams work: key accounts are visited more often, customers abroad less.
SELLERS: Final[Mapping[str, Seller]] = {
    "petra.leskovar": Seller(0.9, 0.6),
    "luka.turk": Seller(0.9, 0.7),
    "simona.rozman": Seller(1.1, 1.5),
    "matej.kos": Seller(1.1, 1.4),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A course and the chain that was made of it, for tests of the planted truth."""

    course: Course
    chain: LoadedChain


class WorkingDays:
    """Working days numbered from a first one, and back to dates and instants."""

    def __init__(self, office: OfficeDays, first: date) -> None:
        self._office = office
        self._days = [office.on_or_after(first)]
        today = office.today
        ahead = office.add(office.on_or_after(today), 90)
        while self._days[-1] < ahead:
            self._days.append(office.on_or_after(self._days[-1] + timedelta(days=1)))
        whole = sum(day < today for day in self._days)
        opened = office.at(today, 8)
        passed = (office.now - opened).total_seconds() / 3600 / 8
        share = min(max(passed, 0.0), 1.0) if office.is_open(today) else 0.0
        self.now = whole + share

    def day(self, at: float) -> date:
        return self._days[min(int(at), len(self._days) - 1)]

    def instant(self, at: float) -> datetime:
        """Return the beginning of the quarter of an hour, in UTC."""
        quarter = int(at % 1 * QUARTERS)
        return self._office.at(self.day(at), 8 + quarter // 4, quarter % 4 * 15)


class PastTeller(Teller):
    """Puts courses into words; times are the courses' own."""

    _days_of: WorkingDays
    _steps: Sequence[Step]

    def retell(
        self, customer: Customer, course: Course, product: str, days: WorkingDays
    ) -> LoadedChain:
        """Return the chain of `course` at `customer`."""
        self._days_of = days
        self._steps = sorted(course.steps, key=lambda step: step.at)
        ending = course.ending or STALLED
        plot = Plot(ending, product, self._beats(course, product))
        telling = Telling(
            customer, plot, customer.owner, [], [days.day(s.at) for s in self._steps]
        )
        for beat in plot.beats:
            telling.activities.append(self._retold(telling, beat))
        self._end_quotes(telling)
        self._mark(telling)
        if telling.activities[0].kind is KindCode.EVENT:
            telling.activities[0].reason = course.origin.reason
        return LoadedChain(customer.id, telling.activities)

    def _beats(self, course: Course, product: str) -> list[Beat]:
        used: set[int] = set()
        return [
            Beat(
                step.phase,
                self._line(step, product, used, course.origin.line if not n else None),
                step.sale,
                step.closes,
            )
            for n, step in enumerate(self._steps)
        ]

    def _line(
        self, step: Step, product: str, used: set[int], place: int | None
    ) -> Line:
        """Return words for a step: of its phase if there are, none of them twice."""
        off = step.fate is not Fate.HELD
        stock = self._content.planned if off else self._content.lines
        suited = [
            line
            for line in stock
            if (line.kind, line.type) == (step.kind, step.type)
            and (line.product in {"", product} or line.phase == "after_sales")
        ]
        if not suited:  # an invitation has no line among the planned ones
            return self._line(replace(step, fate=Fate.HELD), product, used, place)
        own = [line for line in suited if line.phase == step.phase]
        if place is not None:
            used.add(id(own[place]))
            return own[place]
        others = [line for line in suited if _distance(line.phase, step.phase) < 3]
        closing = bool(step.closes) and own
        for some in (own, [] if closing else others):
            fresh = [line for line in some if id(line) not in used]
            if fresh:
                line = self._rng.choice(fresh)
                used.add(id(line))
                return line
        return self._rng.choice(own or others or suited)

    # --- one activity --------------------------------------------------------------

    def _retold(self, telling: Telling, beat: Beat) -> LoadedActivity:
        place = len(telling.activities)
        step = self._steps[place]
        at = self._days_of.instant(step.at)
        recorded_at = self._recorded_at(step)
        owner = self._person(telling, beat, place)
        activity = LoadedActivity(
            kind=KindCode(step.kind),
            title=self._fill(telling, beat.line.title),
            recorded_at=recorded_at,
            owner_id=owner.pk,
            direction=step.direction,
            type_code=step.type,
            product_id=self._product(telling, beat.line),
        )
        self._set_contact(telling, activity)
        activity.entries = (self._entry(telling, beat, activity, recorded_at),)
        if activity.kind is KindCode.EVENT:
            self._event(activity, step, at)
        elif activity.kind is KindCode.TASK:
            self._task(activity, step, at)
        elif activity.kind is KindCode.PRODUCT_RECORD:
            activity.recorded_on = self._days_of.day(step.at)
            activity.done_at, activity.result = activity.recorded_at, "carried_out"
            if self._rng.random() < FOLLOW_UP_CHANCE:
                self._follow_up(activity, activity.recorded_on)
        else:
            self._quote(telling, activity, self._days_of.day(step.at))
        if place:
            activity.follows = self._stimuli(telling, activity)
        return activity

    def _recorded_at(self, step: Step) -> datetime:
        moment = self._days_of.instant(step.agreed)
        if step.kind == "product_record":
            moment += timedelta(minutes=15 * self._rng.randrange(4, 24))
        return self._office.past(moment)

    def _event(self, activity: LoadedActivity, step: Step, at: datetime) -> None:
        length = timedelta(minutes=MINUTES.get(step.type, 30))
        activity.starts_at, activity.ends_at = at, at + length
        lately = step.at > self._days_of.now - LATE_WITHIN
        was_agreed = step.at > step.agreed
        if step.fate is Fate.COMING or (
            lately and was_agreed and self._rng.random() < LATE_CHANCE
        ):
            return
        ends_at = self._office.past(activity.ends_at)
        activity.ends_at, activity.done_at = ends_at, ends_at
        activity.result = "carried_out"
        if not was_agreed:  # recorded when it was over
            activity.recorded_at = ends_at
        activity.entries = tuple(replace(e, made_at=ends_at) for e in activity.entries)
        if step.fate is not Fate.HELD:
            activity.result = step.fate.value
            text = self._rng.choice(self._content.results[activity.result])
            first = activity.entries[0]
            activity.entries = (first, replace(first, text=text))

    def _task(self, activity: LoadedActivity, step: Step, at: datetime) -> None:
        activity.starts_on = self._days_of.day(step.agreed)
        due_on = self._office.add(self._days_of.day(step.at), self._rng.randint(0, 3))
        activity.due_on = due_on
        if step.fate is not Fate.COMING:
            is_done = self._rng.random() < 0.96
            activity.done_at = max(at, activity.recorded_at)
            activity.result = "carried_out" if is_done else "cancelled"

    def _stimuli(
        self, telling: Telling, activity: LoadedActivity
    ) -> tuple[LoadedLink, ...]:
        """Mostly the one before it was written down; now and then an earlier, or two.

        What was agreed on Monday for Friday cannot follow what came on Tuesday.
        """
        moment = activity.recorded_at
        known = [
            place
            for place, other in enumerate(telling.activities)
            if other.recorded_at <= moment
        ] or [0]
        chance = self._rng.random()
        stimuli = {known[-1]}
        if len(known) > 1 and chance > 0.86:
            stimuli = {self._rng.choice(known[-4:-1])}
        if len(known) > 3 and chance > 0.97:
            stimuli = {known[-1], known[-3]}
        reason = LinkReason.MADE_ON if chance < 0.6 else LinkReason.FORM
        owner = activity.owner_id
        return tuple(LoadedLink(s, moment, reason, owner) for s in sorted(stimuli))


class Past:
    """Makes told courses, one after another, at the demo's companies."""

    def __init__(
        self,
        content: Content,
        rng: random.Random,
        office: OfficeDays,
        teller: PastTeller,
        customers: Sequence[Customer],
        since: date,
    ) -> None:
        self._rng = rng
        self._teller = teller
        self._customers = customers
        self._days = WorkingDays(office, since)
        self._products = [p.code for p in content.products if p.is_main]
        self._warmth = {one.id: some_warmth(rng) for one in customers}

    def tell(self, activities: int) -> Iterator[Told]:
        """Yield told courses until they have about so many activities in all."""
        left = activities
        for number in count():
            if left <= 0:
                return
            customer = self._customer(number)
            course = self._course(customer, number)
            product = self._rng.choice(self._products)
            chain = self._teller.retell(customer, course, product, self._days)
            left -= len(chain.activities)
            yield Told(course, chain)

    def _customer(self, number: int) -> Customer:
        """Every company once, then one by chance."""
        if number < len(self._customers):
            return self._customers[number]
        return self._rng.choice(self._customers)

    def _course(self, customer: Customer, number: int) -> Course:
        rng = self._rng
        origin = rng.choices(ORIGINS, [one.share for one in ORIGINS])[0]
        share = rng.random() ** GROWTH if number else 0.0  # the first on the first day
        began = share * (self._days.now - FRESHEST)
        mailbox = customer.owner.email.split("@")[0]
        return Simulation(
            rng,
            origin,
            began=began,
            until=self._days.now,
            warmth=self._warmth[customer.id],
            seller=SELLERS.get(mailbox, Seller()),
            may_buy=not customer.line.prospect,
        ).run()


def _distance(one: str, other: str) -> int:
    if one not in PATH or other not in PATH:
        return 0 if one == other or "after_sales" in {one, other} else 9
    return abs(PATH.index(one) - PATH.index(other))
