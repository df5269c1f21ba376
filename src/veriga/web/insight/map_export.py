"""The process map as a table for a file: every way with its number and ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veriga.access.rules import Actor
from veriga.common.errors import Invalid, NotFound
from veriga.insight.rules.words import Exit
from veriga.web.tables import Table

from .map_asking import read_map, stored_map, whole_map
from .names import insight_kind
from .process_map import exit_name

Json = Mapping[str, Any]


def map_table(actor: Actor, data: Mapping[str, str], team_id: int | None) -> Table:
    """Return the map that an address asks for, as far as it has been computed.

    Errors: Invalid for an address that the page would not take either; NotFound for a
    map that nobody has waited for yet.
    """
    address = read_map(data)
    if address.problems:
        raise Invalid("wrong_type")
    whole = whole_map(actor, team_id)
    stored = stored_map(actor, whole, address.chains, team_id)
    if stored.payload is None and not address.chains.is_all:
        raise NotFound
    found = stored.payload[address.by] if stored.payload else None
    return Table(_("Process map"), _head(), _rows(found))


def _head() -> list[str]:
    share, wait = pgettext("part", "Share"), _("Median wait")
    return [
        *(_("From"), _("To"), _("Steps"), _("of how many"), share),
        *(_("%(name)s, from") % {"name": share}, _("%(name)s, to") % {"name": share}),
        *(_("Waits"), wait),
        *(_("%(name)s, from") % {"name": wait}, _("%(name)s, to") % {"name": wait}),
        *(_("Lower quartile"), _("Upper quartile")),
    ]


def _rows(found: Json | None) -> Iterator[list[Any]]:
    if found is None:
        return
    silences = {node["kind"]: node["silence"] for node in found["nodes"]}
    for way in (*found["edges"], *found["others"], *found["stops"]):
        target = way["target"]
        wait = way.get("wait") or {}
        if target == Exit.WAITING:
            wait = silences[way["source"]]
        is_exit = target in set(Exit)
        yield [
            insight_kind(way["source"]),
            exit_name(target) if is_exit else insight_kind(target),
            *(way["count"], way["n"], way["share"], way["low"], way["high"]),
            *(wait.get(n) for n in ("n", "median", "low", "high")),
            *(wait.get(n) for n in ("quarter", "three_quarters")),
        ]
