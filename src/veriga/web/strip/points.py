"""The points of a chain strip as markup: one pattern, filled once for each point."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import get_language
from markupsafe import Markup, escape

from veriga.web.patterns import pattern
from veriga.web.pieces import url

from .shapes import Point, Strip

POINT: Final = "components/strip_point.html"
HALF_ICON: Final = 5.5


def strip_points(strip: Strip) -> Markup:
    """Return every point of a strip, in its order, each a link to its record."""
    record = url.pattern("activities:record", reference="D-26-00001")
    language = get_language() or ""
    one, many = (pattern(POINT, language, many=many) for many in (False, True))
    made = [
        (many if point.number > 1 else one) % _fill(point, strip.radius, record)
        for point in strip.points
    ]
    return Markup("".join(made))  # noqa: S704  # each value is escaped or a number


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
