"""What narrows a list of activities, as a condition of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact, IsNull
from django.utils import timezone

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Chain
from veriga.activities.rules.references import read_reference
from veriga.activities.rules.words import KindCode, State
from veriga.common.days import day_end, day_start
from veriga.common.plans import Unindexed
from veriga.common.text import fold
from veriga.parties.models import Company
from veriga.setup.custom_fields import conditions

from .activities import get_activity

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


def given_of(actor: Actor, filters: ActivityFilters, now: datetime) -> dict[str, Any]:
    """Return the values of the filters but `state` and `q`, for `narrowed`.

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


def narrowed(
    rows: QuerySet[Activity],
    state: str,
    given: dict[str, Any],
    *,
    loose: bool = False,
    by_due: bool = True,
    by_kind: bool = True,
) -> QuerySet[Activity]:
    """Return what the filters leave of `rows`; `given` as `given_of` returns it.

    `by_due` and `by_kind` tell whether SQLite may find them by what is open and by
    their kind.
    """
    if loose:
        others = Chain.objects.filter(is_running=True).exclude(pk=OuterRef("chain_id"))
        # Its chain is looked at first, for few are in one alone.
        same = Exists(others.filter(company_id=OuterRef("chain__company_id")))
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


def search_condition(filters: ActivityFilters) -> Q:
    """Return the condition of what no index of a list knows."""
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
