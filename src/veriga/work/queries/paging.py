"""Pages of results: by words that are looked up, or by walking down what is newest.

What few records hold is looked up and sorted. What many hold is met soon on the way
down from the newest, and sorting all of it would take long; so the page is put together
from the first rows of each part, own ones before the others, and never sorts more. No
walk is longer than WALKED rows: what is not met on it is looked up after all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, StrIndex
from django.db.models.lookups import Exact, GreaterThan

from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.activities.queries.activities import visible_activities
from veriga.activities.queries.rows import (
    ORDERS,
    ActivityRow,
    first_rows,
    to_page,
)
from veriga.activities.rules.words import KindCode
from veriga.common.errors import Invalid
from veriga.common.keyset import (
    Order,
    Page,
    after,
    named_values,
    order_by,
    pop_values,
    read_cursor,
    unreadable_cursor,
)
from veriga.common.plans import Unindexed
from veriga.common.prepared import planned_by_values, prepared
from veriga.parties.queries import (
    activity_parts,
    any_of,
    seen_by,
    sight_of,
)
from veriga.work.models import ActivityWords
from veriga.work.rules.searching import Typed
from veriga.work.rules.words import MEANING, marks_of

from .matching import asked, matching

WALKED: Final = 3_000  # rows that a page is looked for among
OWN_WALKED: Final = 1_000  # of the actor's own, so many of the newest come first
OWN, OTHERS = 1, 0  # what orders before the date
FIRST_INSTANT: Final = datetime(1, 1, 2, tzinfo=UTC)

NEWEST: Final = Order("found", ("rank", "date", "reference_key"), descending=True)


class Way(NamedTuple):
    """How a page is found. A cursor carries it, so that further pages need not count.

    `is_guess`: a slip was assumed. `is_many`: what holds the words is met, not looked
    up, and own records since `own_since` come before the others (all, if that is None).
    `is_whole`: the walk goes through all that the actor sees.
    """

    is_guess: bool = False
    is_many: bool = False
    is_whole: bool = False
    own_since: datetime | None = None

    def write(self, cursor: str) -> str:
        """Return a cursor that says so too."""
        since = "" if self.own_since is None else str(_microseconds(self.own_since))
        flags = f"{self.is_guess:d}{self.is_many:d}{self.is_whole:d}"
        return f"{flags}{since}.{cursor}"


_WRITTEN = re.compile(r"([01])([01])([01])(\d{0,18})\.(.+)", re.ASCII | re.DOTALL)


def read_way(cursor: str) -> tuple[Way, str]:
    """Return what Way.write() was given; Invalid("bad_cursor") if it was not."""
    written = _WRITTEN.fullmatch(cursor)
    if written is None:
        raise Invalid.of("cursor", "bad_cursor")
    *flags, since, rest = written.groups()
    with unreadable_cursor():
        own_since = _EPOCH + timedelta(microseconds=int(since)) if since else None
    guess, many, whole = (flag == "1" for flag in flags)
    return Way(guess, many, whole, own_since), rest


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _microseconds(moment: datetime) -> int:
    """Return an instant as a number; what was before 1970 is as good as that."""
    return max(0, (moment - _EPOCH) // timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which activities: those that hold the typed words or had a number; of one kind
    or of all for ""."""

    typed: Sequence[Typed]
    numbered: Q | None
    kind: str
    way: Way


def own_first(actor: Actor, since: datetime | None = None) -> Case:
    """Return OWN for what the actor owns, of `since` or later, OTHERS for the rest."""
    return Case(
        When(own_ones(actor, since), then=Value(OWN)),
        default=Value(OTHERS),
        # A prepared query's stand-in for it is a large number.
        output_field=BigIntegerField(),
    )


def own_ones(actor: Actor, since: datetime | None) -> Q:
    """Return the condition for what the actor owns, of `since` or later."""
    mine = Q(owner_id=actor.user_id or 0)
    return mine if since is None else mine & Q(date__gte=since)


