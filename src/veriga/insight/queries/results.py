"""What pages and programs read of insight: what the worker has stored, nothing else.

No NumPy here, not even indirectly: a web process neither computes nor loads what does.
Everybody reads the figures of exactly the chains they see; a team's are for whoever
sees all of that team. Source: docs/decisions/0026.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, QuerySet

from veriga.access.queries import get_team
from veriga.access.rules import Actor
from veriga.activities.queries.activities import get_activity
from veriga.common.errors import NotFound
from veriga.common.prepared import prepared
from veriga.insight.models import ChainFigures, Computing, InsightSettings, Result
from veriga.insight.rules.sights import SightSpec, sight_of_actor, sight_of_team
from veriga.insight.rules.words import ReportKind
from veriga.parties.queries import activity_condition

MOST_CHAINS = 500
# These reports speak of single chains, which are listed beside them.
WITH_CHAINS = frozenset({ReportKind.PACE, ReportKind.STALLED})
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """One report as it was stored; `payload` is None while there is none.

    `error` says what kept it from being made; `computed_at` None means that nothing was
    computed yet for who asks.
    """

    kind: ReportKind
    computed_at: datetime | None = None
    activities: int = 0
    seconds: float = 0.0
    payload: Payload | None = None
    error: str = ""

    @property
    def is_there(self) -> bool:
        """Whether there are figures to show."""
        return self.payload is not None


@dataclass(frozen=True, slots=True)
class StoredChain:
    """What is said of one open chain; `payload` as docs/insight/running.md has it."""

    chain_id: int
    computed_at: datetime | None = None
    is_stalled: bool = False
    silence_days: float | None = None
    limit_days: float | None = None
    pace: float | None = None
    chance: float | None = None
    payload: Payload = field(default_factory=dict)
    next_steps: Payload | None = None
    origin: str = ""  # what follows is for lists: reference and title of the origin
    title: str = ""
    company_id: int = 0
    company_name: str = ""

    @property
    def is_there(self) -> bool:
        """Whether there are figures; closed and brand-new chains have none."""
        return self.computed_at is not None


def sight_for(actor: Actor, team_id: int | None = None) -> SightSpec:
    """Return whose figures are read; NotFound for a team that one may not see."""
    if team_id is None:
        return sight_of_actor(actor)
    spec = sight_of_team(actor, team_id)
    if spec is None:
        raise NotFound
    get_team(actor, team_id)
    return spec


def get_result(actor: Actor, kind: ReportKind, team_id: int | None = None) -> Stored:
    """Return the newest report of this kind; one statement, two with a team."""
    spec = sight_for(actor, team_id)
    found = _results(key=spec.key, kind=str(kind))
    return Stored(kind, *found[0]) if found else Stored(kind)


@prepared
def _results(*, key: str, kind: str) -> QuerySet[Result, tuple[Any, ...]]:
    rows = Result.objects.filter(population__sights__key=key, kind=kind)
    return rows.values_list("computed_at", "activities", "seconds", "payload", "error")


def get_chain_figures(actor: Actor, chain_id: int) -> StoredChain:
    """Return what is said of a chain that the caller has shown to be visible.

    One statement, one row. A chain that the actor's figures do not cover (it was shared
    a moment ago) has none yet.
    """
    found = _figures(key=sight_of_actor(actor).key, chain=chain_id)
    return StoredChain(*found[0]) if found else StoredChain(chain_id)


@prepared
def _figures(*, key: str, chain: int) -> QuerySet[ChainFigures, tuple[Any, ...]]:
    rows = ChainFigures.objects.filter(population__sights__key=key, chain_id=chain)
    return rows.values_list(*_COLUMNS)


def find_chain_figures(actor: Actor, reference: str) -> StoredChain:
    """Return what is said of the chain of this activity; or NotFound."""
    chain_id = get_activity(actor, reference).chain_id
    if chain_id is None:
        raise NotFound(reference=reference)
    return get_chain_figures(actor, chain_id)


def list_stalled(
    actor: Actor, team_id: int | None = None, *, limit: int = MOST_CHAINS
) -> list[StoredChain]:
    """Return the open chains beyond their limit, the likeliest to move first.

    Chains without a known chance come last, the longest silent first.
    """
    key = sight_for(actor, team_id).key
    rows = (
        _visible(actor, key)
        .filter(is_stalled=True)
        .order_by(F("chance").desc(nulls_last=True), "-silence_days", "chain_id")
    )
    return _listed(rows, limit)


def list_paces(
    actor: Actor, team_id: int | None = None, *, limit: int = MOST_CHAINS
) -> list[StoredChain]:
    """Return the open chains whose pace is known, the slowest first."""
    key = sight_for(actor, team_id).key
    rows = _visible(actor, key).filter(pace__isnull=False).order_by("pace", "chain_id")
    return _listed(rows, limit)


def list_chains(
    actor: Actor,
    kind: ReportKind,
    team_id: int | None = None,
    *,
    limit: int = MOST_CHAINS,
) -> list[StoredChain]:
    """Return the chains that belong beside a report of this kind, none for most."""
    if kind is ReportKind.STALLED:
        return list_stalled(actor, team_id, limit=limit)
    if kind is ReportKind.PACE:
        return list_paces(actor, team_id, limit=limit)
    return []


def last_computed(actor: Actor) -> datetime | None:
    """Return when figures were last brought up to date, None for never."""
    state = Computing.objects.first()
    return state.finished_at if state else None


def load_settings(actor: Actor) -> InsightSettings:
    """Return what a manager has decided; colleagues see it too."""
    return InsightSettings.objects.first() or InsightSettings()


_COLUMNS = (
    *("chain_id", "population__computed_at", "is_stalled", "silence_days"),
    *("limit_days", "pace", "chance", "payload"),
    "point__payload",
)


_NAMES = (
    *("chain__origin__reference", "chain__origin__title"),
    *("chain__company_id", "chain__company__name"),
)


def _listed(rows: QuerySet[ChainFigures], limit: int) -> list[StoredChain]:
    found = rows.values_list(*_COLUMNS, *_NAMES)[: min(limit, MOST_CHAINS)]
    return [StoredChain(*row) for row in found]


def _visible(actor: Actor, key: str) -> QuerySet[ChainFigures]:
    """Return the stored figures of chains, of those that the actor sees by now."""
    rows = ChainFigures.objects.filter(population__sights__key=key)
    condition = activity_condition(actor, "chain__")
    return rows if condition is None else rows.filter(condition)


def plain(stored: Stored, chains: Iterable[StoredChain] = ()) -> Payload:
    """Return a report as the API, the command line and the documents have it."""
    at = stored.computed_at
    found: Payload = {
        "kind": str(stored.kind),
        "computed_at": at and in_utc(at),
        "seconds": round(stored.seconds, 3),
        "activities": stored.activities,
        "figures": stored.payload,
        "error": stored.error,
    }
    if stored.kind in WITH_CHAINS:
        found["chains"] = [plain_chain(one) for one in chains]
    return found


def plain_chain(one: StoredChain) -> Payload:
    """Return what is said of a chain as the API and the command line have it."""
    at = one.computed_at
    company = {"id": one.company_id, "name": one.company_name}
    listed = {"origin": one.origin, "title": one.title, "company": company}
    return {
        **(listed if one.origin else {}),
        "computed_at": at and in_utc(at),
        "is_stalled": one.is_stalled,
        "figures": one.payload | {"next": one.next_steps} if one.payload else None,
    }


def in_utc(moment: datetime) -> str:
    """Return an instant as programs read it."""
    text = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z")
