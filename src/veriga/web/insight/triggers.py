"""What speeds things up, told: sentences first, then a table, then all figures.

The wording follows what the estimate allows: nothing is said to speed anything up but
what the report calls so, and even that is no proof of cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from veriga.web.formats import number
from veriga.web.jinja import query_string

from .names import insight_kind
from .ranges import days, times
from .seasons import tell_seasons
from .wins import tell_wins

VERDICTS: Final = ("accelerates", "no_sign", "unknown", "too_few")
TONES: Final = {"accelerates": "done"}
FIRST, LAST = 0.25, 8.0  # where the drawn axis begins and ends, as ratios
TICKS: Final = (0.5, 1.0, 2.0, 4.0)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plotted:
    """A ratio with its range on the logarithmic axis, in per cent of its width."""

    low: float
    at: float
    high: float

    @property
    def width(self) -> float:
        return max(self.high - self.low, 0.5)


@dataclass(frozen=True, slots=True)
class GuardTold:
    """One guard: what it asks, what it found, and whether the estimate withstood it."""

    name: str
    figure: str
    is_failed: bool


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """One kind of our actions: what may be said of it, and the figures behind it."""

    name: str
    verdict: str
    verdict_name: str
    tone: str
    sentence: str
    ratio: str
    range: str
    waits: str
    versus_call: str
    versus_others: str
    windows: str
    chains: int
    actions: int
    outcomes: int
    plot: Plotted | None
    guards: list[GuardTold]
    address: str


@dataclass(frozen=True, slots=True)
class OutcomeTold:
    """All that is said of one outcome; `seasons` are sentences for the details."""

    code: str
    title: str
    chains: int
    events: int
    claims: list[TriggerRow]
    rows: list[TriggerRow]
    seasons: list[str]


def tell_triggers(payload: Json, team: str = "") -> dict[str, Any]:
    """Return what the page shows of the stored report."""
    return {
        "outcomes": [_outcome(one, payload, team) for one in payload["outcomes"]],
        "window": number(payload["window"]),
        "margin": number(payload["margin"], 2),
        "ticks": [(number(tick, 1 if tick < 1 else 0), _place(tick)) for tick in TICKS],
        "margin_at": _place(payload["margin"]),
        "wins": tell_wins(payload, team),
    }


def _outcome(one: Json, payload: Json, team: str) -> OutcomeTold:
    lines = sorted(one["lines"], key=_weight)
    rows = [_row(line, one["outcome"], payload, team) for line in lines]
    return OutcomeTold(
        code=one["outcome"],
        title=outcome_title(one["outcome"]),
        chains=one["chains"],
        events=one["events"],
        claims=[row for row in rows if row.verdict == "accelerates"],
        rows=rows,
        seasons=tell_seasons(one, payload),
    )


def _weight(line: Json) -> tuple[int, float]:
    """Return what lines are sorted by: what may be said, then how large it is."""
    effect = line["effect"]
    return VERDICTS.index(line["verdict"]), -effect["ratio"] if effect else 0.0


def outcome_title(outcome: str) -> str:
    """Return what is waited for."""
    return {
        "reaction": _("The customer reacts"),
        "quote": _("The next quote"),
    }.get(outcome, outcome)


def verdict_name(verdict: str) -> str:
    """Return what may be said of a kind of action, in two words."""
    return {
        "accelerates": pgettext("insight", "speeds up"),
        "no_sign": _("no sign of an effect"),
        "unknown": _("not known yet"),
        "too_few": _("too few cases"),
    }[verdict]


def _row(line: Json, outcome: str, payload: Json, team: str) -> TriggerRow:
    effect = line["effect"]
    asked = query_string(
        {"of": "triggers", "outcome": outcome, "kind": line["kind"], "team": team}
    )
    guards = line["guards"]
    return TriggerRow(
        name=insight_kind(line["kind"]),
        verdict=line["verdict"],
        verdict_name=verdict_name(line["verdict"]),
        tone=TONES.get(line["verdict"], ""),
        sentence=_sentence(line, outcome, payload),
        ratio=times(effect["ratio"]) if effect else "",
        range=_range(effect) if effect else "",
        waits=_waits(line),
        versus_call=_against(line["versus_call"]),
        versus_others=_against(line["versus_others"]),
        windows=" · ".join(times(ratio) for ratio in guards["windows"])
        if guards
        else "",
        chains=line["chains"],
        actions=line["actions"],
        outcomes=line["outcomes_in_windows"],
        plot=Plotted(*map(_place, (effect["low"], effect["ratio"], effect["high"])))
        if effect
        else None,
        guards=_guards(guards) if guards else [],
        address=reverse("insight:behind") + asked,
    )


def _place(ratio: float) -> float:
    """Return where a ratio lies on the axis, in per cent, kept inside it."""
    share = log(max(ratio, 1e-9) / FIRST) / log(LAST / FIRST)
    return round(min(max(share, 0.0), 1.0) * 100, 2)


def _range(estimate: Json) -> str:
    return f"{times(estimate['low'])}–{times(estimate['high'])}"


def _against(estimate: Json | None) -> str:
    return f"{times(estimate['ratio'])} ({_range(estimate)})" if estimate else ""


def _waits(line: Json) -> str:
    if line["wait_with"] is None or line["wait_without"] is None:
        return ""
    return _("%(with)s instead of %(without)s") % {
        "with": days(line["wait_with"]),
        "without": days(line["wait_without"]),
    }


def _sentence(line: Json, outcome: str, payload: Json) -> str:
    """Return what is said of a kind, whole sentences with number and range."""
    if line["verdict"] == "too_few":
        return _too_few(line)
    parts = [_claim(line, outcome, payload)] if line["effect"] else []
    if line["verdict"] == "accelerates":
        if waits := _waits(line):
            parts.append(_("Typical wait: %(waits)s working days.") % {"waits": waits})
        if line["versus_call"]:
            against = _(
                "Compared with the activity %(call)s: %(ratio)s times (%(range)s)."
            )
            parts.append(
                against
                % {
                    "call": insight_kind("call"),
                    "ratio": times(line["versus_call"]["ratio"]),
                    "range": _range(line["versus_call"]),
                }
            )
    parts.append(_basis(line, outcome))
    if line["verdict"] == "accelerates":
        parts.append(_("This does not prove that it is the cause."))
    return " ".join(parts)


def _claim(line: Json, outcome: str, payload: Json) -> str:
    claim = (
        _(
            "%(kind)s: in the next %(window)s working days customers react about"
            " %(ratio)s times as often as in the same chains without this activity"
            " (range %(range)s)."
        )
        if outcome == "reaction"
        else _(
            "%(kind)s: in the next %(window)s working days quotes follow about"
            " %(ratio)s times as often as in the same chains without this activity"
            " (range %(range)s)."
        )
    )
    return claim % {
        "kind": insight_kind(line["kind"]),
        "window": number(payload["window"]),
        "ratio": times(line["effect"]["ratio"]),
        "range": _range(line["effect"]),
    }


def _basis(line: Json, outcome: str) -> str:
    of_outcome = (
        ngettext("%(num)s reaction", "%(num)s reactions", line["outcomes_in_windows"])
        if outcome == "reaction"
        else ngettext("%(num)s quote", "%(num)s quotes", line["outcomes_in_windows"])
    )
    of_chains = ngettext("%(num)s chain", "%(num)s chains", line["chains"])
    return _("Basis: %(chains)s, %(outcomes)s.") % {
        "chains": of_chains % {"num": number(line["chains"])},
        "outcomes": of_outcome % {"num": number(line["outcomes_in_windows"])},
    }


def _too_few(line: Json) -> str:
    """Return what there is too little of, as many as there are and as it takes."""
    said = {
        "reactions": _("%(kind)s – reactions: %(have)s. At least %(need)s are needed."),
        "chains_with_kind": _(
            "%(kind)s – chains with it: %(have)s. At least %(need)s are needed."
        ),
        "chains_with_outcome": _(
            "%(kind)s – chains with what is waited for: %(have)s."
            " At least %(need)s are needed."
        ),
    }
    for need in line["needs"]:
        if need["what"] in said:
            return said[need["what"]] % {
                "kind": insight_kind(line["kind"]),
                "have": number(need["have"]),
                "need": number(need["need"]),
            }
    return _("%(kind)s – the range would be too wide to say anything.") % {
        "kind": insight_kind(line["kind"])
    }


def _guards(guards: Json) -> list[GuardTold]:
    failed = set(guards["failed"])
    before, placebo = guards["before"], guards["placebo_share"]
    largest = guards["without_largest"]
    figures = {
        "before": (
            _("Were customers livelier already before it?"),
            _against(before),
        ),
        "placebo": (
            _("Do shifted dates look as good?"),
            "" if placebo is None else f"{number(placebo * 100, 1)} %",
        ),
        "windows": (
            _("Do 5, 10 and 20 working days agree?"),
            " · ".join(times(ratio) for ratio in guards["windows"]),
        ),
        "largest": (
            _("Does it hold without the largest chains?"),
            times(largest) if largest is not None else "",
        ),
    }
    return [
        GuardTold(name, figure, code in failed)
        for code, (name, figure) in figures.items()
    ]
