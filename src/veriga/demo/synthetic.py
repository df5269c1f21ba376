"""`veriga generate`: synthetic companies and chains of any number, from a seed.

Made for measuring and for trying things out, not for reading: the texts are those of
the demo, put together by chance. Memory does not grow with the number asked for.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from veriga.access.models import User
from veriga.access.queries import list_teams, list_users
from veriga.access.rules import Context, Role, Source, system
from veriga.access.services import create_team, create_user
from veriga.activities.rules.words import KindCode, LinkReason, MarkKind, Outcome
from veriga.common.errors import Invalid
from veriga.quotes.rules import LineValues
from veriga.work.services.loading import (
    LoadedActivity,
    LoadedChain,
    LoadedEntry,
    LoadedLink,
    LoadedMark,
    large_load,
    load_chains,
)
from veriga.work.services.loading.parties import LoadedCompany, load_companies

from .content import load
from .content.types import Content, Line

if TYPE_CHECKING:
    from _typeshed import SupportsLenAndGetItem

T = TypeVar("T")

BATCH = 20_000
USERS = 12
TEAMS = 3
LONGEST_CHAIN = 40
MEAN_CHAIN = 10
YEARS = 3
QUARTER = timedelta(minutes=15)
SHARE_STAGED = 0.5
OPEN_STAGES = (
    "first_contact", "need_recognised", "solution_presented", "quote_sent",
    "negotiation",
)  # fmt: skip
QUOTE_RESULTS = ("accepted", "declined", "withdrawn", "expired")
CLOSE_REASONS = ("price", "competitor", "no_budget", "no_response", "other")

Report = Callable[[str], None]


class _Chance(random.Random):
    """Chance that is quick rather than fair to the last bit: it is asked five million
    times for a million activities.
    """

    def choice(self, seq: SupportsLenAndGetItem[T]) -> T:
        return seq[int(self.random() * len(seq))]

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        low, high = (0, start) if stop is None else (start, stop)
        return low + step * int(self.random() * ((high - low + step - 1) // step))

    def randint(self, a: int, b: int) -> int:
        return a + int(self.random() * (b - a + 1))


@dataclass(frozen=True, slots=True)
class Generated:
    """How much was made, and in what time."""

    companies: int
    activities: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.activities / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class _Customer:
    """What chains need to know of a company: its id, contacts, and who works there."""

    id: int
    contact_ids: tuple[int, ...]
    owner_id: int
    colleagues: tuple[int, ...]


def generate(
    *,
    companies: int,
    activities: int,
    seed: int,
    now: datetime,
    report: Report = lambda _: None,
) -> Generated:
    """Make companies and activities, and return how many and how fast.

    The same seed makes the same chains, counted back from `now`. Users are made only
    where there are fewer than two. Errors: out_of_range.
    """
    if companies < 1:
        raise Invalid.of("companies", "out_of_range")
    if activities < 0 or activities == 1:
        # One alone is no chain of two.
        raise Invalid.of("activities", "out_of_range")
    began = time.perf_counter()
    rng = _Chance(seed)
    now = now.astimezone(UTC).replace(microsecond=0)
    context = Context(system("generate"), now, Source.GENERATED)
    content = load("sl")
    people = _people(context, rng)
    with _without_collector(), large_load(activities):
        customers: list[_Customer] = []
        for part in _portions(companies, BATCH // 4):
            customers += _make_customers(context, content, rng, people, part)
        writer = _ChainWriter(content, rng, now, customers)
        made = 0
        chains = writer.chains(activities)
        while batch := _batch(chains):
            made += load_chains(context=context, chains=batch)
            seconds = time.perf_counter() - began
            report(f"{made:,} of {activities:,} activities, {made / seconds:,.0f}/s")
    return Generated(companies, made, time.perf_counter() - began)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Let reference counts alone free memory: nothing made here refers to itself.

    The collector would go through every object of a batch again and again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _portions(total: int, size: int) -> Iterator[int]:
    """Yield the sizes of the portions of at most `size` that make `total`."""
    while total > 0:
        yield min(size, total)
        total -= size


def _batch(chains: Iterator[LoadedChain]) -> list[LoadedChain]:
    batch: list[LoadedChain] = []
    count = 0
    for chain in chains:
        batch.append(chain)
        count += len(chain.activities)
        if count >= BATCH:
            break
    return batch


# --- people and companies ---------------------------------------------------------


def _people(context: Context, rng: random.Random) -> list[User]:
    """Return the active users who may own activities, made if there are too few."""
    users = [
        user
        for user in list_users(context.actor, active_only=True)
        if user.role != Role.READER
    ]
    if len(users) > 1:
        return users
    content = load("sl")
    there = {team.name: team for team in list_teams(context.actor)}
    teams = [
        there.get(name) or create_team(context=context, name=name)
        for name in (f"Ekipa {number}" for number in range(1, TEAMS + 1))
    ]
    for number in range(1, USERS + 1):
        first = rng.choice(content.first_names_f["SI"] + content.first_names_m["SI"])
        users.append(
            create_user(
                context=context,
                email=f"user{number}@synthetic.example",
                name=f"{first} {rng.choice(content.last_names['SI'])}",
                role=Role.MANAGER if number == 1 else Role.SALES,
                team_id=teams[number % TEAMS].pk,
            )
        )
    return users


def _make_customers(
    context: Context,
    content: Content,
    rng: random.Random,
    people: Sequence[User],
    count: int,
) -> list[_Customer]:
    by_team: dict[int | None, list[int]] = {}
    for user in people:
        by_team.setdefault(user.team_id, []).append(user.pk)
    firsts = [*content.first_names_f["SI"], *content.first_names_m["SI"]]
    functions = [function.name for function in content.functions]
    companies, owners = [], []
    for _ in range(count):
        owner = rng.choice(people)
        owners.append(owner)
        like = rng.choice(content.companies)
        last = rng.choice(content.last_names["SI"])
        companies.append(
            LoadedCompany(
                name=f"{last} {like.name.split()[0]} {rng.randrange(1, 10_000)} d.o.o.",
                account_owner_id=owner.pk,
                created_at=context.now - timedelta(days=YEARS * 365),
                fields={
                    "status": "prospect" if rng.random() < 0.4 else "active",
                    "street": like.street,
                    "postcode": like.postcode,
                    "town": like.town,
                    "country": like.country,
                },
                contacts=[
                    {
                        "first_name": rng.choice(firsts),
                        "last_name": rng.choice(content.last_names["SI"]),
                        "function": rng.choice(functions),
                    }
                    for _ in range(rng.randint(1, 4))
                ],
            )
        )
    stored = load_companies(context=context, companies=companies)
    return [
        _Customer(
            company.id,
            company.contact_ids,
            owner.pk,
            tuple(by_team[owner.team_id]) if owner.team_id else (owner.pk,),
        )
        for company, owner in zip(stored, owners, strict=True)
    ]


# --- chains -----------------------------------------------------------------------


class _ChainWriter:
    """Makes chains up, one after another, out of one stream of chance."""

    def __init__(
        self,
        content: Content,
        rng: random.Random,
        now: datetime,
        customers: Sequence[_Customer],
    ) -> None:
        self._rng = rng
        self._now = now
        self._first = now - timedelta(days=YEARS * 365)
        self._customers = customers
        self._product = content.products[0].name
        self._lines = {
            kind: [line for line in content.lines if line.kind == kind]
            for kind in KindCode
        }
        # Kinds as they come in practice: mostly events.
        self._kinds = random.Random(0).choices(
            [KindCode.EVENT, KindCode.TASK, KindCode.PRODUCT_RECORD, KindCode.QUOTE],
            [55, 22, 13, 10],
            k=997,
        )

    def chains(self, activities: int) -> Iterator[LoadedChain]:
        """Yield chains of 2 to 40 that have `activities` members in all."""
        left = activities
        while left > 0:
            size = min(
                2 + int(self._rng.expovariate(1 / (MEAN_CHAIN - 2.3))), LONGEST_CHAIN
            )
            size = min(size, left)
            if left - size == 1:  # nobody may be left alone
                size += 1 if size < LONGEST_CHAIN else -1
            left -= size
            yield self._chain(size)

    def _chain(self, size: int) -> LoadedChain:
        rng = self._rng
        customer = rng.choice(self._customers)
        activities = [
            self._activity(customer, at, position)
            for position, at in enumerate(self._moments(size))
        ]
        self._mark(activities)
        return LoadedChain(customer.id, activities)

    def _moments(self, size: int) -> Iterator[datetime]:
        """Yield when the activities of a chain happen: in quarters of an hour, by now.

        A chain that would go on after now began so much earlier: it runs today.
        """
        rng = self._rng
        pace_days = rng.lognormvariate(1.5, 0.8)
        steps = [int(rng.expovariate(1 / pace_days) * 96) for _ in range(size)]
        there_is = int((self._now - self._first) / QUARTER)
        # From the beginning to now; the last step is the pause since the last activity.
        before_now = there_is - int(there_is * rng.random())
        before_now = min(max(before_now, sum(steps)), there_is)
        at = self._now - before_now * QUARTER
        at = at.replace(minute=at.minute // 15 * 15, second=0)
        for step in steps:
            yield at
            at = min(at + step * QUARTER, self._now)

    def _activity(
        self, customer: _Customer, at: datetime, position: int
    ) -> LoadedActivity:
        rng = self._rng
        kind = self._kinds[rng.randrange(997)]
        line: Line = rng.choice(self._lines[kind])
        owner_id = customer.owner_id
        if rng.random() < 0.15:
            owner_id = rng.choice(customer.colleagues)
        title = self._fill(line.title)
        if rng.random() < 0.5:
            title = f"{title} {rng.randrange(1, 60)}"
        activity = LoadedActivity(
            kind=kind,
            title=title,
            recorded_at=at,
            owner_id=owner_id,
            direction=line.direction,
            type_code=line.type,
        )
        if position:
            activity.follows = self._follows(at, position)
        if rng.random() < 0.4:
            text = self._fill(rng.choice(line.texts))
            activity.entries = (LoadedEntry(owner_id, at, text),)
        if customer.contact_ids and rng.random() < 0.3:
            activity.contact_ids = (rng.choice(customer.contact_ids),)
        self._set_times(activity, at)
        return activity

    def _fill(self, text: str) -> str:
        return text.replace("{product}", self._product).replace("{town}", "Celje")

    def _follows(self, at: datetime, position: int) -> tuple[LoadedLink, ...]:
        """Mostly the one before; now and then an earlier one, or two."""
        chance = self._rng.random()
        if chance < 0.8 or position == 1:
            stimuli = {position - 1}
        elif chance < 0.95:
            stimuli = {self._rng.randrange(position)}
        else:
            stimuli = {position - 1, self._rng.randrange(position - 1)}
        reason = LinkReason.MADE_ON if chance < 0.5 else LinkReason.FORM
        return tuple(LoadedLink(stimulus, at, reason) for stimulus in sorted(stimuli))

    def _set_times(self, activity: LoadedActivity, at: datetime) -> None:
        """Give the activity its kind's dates, and end most of what is long past."""
        rng = self._rng
        age = self._now - at
        is_done = rng.random() < (0.97 if age > timedelta(days=60) else 0.6)
        day = at.date()
        if activity.kind is KindCode.EVENT:
            planned = age < timedelta(days=10) and rng.random() < 0.4
            ahead = timedelta(days=rng.randint(1, 30)) if planned else timedelta()
            activity.starts_at = at + ahead
            activity.ends_at = activity.starts_at + timedelta(minutes=30)
            if is_done and activity.ends_at <= self._now:
                unreached = activity.type_code == "call" and rng.random() < 0.12
                result = "not_reached" if unreached else "carried_out"
                if rng.random() < 0.03:
                    result = "cancelled"
                activity.done_at, activity.result = activity.ends_at, result
            return
        if activity.kind is KindCode.TASK:
            activity.starts_on = day
            if rng.random() < 0.9:
                activity.due_on = day + timedelta(days=rng.randint(0, 20))
            result = "carried_out" if rng.random() < 0.95 else "cancelled"
        elif activity.kind is KindCode.PRODUCT_RECORD:
            activity.recorded_on = day
            if rng.random() < 0.3:
                activity.follow_up_on = day + timedelta(days=rng.randint(3, 40))
            else:
                is_done = True
            result = "carried_out"
        else:
            activity.issued_on = day
            activity.valid_until = day + timedelta(days=30)
            activity.sent_at = at if rng.random() < 0.9 else None
            activity.lines = self._quote_lines()
            result = rng.choice(QUOTE_RESULTS)
        if is_done:
            end = at + timedelta(hours=rng.randint(0, 240))
            activity.done_at, activity.result = min(end, self._now), result

    def _quote_lines(self) -> tuple[LineValues, ...]:
        rng = self._rng
        return tuple(
            LineValues(
                product_id=None,
                text=self._product,
                quantity=rng.randint(1, 20) * 1_000,
                unit="kos",
                unit_price=rng.randint(1_000, 3_000_000) * 100,
                vat_rate=2_200,
            )
            for _ in range(rng.randint(1, 3))
        )

    def _mark(self, activities: Sequence[LoadedActivity]) -> None:
        """Give half of the chains stages, and most long-finished ones an outcome."""
        rng = self._rng
        if rng.random() > SHARE_STAGED:
            return
        places = sorted(rng.sample(range(len(activities)), min(len(activities), 4)))
        for place, stage in zip(places, OPEN_STAGES, strict=False):
            one = activities[place]
            one.marks = (LoadedMark(MarkKind.STAGE, one.recorded_at, stage),)
        last = activities[-1]
        if self._now - last.recorded_at > timedelta(days=45) and rng.random() < 0.8:
            outcome = rng.choice((Outcome.WON, Outcome.LOST, Outcome.GIVEN_UP))
            reason = "" if outcome is Outcome.WON else rng.choice(CLOSE_REASONS)
            last.marks = (
                *last.marks,
                LoadedMark(MarkKind.OUTCOME, last.recorded_at, outcome, reason),
            )
