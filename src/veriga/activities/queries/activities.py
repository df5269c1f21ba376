"""Activities: one by its reference, and lists of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact, IsNull
from django.utils import timezone

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Chain, DateMove
from veriga.activities.rules.references import read_reference
from veriga.activities.rules.rights import Standing
from veriga.activities.rules.words import KindCode, State
from veriga.common.days import day_end, day_start
from veriga.common.errors import Invalid, NotFound
from veriga.common.keyset import (
    Page,
    named_values,
    pop_values,
    read_cursor,
    unreadable_cursor,
)
from veriga.common.parts import page_of_parts
from veriga.common.prepared import Counting, count_together, prepared
from veriga.common.text import fold
from veriga.parties.models import Company
from veriga.parties.queries import (
    activity_condition,
    activity_parts,
    any_of,
    seen_by,
    sight_of,
    visible_companies,
)
from veriga.setup.custom_fields import conditions

from .rows import ORDERS, ActivityRow, columns_of, rows_page, to_page

LIMIT = 50
MAX_LIMIT = 200
WHOLE, KNOWN, UNKNOWN = "whole", "known", "unknown"  # parts of an order with nulls
OPEN = "open"  # as a filter of states: overdue or pending


@dataclass(frozen=True, slots=True)
class ActivityFilters:
    """What narrows a list; the list page and the API share it.

    `linked_to` is a reference: the other members of its chain. Days are inclusive, in
    the installation's time zone. `loose`: in no chain with anything else, where the
    company has one that it may belong to. `gathered`: the events of a group event are
    one row, the first that fits; only in a list over all companies that searches
    nothing.
    """

    company_id: int | None = None
    kind: str = ""
    state: str = ""
    owner_id: int | None = None
    linked_to: str = ""
    contact_id: int | None = None
    q: str = ""
    date_from: date | None = None
    date_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    loose: bool = False
    type_code: str = ""
    order: str = "date"
    gathered: bool = False
    custom: tuple[tuple[str, Any], ...] = ()  # (key of a custom field, value)
    further: Q | None = None  # what a room above asks of the rows besides

    @property
    def is_search(self) -> bool:
        """Whether it is narrowed by what no index of a list knows."""
        return bool(self.q.strip() or self.custom or self.further is not None)

    @property
    def gathers(self) -> bool:
        """Whether a group event is one row of the list that they leave."""
        of_some = self.company_id or self.contact_id or self.linked_to
        may_hold_events = self.kind in {"", KindCode.EVENT}
        return self.gathered and may_hold_events and not (of_some or self.is_search)


def visible_activities(actor: Actor) -> QuerySet[Activity]:
    """Return the living activities of the companies that `actor` sees."""
    rows = Activity.objects.filter(deleted_at__isnull=True)
    condition = activity_condition(actor)
    return rows if condition is None else rows.filter(condition)


class Unindexed(Func):
    """A column that SQLite is not to find rows by, though an index would let it."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **more)


# The newest of what is open are found sooner by walking down the dates than by sorting
# everything that is open, which is what SQLite does if it may.
_OPEN_UNINDEXED = Q(IsNull(Unindexed(F("done_at")), True))


def state_condition(
    state: str, now: datetime | None, *, by_due: bool = True, is_due: bool = False
) -> Q:
    """Return rules.times.state_of as a condition of SQL; "open" is all but done.

    Only "overdue" and "pending" look at `now`; "pending" is told nothing where another
    condition sees to it that all is ahead. `by_due` tells whether the rows may be
    found by what is due, `is_due` that all of them have a deadline.
    """
    if state == State.DONE:
        return Q(done_at__isnull=False)
    is_open = Q(done_at__isnull=True)
    if state == State.OVERDUE:
        return is_open & Q(due_at__lte=now)
    is_open = is_open if by_due else _OPEN_UNINDEXED
    if state == OPEN or now is None:
        return is_open
    ahead = Q(due_at__gt=now)
    return is_open & (ahead if is_due else Q(due_at__isnull=True) | ahead)


