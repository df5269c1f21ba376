"""Turning plots into chains: who did it, when, with whom, and how it ended."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from veriga.access.models import User
from veriga.activities.rules.words import KindCode, LinkReason, MarkKind, Outcome
from veriga.common.money import PRICE_SCALE, QUANTITY_SCALE, to_scaled
from veriga.quotes.rules import LineValues
from veriga.work.services.loading import (
    LoadedActivity,
    LoadedChain,
    LoadedEntry,
    LoadedLink,
    LoadedMark,
)

from .content.types import Content, Line
from .customers import Customer
from .days import OfficeDays
from .plots import GIVEN_UP, LOST, STAGE_OF, STALLED, WON, Beat, Plot

MINUTES = {
    "call": 15, "call_in": 15, "email": 15, "email_in": 15, "enquiry": 15,
    "visit": 120, "visit_in": 120, "meeting": 60, "demonstration": 180, "fair": 30,
}  # fmt: skip
REASONS_OF = {
    LOST: ("price", "competitor", "not_suitable", "no_budget"),
    GIVEN_UP: ("no_response", "postponed", "no_budget", "other"),
}
QUOTE_END = {
    WON: "accepted", LOST: "declined", GIVEN_UP: "expired", STALLED: "expired",
}  # fmt: skip
# Working days from one activity to the next, by phase: the middle of a wide spread.
PACE_DAYS = {
    "opening": 6.0, "qualify": 5.0, "sample": 8.0, "present": 6.0, "offer": 5.0,
    "negotiate": 4.0, "won": 4.0, "lost": 6.0, "given_up": 12.0, "after_sales": 16.0,
    "internal": 4.0,
}  # fmt: skip
VALID_DAYS = 30
VAT_HOME = 2_200


@dataclass(slots=True)
class Telling:
    """A chain as it is being told."""

    customer: Customer
    plot: Plot
    owner: User
    activities: list[LoadedActivity]
    days: list[date]


class Teller:
    """Tells plots as chains of activities, by seeded chance, up to now."""

    def __init__(
        self,
        content: Content,
        rng: random.Random,
        office: OfficeDays,
        products: Mapping[str, int],
        director: User,
    ) -> None:
        self._content = content
        self._rng = rng
        self._office = office
        self._products = products
        self._names = {product.code: product.name for product in content.products}
        self._lines = {product.code: product for product in content.products}
        self._quotes = {text.product: text for text in content.quote_texts}
        self._director = director

    def tell(
        self,
        customer: Customer,
        plot: Plot,
        last_day: date,
        first_day: date,
        owner: User | None = None,
    ) -> LoadedChain:
        """Return the chain of `plot` at `customer`.

        It ends on `last_day`; what would have begun before `first_day` is told faster.
        """
        days = self._days(plot, last_day, first_day)
        telling = Telling(customer, plot, owner or customer.owner, [], days)
        for beat in plot.beats:
            telling.activities.append(self._activity(telling, beat))
        self._end_quotes(telling)
        self._mark(telling)
        return LoadedChain(customer.id, telling.activities)

    def _days(self, plot: Plot, last_day: date, first_day: date) -> list[date]:
        """Return the day of each beat, counted back from the last."""
        steps = [
            round(PACE_DAYS[beat.phase] * self._rng.lognormvariate(0.0, 0.7))
            for beat in plot.beats[1:]
        ]
        room = max(1, (last_day - first_day).days * 2 // 3)  # holidays are free too
        if sum(steps) > room:
            steps = [step * room // (sum(steps) + 1) for step in steps]
        days = [self._office.on_or_before(last_day)]
        for step in reversed(steps):
            days.append(self._office.add(days[-1], -step))
        return days[::-1]

    def _activity(self, telling: Telling, beat: Beat) -> LoadedActivity:
        rng, place = self._rng, len(telling.activities)
        line = beat.line
        at = self._office.some_time(telling.days[place], rng)
        if place:
            # Two of one day keep their order.
            before = telling.activities[-1].recorded_at
            at = max(at, before + timedelta(minutes=rng.choice((15, 30, 45))))
        at = self._office.past(at)
        owner = self._person(telling, beat, place)
        activity = LoadedActivity(
            kind=KindCode(line.kind),
            title=self._fill(telling, line.title),
            recorded_at=at,
            owner_id=owner.pk,
            direction=line.direction,
            type_code=line.type,
            product_id=self._product(telling, line),
        )
        if place:
            activity.follows = self._follows(place, at, owner)
        self._set_contact(telling, activity)
        activity.entries = (self._entry(telling, beat, activity, at),)
        if beat.planned and not beat.failed:
            self._plan(telling, activity)
        elif beat.failed:
            self._fail(activity, owner)
        else:
            self._carry_out(telling, activity, place)
        return activity

    def _person(self, telling: Telling, beat: Beat, place: int) -> User:
        """Mostly who looks after the customer, now and then a colleague."""
        rng = self._rng
        if place == 0 and beat.line.type == "chance_meeting" and rng.random() < 0.4:
            return self._director
        if telling.customer.colleagues and rng.random() < 0.12:
            return rng.choice(telling.customer.colleagues)
        return telling.owner

    def _follows(self, place: int, at: datetime, owner: User) -> tuple[LoadedLink, ...]:
        """Mostly the one before; some tie to an earlier one, or to two."""
        chance = self._rng.random()
        stimuli = {place - 1}
        if place > 1 and chance > 0.86:
            stimuli = {self._rng.randrange(max(0, place - 4), place - 1)}
        if place > 2 and chance > 0.97:
            stimuli = {place - 1, place - 3}
        reason = LinkReason.MADE_ON if chance < 0.6 else LinkReason.FORM
        return tuple(
            LoadedLink(stimulus, at, reason, owner.pk) for stimulus in sorted(stimuli)
        )

    def _fill(self, telling: Telling, text: str) -> str:
        name = self._names.get(telling.plot.product, "")
        return text.replace("{product}", name).replace(
            "{town}", telling.customer.line.town
        )

    def _text(self, telling: Telling, beat: Beat) -> str:
        return self._fill(telling, self._rng.choice(beat.line.texts))

    def _entry(
        self, telling: Telling, beat: Beat, activity: LoadedActivity, at: datetime
    ) -> LoadedEntry:
        return LoadedEntry(activity.owner_id, at, self._text(telling, beat))

    def _product(self, telling: Telling, line: Line) -> int | None:
        code = line.product
        if not code and line.kind in {"product_record", "quote"}:
            code = telling.plot.product
        return self._products.get(code)

    def _set_contact(self, telling: Telling, activity: LoadedActivity) -> None:
        people = telling.customer.contact_ids
        if activity.direction != "internal" and people and self._rng.random() < 0.7:
            activity.contact_ids = (self._rng.choice(people),)

    # --- how it went ---------------------------------------------------------------

    def _carry_out(
        self, telling: Telling, activity: LoadedActivity, place: int
    ) -> None:
        day, at = telling.days[place], activity.recorded_at
        if activity.kind is KindCode.EVENT:
            self._hold(activity)
        elif activity.kind is KindCode.TASK:
            self._do_task(activity, day, is_last=place == len(telling.days) - 1)
        elif activity.kind is KindCode.PRODUCT_RECORD:
            activity.recorded_on = day
            activity.done_at, activity.result = at, "carried_out"
            if self._rng.random() < 0.25:
                self._follow_up(activity, day)
        else:
            self._quote(telling, activity, day)

    def _hold(self, activity: LoadedActivity) -> None:
        """An event that took place, recorded when it was over."""
        length = timedelta(minutes=MINUTES.get(activity.type_code, 30))
        ends_at = self._office.past(activity.recorded_at + length)
        activity.starts_at, activity.ends_at = ends_at - length, ends_at
        activity.recorded_at = ends_at
        # Its first entry was written, and its links made, when it was over.
        activity.entries = tuple(
            replace(entry, made_at=ends_at) for entry in activity.entries
        )
        activity.follows = tuple(
            replace(link, made_at=ends_at) for link in activity.follows
        )
        activity.done_at, activity.result = ends_at, "carried_out"

    def _do_task(self, activity: LoadedActivity, day: date, *, is_last: bool) -> None:
        activity.starts_on = day
        activity.due_on = self._office.add(day, self._rng.randint(1, 6))
        done_on = self._office.add(day, self._rng.randint(0, 5))
        done_at = self._office.some_time(done_on, self._rng)
        done_at = max(done_at, activity.recorded_at)
        if done_at > self._office.now:
            return  # still to be done
        if is_last and self._rng.random() < 0.25:
            return  # forgotten: overdue
        result = "carried_out" if self._rng.random() < 0.96 else "cancelled"
        activity.done_at, activity.result = done_at, result

    def _follow_up(self, activity: LoadedActivity, day: date) -> None:
        activity.follow_up_on = self._office.add(day, self._rng.randint(5, 15))
        done_at = self._office.some_time(activity.follow_up_on, self._rng)
        if done_at > self._office.now:
            activity.done_at, activity.result = None, ""
        else:
            activity.done_at = max(done_at, activity.recorded_at)

    def _fail(self, activity: LoadedActivity, owner: User) -> None:
        """A call that reached nobody, or a meeting that was called off."""
        result = "not_reached" if activity.type_code == "call" else "cancelled"
        self._hold(activity)
        activity.result = result
        text = self._rng.choice(self._content.results[result])
        moment = activity.recorded_at
        activity.entries = (*activity.entries, LoadedEntry(owner.pk, moment, text))

    def _plan(self, telling: Telling, activity: LoadedActivity) -> None:
        """What was arranged and is still open: ahead of us, or late."""
        office, rng = self._office, self._rng
        if rng.random() < 0.62:
            day = office.on_or_after(office.today + timedelta(days=1))
            day = office.add(day, rng.randint(0, 14))
        else:
            recorded = activity.recorded_at.date()
            day = max(office.on_or_before(office.today - timedelta(days=1)), recorded)
            day = max(office.add(day, -rng.randint(0, 6)), recorded)
        starts_at = office.some_time(day, rng)
        minutes = MINUTES.get(activity.type_code, 30)
        activity.starts_at = starts_at
        activity.ends_at = starts_at + timedelta(minutes=minutes)

    # --- quotes and marks ----------------------------------------------------------

    def _quote(self, telling: Telling, activity: LoadedActivity, day: date) -> None:
        line_code = next(
            (c for c, pk in self._products.items() if pk == activity.product_id), ""
        )
        activity.issued_on = day
        activity.sent_at = activity.recorded_at
        activity.valid_until = day + timedelta(days=VALID_DAYS)
        activity.lines = self._quote_lines(telling, line_code)
        terms = self._rng.choice(self._content.quote_terms)
        activity.entries = (
            *activity.entries,
            LoadedEntry(activity.owner_id, activity.recorded_at, terms),
        )

    def _quote_lines(self, telling: Telling, code: str) -> tuple[LineValues, ...]:
        discount = self._rng.choices((0, 300, 500, 700), (60, 20, 15, 5))[0]
        vat = VAT_HOME if telling.customer.line.country == "SI" else 0
        return tuple(
            LineValues(
                product_id=self._products[item.code],
                text=self._names[item.code],
                quantity=to_scaled(Decimal(item.quantity), QUANTITY_SCALE),
                unit=self._lines[item.code].unit,
                unit_price=item.price_cents * PRICE_SCALE // 100,
                discount_percent=discount,
                vat_rate=vat,
            )
            for item in self._quotes[code].items
        )

    def _end_quotes(self, telling: Telling) -> None:
        """Give quotes the end that the sale had; a newer quote replaces an older."""
        beats, activities = telling.plot.beats, telling.activities
        sales = {beat.sale for beat in beats}
        for sale in sales:
            own = [
                place
                for place, beat in enumerate(beats)
                if beat.sale == sale and beat.line.kind == "quote"
            ]
            close = next(
                (p for p, b in enumerate(beats) if b.sale == sale and b.closes), None
            )
            before = [p for p in own if close is None or p < close]
            for place, later in pairwise(before):
                self._end_quote(
                    activities[place], "withdrawn", activities[later].recorded_at
                )
            if before and close is not None:
                end = QUOTE_END[beats[close].closes]
                self._end_quote(
                    activities[before[-1]], end, activities[close].recorded_at
                )
            elif before and telling.plot.ending == STALLED:
                self._expire(activities[before[-1]])
            for place in own:
                if close is not None and place > close:
                    self._accept_later(activities[place])

    def _end_quote(self, quote: LoadedActivity, result: str, moment: datetime) -> None:
        quote.done_at, quote.result = max(moment, quote.recorded_at), result
        text = self._rng.choice(self._content.results[result])
        quote.entries = (
            *quote.entries, LoadedEntry(quote.owner_id, quote.done_at, text),
        )  # fmt: skip

    def _expire(self, quote: LoadedActivity) -> None:
        if quote.valid_until is None:
            return
        moment = self._office.at(quote.valid_until + timedelta(days=1), 8)
        if moment <= self._office.now:
            self._end_quote(quote, "expired", moment)

    def _accept_later(self, quote: LoadedActivity) -> None:
        """Parts and film after the sale: a small sale of its own, mostly won."""
        day = self._office.add(quote.recorded_at.date(), self._rng.randint(2, 9))
        moment = max(self._office.some_time(day, self._rng), quote.recorded_at)
        if moment > self._office.now:
            return
        won = self._rng.random() < 0.85
        self._end_quote(quote, "accepted" if won else "declined", moment)
        outcome = Outcome.WON if won else Outcome.LOST
        quote.marks = (self._outcome(outcome, moment, quote.owner_id),)

    def _mark(self, telling: Telling) -> None:
        """Mark each stage where it is first reached, and the close of each sale."""
        reached: set[tuple[int, str]] = set()
        for beat, activity in zip(telling.plot.beats, telling.activities, strict=True):
            user_id = activity.owner_id
            moment = activity.recorded_at
            if activity.kind is KindCode.EVENT and activity.done_at:
                moment = activity.done_at  # what was agreed before counts when held
            if beat.closes:
                outcome = Outcome(beat.closes)
                activity.marks = (self._outcome(outcome, moment, user_id),)
                if outcome is not Outcome.GIVEN_UP:
                    stage = LoadedMark(
                        MarkKind.STAGE, moment, outcome.value, made_by_id=user_id
                    )
                    activity.marks = (*activity.marks, stage)
                continue
            stage_code = STAGE_OF.get(beat.phase)
            if beat.phase == "offer" and beat.line.kind != "quote":
                continue
            if stage_code and (beat.sale, beat.phase) not in reached:
                reached.add((beat.sale, beat.phase))
                stage = LoadedMark(
                    MarkKind.STAGE, moment, stage_code, made_by_id=user_id
                )
                activity.marks = (*activity.marks, stage)

    def _outcome(self, outcome: Outcome, moment: datetime, user_id: int) -> LoadedMark:
        reasons = REASONS_OF.get(outcome.value, ())
        return LoadedMark(
            MarkKind.OUTCOME,
            moment,
            outcome.value,
            reason=self._rng.choice(reasons) if reasons else "",
            made_by_id=user_id,
        )
