"""How open sales stood at an instant, computed from history: docs/maths/forecast.md, 5.

Only chains in which anything happened since can have stood otherwise than today, so
only their marks and quotes are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.db.models.lookups import Exact

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Chain, Change, Mark
from veriga.activities.rules.forecast import KnownQuote, Past, past_of
from veriga.activities.rules.sales import Sign
from veriga.activities.rules.words import MarkKind
from veriga.common.ids import read_ids, written
from veriga.common.prepared import prepared
from veriga.history.models import Record
from veriga.parties.models import Company
from veriga.parties.queries import activity_condition

from .activities import Unindexed
from .chains import SIGN_COLUMNS, sign_of
from .forecast import SalesFilters, whose

QUOTE_COLUMNS = ("id", "recorded_at", "sent_at", "amount_minor", "currency")
KEPT = ("sent_at", "amount_minor", "currency")  # of a quote, in its history
ENOUGH: Final = 2  # activities by which a chain runs, whatever else it holds


class ChainName(NamedTuple):
    """What a list says of a chain."""

    id: int
    company_id: int
    company_name: str
    owner_name: str | None
    reference: str
    title: str
    sale_name: str


@dataclass(frozen=True, slots=True)
class Stood:
    """A chain in which something happened: how its sales stood then, and stand now.

    `closed` is what those that closed since were worth, as (minor, currency) by place.
    """

    chain_id: int
    before: Past
    now: Past
    closed: Mapping[int, tuple[int, str]]


CHAIN_COLUMNS = (
    "id", "company_id", "company__name", "company__account_owner__name",
    "origin__reference", "origin__title", "sale_name",
)  # fmt: skip


def touched_since(
    actor: Actor, filters: SalesFilters, then: datetime
) -> Iterator[Stood]:
    """Yield the chains that `actor` sees in which anything happened after `then`.

    By the names of their companies. Left out is what never had a value. The currency of
    `filters` is for the caller to look at. At most six statements.
    """
    turned = _turned_since(then)
    chains = _chains(actor, filters, then, turned)
    if not chains:
        return
    ids = written(pk for pk, _size in chains)
    marks, quotes = _marks_of(ids), _quotes_of(ids)
    known = _as_known(then, [one for own in quotes.values() for one in own])
    pasts: dict[int, tuple[list[Sign], list[KnownQuote]]] = {}
    for pk, _size in chains:
        own_marks, own_quotes = marks.get(pk, []), quotes.get(pk, [])
        if _has_value(own_marks, own_quotes):
            pasts[pk] = (
                [
                    sign
                    for sign, in_force in own_marks
                    if sign.at <= then and turned.get(sign.order[1], in_force)
                ],
                [known[one.id] for one in own_quotes if one.recorded_at <= then],
            )
    small = [pk for pk, past in pasts.items() if _is_by_size(*past)]
    younger = dict(_younger(ids=written(small), then=then)) if small else {}
    for pk, size in chains:
        if pk in pasts:
            # Of most the number does not matter: they have a stage or a quote.
            before = past_of(*pasts[pk], size - younger.get(pk, 0))
            signs = [sign for sign, in_force in marks.get(pk, []) if in_force]
            now = past_of(signs, quotes.get(pk, []), size)
            yield Stood(pk, before, now, _closed_since(then, now, signs))


def chain_names(ids: Iterable[int]) -> dict[int, ChainName]:
    """Return what lists say of chains that the caller may show."""
    wanted = sorted(set(ids))
    found = _named(ids=written(wanted)) if wanted else []
    return {values[0]: ChainName(*values) for values in found}


@prepared
def _named(*, ids: str) -> QuerySet[Chain, tuple[Any, ...]]:
    rows = Chain.objects.filter(pk__in=read_ids(ids)).order_by()
    return rows.values_list(*CHAIN_COLUMNS)


def _has_value(
    marks: Sequence[tuple[Sign, bool]], quotes: Sequence[KnownQuote]
) -> bool:
    """Tell whether anything ever gave the sales of a chain a value."""
    return bool(quotes) or any(sign.kind == MarkKind.STATEMENT for sign, _ in marks)


def _is_by_size(signs: Sequence[Sign], quotes: Sequence[KnownQuote]) -> bool:
    """Tell whether only the number of activities says that a chain ran."""
    has_stage = any(sign.kind == MarkKind.STAGE and sign.value for sign in signs)
    return bool(signs) and not quotes and not has_stage


def _turned_since(then: datetime) -> dict[int, bool]:
    """Return which marks undoing has turned since, and whether they were in force."""
    found: dict[int, bool] = {}
    # Newest first, so that what the oldest of them met is what remains.
    for removed, added in _undone(then=then):
        found |= dict.fromkeys(removed.get("marks", ()), True)
        found |= dict.fromkeys(added.get("marks", ()), False)
    return found


@prepared
def _undone(*, then: datetime) -> QuerySet[Change, tuple[Any, Any]]:
    undone = Change.objects.filter(undoes__isnull=False, made_at__gt=then)
    return undone.order_by("-made_at", "-id").values_list("removed", "added")


def _chains(
    actor: Actor, filters: SalesFilters, then: datetime, turned: Collection[int]
) -> list[tuple[int, int]]:
    """Return id and size of the chains that may have stood otherwise, in order."""
    # Not prepared: how much there is since `then` decides how to look for it.
    own_firm = Company.objects.filter(is_own=True).values("id")
    rows = Chain.objects.filter(pk__in=_touched_ids(then, turned))
    rows = rows.exclude(company_id__in=own_firm)
    condition = activity_condition(actor)
    if condition is not None:
        rows = rows.filter(condition)
    rows = rows.filter(whose(filters, "")).order_by("company__name_key", "id")
    return list(rows.values_list("pk", "size"))


def _touched_ids(then: datetime, turned: Collection[int]) -> QuerySet[Any, Any]:
    """Return their ids: a union, each part of which has an index."""
    living = Activity.objects.filter(deleted_at__isnull=True)
    marks = Mark.objects.filter(activity__chain__isnull=False).order_by()
    parts: list[QuerySet[Any, Any]] = [
        marks.filter(made_at__gt=then).values("activity__chain_id")
    ]
    if turned:
        some = marks.filter(pk__in=read_ids(written(turned)))
        parts.append(some.values("activity__chain_id"))
    # Two together are a running chain, even without a stage and a quote.
    younger = living.filter(chain_id=OuterRef("pk"), recorded_at__gt=then)
    began = Chain.objects.filter(
        Exact(Unindexed(F("stage")), ""),
        Exists(younger),
        is_running=True,
        worth_minor__isnull=False,
        worth_is_quoted=False,  # follows of no quotes, and stands in an index
        quotes=0,
    )
    # Quotes are told by their amount, which makes them few in an index.
    quotes = living.filter(amount_minor__isnull=False)
    changed = Record.objects.filter(subject="activity", made_at__gt=then)
    changed = changed.exclude(action="created").order_by()
    parts += [
        began.order_by().values("pk"),
        quotes.filter(recorded_at__gt=then).order_by().values("chain_id"),
        quotes.filter(pk__in=changed.values("subject_id"))
        .order_by()
        .values("chain_id"),
    ]
    return parts[0].union(*parts[1:])


@prepared
def _younger(*, ids: str, then: datetime) -> QuerySet[Activity, tuple[Any, int]]:
    """Return how many activities of each chain were recorded after an instant."""
    rows = Activity.objects.filter(chain_id__in=read_ids(ids), recorded_at__gt=then)
    counted = rows.order_by().values("chain_id").annotate(number=Count("pk"))
    return counted.values_list("chain_id", "number")


def _marks_of(ids: str) -> dict[int, list[tuple[Sign, bool]]]:
    """Return the marks of chains, each with whether it is in force, by chain."""
    found: dict[int, list[tuple[Sign, bool]]] = defaultdict(list)
    for chain_id, withdrawn_at, *values in _marks(ids=ids):
        found[chain_id].append((sign_of(*values), withdrawn_at is None))
    return found


@prepared
def _marks(*, ids: str) -> QuerySet[Mark, tuple[Any, ...]]:
    rows = Mark.objects.filter(activity__chain_id__in=read_ids(ids))
    return rows.values_list("activity__chain_id", "withdrawn_at", "id", *SIGN_COLUMNS)


def _quotes_of(ids: str) -> dict[int, list[KnownQuote]]:
    found: dict[int, list[KnownQuote]] = defaultdict(list)
    for chain_id, *values in _quotes(ids=ids):
        found[chain_id].append(KnownQuote(*values))
    return found


@prepared
def _quotes(*, ids: str) -> QuerySet[Activity, tuple[Any, ...]]:
    rows = Activity.objects.filter(
        chain_id__in=read_ids(ids), amount_minor__isnull=False, deleted_at__isnull=True
    )
    return rows.values_list("chain_id", *QUOTE_COLUMNS)


def _as_known(then: datetime, quotes: Sequence[KnownQuote]) -> dict[int, KnownQuote]:
    """Return quotes as they were then: later changes are taken back, newest first."""
    found = {one.id: one for one in quotes}
    if not found:
        return found
    for pk, changes in _changed(ids=written(found), then=then):
        old: dict[str, Any] = {
            name: changes[name][0] for name in KEPT if name in changes
        }
        if old.get("sent_at"):
            old["sent_at"] = datetime.fromisoformat(old["sent_at"])
        found[pk] = found[pk]._replace(**old)
    return found


@prepared
def _changed(*, ids: str, then: datetime) -> QuerySet[Record, tuple[int, Any]]:
    rows = Record.objects.filter(
        subject="activity", subject_id__in=read_ids(ids), made_at__gt=then
    )
    rows = rows.order_by("-made_at", "-id")
    return rows.values_list("subject_id", "changes")


def _closed_since(
    then: datetime, now: Past, signs: Sequence[Sign]
) -> dict[int, tuple[int, str]]:
    kept = {sign.order[1]: sign for sign in signs if sign.closes}
    found = {}
    for place, sale in enumerate(now.sales):
        if sale.closed_at is None or sale.closed_at <= then:
            continue
        by = kept.get(sale.closed_by or 0)
        if by is not None and by.closed_minor is not None:
            found[place] = by.closed_minor, by.closed_currency
    return found
