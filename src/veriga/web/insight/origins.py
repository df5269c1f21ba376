"""How chains began and what became of them, told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from veriga.web.formats import number
from veriga.web.words import outcome_name

from .names import insight_kind, reason_name
from .ranges import Told, times, told_wait

Json = Mapping[str, Any]
GROUPINGS: Final = ("reason", "kind", "both")
OUTCOMES: Final = ("open", "won", "lost", "given_up")


@dataclass(frozen=True, slots=True)
class MilestoneTold:
    """How many of the chains reached it; the share by each horizon."""

    reached: int
    n: int
    by: list[Told]


@dataclass(frozen=True, slots=True)
class OriginRow:
    """Chains that began alike."""

    name: str
    chains: int
    outcomes: list[tuple[str, int]]
    quote: MilestoneTold
    order: MilestoneTold
    per_quote: str
    per_quote_range: str
    before_first: Told
    is_total: bool = False


def tell_origins(payload: Json, grouping: str = "reason") -> dict[str, Any]:
    """Return what the page shows: all chains, then those that began alike."""
    by = grouping if grouping in GROUPINGS else "reason"
    horizons = sorted(
        {one["days"] for one in payload["total"]["order"]["by"]}
        | {one["days"] for one in payload["total"]["quote"]["by"]}
    )
    lines = payload[f"by_{by}"]
    return {
        "by": by,
        "groupings": [
            ("reason", _("By reason")),
            ("kind", _("By type of the first contact")),
            ("both", _("By both")),
        ],
        "horizons": horizons,
        "outcome_names": [outcome_name(outcome) for outcome in OUTCOMES],
        "rows": [
            *(_row(line, _name(line, by), horizons) for line in lines),
            _row(payload["total"], _("Together"), horizons, is_total=True),
        ]
        if payload["total"]["chains"]
        else [],
    }


def _name(line: Json, by: str) -> str:
    if by == "reason":
        return reason_name(line["reason"])
    if by == "kind":
        return insight_kind(line["kind"])
    return f"{reason_name(line['reason'])} · {insight_kind(line['kind'])}"


def _row(
    line: Json, name: str, horizons: list[int], *, is_total: bool = False
) -> OriginRow:
    per_quote = line["per_quote"]
    ratio = per_quote["ratio"]
    return OriginRow(
        name=name,
        chains=line["chains"],
        outcomes=[(one, line["outcomes"].get(one, 0)) for one in OUTCOMES],
        quote=_milestone(line["quote"], horizons),
        order=_milestone(line["order"], horizons),
        per_quote=times(ratio) if ratio is not None else "",
        per_quote_range=(
            f"{times(per_quote['low'])}–{times(per_quote['high'])}"
            if ratio is not None
            else ""
        ),
        before_first=told_wait(per_quote["before_first"]),
        is_total=is_total,
    )


def _milestone(milestone: Json, horizons: list[int]) -> MilestoneTold:
    found = {one["days"]: one for one in milestone["by"]}
    return MilestoneTold(
        milestone["reached"],
        milestone["n"],
        [_share(found.get(day), milestone["n"]) for day in horizons],
    )


def _share(one: Json | None, n: int) -> Told:
    if one is None:
        return Told("", "", n)
    low, at, high = (one[name] * 100 for name in ("low", "share", "high"))
    return Told(f"{number(at)} %", f"{number(low)}–{number(high)} %", n, low, at, high)
