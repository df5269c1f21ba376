"""How open sales stood at an instant, computed from history: docs/maths/forecast.md, 5.

Only chains in which anything happened since can have stood otherwise than today, so
only their marks and quotes are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Chain, Change, Mark
from veriga.activities.rules.forecast import KnownQuote, Past, past_of
from veriga.activities.rules.sales import Sign
from veriga.activities.rules.words import KindCode
from veriga.history.models import Record
from veriga.parties.models import Company
from veriga.parties.queries import activity_condition

from .chains import SIGN_COLUMNS, sign_of
from .forecast import SalesFilters, whose

MOST_AT_ONCE: Final = 10_000  # ids in one statement; SQLite takes some 32,000
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
    size: int
    since: int  # how many of its activities were recorded after the instant


@dataclass(frozen=True, slots=True)
class Stood:
    """A chain in which something happened: how its sales stood then, and stand now.

    `closed` is what those that closed since were worth, as (minor, currency) by place.
    """

    chain: ChainName
    before: Past
    now: Past
    closed: Mapping[int, tuple[int, str]]


CHAIN_COLUMNS = (
    "id", "company_id", "company__name", "company__account_owner__name",
    "origin__reference", "origin__title", "sale_name", "size", "since",
)  # fmt: skip


def touched_since(
    actor: Actor, filters: SalesFilters, then: datetime
) -> Iterator[Stood]:
    """Yield the chains that `actor` sees in which anything happened after `then`.

    The currency of `filters` is for the caller to look at. Six statements, more only
    where more than MOST_AT_ONCE chains were touched.
    """
    turned = _turned_since(then)
    ids = _touched(then, turned)
    for start in range(0, len(ids), MOST_AT_ONCE):
        yield from _stood(
            actor, filters, then, turned, ids[start : start + MOST_AT_ONCE]
        )


def _turned_since(then: datetime) -> dict[int, bool]:
    """Return which marks undoing has turned since, and whether they were in force."""
    undone = Change.objects.filter(undoes__isnull=False, made_at__gt=then)
    found: dict[int, bool] = {}
    # Newest first, so that what the oldest of them met is what remains.
    rows = undone.order_by("-made_at", "-id").values_list("removed", "added")
    for removed, added in rows:
        found |= dict.fromkeys(removed.get("marks", ()), True)
        found |= dict.fromkeys(added.get("marks", ()), False)
    return found


def _touched(then: datetime, turned: Mapping[int, bool]) -> list[int]:
    """Return the chains that may have stood otherwise, in one statement."""
    marks = Mark.objects.filter(Q(made_at__gt=then) | Q(pk__in=list(turned)))
    # Two together are a running chain, even without a stage and a quote. Quotes are
    # told by their amount: SQLite would rather read all of the kind than the newest.
    began = Q(
        chain__is_running=True,
        chain__worth_minor__isnull=False,
        chain__stage="",
        chain__quotes=0,
    )
    further = Activity.objects.filter(
        Q(amount_minor__isnull=False) | began,
        recorded_at__gt=then,
        deleted_at__isnull=True,
    )
    changed = Record.objects.filter(subject="activity", made_at__gt=then)
    changed = changed.exclude(action="created").order_by()
    quotes = Activity.objects.filter(
        pk__in=changed.values("subject_id"),
        amount_minor__isnull=False,
        deleted_at__isnull=True,
    )
    found = (
        marks.order_by()
        .values_list("activity__chain_id")
        .union(
            further.order_by().values_list("chain_id"),
            quotes.order_by().values_list("chain_id"),
        )
    )
    return sorted(pk for (pk,) in found if pk is not None)


def _stood(
    actor: Actor,
    filters: SalesFilters,
    then: datetime,
    turned: Mapping[int, bool],
    ids: Sequence[int],
) -> Iterator[Stood]:
    chains = _chains(actor, filters, then, ids)
    shown = [one.id for one in chains]
    if not shown:
        return
    marks = _marks_of(shown)
    quotes = _quotes_of(shown)
    known = _as_known(then, [one for own in quotes.values() for one in own])
    for chain in chains:
        own_marks, own_quotes = marks.get(chain.id, []), quotes.get(chain.id, [])
        before = past_of(
            [
                sign
                for sign, in_force in own_marks
                if sign.at <= then and turned.get(sign.order[1], in_force)
            ],
            [known[one.id] for one in own_quotes if one.recorded_at <= then],
            chain.size - chain.since,
        )
        signs = [sign for sign, in_force in own_marks if in_force]
        now = past_of(signs, own_quotes, chain.size)
        yield Stood(chain, before, now, _closed_since(then, now, signs))


def _chains(
    actor: Actor, filters: SalesFilters, then: datetime, ids: Sequence[int]
) -> list[ChainName]:
    own_firm = Company.objects.filter(is_own=True).values("id")
    rows = Chain.objects.filter(pk__in=ids).exclude(company_id__in=own_firm)
    condition = activity_condition(actor)
    if condition is not None:
        rows = rows.filter(condition)
    younger = Activity.objects.filter(chain_id=OuterRef("pk"), recorded_at__gt=then)
    counted = younger.order_by().values("chain_id").annotate(number=Count("pk"))
    found: Any = rows.filter(whose(filters, "")).order_by("company__name_key", "id")
    found = found.annotate(since=Coalesce(Subquery(counted.values("number")), 0))
    return [ChainName(*values) for values in found.values_list(*CHAIN_COLUMNS)]


def _marks_of(ids: Sequence[int]) -> dict[int, list[tuple[Sign, bool]]]:
    """Return the marks of chains, each with whether it is in force, by chain."""
    found: dict[int, list[tuple[Sign, bool]]] = defaultdict(list)
    rows: Iterable[Any] = Mark.objects.filter(activity__chain_id__in=ids).values_list(
        "activity__chain_id", "withdrawn_at", "id", *SIGN_COLUMNS
    )
    for chain_id, withdrawn_at, *values in rows:
        found[chain_id].append((sign_of(*values), withdrawn_at is None))
    return found


def _quotes_of(ids: Sequence[int]) -> dict[int, list[KnownQuote]]:
    found: dict[int, list[KnownQuote]] = defaultdict(list)
    rows: Iterable[Any] = Activity.objects.filter(
        chain_id__in=ids, kind=KindCode.QUOTE, deleted_at__isnull=True
    ).values_list("chain_id", *QUOTE_COLUMNS)
    for chain_id, *values in rows:
        found[chain_id].append(KnownQuote(*values))
    return found


def _as_known(then: datetime, quotes: Sequence[KnownQuote]) -> dict[int, KnownQuote]:
    """Return quotes as they were then: later changes are taken back, newest first."""
    found = {one.id: one for one in quotes}
    if not found:
        return found
    rows = Record.objects.filter(
        subject="activity", subject_id__in=list(found), made_at__gt=then
    ).order_by("-made_at", "-id")
    for pk, changes in rows.values_list("subject_id", "changes"):
        old: dict[str, Any] = {
            name: changes[name][0] for name in KEPT if name in changes
        }
        if old.get("sent_at"):
            old["sent_at"] = datetime.fromisoformat(old["sent_at"])
        found[pk] = found[pk]._replace(**old)
    return found


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