def own_since(actor: Actor) -> datetime | None:
    """Return the date from which own records come first where there are many.

    None if the actor owns so few that all do. One statement.
    """
    found = _own_dates(OWN_WALKED, me=actor.user_id or 0)
    # No cursor could tell what was earlier.
    return max(found[0], _EPOCH) if found else None


@prepared
def _own_dates(walked: int, /, *, me: int) -> QuerySet[Activity, datetime]:
    own = Activity.objects.filter(owner_id=me, deleted_at__isnull=True)
    dates = own.order_by(*order_by(ORDERS["date"])).values_list("date", flat=True)
    return dates[walked - 1 : walked]


def activities_page(
    actor: Actor, ask: Asked, *, now: datetime, limit: int, cursor: str | None
) -> Page[ActivityRow]:
    """Return a page of activities, own ones first, then the newest.

    One statement; one more if of what many hold too few are among the newest.
    """
    way = ask.way
    if way.is_many:
        found = _met_by(actor, ask, limit, cursor)
        if len(found) > limit or way.is_whole:
            return to_page(found, NEWEST, now=now, limit=limit)
    found = _looked_up_by(actor, ask, limit, cursor)
    return to_page(found, NEWEST, now=now, limit=limit)


def _looked_up_by(
    actor: Actor, ask: Asked, limit: int, cursor: str | None
) -> list[tuple[Any, ...]]:
    """Return up to `limit` + 1 rows for `to_page` by looking the words up."""
    sight, who = sight_of(actor)
    kinds = [ask.kind] if ask.kind else list(KindCode)
    marks = marks_of(kinds, with_persons=actor.may_see_persons)
    given: dict[str, Any] = {**who, "me": actor.user_id or 0}
    given["marked"] = asked(ask.typed, marks)
    if ask.way.own_since is not None:
        given["since"] = ask.way.own_since
    with unreadable_cursor():
        given |= named_values(read_cursor(NEWEST, cursor) if cursor else [])
        if ask.numbered is not None:  # a shape that hardly comes again
            shape = (sight, limit, ask.kind, ask.numbered)
            return list(_looked_up.build(*shape, **given))
        return _looked_up(sight, limit, **given)


@planned_by_values
def _looked_up(
    sight: str, limit: int, kind: str = "", numbered: Q | None = None, /, *,
    me: int, marked: str, team: int | None = None, since: datetime | None = None,
    **given: Any,
) -> QuerySet[Activity, tuple[Any, ...]]:  # fmt: skip
    """Return the rows of a page out of all that hold the words, sorted."""
    actor = seen_by(sight, me, team)
    hold = Q(pk__in=matching(ActivityWords, marked, most=None)) | (numbered or Q())
    rank = own_first(actor, since)
    # First by what no index knows: SQLite would walk down all dates for a few rows.
    rows = visible_activities(actor).annotate(rank=rank).filter(hold)
    if kind:
        rows = rows.filter(kind=kind)
    values = pop_values(given)
    if values:
        rows = rows.filter(after(NEWEST, values))
    # What a row shows besides is read of those of the page alone.
    page = rows.order_by(*order_by(NEWEST))[: limit + 1].values("pk")
    shown = Activity.objects.annotate(rank=rank).filter(pk__in=page)
    return first_rows(shown, NEWEST, limit=limit)


def _met_by(
    actor: Actor, ask: Asked, limit: int, cursor: str | None
) -> list[tuple[Any, ...]]:
    """Return up to `limit` + 1 rows for `to_page` that are met among the newest."""
    values = read_cursor(NEWEST, cursor) if cursor else []
    way, (forms, marks, needles) = ask.way, needles_of(actor, ask.typed, ask.kind)
    has_own = not values or values[0] != OTHERS
    sight, who = sight_of(actor)
    given: dict[str, Any] = {**who, "me": actor.user_id or 0, "needles": needles}
    if way.own_since is not None:
        given["since"] = way.own_since
    walked = 0 if way.is_whole else WALKED
    shape = (sight, ask.kind, forms, marks, has_own, walked, limit)
    with unreadable_cursor():
        given |= named_values(values)
        if ask.numbered is not None:  # a shape that hardly comes again
            return list(_met.build(*shape, ask.numbered, **given))
        return _met(*shape, **given)


