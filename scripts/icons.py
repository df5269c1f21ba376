"""Draws the icons of the installed program from the mark: `python scripts/icons.py`.

Writes static/img/icon-*.png, which are in git: they change only when img/veriga.svg
does, and drawing them needs Chromium.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.browser import chromium  # noqa: E402  # needs the path above

IMAGES = ROOT / "src" / "veriga" / "web" / "static" / "img"
# What a system cuts into its own shape needs colour to the edge, the mark well inside.
MASKABLE = "maskable-"
SIZES = (("", 192), ("", 512), (MASKABLE, 192), (MASKABLE, 512), (MASKABLE, 180))
NAMES = {(MASKABLE, 180): "apple-touch-icon"}


def drawing(use: str) -> str:
    """Return the mark as SVG, for a mask with square corners and a smaller sign."""
    text = (IMAGES / "veriga.svg").read_text(encoding="utf-8")
    if use:
        text = text.replace(' rx="7"', "").replace(
            'transform="translate(4 4)"', 'transform="translate(7 7) scale(.75)"'
        )
    return re.sub("<svg ", '<svg width="100%" height="100%" ', text, count=1)


def main() -> int:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"]
        )
        for use, size in SIZES:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(
                f"<style>body{{margin:0}}svg{{display:block}}</style>{drawing(use)}"
            )
            name = NAMES.get((use, size), f"icon-{use}{size}")
            page.screenshot(path=IMAGES / f"{name}.png", omit_background=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
