"""What insight found as tables for a file: every figure with its number and range."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veriga.access.rules import Actor
from veriga.insight.queries.results import (
    StoredChain,
    get_result,
    list_paces,
    list_stalled,
)
from veriga.insight.rules.words import ReportKind
from veriga.web.tables import Table

from .chances import label_name
from .chances import verdict_name as pace_name
from .map_export import map_table
from .names import insight_kind, read_team, reason_name
from .triggers import outcome_title, verdict_name
from .wins import sorted_lines, wins_verdict_name

Json = Mapping[str, Any]
Rows = Iterator[list[Any]]
PREFIX: Final = "insight-"


def insight_table(
    page: str, actor: Actor, data: Mapping[str, str], now: datetime
) -> Table:
    """Return the table of a page of insight, as stored; NotFound for a team unseen."""
    team_id = read_team(data.get("team", ""))
    kind = ReportKind(page.removeprefix(PREFIX))
    if kind is ReportKind.MAP:
        return map_table(actor, data, team_id)
    if kind in {ReportKind.STALLED, ReportKind.PACE}:
        listed = list_stalled if kind is ReportKind.STALLED else list_paces
        return _chains(kind, listed(actor, team_id))
    payload = get_result(actor, kind, team_id).payload
    head, rows = _MADE[kind]
    return Table(_name(kind), head(), rows(payload) if payload else iter(()))


def _name(kind: ReportKind) -> str:
    return {
        ReportKind.FOLLOWED: _("What followed"),
        ReportKind.TRIGGERS: _("What speeds things up"),
        ReportKind.STALLED: pgettext("insight", "Stalled"),
        ReportKind.PACE: pgettext("insight", "Pace"),
        ReportKind.ORIGINS: pgettext("insight", "Origins"),
    }[kind]


def _bounds(name: str) -> list[str]:
    named = {"name": name}
    return [name, _("%(name)s, from") % named, _("%(name)s, to") % named]


def _share(share: Json) -> list[Any]:
    return [share["count"], share["n"], share["share"], share["low"], share["high"]]


def _estimate(estimate: Json | None, name: str = "ratio") -> list[Any]:
    if not estimate:
        return [None, None, None]
    return [estimate[name], estimate["low"], estimate["high"]]


def _wait(wait: Json) -> list[Any]:
    return [wait["n"], wait["median"], wait["low"], wait["high"]]


def _followed_head() -> list[str]:
    return [
        *(_("Type of activity"), _("Carried out"), _("Chains")),
        *(_("Reacted within 10 working days"), _("of how many")),
        *_bounds(pgettext("part", "Share")),
        *(_("Waits"), *_bounds(_("Median wait"))),
        *(_("Quote within 60 working days"), _("of how many")),
        *_bounds(pgettext("part", "Share")),
        *(_("Waits"), *_bounds(_("Median wait"))),
    ]


def _followed(payload: Json) -> Rows:
    for line in payload["kinds"]:
        yield [
            *(insight_kind(line["kind"]), line["carried_out"], line["chains"]),
            *(*_share(line["reacted"]), *_wait(line["reaction_wait"])),
            *(*_share(line["quoted"]), *_wait(line["quote_wait"])),
        ]


def _triggers_head() -> list[str]:
    return [
        *(_("Outcome"), _("Our activity"), _("What may be said")),
        *(_("Chains"), _("Activities"), _("Outcomes")),
        *(*_bounds(_("Times as often")), _("p, adjusted")),
        *(_("Median wait with it"), _("Median wait without it")),
        *_bounds(_("Compared with a call")),
        *_bounds(_("Compared with our other activities")),
        *(*_bounds(_("Odds of an order, times")), _("Chains compared")),
    ]


def _triggers(payload: Json) -> Rows:
    for outcome in payload["outcomes"]:
        for line in outcome["lines"]:
            yield [
                outcome_title(outcome["outcome"]),
                *(insight_kind(line["kind"]), verdict_name(line["verdict"])),
                *(line["chains"], line["actions"], line["outcomes_in_windows"]),
                *(*_estimate(line["effect"]), line["p"]),
                *(line["wait_with"], line["wait_without"]),
                *_estimate(line["versus_call"]),
                *_estimate(line["versus_others"]),
                *(None, None, None, None),
            ]
    if (wins := payload.get("wins")) and wins["code"] == "ok":
        for line in sorted_lines(wins):
            yield _beside_orders(line)


def _beside_orders(line: Json) -> list[Any]:
    """Return what goes together with orders: no cause, so in columns of its own."""
    odds = line["odds_ratio"]
    return [
        _("Goes together with orders"),
        *(insight_kind(line["kind"]), wins_verdict_name(line["verdict"])),
        *(line["chains"], None, line["wins"]),
        *[None] * 12,
        *(*_estimate(odds, "value"), odds["n"] if odds else None),
    ]


def _origins_head() -> list[str]:
    return [
        *(_("Reason"), _("Type of the first contact"), _("Milestone")),
        *(_("Chains"), _("Reached by now"), _("Working days")),
        *_bounds(pgettext("part", "Share")),
    ]


def _origins(payload: Json) -> Rows:
    for line in payload["by_both"]:
        for code, name in (("quote", _("Quote")), ("order", _("Order"))):
            milestone = line[code]
            begin = [
                *(reason_name(line["reason"]), insight_kind(line["kind"]), name),
                *(milestone["n"], milestone["reached"]),
            ]
            if not milestone["by"]:
                yield [*begin, None, None, None, None]
            for one in milestone["by"]:
                yield [*begin, one["days"], one["share"], one["low"], one["high"]]


def _chains(kind: ReportKind, chains: list[StoredChain]) -> Table:
    head = [
        *(_("Ref. no."), _("Chain"), _("Company")),
        *(_("Silence"), _("Limit"), _("Waits"), _("Beside this customer's own rhythm")),
        *_bounds(_("Chance of a reaction in 20 working days")),
        *(_("of how many"), pgettext("insight", "Pace")),
        *_bounds(_("Times the usual")),
        *(_("Activities"), _("Working days"), _("At similar chains about")),
    ]
    return Table(_name(kind), head, map(_chain, chains))


def _chain(chain: StoredChain) -> list[Any]:
    silence = chain.payload.get("silence") or {}
    chance = (chain.payload.get("chance") or {}).get("chance") or {}
    pace = chain.payload.get("pace") or {}
    return [
        *(chain.origin, chain.title, chain.company_name),
        *(silence.get("wait"), silence.get("limit"), silence.get("n")),
        label_name(silence.get("label", "")),
        *(*_estimate(chance, "value"), chance.get("n")),
        pace_name(pace.get("verdict", "")),
        *_estimate(pace.get("pace"), "value"),
        *(pace.get("activities"), pace.get("days"), pace.get("expected")),
    ]


_MADE: Final[
    dict[ReportKind, tuple[Callable[[], list[str]], Callable[[Json], Rows]]]
] = {
    ReportKind.FOLLOWED: (_followed_head, _followed),
    ReportKind.TRIGGERS: (_triggers_head, _triggers),
    ReportKind.ORIGINS: (_origins_head, _origins),
}
INSIGHT_PAGES: Final = tuple(
    f"{PREFIX}{kind}"
    for kind in (*_MADE, ReportKind.STALLED, ReportKind.PACE, ReportKind.MAP)
)
