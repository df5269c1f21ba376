"""Every text colour can be read on every surface it is used on, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[1] / "static/css/tokens.css"
PAIR = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")
COLOURS = {
    name: (light, dark) for name, light, dark in PAIR.findall(TOKENS.read_text())
}
GROUNDS = ["canvas", "surface", "surface-2", "hover"]
USES = [
    *((text, ground) for text in ("text", "text-2", "accent") for ground in GROUNDS),
    *(("text-3", ground) for ground in GROUNDS),
    *((tone, ground) for tone in ("late", "wait", "done") for ground in GROUNDS),
    *((text, "accent-soft") for text in ("text", "text-2", "text-3", "accent")),
    *((tone, f"{tone}-soft") for tone in ("late", "wait", "done")),
    *((tone, "accent-soft") for tone in ("late", "wait", "done")),
    *((text, "press") for text in ("text", "text-2", "accent")),
]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), USES)
def test_text_can_be_read(text, ground, theme):
    assert contrast(COLOURS[text][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["accent-solid", "accent-solid-2"])
def test_white_can_be_read_on_the_main_button(ground, theme):
    assert contrast("#ffffff", COLOURS[ground][theme]) >= 4.5
