"""How suggestions of links are ordered at present, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from veriga.activities.models import LinkWeights
from veriga.web.formats import day, number

ENOUGH = 500


def learnt_sentences(found: LinkWeights | None) -> list[str]:
    """Return since when and from what is learnt, and how often it is right."""
    report = found.report if found else {}
    if found is None or report["code"] == "too_few":
        return [
            _(
                "Suggestions are ordered by fixed weights. They learn from %(needed)s"
                " links that people have chosen themselves; so far: %(n)s."
            )
            % {"needed": number(ENOUGH), "n": number(report.get("n_links", 0))}
        ]
    if found.weights is None:
        head = _(
            "Suggestions are ordered by fixed weights: what was learnt from %(links)s"
            " links (last tried on %(day)s) was not clearly better."
        ) % {"links": number(report["n_links"]), "day": day(found.learnt_at)}
    else:
        head = _(
            "Suggestions have been ordered by learnt weights since %(since)s; learnt"
            " last on %(day)s, from %(links)s links that people chose themselves."
        ) % {
            "since": day(datetime.fromisoformat(report["since"])),
            "links": number(report["n_links"]),
            "day": day(found.learnt_at),
        }
    return [
        head,
        _(
            "On the %(n)s latest of them, which were kept apart, the right chain came"
            " first: %(first)s, by the fixed weights %(fixed)s; it was among the first"
            " three: %(three)s, by the fixed weights %(fixed_three)s."
        )
        % {
            "n": number(report["first"]["n"]),
            "first": _share(report["first"]),
            "fixed": _share(report["fixed_first"]),
            "three": _share(report["among_three"]),
            "fixed_three": _share(report["fixed_among_three"]),
        },
    ]


def _share(estimate: Mapping[str, Any]) -> str:
    """Return a share with its range."""
    if estimate["value"] is None:
        return "–"
    return _("%(value)s %% (range %(low)s–%(high)s %%)") % {
        name: number(100 * estimate[name]) for name in ("value", "low", "high")
    }
