"""The process map as it is stored and answered; without SciPy, which loads slowly.

Who asks a question about the map waits for the process that answers it to start.
Source: docs/insight/map.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from veriga.insight.rules.drawing import drawings_of
from veriga.insight.rules.log import ActivityLog
from veriga.insight.rules.map_filters import MapFilter, variants
from veriga.insight.rules.origins import link_coverage
from veriga.insight.rules.process_map import process_map
from veriga.insight.rules.words import MapBy


def map_payload(log: ActivityLog, only: MapFilter | None = None) -> dict[str, Any]:
    """Return both maps of the chains that `only` leaves, drawn, and their variants.

    The variants are those of all the other conditions, so that another can be chosen.
    """
    payload: dict[str, Any] = {}
    for by in MapBy:
        found = process_map(log, by, only)
        payload[str(by)] = found.to_json() | {"drawings": drawings_of(found)}
    but_variant = replace(only, variant=None) if only else None
    payload["variants"] = variants(log, but_variant).to_json()
    payload["coverage"] = link_coverage(log).to_json()
    return payload
