"""The page of the process map told: heading, filters, variants, drawing, table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from veriga.access.rules import Actor
from veriga.activities.rules.words import Outcome
from veriga.catalogue.queries import find_products, names_of_products
from veriga.insight.rules.words import Detail, Exit, MapBy
from veriga.parties.models import Abc
from veriga.web.formats import number
from veriga.web.jinja import query_string
from veriga.web.words import outcome_name

from .map_asking import NARROWING, STEP, MapAddress
from .names import insight_kind
from .ranges import Told, days, told_share, told_wait

Json = Mapping[str, Any]
MOST_LINES: Final = 80
MOST_VARIANTS: Final = 12
MOST_PRODUCTS: Final = 300


@dataclass(frozen=True, slots=True)
class MapLine:
    """A line of the table: a way and its figures; `group` where a kind's begin."""

    source: str
    target: str
    share: Told
    count: int
    wait: Told
    quarters: str
    address: str
    group: str = ""
    is_exit: bool = False


@dataclass(frozen=True, slots=True)
class VariantLine:
    """A way that chains went, its kinds in order; how many, and what shows them."""

    text: str
    chains: int
    share: str
    address: str
    is_chosen: bool


def way_address(data: Mapping[str, str], source: str, target: str) -> str:
    """Return the address of the chains behind a way of the map that `data` asks for."""
    kept = {
        name: data.get(name) for name in ("team", "by", *NARROWING) if data.get(name)
    }
    asked = {"of": "map", **kept, "source": source, "target": target}
    return reverse("insight:behind") + query_string(asked)


def map_address(data: Mapping[str, str]) -> str:
    """Return the address of the map on which a way was clicked."""
    kept = {name: data.get(name) for name in ("team", "by", *NARROWING)}
    return reverse("insight:map") + query_string(kept)


def way_name(source: str, target: str) -> str:
    """Return what a way is called, as the title of its chains."""
    if source == Exit.START:
        return _("Beginning: %(kind)s") % {"kind": insight_kind(target)}
    name = insight_kind(source)
    ends = {
        Exit.ENDED.value: _("%(kind)s: ended here"),
        Exit.WAITING.value: _("%(kind)s: still waiting"),
        Exit.OTHER.value: _("%(kind)s: rare steps"),
    }
    if target in ends:
        return ends[target] % {"kind": name}
    return f"{name} → {insight_kind(target)}"


def exit_name(target: str) -> str:
    """Return what a way out is called that leads to no kind."""
    return {
        Exit.ENDED.value: _("ended here"),
        Exit.WAITING.value: _("still waiting"),
        Exit.OTHER.value: _("rare steps, together"),
    }[target]


def choices_of(actor: Actor, whole: Json, address: MapAddress) -> dict[str, Any]:
    """Return what the filters offer; one statement, two for a product long gone."""
    products = {
        product.pk: product.name for product in find_products(actor, "", MOST_PRODUCTS)
    }
    chosen = address.chains.product
    if chosen is not None and chosen not in products:
        products |= names_of_products([chosen])
    kinds = sorted(
        ((n["kind"], insight_kind(n["kind"])) for n in whole[MapBy.ORDER]["nodes"]),
        key=lambda pair: pair[1].casefold(),
    )
    return {
        "segments": [(value, value) for value in Abc.values],
        "products": list(products.items()),
        "endings": [(str(one), outcome_name(one)) for one in Outcome],
        "kinds": kinds,
    }


def switches() -> dict[str, list[tuple[str, str]]]:
    """Return between what one may switch: the two maps, and how much is drawn."""
    return {
        "bys": [
            (str(MapBy.ORDER), _("By order")),
            (str(MapBy.LINKS), _("By recorded links")),
        ],
        "details": [
            (str(Detail.LEAST), pgettext("detail", "Main kinds")),
            (str(Detail.USUAL), pgettext("detail", "All kinds")),
            (str(Detail.MOST), pgettext("detail", "More steps")),
        ],
    }


def said_map(found: Json) -> str:
    """Return how many chains a map is made of, for the count beside the filters."""
    text = ngettext("%(num)s chain", "%(num)s chains", found["chains"])
    return text % {"num": number(found["chains"])}


def variants_of(
    payload: Json, data: Mapping[str, str], chosen: tuple[str, ...]
) -> list[VariantLine]:
    """Return the commonest ways that chains went; each shows the map of just those."""
    found = []
    for variant in payload["variants"]["commonest"][:MOST_VARIANTS]:
        kinds = tuple(step["kind"] for step in variant["steps"])
        is_chosen = kinds == chosen
        chosen_next = None if is_chosen else STEP.join(kinds)
        asked = query_string(data, shown=None, variant=chosen_next)
        found.append(
            VariantLine(
                " → ".join(map(_step, variant["steps"])),
                variant["chains"],
                _percent(variant["chains"] / variant["n"]),
                reverse("insight:map") + asked,
                is_chosen,
            )
        )
    return found


def _percent(share: float) -> str:
    return f"{number(share * 100)} %" if share >= 0.005 else "< 1 %"


def _step(step: Json) -> str:
    name = insight_kind(step["kind"])
    return f"{name} ×{step['repeats']}" if step["repeats"] > 1 else name


def lines_of_map(found: Json, data: Mapping[str, str]) -> list[MapLine]:
    """Return the table: the commonest ways, kind by kind, each with its exits."""
    shown = {
        (edge["source"], edge["target"]): edge for edge in found["edges"][:MOST_LINES]
    }
    by_source: dict[str, list[Json]] = {}
    for (source, _target), edge in shown.items():
        by_source.setdefault(source, []).append(edge)
    for way in (*found["others"], *found["stops"]):
        by_source.setdefault(way["source"], []).append(way)
    lines = []
    for node in found["nodes"]:
        for i, way in enumerate(by_source.get(node["kind"], ())):
            if way["target"] == Exit.WAITING:
                way = {**way, "wait": node["silence"]}
            lines.append(_line(way, data, group=node["kind"] if i == 0 else ""))
    return lines


def _line(way: Json, data: Mapping[str, str], group: str) -> MapLine:
    source, target = way["source"], way["target"]
    is_exit = target in set(Exit)
    wait = way.get("wait")
    return MapLine(
        source=insight_kind(source),
        target=exit_name(target) if is_exit else insight_kind(target),
        share=told_share(way),
        count=way["count"],
        wait=told_wait(wait) if wait else Told("", "", 0),
        quarters=_quarters(wait) if wait else "",
        address=way_address(data, source, target),
        group=group,
        is_exit=is_exit,
    )


def _quarters(wait: Json) -> str:
    if wait["quarter"] is None:
        return ""
    return f"{days(wait['quarter'])}–{days(wait['three_quarters'])}"
