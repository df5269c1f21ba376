"""What goes together with orders, told: an association with its range, never a cause.

A chain is won once, so it cannot be compared with itself; nothing here says that an
activity brings orders. Source: docs/insight/chance.md, section 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veriga.web.formats import number
from veriga.web.jinja import query_string

from .names import insight_kind
from .ranges import times

OUTCOME: Final = "order"  # how addresses and files name it beside the other outcomes
VERDICTS: Final = ("more_wins", "fewer_wins", "not_known", "too_few")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WinRow:
    """One kind of our activities beside orders; `is_told` if it goes with them."""

    name: str
    verdict_name: str
    is_told: bool
    sentence: str
    ratio: str
    range: str
    beside: int
    chains: int
    wins: int
    address: str


@dataclass(frozen=True, slots=True)
class WinsTold:
    """All that is said of orders; `few` says what there is too little of."""

    few: str
    told: list[WinRow]
    rows: list[WinRow]
    basis: str
    note: str


def tell_wins(payload: Json, team: str = "") -> WinsTold | None:
    """Return what the page shows of the stored report; None while there is none."""
    wins = payload.get("wins")
    if not wins:
        return None
    if wins["code"] != "ok":
        return WinsTold(_few(wins), [], [], "", "")
    rows = [_row(line, wins, team) for line in sorted_lines(wins)]
    return WinsTold(
        few="",
        told=[row for row in rows if row.is_told],
        rows=rows,
        basis=_basis(wins),
        note=_(
            "How much likelier an order within %(within)s working days is where the"
            " activity was carried out in the %(recent)s before, beside chains equally"
            " long silent, equally old and of the same segment. A chain is won once,"
            " so it cannot be compared with itself: whoever is warm gets more of"
            " everything."
        )
        % {"within": number(wins["within"]), "recent": number(wins["recent"])},
    )


def sorted_lines(wins: Json) -> list[Json]:
    """Return the lines: what may be said first, then the largest."""
    return sorted(wins["kinds"], key=_weight)


def _weight(line: Json) -> tuple[int, float]:
    ratio = line["odds_ratio"]
    return VERDICTS.index(line["verdict"]), -ratio["value"] if ratio else 0.0


def wins_verdict_name(verdict: str) -> str:
    """Return what may be said of a kind beside orders."""
    return {
        "more_wins": _("goes together with more orders"),
        "fewer_wins": _("goes together with fewer orders"),
        "not_known": _("not known yet"),
        "too_few": _("too few cases"),
    }[verdict]


def _row(line: Json, wins: Json, team: str) -> WinRow:
    ratio = line["odds_ratio"]
    asked = {"of": "triggers", "outcome": OUTCOME, "kind": line["kind"], "team": team}
    return WinRow(
        name=insight_kind(line["kind"]),
        verdict_name=wins_verdict_name(line["verdict"]),
        is_told=line["verdict"] in {"more_wins", "fewer_wins"},
        sentence=_sentence(line, wins),
        ratio=times(ratio["value"]) if ratio else "",
        range=f"{times(ratio['low'])}–{times(ratio['high'])}" if ratio else "",
        beside=ratio["n"] if ratio else 0,
        chains=line["chains"],
        wins=line["wins"],
        address=reverse("insight:behind") + query_string(asked),
    )


def _sentence(line: Json, wins: Json) -> str:
    ratio = line["odds_ratio"]
    if not ratio:
        return _(
            "%(kind)s – orders after it: %(have)s. At least %(need)s are needed,"
            " and as many chains with it and without it."
        ) % {
            "kind": insight_kind(line["kind"]),
            "have": number(line["wins"]),
            "need": number(wins["needed_of_kind"]),
        }
    said = {
        "more_wins": _(
            "%(kind)s goes together with more orders: the odds of one in the next"
            " %(within)s working days are about %(ratio)s times those of similar"
            " chains without it (range %(range)s)."
        ),
        "fewer_wins": _(
            "%(kind)s goes together with fewer orders: the odds of one in the next"
            " %(within)s working days are about %(ratio)s times those of similar"
            " chains without it (range %(range)s)."
        ),
        "not_known": _(
            "%(kind)s: it is not known yet whether it goes together with orders (odds"
            " in the next %(within)s working days: %(ratio)s times, range %(range)s)."
        ),
    }[line["verdict"]] % {
        "kind": insight_kind(line["kind"]),
        "within": number(wins["within"]),
        "ratio": times(ratio["value"]),
        "range": f"{times(ratio['low'])}–{times(ratio['high'])}",
    }
    return f"{said} {_basis_of(line)}"


def _basis_of(line: Json) -> str:
    chains = ngettext("%(num)s chain", "%(num)s chains", line["chains"])
    orders = ngettext("%(num)s order", "%(num)s orders", line["wins"])
    return _("Basis: %(chains)s, %(outcomes)s.") % {
        "chains": chains % {"num": number(line["chains"])},
        "outcomes": orders % {"num": number(line["wins"])},
    }


def _basis(wins: Json) -> str:
    chains = ngettext("%(num)s chain", "%(num)s chains", wins["n_chains"])
    orders = ngettext("%(num)s order", "%(num)s orders", wins["n_wins"])
    return _("Basis: %(chains)s, %(outcomes)s.") % {
        "chains": chains % {"num": number(wins["n_chains"])},
        "outcomes": orders % {"num": number(wins["n_wins"])},
    }


def _few(wins: Json) -> str:
    return _(
        "Too few to say what goes together with orders: orders %(wins)s of at least"
        " %(need_wins)s, chains followed long enough %(chains)s of at least"
        " %(need_chains)s."
    ) % {
        "wins": number(wins["n_wins"]),
        "need_wins": number(wins["needed"]["wins"]),
        "chains": number(wins["n_chains"]),
        "need_chains": number(wins["needed"]["chains"]),
    }
