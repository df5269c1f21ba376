"""What changed in the forecast since some days ago, sale by sale.

The figures are defined in docs/maths/forecast.md, 5. How all sales stood then is worked
out once and kept for some minutes; each time it is asked for again only those sales are
looked at in which anything has happened since, whoever did it and in which process.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from veriga.access.rules import Actor
from veriga.activities.queries.forecast import OpenSum, SalesFilters, open_sums
from veriga.activities.queries.standing import (
    ChainName,
    Stood,
    chain_names,
    touched_again,
    touched_since,
)
from veriga.activities.rules.forecast import Effect, Part, Standing, effects
from veriga.common.kept import Kept
from veriga.common.money import currency_order
from veriga.parties.queries import sight_of
from veriga.setup.models import Stage
from veriga.setup.queries import code_list

from .forecast import percents

SPANS: Final = (7, 30)  # days that changes may look back
MOST_LISTED: Final = 20  # sales of one sort of change; the rest is added up
MOST_OF_PART: Final = 500  # where one sort alone is asked for
KEEP: Final = timedelta(minutes=10)  # so much earlier the past may lie
# A service commits a while after the moment that it writes down.
OVERLAP: Final = timedelta(minutes=2)

Stages = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class ChangedSale:
    """A sale and one part of how it changed the forecast: what it was, what it is."""

    chain_id: int
    company_id: int
    company_key: str
    was: Standing | None
    stands: Standing | None
    effect: Effect

    @property
    def place(self) -> tuple[int, str, int]:
        """What changed most comes first, at equal change by company."""
        weight = self.effect.value_minor or self.effect.weighted_minor
        return -abs(weight), self.company_key, self.chain_id


@dataclass(slots=True)
class PartSum:
    """All sales that changed the forecast in one way, the largest changes first."""

    part: Part
    sales: list[ChangedSale] = field(default_factory=list)
    value_minor: int = 0
    weighted_minor: int = 0

    def largest(self, number: int) -> PartSum:
        """Return the first of its sales."""
        return PartSum.of(self.part, self.sales[:number])

    @classmethod
    def of(cls, part: Part, sales: list[ChangedSale]) -> PartSum:
        """Return the sum of sales that are in order."""
        value = sum(one.effect.value_minor for one in sales)
        return cls(part, sales, value, sum(one.effect.weighted_minor for one in sales))


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed in one currency: before + the parts = now, for both measures.

    `names` are those of the chains that changed most, for all currencies together;
    `then` is the instant that now is compared with.
    """

    currency: str
    then: datetime
    before_minor: int
    before_weighted_minor: int
    parts: list[PartSum]
    now_minor: int
    now_weighted_minor: int
    names: Mapping[int, ChainName]


