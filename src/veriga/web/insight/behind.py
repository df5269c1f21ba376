"""The chains behind a figure: which of a stored report's lines the address names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veriga.common.errors import NotFound
from veriga.insight.queries.results import find_chain_figures, get_result
from veriga.insight.rules.words import ReportKind
from veriga.web.formats import number
from veriga.web.jinja import query_string

from .names import insight_kind
from .shell import Asked, page_names
from .triggers import outcome_title
from .wins import OUTCOME as ORDER

NEXT: Final = "next"


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure and its chains: the newest of them by id, `total` in all."""

    page_name: str
    page_address: str
    title: str
    ids: list[int]
    total: int


def behind(ask: Asked, typed: Mapping[str, str]) -> Behind:
    """Return the chains of the figure that the address names; or NotFound."""
    if typed.get("of") == NEXT:
        return _next_step(ask, typed)
    if typed.get("of") != ReportKind.TRIGGERS:
        raise NotFound
    payload = get_result(ask.actor, ReportKind.TRIGGERS, ask.team_id).payload
    if typed.get("outcome") == ORDER:
        return _beside_orders(ask, payload or {}, typed)
    line = _trigger_line(payload or {}, typed)
    title = f"{outcome_title(typed['outcome'])}: {insight_kind(line['kind'])}"
    return _behind(ReportKind.TRIGGERS, ask, title, line["chain_ids"], line["chains"])


def said_behind(shown: int, total: int) -> str:
    """Return how many chains are listed, and of how many if that is not all."""
    if total > shown:
        return _("The newest %(num)s of %(total)s chains") % {
            "num": number(shown),
            "total": number(total),
        }
    text = ngettext("%(num)s chain", "%(num)s chains", shown)
    return text % {"num": number(shown)}


def _next_step(ask: Asked, typed: Mapping[str, str]) -> Behind:
    """Return the chains in which a step was taken at the point of this one."""
    reference, step = typed.get("reference", ""), typed.get("step", "")
    point = find_chain_figures(ask.actor, reference).next_steps or {"steps": []}
    if not (step.isascii() and step.isdecimal() and len(step) < 4):
        raise NotFound
    steps = point["steps"]
    if int(step) >= len(steps):
        raise NotFound
    found = steps[int(step)]
    title = _("%(kind)s, then %(step)s") % {
        "kind": insight_kind(point["kind"]),
        "step": insight_kind(found["kind"]),
    }
    name = _("Chain %(reference)s") % {"reference": reference}
    address = reverse("activities:chain", args=[reference])
    return Behind(name, address, title, list(found["chains"]), found["n_chains"])


def _beside_orders(
    ask: Asked, payload: Mapping[str, Any], typed: Mapping[str, str]
) -> Behind:
    """Return the chains that had a kind, of what goes together with orders."""
    for line in (payload.get("wins") or {}).get("kinds", ()):
        if line["kind"] == typed.get("kind"):
            title = _("Beside orders: %(kind)s") % {"kind": insight_kind(line["kind"])}
            ids, total = line["chain_ids"], line["chains"]
            return _behind(ReportKind.TRIGGERS, ask, title, ids, total)
    raise NotFound


def _trigger_line(payload: Mapping[str, Any], typed: Mapping[str, str]) -> Any:
    for outcome in payload.get("outcomes", ()):
        for line in outcome["lines"]:
            if (outcome["outcome"], line["kind"]) == (
                typed.get("outcome"),
                typed.get("kind"),
            ):
                return line
    raise NotFound


def _behind(
    kind: ReportKind, ask: Asked, title: str, ids: list[int], total: int
) -> Behind:
    address = reverse(f"insight:{kind}") + query_string({"team": ask.team_id})
    return Behind(page_names()[kind], address, title, list(ids), total)
