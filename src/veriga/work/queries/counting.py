"""How many activities of each kind hold typed words, counted no further than need be.

What few hold is looked up and counted to the last one. Of a frequent word it is known
how many activities hold it, and past COUNT_LIMIT nobody needs to know more. Of what is
left, frequent words together or somebody who sees a part only, the newest are counted,
and the page says "at least".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, When

from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.activities.queries.activities import visible_activities
from veriga.activities.queries.rows import ORDERS
from veriga.activities.rules.words import KindCode
from veriga.common.keyset import order_by
from veriga.common.parts import page_of_parts
from veriga.common.prepared import Counting, count_together, prepared
from veriga.parties.queries import activity_parts, any_of, seen_by, sight_of
from veriga.work.models import ActivityWords
from veriga.work.rules.searching import Typed
from veriga.work.rules.words import marks_of

from .frequent import known_of
from .matching import asked, counting, matching
from .overview import COUNT_LIMIT, MARGIN
from .paging import WALKED, end_of_walk, holding_all, needles_of

LOOKED_UP: Final = 10_000  # entries of an index that are gone through for a kind
COUNTED: Final = 300  # newest ones that are counted where no look-up is
# Frequent words that meet in fewer of the newest are looked up: they seldom meet.
SHARE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Counted:
    """How many hold the words, by kind; more than COUNT_LIMIT means only more.

    Of the kinds in `at_least` there may be more than that, those in `many` are met
    rather than looked up. `is_whole`: what was gone through is all that the actor sees.
    """

    numbers: Mapping[str, int]
    at_least: frozenset[str] = frozenset()
    many: frozenset[str] = frozenset()
    is_whole: bool = False

    def is_many(self, kinds: Sequence[str]) -> bool:
        """Tell whether activities of these kinds are met rather than looked up."""
        return not self.many.isdisjoint(kinds)


def count_activities(
    actor: Actor,
    typed: Sequence[Typed],
    numbered: Q | None,
    *,
    beside: Sequence[Counting] = (),
) -> tuple[Counted, list[int]]:
    """Return how many hold all words, or are `numbered`, and how many are `beside`.

    At most three statements, mostly one.
    """
    known = known_of(actor, typed)
    rare, beyond, unsure = [], [], []
    for kind in KindCode:
        if known[kind].lookup <= LOOKED_UP:
            rare.append(kind)
        elif known[kind].holding > COUNT_LIMIT + MARGIN:
            beyond.append(kind)
        else:
            unsure.append(kind)
    newest = _Newest()
    if unsure:
        newest = _among_newest(actor, typed, numbered, unsure)
    few = [kind for kind in unsure if newest.are_few(kind)]
    rare += few
    found = count_together(
        [*beside, *(_counting(actor, typed, numbered, kind) for kind in rare)]
    )
    numbers: dict[str, int] = dict.fromkeys(beyond, COUNT_LIMIT + 1)
    numbers |= {kind: newest.met[kind] for kind in unsure}
    numbers |= dict(zip(rare, found[len(beside) :], strict=True))
    counted = Counted(
        {kind: min(numbers[kind], COUNT_LIMIT + 1) for kind in KindCode},
        frozenset(kind for kind in unsure if newest.may_be_more(kind)) - {*few},
        frozenset(KindCode) - frozenset(rare),
        bool(unsure) and newest.is_whole,
    )
    return counted, found[: len(beside)]


def _counting(
    actor: Actor, typed: Sequence[Typed], numbered: Q | None, kind: str
) -> Counting:
    """Return what counts all of a kind, however many."""
    marked = asked(typed, marks_of([kind], with_persons=actor.may_see_persons))
    if numbered is None and actor.sees_everything:
        return counting(ActivityWords, marked)  # marks say all about who sees what
    sight, who = sight_of(actor)
    if numbered is None:
        return _held.counting(sight, "", marked=marked, **who)
    return Counting.of(_held.build(sight, kind, numbered, marked=marked, **who))


@prepared
def _held(
    sight: str, kind: str, numbered: Q | None = None, /, *, marked: str, **who: int
) -> QuerySet[Activity, tuple[int]]:
    hold = Q(pk__in=matching(ActivityWords, marked, most=None)) | (numbered or Q())
    rows = visible_activities(seen_by(sight, **who)).filter(hold)
    return (rows.filter(kind=kind) if kind else rows).order_by().values_list("pk")


@dataclass(frozen=True, slots=True)
class _Newest:
    """How many of the newest of each kind were looked at, and how many of them fit.

    `is_whole`: these are all that the actor sees, of whatever kind.
    """

    seen: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    is_whole: bool = False
    sees_everything: bool = False

    def may_be_more(self, kind: str) -> bool:
        # Of what somebody sees a part of, the walk may have ended for its length.
        is_end = self.sees_everything and self.seen[kind] < COUNTED
        return not (self.is_whole or is_end)

    def are_few(self, kind: str) -> bool:
        """Tell whether there are more, but hardly among the newest."""
        few = max(1.0, SHARE * self.seen[kind])
        return self.may_be_more(kind) and self.met[kind] < few


def _fetched(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _among_newest(
    actor: Actor, typed: Sequence[Typed], numbered: Q | None, kinds: Sequence[str]
) -> _Newest:
    """Return how many of the newest of each of `kinds` fit; one statement.

    And of somebody who sees a part, the newest of that part, in case it is small.
    """
    sight, who = sight_of(actor)
    asked_for: list[str] = []
    params: list[Any] = []
    for kind in [*kinds] if actor.sees_everything else [*kinds, ""]:
        forms, marks, needles = needles_of(actor, typed, kind)
        shape = (sight, kind, forms, marks)
        given: dict[str, Any] = {**who, "needles": needles}
        if numbered is None:
            one = _newest_of.counting(*shape, **given)
        else:  # a shape that hardly comes again
            one = Counting.of(_newest_of.build(*shape, numbered, **given))
        asked_for.append(
            f"SELECT {int(not kind)} AS whole, kind, fits FROM ({one.sql}) newest"  # noqa: S608
        )
        params.extend(one.params)
    looked_at = " UNION ALL ".join(asked_for)
    found = _fetched(
        "SELECT whole, kind, COUNT(*), SUM(fits)"  # noqa: S608
        f" FROM ({looked_at}) looked_at GROUP BY whole, kind",
        params,
    )
    all_seen = sum(number for whole, _, number, _ in found if whole)
    is_whole = not actor.sees_everything and all_seen < COUNTED
    found = [row for row in found if bool(row[0]) == is_whole]
    return _Newest(
        Counter({kind: int(number) for _, kind, number, _ in found}),
        Counter({kind: int(number) for _, kind, _, number in found}),
        is_whole,
        actor.sees_everything,
    )


@prepared
def _newest_of(
    sight: str, kind: str, forms: tuple[int, ...], marks: str,
    numbered: Q | None = None, /, *, needles: list[str], **who: int,
) -> QuerySet[Activity, tuple[str, int]]:  # fmt: skip
    """Return the newest of a kind that somebody sees, of all kinds for "", each with
    its kind and whether it fits."""
    actor, order = seen_by(sight, **who), ORDERS["date"]
    living = Activity.objects.filter(deleted_at__isnull=True)
    parts = activity_parts(actor)
    if kind:
        rows = living.filter(kind=kind)
        if not actor.sees_everything:
            rows = rows.filter(date__gte=end_of_walk(rows, WALKED))
        rows = rows.filter(any_of(parts) or Q()).order_by(*order_by(order))[:COUNTED]
    else:
        rows = page_of_parts(living, parts, order, limit=COUNTED - 1, values=())
    holding = holding_all(forms, marks, needles) | (numbered or Q())
    fits = Case(When(holding, then=1), default=0, output_field=IntegerField())
    return rows.annotate(fits=fits).values_list("kind", "fits")
