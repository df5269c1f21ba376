"""The points of a chain strip as markup: one pattern, filled once for each point."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django.template import engines
from markupsafe import Markup, escape

from veriga.web.pieces import url
from veriga.web.strip import Point, Strip

POINT: Final = "components/strip_point.html"
HALF_ICON: Final = 5.5


def strip_points(strip: Strip) -> Markup:
    """Return every point of a strip, in its order, each a link to its record."""
    record = url.pattern("activities:record", reference="D-26-00001")
    return Markup(  # noqa: S704  # each value is escaped or a number
        "".join(
            [
                _pattern(many=point.number > 1) % _fill(point, strip.radius, record)
                for point in strip.points
            ]
        )
    )


@lru_cache(maxsize=2)
def _pattern(*, many: bool) -> str:
    """Return a point with holes, without the space between its parts."""
    made = engines["jinja2"].get_template(POINT).render({"many": many})
    return "".join(line.strip() for line in made.splitlines())


def _fill(point: Point, radius: float, record: str) -> dict[str, Any]:
    is_many = point.number > 1
    tip = escape(point.tip)
    return {
        "words": point.words,
        "address": record % {"reference": point.reference},
        "reference": point.reference,
        "tip": tip,
        "spoken": tip.replace("\n", ", "),
        "icon": point.icon,
        "x": point.x,
        "y": point.y,
        "radius": radius,
        "left": round(point.x - (radius + 2 if is_many else HALF_ICON), 1),
        "top": point.y - (radius if is_many else HALF_ICON),
        "wide": 2 * radius + 4,
        "high": 2 * radius,
        "base": point.y + 3.5,
        "number": point.number if point.number > 99 else f"{point.number}×",
    }
