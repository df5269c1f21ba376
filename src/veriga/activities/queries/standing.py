"""How open sales stood at an instant, computed from history: docs/maths/forecast.md, 5.

Only chains in which anything happened since can have stood otherwise than today, so
only their marks and quotes are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Chain, Change, Mark
from veriga.activities.rules.forecast import KnownQuote, Past, past_of
from veriga.activities.rules.sales import Sign
from veriga.activities.rules.words import MarkKind
from veriga.common.ids import read_ids, written
from veriga.common.prepared import prepared
from veriga.history.models import Record

from .chains import SIGN_COLUMNS, sign_of
from .forecast import SalesFilters
from .touched import TouchedChain, chains_again, chains_touched

QUOTE_COLUMNS = ("id", "recorded_at", "sent_at", "amount_minor", "currency")
KEPT = ("sent_at", "amount_minor", "currency")  # of a quote, in its history


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
    company_id: int
    company_key: str
    before: Past
    now: Past
    closed: Mapping[int, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Again:
    """The chains of `companies`, and those of `chains`, as they stand after a while.

    Whatever else was known of them is no longer so.
    """

    companies: frozenset[int]
    chains: frozenset[int]
    stood: list[Stood]


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
    chains = chains_touched(actor, filters, then, turned)
    return _stood(chains, then, turned)


def touched_again(
    actor: Actor, filters: SalesFilters, then: datetime, since: datetime
) -> Again | None:
    """Return what may stand otherwise by now of what `touched_since` said at `since`.

    None if so much has changed that it is better asked anew. One statement if nothing
    has, at most seven else.
    """
    found = chains_again(actor, filters, since)
    if found is None:
        return None
    companies, chains = found
    stood = list(_stood(chains, then, _turned_since(then))) if chains else []
    return Again(companies, frozenset(one.id for one in chains), stood)


def _stood(
    chains: Sequence[TouchedChain], then: datetime, turned: Mapping[int, bool]
) -> Iterator[Stood]:
    if not chains:
        return
    ids = written(one.id for one in chains)
    marks, quotes = _marks_of(ids), _quotes_of(ids)
    known = _as_known(then, [one for own in quotes.values() for one in own])
    pasts: dict[int, tuple[list[Sign], list[KnownQuote]]] = {}
    for pk, *_ in chains:
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
    for pk, company_id, company_key, size in chains:
        if pk in pasts:
            # Of most the number does not matter: they have a stage or a quote.
            before = past_of(*pasts[pk], size - younger.get(pk, 0))
            signs = [sign for sign, in_force in marks.get(pk, []) if in_force]
            now = past_of(signs, quotes.get(pk, []), size)
            closed = _closed_since(then, now, signs)
            yield Stood(pk, company_id, company_key, before, now, closed)


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
