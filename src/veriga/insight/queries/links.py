"""What was learnt about links: since when, from how many, how often right.

Over all companies together, so for those alone who lead and see all of them. No NumPy
here: pages read it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from veriga.access.rules import Actor
from veriga.activities.models import LinkWeights
from veriga.common.errors import NotAllowed

from .results import in_utc


def may_see_links(actor: Actor) -> bool:
    """Tell whether numbers over the links of all companies are for this actor."""
    return actor.is_system or (actor.is_manager and actor.sees_everything)


def get_link_report(actor: Actor) -> LinkWeights | None:
    """Return what was learnt last, or why it is not used; None before the first try.

    Errors: NotAllowed for whoever does not lead and see all.
    """
    if not may_see_links(actor):
        raise NotAllowed
    return LinkWeights.objects.filter(pk=1).first()


def plain_links(found: LinkWeights | None) -> dict[str, Any]:
    """Return it as the API and the command line have it (docs/insight/links.md)."""
    report = dict(found.report) if found else {}
    for name in ("since", "first_link", "last_link"):
        if report.get(name):
            report[name] = in_utc(datetime.fromisoformat(report[name]))
    seconds = report.pop("seconds", 0.0)
    if found:
        stored = found.weights
        report["weights"] = stored and stored["weights"]
    return {
        "kind": "links",
        "computed_at": in_utc(found.learnt_at) if found else None,
        "seconds": seconds,
        "figures": report or None,
    }