def _given(actor: Actor, filters: ActivityFilters, now: datetime) -> dict[str, Any]:
    """Return the values of the filters but `state` and `q`, for `_narrowed`.

    NotFound for an unknown `linked_to`.
    """
    zone = timezone.get_default_timezone()
    found: dict[str, Any] = {
        "company": filters.company_id,
        "kind": filters.kind or None,
        "type_code": filters.type_code or None,
        "owner": filters.owner_id,
        "contact": filters.contact_id,
        "since": filters.date_from and day_start(filters.date_from, zone),
        "until": filters.date_to and day_end(filters.date_to, zone),
        "due_after": filters.due_from and day_start(filters.due_from, zone),
        "due_by": filters.due_to and day_end(filters.due_to, zone),
        "now": now if filters.state in {State.OVERDUE, State.PENDING} else None,
    }
    if filters.state == State.PENDING and found["due_after"]:
        # One bound: of two SQLite takes the first, which may be the looser one.
        found["due_after"] = max(found["due_after"], now)
        found["now"] = None
    if filters.linked_to:
        one = get_activity(actor, filters.linked_to)
        found |= {"chain": one.living_chain_id, "itself": one.pk}
    return {name: value for name, value in found.items() if value is not None}


def _narrowed(
    rows: QuerySet[Activity],
    state: str,
    given: dict[str, Any],
    *,
    loose: bool = False,
    by_due: bool = True,
    by_kind: bool = True,
) -> QuerySet[Activity]:
    if loose:
        others = Chain.objects.filter(is_running=True).exclude(pk=OuterRef("chain_id"))
        same = Exists(others.filter(company_id=OuterRef("company_id")))
        rows = rows.filter(same, chain__size=1)
    if "company" in given:
        rows = rows.filter(company_id=given["company"])
    if "kind" in given:
        kind = F("kind") if by_kind else Unindexed(F("kind"))
        rows = rows.filter(Exact(kind, given["kind"]))
    if "type_code" in given:
        rows = rows.filter(type_code=given["type_code"])
    if "owner" in given:
        rows = rows.filter(owner_id=given["owner"])
    if "contact" in given:
        part = Activity.contacts.through.objects.filter(contact_id=given["contact"])
        rows = rows.filter(pk__in=part.values("activity_id"))
    if state:
        is_due = "due_by" in given or "due_after" in given
        now = given.get("now")
        rows = rows.filter(state_condition(state, now, by_due=by_due, is_due=is_due))
    if "chain" in given:
        rows = rows.filter(chain_id=given["chain"]).exclude(pk=given["itself"])
    if "since" in given:
        rows = rows.filter(date__gte=given["since"])
    if "until" in given:
        rows = rows.filter(date__lt=given["until"])
    # A day is over at the first instant of the next: what ends then is due on it.
    if "due_after" in given:
        rows = rows.filter(due_at__gt=given["due_after"])
    if "due_by" in given:
        rows = rows.filter(due_at__lte=given["due_by"])
    return rows


def first_of_gatherings(
    rows: QuerySet[Activity], others: QuerySet[Activity]
) -> QuerySet[Activity]:
    """Return `rows` with one of each group event; `others` are what it may hide behind.

    Both are narrowed alike, so that what the filters leave of it shows in any case.
    """
    same = others.filter(gathering_id=OuterRef("gathering_id"))
    earlier = same.filter(pk__lt=OuterRef("pk"))
    return rows.filter(Q(gathering_id__isnull=True) | ~Exists(earlier))


def _search_condition(filters: ActivityFilters) -> Q:
    found = conditions("custom", filters.custom)
    if filters.further is not None:
        found &= filters.further
    return found & text_condition(filters.q) if filters.q.strip() else found


def text_condition(text: str) -> Q:
    """Return the condition that the title or the company holds each word of `text`.

    Or that `text` is the reference or a part of it, or an old number. Companies are
    asked for by themselves, so that a search looks through their names only once.
    """
    typed = text.strip()
    old_number = Q(pk__in=with_old_number(typed))
    reference = read_reference(text)
    if reference:
        return Q(reference=reference) | old_number
    condition = Q()
    for word in fold(text).split():
        companies = Company.objects.filter(name_folded__contains=word).values("pk")
        condition &= Q(title_folded__contains=word) | Q(company_id__in=companies)
    if any(c.isdigit() for c in typed):
        condition |= Q(reference__contains=typed.upper()) | old_number
    return condition


