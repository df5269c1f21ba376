"""Stored figures as lines of text, in the language of the installation.

Short on purpose: what an operator looks at. No figure without the number behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from veriga.activities.rules.words import KindCode
from veriga.insight.queries.results import Stored, StoredChain
from veriga.insight.rules.words import ReportKind
from veriga.setup.models import EventType, ProductRecordType, Reason
from veriga.setup.queries import find_entry
from veriga.web.formats import day, moment, number
from veriga.web.words import kind_name

MOST_LINES = 20
Payload = dict[str, Any]


def lines_of(found: Stored, chains: Sequence[StoredChain]) -> Iterator[str]:
    """Yield a report line by line."""
    yield _("%(name)s, computed %(when)s from %(activities)s activities") % {
        "name": _title(found.kind),
        "when": moment(found.computed_at),
        "activities": number(found.activities),
    }
    if found.error:
        yield _("This report could not be made: %(error)s") % {"error": found.error}
    elif found.payload is not None:
        yield from _TELLERS[found.kind](found.payload, chains)


def _title(kind: ReportKind) -> str:
    return {
        ReportKind.FOLLOWED: _("What followed"),
        ReportKind.PACE: _("Pace"),
        ReportKind.STALLED: _("Stalled"),
        ReportKind.TRIGGERS: _("What speeds things up"),
        ReportKind.MAP: _("Process map"),
        ReportKind.ORIGINS: _("Origins of chains"),
    }[kind]


def named(code: str) -> str:
    """Return the name of a kind of activity, as insight tells them apart."""
    kind, _colon, type_code = code.rpartition(":")
    if code in set(KindCode):
        return kind_name(code)
    model = ProductRecordType if kind == KindCode.PRODUCT_RECORD else EventType
    entry = find_entry(model, type_code)
    return entry.name(get_language() or "sl") if entry else code


def _followed(payload: Payload, chains: Sequence[StoredChain]) -> Iterator[str]:
    if not payload["kinds"]:
        yield _too_few(0)
    for line in payload["kinds"]:
        yield _(
            "%(kind)s: carried out %(n)s; the customer reacted within %(days)s working"
            " days: %(share)s; a quote followed: %(quoted)s"
        ) % {
            "kind": named(line["kind"]),
            "n": number(line["carried_out"]),
            "days": number(payload["reaction_within"]),
            "share": _share(line["reacted"]),
            "quoted": _share(line["quoted"]),
        }


def _pace(payload: Payload, chains: Sequence[StoredChain]) -> Iterator[str]:
    if payload["code"] != "ok":
        yield _too_few(payload["n_gaps"])
        return
    verdicts = payload["verdicts"]
    yield _(
        "Slow: %(slow)s, usual: %(usual)s, fast: %(fast)s, too little to say:"
        " %(too_few)s"
    ) % {name: number(count) for name, count in verdicts.items()}
    for one in chains[:MOST_LINES]:
        pace = one.payload["pace"]["pace"]
        yield _("%(chain)s: %(pace)s (%(low)s to %(high)s; activities: %(n)s)") % {
            "chain": _chain(one),
            **_estimate(pace),
        }


def _stalled(payload: Payload, chains: Sequence[StoredChain]) -> Iterator[str]:
    limit = payload["limit"]
    if payload["code"] == "drifted":
        yield _("The last quarter did not keep to the limit; nothing is flagged.")
    elif limit["value"] is None:
        yield _too_few(limit["n"])
    else:
        yield _(
            "Limit: %(value)s working days (%(low)s to %(high)s; waits: %(n)s);"
            " one false alarm in %(days)s working days of an open chain"
        ) % {
            **_estimate(limit),
            "days": number(payload["budget"]["days_per_alarm"]),
        }
        if made := payload.get("calibrated"):
            made_at = datetime.fromisoformat(made["at"])
            yield _("The limit is of %(day)s.") % {"day": day(made_at)}
    count = payload["flagged"]
    yield ngettext(
        "%(num)s chain is beyond its limit", "%(num)s chains are beyond their limit",
        count,
    ) % {"num": number(count)}  # fmt: skip
    for one in chains[:MOST_LINES]:
        yield _("%(chain)s: silent for %(days)s working days") % {
            "chain": _chain(one),
            "days": number(one.silence_days, 1),
        }


def _map(payload: Payload, chains: Sequence[StoredChain]) -> Iterator[str]:
    if not payload["order"]["edges"]:
        yield _too_few(payload["order"]["activities"])
    for edge in payload["order"]["edges"][:MOST_LINES]:
        yield f"{named(edge['source'])} → {named(edge['target'])}: {_way(edge)}"


def _origins(payload: Payload, chains: Sequence[StoredChain]) -> Iterator[str]:
    for line in payload["by_reason"]:
        entry = find_entry(Reason, line["reason"]) if line["reason"] else None
        name = entry.name(get_language() or "sl") if entry else _("no reason given")
        yield _(
            "%(reason)s: chains %(chains)s, with a quote %(quoted)s, ordered %(won)s"
        ) % {
            "reason": name,
            "chains": number(line["chains"]),
            "quoted": number(line["quote"]["reached"]),
            "won": number(line["order"]["reached"]),
        }


def _triggers(payload: Payload, chains: Sequence[StoredChain]) -> Iterator[str]:
    for report in payload["outcomes"]:
        is_quote = report["outcome"] == "quote"
        yield _("Until the next quote:") if is_quote else _("Until a reaction:")
        for line in report["lines"]:
            yield f"  {named(line['kind'])}: {_verdict(line)}"
    if payload.get("by_month"):
        yield _("The season was allowed for: each month has a level of its own.")
    yield from _wins(payload.get("wins"))
    yield _("None of this proves what the cause is.")


def _wins(wins: Payload | None) -> Iterator[str]:
    """Yield what goes together with orders."""
    if wins is None:
        return
    yield _("What goes together with orders (odds within %(days)s working days):") % {
        "days": number(wins["within"])
    }
    if wins["code"] != "ok":
        yield "  " + _too_few(wins["n_wins"])
    for line in wins["kinds"]:
        yield f"  {named(line['kind'])}: {_beside(line)}"


def _beside(line: Payload) -> str:
    odds = line["odds_ratio"]
    if odds is None:
        return _too_few(line["wins"])
    text = {
        "more_wins": _("goes together with more orders: %(ratio)s times"),
        "fewer_wins": _("goes together with fewer orders: %(ratio)s times"),
        "not_known": _("cannot be told: %(ratio)s times"),
    }[line["verdict"]]
    figures = {
        "ratio": number(odds["value"], 2),
        "low": number(odds["low"], 2),
        "high": number(odds["high"], 2),
        "chains": number(odds["n"]),
        "n": number(line["wins"]),
    }
    basis = _("(%(low)s to %(high)s; chains: %(chains)s, outcomes: %(n)s)")
    return f"{text % figures} {basis % figures}"


def _verdict(line: Payload) -> str:
    effect = line["effect"]
    if effect is None:
        return _too_few(line["outcomes_in_windows"])
    figures = {
        "ratio": number(effect["ratio"], 2),
        "low": number(effect["low"], 2),
        "high": number(effect["high"], 2),
        "chains": number(line["chains"]),
        "n": number(line["outcomes_in_windows"]),
    }
    text = {
        "accelerates": _("%(ratio)s times as often as without it"),
        "no_sign": _("no sign of an effect: %(ratio)s times"),
        "unknown": _("cannot be told: %(ratio)s times"),
    }[line["verdict"]]
    basis = _("(%(low)s to %(high)s; chains: %(chains)s, outcomes: %(n)s)")
    return f"{text % figures} {basis % figures}"


def _way(edge: Payload) -> str:
    wait = edge["wait"]
    if wait["median"] is None:
        return _share(edge)
    return _("%(share)s, median %(days)s working days") % {
        "share": _share(edge),
        "days": number(wait["median"], 1),
    }


def _share(share: Payload) -> str:
    """Return how many of how many, with the range of the share."""
    if not share["n"]:
        return "0/0"
    return _("%(count)s of %(n)s (%(low)s to %(high)s %%)") % {
        "count": number(share["count"]),
        "n": number(share["n"]),
        "low": number(100 * share["low"]),
        "high": number(100 * share["high"]),
    }


def _estimate(found: Payload) -> dict[str, str]:
    return {
        "pace": number(found["value"], 1),
        "value": number(found["value"], 1),
        "low": number(found["low"], 1),
        "high": number(found["high"], 1),
        "n": number(found["n"]),
    }


def _chain(one: StoredChain) -> str:
    return f"{one.origin} {one.company_name}"


def _too_few(n: int) -> str:
    return _("Too few to say anything yet: %(n)s.") % {"n": number(n)}


_TELLERS = {
    ReportKind.FOLLOWED: _followed,
    ReportKind.PACE: _pace,
    ReportKind.STALLED: _stalled,
    ReportKind.TRIGGERS: _triggers,
    ReportKind.MAP: _map,
    ReportKind.ORIGINS: _origins,
}
