"""Which activity of a company a new record is likeliest to continue, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from veriga.access.rules import Actor
from veriga.activities.models import Activity, LinkWeights
from veriga.activities.rules import likeness
from veriga.activities.rules.choosing import OFFERED, Weights
from veriga.activities.rules.likeness import CONTACT_WEIGHT, PRODUCT_WEIGHT
from veriga.common.kept import Kept
from veriga.common.prepared import prepared
from veriga.parties.queries import seen_by, sight_of

from .activities import visible_activities
from .rows import ActivityRow, rows_of

CANDIDATES = 60
HORIZON = timedelta(days=365)
DAY_S: Final = 86_400.0
# Every form asks for them, and the worker learns them once a week.
_kept: Kept[Weights | None] = Kept(10.0)


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is known of the new record so far; `kind` as `kind_name` has it."""

    kind: str = ""
    user_id: int | None = None
    product_id: int | None = None
    contact_ids: Sequence[int] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of Poveži: why it is likely (codes), and whether it is tied already.

    `is_preselected`: what Enter accepts; one at most.
    """

    row: ActivityRow
    reasons: tuple[str, ...] = ()
    in_this_chain: bool = False
    is_preselected: bool = False


@dataclass(frozen=True, slots=True)
class _Offered:
    """The activity on offer for a chain, with why, and whether that is sure enough."""

    id: int
    reasons: tuple[str, ...]
    is_preselected: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read of one activity that may be continued."""

    id: int
    chain_id: int
    product_id: int | None
    date: datetime
    owner_id: int
    kind: str
    type_code: str
    title: str


def kind_name(kind: str, type_code: str) -> str:
    """Return the name by which learnt weights know a kind of activity."""
    return f"{kind}:{type_code}" if kind else ""


def suggest(
    actor: Actor,
    company_id: int,
    sketch: Sketch,
    *,
    now: datetime,
    not_in_chain: int | None = None,
    limit: int = OFFERED,
    full: bool = False,
) -> list[Candidate]:
    """Return the likeliest activities to continue, best first, with reasons.

    By the weights that were learnt, if there are any (docs/insight/links.md), else by
    fixed ones (docs/maths/suggestions.md). The chain is what is chosen; its newest
    activity is what is offered.
    """
    sight, who = sight_of(actor)
    recent = _recent(
        sight,
        company=company_id,
        since=now - HORIZON,
        until=now,
        chain=not_in_chain or 0,
        **who,
    )
    rows = [_Known(*row) for row in recent]
    weights = learnt_weights() if rows else None
    if weights is None:
        offered = _by_fixed_weights(rows, sketch, now)[:limit]
    else:
        offered = _by_learnt_weights(weights, rows, sketch, now, limit)
    found = rows_of([one.id for one in offered], now=now, full=full)
    return [
        Candidate(found[one.id], one.reasons, is_preselected=one.is_preselected)
        for one in offered
        if one.id in found
    ]


@prepared
def _recent(
    sight: str,
    /,
    *,
    company: int,
    since: datetime,
    until: datetime,
    chain: int,
    **who: int,
) -> QuerySet[Activity, tuple[Any, ...]]:
    rows = visible_activities(seen_by(sight, **who)).filter(
        company_id=company, date__gte=since, date__lte=until
    )
    rows = rows.exclude(chain_id=chain).order_by("-date", "-reference_key")
    return rows.values_list(
        *("id", "chain_id", "product_id", "date"),
        *("owner_id", "kind", "type_code", "title"),
    )[:CANDIDATES]


def learnt_weights() -> Weights | None:
    """Return what suggestions are ordered by, None for the fixed weights."""
    return _kept.get("", _read_weights)


def forget_weights() -> None:
    """Let this process read the weights anew; whoever stores them calls it."""
    _kept.forget()


def _read_weights() -> Weights | None:
    (stored,) = _stored() or [None]
    return Weights.from_json(stored) if stored else None


@prepared
def _stored() -> QuerySet[LinkWeights, dict[str, Any] | None]:
    return LinkWeights.objects.filter(pk=1).values_list("weights", flat=True)


def _by_fixed_weights(
    rows: Sequence[_Known], sketch: Sketch, now: datetime
) -> list[_Offered]:
    """Same product 2, same contact 1, and recency from 1 (now) towards 0."""
    with_contact = set(_contacts(rows, sketch.contact_ids))
    best: dict[int, tuple[float, datetime, int, list[str]]] = {}
    for row in rows:
        blank: tuple[float, datetime, int, list[str]] = (0.0, row.date, row.id, [])
        score, newest, offered, reasons = best.get(row.chain_id, blank)
        same_product = sketch.product_id and row.product_id == sketch.product_id
        if same_product and "same_product" not in reasons:
            score, reasons = score + PRODUCT_WEIGHT, ["same_product", *reasons]
        if row.id in with_contact and "same_contact" not in reasons:
            score, reasons = score + CONTACT_WEIGHT, [*reasons, "same_contact"]
        best[row.chain_id] = (score, newest, offered, reasons)
    ranked = sorted(
        best.values(),
        key=lambda b: (b[0] + 1 / (1 + (now - b[1]).days / 30), b[1]),
        reverse=True,
    )
    return [
        _Offered(offered, tuple(reasons) or ("newest",), place == 0)
        for place, (_, _, offered, reasons) in enumerate(ranked)
    ]


def _by_learnt_weights(
    weights: Weights,
    rows: Sequence[_Known],
    sketch: Sketch,
    now: datetime,
    limit: int,
) -> list[_Offered]:
    contacts: dict[int, set[int]] = {}
    if sketch.contact_ids:
        contacts = _contacts(rows)
    record = likeness.Record(
        now.timestamp() / DAY_S,
        sketch.kind,
        sketch.user_id or 0,
        frozenset(sketch.contact_ids),
        frozenset([sketch.product_id] if sketch.product_id else ()),
        sketch.title,
    )
    candidates = tuple(
        likeness.Candidate(
            row.id,
            row.chain_id,
            likeness.Record(
                row.date.timestamp() / DAY_S,
                kind_name(row.kind, row.type_code),
                row.owner_id,
                frozenset(contacts.get(row.id, ())),
                frozenset([row.product_id] if row.product_id else ()),
                row.title,
            ),
        )
        for row in rows
    )
    # A new chain can be begun below all of them, so it takes no place among them.
    found = weights.suggest(likeness.Offer(record, candidates), limit + 1)
    chains = [one for one in found if one.activity is not None][:limit]
    return [
        _Offered(one.activity or 0, one.reasons or ("newest",), one.is_preselected)
        for one in chains
    ]


def _contacts(
    rows: Sequence[_Known], wanted: Sequence[int] | None = None
) -> dict[int, set[int]]:
    """Return the contacts of each of these activities, of those wanted if given."""
    if wanted is not None and not wanted:
        return {}
    held = Activity.contacts.through.objects.filter(
        activity_id__in=[row.id for row in rows]
    )
    if wanted is not None:
        held = held.filter(contact_id__in=wanted)
    found: dict[int, set[int]] = {}
    for activity_id, contact_id in held.values_list("activity_id", "contact_id"):
        found.setdefault(activity_id, set()).add(contact_id)
    return found
