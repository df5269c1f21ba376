"""Pages of results: by words that are looked up, or by walking down what is newest.

What few records hold is looked up and sorted. What many hold is met soon on the way
down from the newest, and sorting all of it would take long; so the page is put together
from the first rows of each part, own ones before the others, and never sorts more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Contains

from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.activities.queries.activities import visible_activities
from veriga.activities.queries.rows import ORDERS, ActivityRow, rows_page
from veriga.common.errors import Invalid
from veriga.common.keyset import (
    Order,
    Page,
    after,
    order_by,
    read_cursor,
    take_page,
    unreadable_cursor,
)
from veriga.parties.queries import (
    activity_parts,
    any_of,
    show_elsewhere,
    visible_companies,
)
from veriga.work.models import ActivityWords
from veriga.work.rules.searching import Typed

# Of so many that hold the words a page is met among few newer ones that do not.
MANY: Final = 20_000
MANY_OWN: Final = 2_000
OWN, OTHERS = 1, 0  # what orders before the date
LAST_CHARACTER: Final = "\U0010ffff"

NEWEST: Final = Order("found", ("rank", "date", "reference_key"), descending=True)
NAMES: Final = {
    "company": Order("company", ("rank", "name_key", "id")),
    "contact": Order("contact", ("rank", "name_key", "id")),
    "product": Order("product", ("rank", "name_key", "id")),
    "gathering": Order("gathering", ("rank", "starts_at", "id"), descending=True),
}
OWNERS: Final = {
    "company": "account_owner_id",
    "contact": "company__account_owner_id",
}


class Way(NamedTuple):
    """How a page is found: whether a slip was assumed, and what is met and not looked
    up. A cursor carries it, so that further pages need not count again."""

    is_guess: bool = False
    is_many: bool = False
    is_many_own: bool = False

    def write(self, cursor: str) -> str:
        """Return a cursor that says so too."""
        return f"{self.is_guess:d}{self.is_many:d}{self.is_many_own:d}{cursor}"


def read_way(cursor: str) -> tuple[Way, str]:
    """Return what Way.write() was given; Invalid("bad_cursor") if it was not."""
    flags = cursor[: len(Way._fields)]
    if set(flags) - {"0", "1"} or len(cursor) <= len(flags):
        raise Invalid.of("cursor", "bad_cursor")
    return Way(*(flag == "1" for flag in flags)), cursor[len(flags) :]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which activities: those that hold the typed words, by a condition that looks
    these up, or had a number; of one kind or of all for ""."""

    typed: Sequence[Typed]
    hold: Q
    numbered: Q
    kind: str
    way: Way


def own_first(actor: Actor) -> Case:
    """Return OWN for what the actor owns, OTHERS for the rest."""
    return Case(
        When(owner_id=actor.user_id or 0, then=Value(OWN)),
        default=Value(OTHERS),
        output_field=IntegerField(),
    )


def activities_page(
    actor: Actor, ask: Asked, *, now: datetime, limit: int, cursor: str | None
) -> Page[ActivityRow]:
    """Return a page of activities, own ones first, then the newest; one statement."""
    rows = visible_activities(actor)
    if ask.kind:
        rows = rows.filter(kind=ask.kind)
    if ask.way.is_many:
        rows = rows.filter(pk__in=_firsts(actor, ask, limit, cursor))
    else:
        rows = rows.filter(ask.hold | ask.numbered)
    # First by what no index knows: SQLite would walk down all dates for a few rows.
    rows = rows.annotate(rank=own_first(actor))
    return rows_page(rows, NEWEST, now=now, limit=limit, cursor=cursor)


def _firsts(
    actor: Actor, ask: Asked, limit: int, cursor: str | None
) -> QuerySet[Activity, Any]:
    """Return the ids of the first rows of each part that a page may hold."""
    rank, *values = read_cursor(NEWEST, cursor) if cursor else [OWN]
    living = Activity.objects.filter(deleted_at__isnull=True)
    if ask.kind:
        living = living.filter(kind=ask.kind)
    parts = activity_parts(actor)
    mine = Q(owner_id=actor.user_id or 0)
    others = [~mine & part for part in parts] if parts is not None else [~mine]
    found = [(part, values if rank == OTHERS else [], True) for part in others]
    if rank != OTHERS:
        # One part: what somebody owns they see, all but a few, and an index has it.
        own = mine & (any_of(parts) or Q())
        found.insert(0, (own, values, ask.way.is_many_own))
    holding = _holding(ask.typed) | ask.numbered
    firsts = []
    for part, from_values, is_many in found:
        rows = living.filter(part)
        with unreadable_cursor():
            rows = rows.filter(
                after(ORDERS["date"], from_values) if from_values else Q()
            )
        rows = rows.filter(holding if is_many else ask.hold | ask.numbered)
        first = rows.order_by(*order_by(ORDERS["date"]))[: limit + 1]
        # SQLite takes no LIMIT in a member of a union, hence the step between.
        step = Activity.objects.filter(pk__in=first.values("pk"))
        firsts.append(step.order_by().values("pk"))
    return firsts[0].union(*firsts[1:], all=True)


def _holding(typed: Sequence[Typed]) -> Q:
    """Return the condition that the words of a row hold all typed ones.

    Read row by row and not looked up, hence not as a join that a database might do
    for all rows at once.
    """
    kept = ActivityWords.objects.filter(pk=OuterRef("pk")).values("words")
    words = Coalesce(Subquery(kept[:1]), Value(""), output_field=TextField())
    condition = Q()
    for one in typed:
        some = Q()
        for needle in one.needles:
            some |= Q(Contains(words, needle))
        condition &= some
    return condition


def likely(actor: Actor, typed: Sequence[Typed]) -> dict[str, Any]:
    """Return what `name_rank` asks: how the likeliest names begin, and who asks."""
    begin = " ".join(one.word for one in typed)
    end = f"{begin}{LAST_CHARACTER}"
    return {"begin": begin, "end": end, "own": actor.user_id or 0}


def name_rank(noun: str, *, begin: str, end: str, own: int) -> Case:
    """Return what puts names first that begin so, then own ones."""
    ranks = [When(name_folded__gte=begin, name_folded__lt=end, then=Value(0))]
    if noun in OWNERS:
        ranks.append(When(**{OWNERS[noun]: own}, then=Value(1)))
    return Case(*ranks, default=Value(2), output_field=IntegerField())


def page_of_names(
    actor: Actor,
    noun: str,
    rows: QuerySet[Any],
    typed: Sequence[Typed],
    *,
    limit: int,
    cursor: str | None,
) -> Page[Any]:
    """Return a page of visible records of a noun, the likeliest first.

    Those first whose name begins as typed, then own ones; of group events own ones and
    then the latest. One statement; one more for contacts elsewhere than at their first
    company.
    """
    if noun == "gathering":
        rows = rows.select_related("owner").annotate(rank=own_first(actor))
        return take_page(rows, NAMES[noun], limit=limit, cursor=cursor)
    if noun == "company":
        rows = rows.select_related("account_owner")
    rows = rows.annotate(rank=name_rank(noun, **likely(actor, typed)))
    if noun == "contact":
        first = visible_companies(actor).filter(pk=OuterRef("company_id"))
        rows = rows.annotate(is_seen=Exists(first))
    page: Page[Any] = take_page(rows, NAMES[noun], limit=limit, cursor=cursor)
    if noun == "contact":
        show_elsewhere(actor, [one for one in page.rows if not one.is_seen])
    return page
