"""A chain drawn to scale: shapes, the line, the words, the drawing, its markup."""

from .drawing import LANES, chain_strip, draw_strip
from .scale import month_label
from .shapes import WIDTH, Strip

__all__ = [
    "LANES",
    "WIDTH",
    "Strip",
    "chain_strip",
    "draw_strip",
    "month_label",
]