@prepared
def _met(
    sight: str, kind: str, forms: tuple[int, ...], marks: str, has_own: bool,
    walked: int, limit: int, numbered: Q | None = None, /, *,
    me: int, needles: list[str], team: int | None = None, since: datetime | None = None,
    **given: Any,
) -> QuerySet[Activity, tuple[Any, ...]]:  # fmt: skip
    """Return the rows of a page, put together from the first ones of each part."""
    actor = seen_by(sight, me, team)
    values = pop_values(given)
    parts = activity_parts(actor)
    mine = own_ones(actor, since)
    found = [(~mine, part, [] if has_own else values[1:]) for part in parts or [Q()]]
    if has_own:
        # One part: what somebody owns they see, all but a few, and an index has it.
        found.insert(0, (mine, any_of(parts) or Q(), values[1:]))
    holding = holding_all(forms, marks, needles) | (numbered or Q())
    living = Activity.objects.filter(deleted_at__isnull=True)
    firsts = []
    for whose, part, from_values in found:
        # Of one person or team the rows are found by these, not down a whole kind.
        by_kind = whose != mine and actor.sees_everything
        some = living.filter(is_of(kind, by_kind)) if kind else living
        if from_values:
            some = some.filter(after(ORDERS["date"], from_values))
        if whose != mine and walked:
            # What everybody sees is as good a measure as what most do.
            seen = some if actor.sees_everything else some.filter(part)
            some = some.filter(date__gte=end_of_walk(seen, walked))
        rows = some.filter(whose, part, holding)
        first = rows.order_by(*order_by(ORDERS["date"]))[: limit + 1]
        # SQLite takes no LIMIT in a member of a union, hence the step between.
        step = Activity.objects.filter(pk__in=first.values("pk"))
        firsts.append(step.order_by().values("pk"))
    rows = Activity.objects.annotate(rank=own_first(actor, since))
    rows = rows.filter(pk__in=firsts[0].union(*firsts[1:], all=True))
    if values:
        rows = rows.filter(after(NEWEST, values))
    return first_rows(rows, NEWEST, limit=limit)


def is_of(kind: str, is_indexed: bool) -> Exact:
    """Return the condition for rows of a kind, by which SQLite may find them or not."""
    return Exact(F("kind") if is_indexed else Unindexed(F("kind")), kind)


def end_of_walk(rows: QuerySet[Activity], walked: int) -> Coalesce:
    """Return the date of the last row that a walk down `rows` gets to."""
    dates = rows.order_by(*order_by(ORDERS["date"])).values("date")
    return Coalesce(Subquery(dates[walked - 1 : walked]), Value(FIRST_INSTANT))


def holding_all(forms: Sequence[int], marks: str, needles: Sequence[str]) -> Q:
    """Return the condition that the words of a row hold all typed ones.

    `needles` are those of all typed words for each of `marks`, one after another;
    `forms` tells how many each word has. Read row by row and not looked up, hence not
    as a join that a database might do for all rows at once.
    """
    kept = ActivityWords.objects.filter(pk=OuterRef("pk")).values("words")
    words = Coalesce(Subquery(kept[:1]), Value(""), output_field=TextField())
    waiting = iter(needles)
    condition = Q()
    for mark in marks:
        kind, is_person = MEANING[mark]
        marked = Q(is_of(kind, is_indexed=False), company_is_person=is_person)
        for number in forms:
            some = Q()
            for needle in islice(waiting, number):
                some |= Q(GreaterThan(StrIndex(words, Value(needle)), 0))
            marked &= some
        condition |= marked
    return condition


def needles_of(
    actor: Actor, typed: Sequence[Typed], kind: str
) -> tuple[tuple[int, ...], str, list[str]]:
    """Return what `holding_all` asks for: forms, marks and needles of typed words."""
    kinds = [kind] if kind else list(KindCode)
    marks = "".join(marks_of(kinds, with_persons=actor.may_see_persons))
    needles = [n for mark in marks for one in typed for n in one.needles(mark)]
    return tuple(len(one.needles()) for one in typed), marks, needles