def get_changes(
    actor: Actor,
    filters: SalesFilters,
    *,
    now: datetime,
    days: float,
    part: Part | None = None,
) -> list[Changes]:
    """Return what changed in the last `days`, by currency; at most nine statements.

    Where only `part` is listed more of its sales are named.
    """
    book = _book_of(actor, filters, now, days)
    totals = _totals(open_sums(actor, filters, percents()))
    most = MOST_OF_PART if part else MOST_LISTED
    listed = [s for s in book.parts.values() if part in (None, s.part)]
    names = chain_names(sale.chain_id for one in listed for sale in one.sales[:most])
    found = []
    currencies = sorted(
        {*totals, *(currency for currency, _part in book.parts)},
        key=currency_order,
    )
    for currency in currencies:
        value, weighted = totals.get(currency, (0, 0))
        parts = [
            book.parts[currency, one] for one in Part if (currency, one) in book.parts
        ]
        found.append(
            Changes(
                currency,
                book.then,
                value - sum(one.value_minor for one in parts),
                weighted - sum(one.weighted_minor for one in parts),
                parts,
                value,
                weighted,
                names,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Book:
    """How sales changed from `then` to `seen_at`, by chain and by part.

    `companies` holds the chains by their companies. Never changed: another takes its
    place, for others may be reading it.
    """

    then: datetime
    seen_at: datetime
    chains: Mapping[int, list[ChangedSale]]
    companies: Mapping[int, frozenset[int]]
    parts: Mapping[tuple[str, Part], PartSum]


_books: Kept[Book] = Kept(KEEP.total_seconds(), most=50)


def _book_of(actor: Actor, filters: SalesFilters, now: datetime, days: float) -> Book:
    """Return the kept book brought up to date, or a new one."""
    stages = _stages()
    sight, who = sight_of(actor)
    key = (sight, *who.values(), filters, days, tuple(stages.items()))
    then = now - timedelta(days=days)
    kept = _books.find(key)
    if kept is None or abs(then - kept.then) > KEEP:
        book = new_book(actor, filters, stages, then, now)
    else:
        book = book_again(actor, filters, stages, kept, now)
    _books.put(key, book)
    return book


def new_book(
    actor: Actor, filters: SalesFilters, stages: Stages, then: datetime, now: datetime
) -> Book:
    """Return what changed from `then` to now."""
    return _bound(then, now, touched_since(actor, filters, then), filters, stages)


def book_again(
    actor: Actor, filters: SalesFilters, stages: Stages, book: Book, now: datetime
) -> Book:
    """Return `book` with what has happened since it was made."""
    # Another thread may have looked at it a little later than this one began.
    since = min(book.seen_at, now) - OVERLAP
    again = touched_again(actor, filters, book.then, since)
    if again is None:
        return new_book(actor, filters, stages, book.then, now)
    gone = set(again.chains)
    for company in again.companies:
        gone |= book.companies.get(company, frozenset())
    some = _bound(book.then, now, again.stood, filters, stages)
    gone &= book.chains.keys()
    if not gone and not some.chains:
        return Book(book.then, now, book.chains, book.companies, book.parts)
    parts = dict(book.parts)
    for key in {
        *((s.effect.currency, s.effect.part) for pk in gone for s in book.chains[pk]),
        *some.parts,
    }:
        before = parts.pop(key).sales if key in parts else []
        sales = [one for one in before if one.chain_id not in gone]
        for one in some.parts[key].sales if key in some.parts else ():
            insort(sales, one, key=lambda sale: sale.place)
        if sales:
            parts[key] = PartSum.of(key[1], sales)
    chains = {pk: of for pk, of in book.chains.items() if pk not in gone}
    chains.update(some.chains)
    companies = dict(book.companies)
    left = {sale.company_id for pk in gone for sale in book.chains[pk]}
    for company in left | some.companies.keys():
        stay = companies.pop(company, frozenset()) - gone
        stay |= some.companies.get(company, frozenset())
        if stay:
            companies[company] = stay
    return Book(book.then, now, chains, companies, parts)


def _bound(
    then: datetime,
    now: datetime,
    stood: Iterable[Stood],
    filters: SalesFilters,
    stages: Stages,
) -> Book:
    chains: dict[int, list[ChangedSale]] = {}
    companies: dict[int, set[int]] = defaultdict(set)
    sales: dict[tuple[str, Part], list[ChangedSale]] = defaultdict(list)
    for one in stood:
        was, stands = one.before.open, one.now.open
        for effect in effects(one.before, one.now, stages, one.closed):
            if filters.currency and effect.currency != filters.currency:
                continue
            sale = ChangedSale(
                one.chain_id, one.company_id, one.company_key, was, stands, effect
            )
            sales[effect.currency, effect.part].append(sale)
            chains.setdefault(one.chain_id, []).append(sale)
            companies[one.company_id].add(one.chain_id)
    for of_part in sales.values():
        of_part.sort(key=lambda sale: sale.place)
    return Book(
        then,
        now,
        chains,
        {company: frozenset(ids) for company, ids in companies.items()},
        {key: PartSum.of(key[1], of_part) for key, of_part in sales.items()},
    )


def _stages() -> dict[str, tuple[int, int]]:
    """Return probability and place of every stage by its code."""
    return {
        stage.code: (stage.probability_percent, place)
        for place, stage in enumerate(code_list(Stage))
    }


def _totals(sums: Sequence[OpenSum]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for one in sums:
        value, weighted = found.get(one.currency, (0, 0))
        found[one.currency] = value + one.value_minor, weighted + one.weighted_minor
    return found