def with_old_number(text: str) -> QuerySet[Activity, Any]:
    """Return the ids of imported activities that had this number, visible or not."""
    # Written out, because SQLite uses a partial index only if it reads its condition.
    numbered = RawSQL(  # nothing that anybody typed is in it
        "source_reference > ''", (), output_field=BooleanField()
    )
    forms = sorted({text, text.upper(), text.lower()})
    return Activity.objects.filter(numbered, source_reference__in=forms).values("pk")


def list_activities(
    actor: Actor,
    filters: ActivityFilters,
    *,
    now: datetime,
    limit: int = LIMIT,
    cursor: str | None = None,
    full: bool = False,
) -> Page[ActivityRow]:
    """Return one page of the activities that `actor` sees, newest first by default.

    `full`: with what only a record's own page or a program wants.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid.of("limit", "limit_range")
    if filters.order not in ORDERS:
        raise Invalid.of("order", "unknown_choice")
    order = ORDERS[filters.order]
    given = _given(actor, filters, now)
    if filters.is_search:  # what is searched for has no shape that comes again
        rows = _narrowed(
            visible_activities(actor), filters.state, given, loose=filters.loose
        )
        rows = rows.filter(_search_condition(filters))
        return rows_page(rows, order, now=now, limit=limit, cursor=cursor, full=full)
    sight, who = sight_of(actor)
    values = read_cursor(order, cursor) if cursor else []

    def listed(part: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        gathers, loose = filters.gathers, filters.loose
        # Nearly all that somebody owns they see: what is seldom among it is looked for
        # once, and not for each reason of seeing.
        at_once = loose and filters.owner_id == actor.user_id
        shape = (
            *(sight, filters.state, order.name, part, limit, full),
            *(gathers, loose, at_once),
        )
        if not values:
            return _listed(*shape, **given, **who)
        with unreadable_cursor():
            return _listed(*shape, **given, **who, **named_values(values))

    if not order.nullable:
        found = listed(WHOLE, values)
    else:
        # Nulls come last. No index puts them there on both databases; each part has
        # one, and few pages reach the second.
        is_known = not values or values[0] is not None
        found = listed(KNOWN, values) if is_known else []
        if len(found) <= limit:
            found += listed(UNKNOWN, () if is_known else values[1:])
    return to_page(found[: limit + 1], order, now=now, limit=limit, full=full)


@prepared
def _listed(
    sight: str, state: str, order_name: str, part: str, limit: int, full: bool,
    gathers: bool, loose: bool, at_once: bool, /,
    me: int = 0, team: int | None = None, **given: Any,
) -> QuerySet[Activity, tuple[Any, ...]]:  # fmt: skip
    """Return a page of a list, of its whole order or of a part of it."""
    whole = ORDERS[order_name]
    order = {WHOLE: whole, KNOWN: whole.known(), UNKNOWN: whole.unknown()}[part]
    living = Activity.objects.filter(deleted_at__isnull=True)
    parts = activity_parts(seen_by(sight, me, team))
    # Of few companies the rows are found by these, not by walking down a whole kind.
    by_kind = parts is None or len(parts) == 1
    by_due = order_name == "due"
    rows = _narrowed(living, state, given, loose=loose, by_due=by_due, by_kind=by_kind)
    if at_once:
        rows, parts = rows.filter(any_of(parts) or Q()), None
    if gathers:
        others = visible_activities(seen_by(sight, me, team))
        others = _narrowed(others, state, given, loose=loose)
        rows = first_of_gatherings(rows, others)
    if part != WHOLE:
        rows = rows.filter(**{f"{whole.columns[0]}__isnull": part == UNKNOWN})
    rows = page_of_parts(
        rows,
        parts,
        order,
        limit=limit,
        values=pop_values(given),
    )
    return rows.values_list(*columns_of(whole, full=full))


def count_activities(
    actor: Actor, filters: ActivityFilters, *, now: datetime, limit: int = 10_000
) -> int:
    """Return how many there are, counting no further than `limit` + 1."""
    asked = counting_activities(actor, filters, now=now, limit=limit)
    return count_together([asked])[0]


def counting_activities(
    actor: Actor, filters: ActivityFilters, *, now: datetime, limit: int = 10_000
) -> Counting:
    """Return what counts them, no further than `limit` + 1."""
    sight, who = sight_of(actor)
    given = _given(actor, filters, now)
    shape = (sight, filters.state, filters.gathers, filters.loose, limit)
    if filters.is_search:
        rows = _counted.build(*shape, _search_condition(filters), **given, **who)
        return Counting.of(rows)
    return _counted.counting(*shape, **given, **who)


@prepared
def _counted(
    sight: str, state: str, gathers: bool, loose: bool, limit: int,
    searched: Q | None = None, /, me: int = 0, team: int | None = None, **given: Any,
) -> QuerySet[Activity, tuple[int]]:  # fmt: skip
    actor = seen_by(sight, me, team)
    rows = Activity.objects.filter(deleted_at__isnull=True)
    condition = activity_condition(actor)
    if actor.sees_everything and condition is not None:
        rows = rows.filter(condition)
    elif condition is not None:
        # From the companies rather than through all rows: what somebody sees may be a
        # small part of what there is.
        rows = rows.filter(company_id__in=visible_companies(actor).values("pk"))
    # What is due in some days is few of a kind, and in one index with what is asked.
    by_kind = "due_by" not in given
    rows = _narrowed(rows, state, given, loose=loose, by_kind=by_kind)
    if searched is not None:
        rows = rows.filter(searched)
    if gathers:
        rows = first_of_gatherings(rows, rows)
    return rows.order_by().values_list("pk")[: limit + 1]


def get_activity(actor: Actor, reference: str) -> Activity:
    """Return one living activity with its company, people and chain.

    The reference forgives case and missing zeros. NotFound if there is none, or it is
    deleted, or the actor may not see it.
    """
    exact = read_reference(reference)
    sight, who = sight_of(actor)
    found = _by_reference(sight, reference=exact, **who) if exact else []
    if not found:
        raise NotFound(reference=reference)
    return found[0]


def get_activities(actor: Actor, references: Sequence[str]) -> list[Activity]:
    """Return what `get_activity` returns of each, in one statement."""
    exact = [read_reference(one) or "" for one in references]
    sight, who = sight_of(actor)
    rows = _by_references(sight, of=exact, **who)
    found = {one.reference: one for one in rows}
    for one, typed in zip(exact, references, strict=True):
        if one not in found:
            raise NotFound(reference=typed)
    return [found[one] for one in exact]


@prepared
def _by_references(
    sight: str, *, of: list[str], me: int = 0, team: int | None = None
) -> QuerySet[Activity]:
    return (
        visible_activities(seen_by(sight, me, team))
        .filter(reference__in=of)
        .select_related("company", "owner", "created_by", "chain", "product")
    )


@prepared
def _by_reference(
    sight: str, *, reference: str, me: int = 0, team: int | None = None
) -> QuerySet[Activity]:
    return (
        visible_activities(seen_by(sight, me, team))
        .filter(reference=reference)
        .select_related("company", "owner", "created_by", "chain", "product")
    )


def is_visible(actor: Actor, activity_id: int) -> bool:
    """Tell whether the activity is alive and the actor sees it."""
    # Asked of one row: "in all that are visible" would have the database list them.
    sight, who = sight_of(actor)
    return bool(_visible_ids(sight, pk=activity_id, **who))


@prepared
def _visible_ids(sight: str, /, *, pk: int, **who: int) -> QuerySet[Activity, int]:
    rows = visible_activities(seen_by(sight, **who)).filter(pk=pk)
    return rows.values_list("pk", flat=True)


def standing_of(activity: Activity) -> Standing:
    """Return who has a say in `activity`, in one statement."""
    return Standing(
        owner_id=activity.owner_id,
        created_by_id=activity.created_by_id,
        account_owner_id=activity.company_owner_id,
        participant_ids=frozenset(
            activity.participations.values_list("user_id", flat=True)
        ),
    )


@prepared
def _date_moves(*, activity: int) -> QuerySet[DateMove]:
    moves = DateMove.objects.filter(activity_id=activity).select_related("made_by")
    return moves.order_by("made_at", "id")


def list_date_moves(activity: Activity) -> list[DateMove]:
    """Return every move of a planned date of `activity`, oldest first.

    No statement for an activity that nobody has changed: a move raises its version.
    """
    if activity.row_version == 1:
        return []
    return _date_moves(activity=activity.pk)
