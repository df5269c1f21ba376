"""Sums of running chains: of what stands in the sums, and of the others beside it.

Boards and forecasts ask for sums over all running chains that somebody sees. Most of
these do not change from day to day, so what they come to is kept (`ChainSum`) by what
scopes are made of, and only those that changed of late, or are seen for another reason
than scope, are added up each time. Rules: services/sums.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Count,
    IntegerField,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from veriga.access.rules import Actor
from veriga.activities.models import Chain, ChainSum
from veriga.parties.queries import by_scope
from veriga.setup.models import Stage
from veriga.setup.queries import code_list

Percents = tuple[tuple[str, int], ...]  # of stages, by their codes

# What chains must have in common to be added up; named alike in both tables.
ALIKE: Final = (
    "company_team_id", "company_owner_id", "company_is_person", "worth_month_on",
    "worth_currency", "worth_is_quoted", "stage",
)  # fmt: skip
KEY: Final = (*ALIKE, "has_worth", "percent")


class Sums(NamedTuple):
    """What chains that are alike come to; `key` are the values of KEY."""

    key: tuple[Any, ...]
    number: int
    worth_minor: int
    weighted_minor: int

    def negative(self) -> Sums:
        return Sums(self.key, -self.number, -self.worth_minor, -self.weighted_minor)


def stage_percents() -> Percents:
    """Return the probabilities of all stages that have one."""
    stages = code_list(Stage)
    return tuple(
        (s.code, s.probability_percent) for s in stages if s.probability_percent
    )


def summed(rows: QuerySet[Chain]) -> QuerySet[Chain]:
    """Return those of the chains that stand in the sums."""
    return rows.filter(is_running=True, is_unsummed=False)


def chains_alike(rows: QuerySet[Chain]) -> Iterator[Sums]:
    """Yield what these chains come to, each weighted by today's probabilities."""
    percents = stage_percents()
    has_worth = Case(
        When(worth_minor__isnull=False, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    known, probability = Coalesce("worth_minor", Value(0)), dict(percents)
    found = (
        rows.order_by()
        .annotate(has_worth=has_worth)
        .values(*ALIKE, "has_worth")
        .annotate(
            number=Count("pk"),
            together=Sum(known),
            weighted=Sum(one_weighted(known, percents), output_field=BigIntegerField()),
        )
        .values_list(*ALIKE, "has_worth", "number", "together", "weighted")
    )
    for *key, number, together, weighted in found:
        percent = probability.get(key[ALIKE.index("stage")], 0)
        yield Sums((*key, percent), number, int(together), int(weighted))


def one_weighted(worth: Any, percents: Percents) -> Any:
    """Return a chain's worth times its probability, as rules.forecast.weighted."""
    percent = Case(
        When(stage="", then=Value(0)),  # of most, so it is asked first
        *(When(stage=code, then=Value(one)) for code, one in percents if one),
        default=Value(0),
        output_field=IntegerField(),
    )
    # Whole numbers all along: both databases cut a division of these off.
    return (worth * percent + Value(50)) / Value(100)


def kept_sums() -> tuple[list[Sums], list[int]]:
    """Return what is kept, added up, and the ids of the rows that it was read of.

    What comes to nothing is left out.
    """
    columns = (*KEY, "number", "worth_minor", "weighted_minor", "pk")
    rows = list(ChainSum.objects.order_by().values_list(*columns))
    found = added((row[:-1] for row in rows), len(KEY))
    return [Sums(key, *numbers) for key, numbers in found.items()], [
        r[-1] for r in rows
    ]


def are_outdated(sums: Iterable[Sums]) -> bool:
    """Tell whether a stage has another probability than when they were made."""
    percents = dict(stage_percents())
    stage = KEY.index("stage")
    return any(percents.get(one.key[stage], 0) != one.key[-1] for one in sums)


def differing_sums() -> Iterator[str]:
    """Yield in words where what is kept is not what the chains come to.

    Of sums that are outdated nothing is told: the worker makes them anew.
    """
    sums = kept_sums()[0]
    if are_outdated(sums):
        return
    kept = {one.key: one for one in sums}
    true = {one.key: one for one in chains_alike(summed(Chain.objects.all()))}
    for key in sorted(kept.keys() | true.keys(), key=str):
        if kept.get(key) != true.get(key):
            yield " ".join(str(part) for part in key)


def added(
    rows: Iterable[tuple[Any, ...]], key: int
) -> Mapping[tuple[Any, ...], list[int]]:
    """Return rows with the same first `key` values added up, by these.

    The first that is added is how many there are; what there is none of is left out.
    """
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        numbers = [int(one or 0) for one in row[key:]]
        known = found.setdefault(row[:key], [0] * len(numbers))
        for place, number in enumerate(numbers):
            known[place] += number
    return {one: numbers for one, numbers in found.items() if numbers[0]}


def in_sums(actor: Actor) -> QuerySet[ChainSum]:
    """Return what is kept of the chains in the actor's scope.

    What else they see is in `running.beside_sums`.
    """
    condition = by_scope(actor)
    rows = ChainSum.objects.order_by()
    return rows if condition is None else rows.filter(condition)
