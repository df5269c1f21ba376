"""Puts the browser's files together: `python scripts/assets.py`, after `npm ci`.

Writes into src/veriga/web/static/dist/ (not in git):
    htmx.min.js   as published, without its source-map comment (hashing needs the map)
    icons.svg     a sprite of exactly the Tabler icons named in ICONS
    inter.woff2   Inter, variable weight, cut down to what we write with
    veriga.css    static/css/*.css in the order of STYLES, without comments
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
STATIC = ROOT / "src" / "veriga" / "web" / "static"
DIST = STATIC / "dist"
STYLES = (  # noqa: SIM905  # words are read more easily
    "tokens base app page buttons forms rows window floats record strip lists chain"
    " people settings signin attachments sheet gatherings notices desk board forecast"
    " calendar found overview views conditions bulk offline rules insight"
    " process-map print"
).split()
ICONS = (  # noqa: SIM905
    # frame and commands
    "columns link link-plus unlink list-tree list-details layout-list layout-dashboard"
    " layout-kanban search plus x check dots dots-vertical menu-2 chevron-down"
    " chevron-right chevron-left"
    " chevron-up arrow-right arrow-left arrow-up arrow-down arrows-exchange"
    " arrow-back-up arrow-merge scissors cut git-branch route timeline hierarchy"
    " external-link copy pencil trash filter sort-descending sort-ascending settings"
    " logout sun moon device-desktop keyboard eye eye-off lock key printer download"
    " refresh send bell tag note paperclip star flag bookmark pin pinned"
    " history world info-circle help-circle alert-triangle clock circle circle-check"
    " circle-x circle-dashed"
    " trophy target chart-bar chart-dots ban exclamation-circle photo file"
    " file-type-pdf camera"
    # people and companies
    " user user-circle user-plus users users-group user-question building"
    " building-skyscraper building-store briefcase address-book at device-mobile"
    # kinds and types of activities
    " bolt calendar calendar-event calendar-plus checkbox package box file-text phone"
    " phone-incoming phone-off map-pin video mail mail-opened inbox message"
    " message-question alert-octagon tent presentation"
).split()
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180), 0x218, 0x219, 0x21A, 0x21B]
SIGNS = [ord(sign) for sign in "–—‘’‚“”„†•…‰‹›⁄€™←↑→↓−≈≠≤≥⌘⇧⏎✓\u2009\u202f\u2011"]
FEATURES = ["calt", "ccmp", "kern", "locl", "mark", "tnum", "pnum"]


def copy_htmx() -> None:
    """Copy htmx without the comment that names its source map."""
    text = (MODULES / "htmx.org/dist/htmx.min.js").read_text(encoding="utf-8")
    text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)
    (DIST / "htmx.min.js").write_text(text, encoding="utf-8")


def build_sprite(names: Iterable[str]) -> None:
    """Write one SVG whose symbols are the named icons."""
    symbols = []
    for name in sorted(set(names)):
        source = MODULES / f"@tabler/icons/icons/outline/{name}.svg"
        text = source.read_text(encoding="utf-8")
        inside = text[text.index(">", text.index("<svg")) + 1 : text.index("</svg>")]
        inside = re.sub(
            r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", inside
        )
        inside = re.sub(r"\s*\n\s*", "", inside).replace(" />", "/>")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>')
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'
    (DIST / "icons.svg").write_text(sprite, encoding="utf-8")


def add_letters(font: TTFont, more: TTFont, wanted: set[int]) -> None:
    """Add to `font` the wanted characters that only `more` has.

    Both are slices of one original, so that equal glyph names are equal outlines.
    A letter with an accent is kerned as its base letter is.
    """
    have, theirs = font.getBestCmap(), more.getBestCmap()
    new = {code: theirs[code] for code in wanted if code in theirs and code not in have}
    order = font.getGlyphOrder()
    pending = list(new.values())
    while pending:
        name = pending.pop()
        if name in order:
            continue
        glyph = more["glyf"][name]
        if glyph.isComposite():
            pending += [part.glyphName for part in glyph.components]
        order = [*order, name]
        font["glyf"].glyphs[name] = glyph
        font["hmtx"][name] = more["hmtx"][name]
        font["gvar"].variations[name] = more["gvar"].variations.get(name, [])
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order
    font["glyf"]._reverseGlyphOrder = {}
    font["maxp"].numGlyphs = len(order)
    font["post"].extraNames = []
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update(new)
    # Widths by weight are then taken from the outlines' own points.
    del font["HVAR"]
    kern_like_base(font, {name: _base_letter(more, name) for name in new.values()})


def _base_letter(font: TTFont, name: str) -> str:
    """Return the first part of a composite glyph: `c` of `ccaron`."""
    glyph = font["glyf"][name]
    return glyph.components[0].glyphName if glyph.isComposite() else name


def kern_like_base(font: TTFont, bases: dict[str, str]) -> None:
    """Put each new letter into the kerning classes of its base letter."""
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            pair = getattr(table, "ExtSubTable", table)
            if pair.LookupType != 2 or pair.Format != 2:
                continue
            for name, base in bases.items():
                if base in pair.Coverage.glyphs and name not in pair.Coverage.glyphs:
                    pair.Coverage.glyphs.append(name)
                for classes in (pair.ClassDef1.classDefs, pair.ClassDef2.classDefs):
                    if base in classes:
                        classes.setdefault(name, classes[base])
            pair.Coverage.glyphs.sort(key=font.getGlyphID)


def keep_signs_narrow(font: TTFont) -> None:
    """Leave only the digits in `tnum`: Inter also widens hyphen, stop and comma.

    Signs are equally wide in every row anyway, and `LP-40` should not fall apart.
    """
    digits = {font.getBestCmap()[code] for code in range(0x30, 0x3A)}
    gsub = font["GSUB"].table
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag != "tnum":
            continue
        for index in record.Feature.LookupListIndex:
            for table in gsub.LookupList.Lookup[index].SubTable:
                single = getattr(table, "ExtSubTable", table)
                single.mapping = {
                    name: wide
                    for name, wide in single.mapping.items()
                    if name in digits
                }


def build_font() -> None:
    """Write Inter with the letters of Latin and Latin Extended-A in one file."""
    folder = MODULES / "@fontsource-variable/inter/files"
    font = TTFont(folder / "inter-latin-wght-normal.woff2")
    more = TTFont(folder / "inter-latin-ext-wght-normal.woff2")
    wanted = {*LATIN, *SIGNS}
    add_letters(font, more, wanted)
    keep_signs_narrow(font)
    options = subset.Options(
        layout_features=FEATURES, flavor="woff2", hinting=False, name_IDs=[1, 2, 4, 6]
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(DIST / "inter.woff2", reorderTables=None)


def build_styles() -> None:
    """Write all style sheets as one file without comments and indentation."""
    text = "\n".join(
        (STATIC / f"css/{name}.css").read_text(encoding="utf-8") for name in STYLES
    )
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*\n\s*", "\n", text)
    text = re.sub(r"\n?([{};,])\n", r"\1", text)
    text = re.sub(r"\s*\{\s*", "{", text).replace(";}", "}").replace(": ", ":")
    (DIST / "veriga.css").write_text(text.strip() + "\n", encoding="utf-8")


def main() -> int:
    """Build everything; with `css` as argument only the style sheet."""
    DIST.mkdir(parents=True, exist_ok=True)
    build_styles()
    if sys.argv[1:] == ["css"]:
        return 0
    if not MODULES.is_dir():
        print("node_modules is missing: run `npm ci` first", file=sys.stderr)
        return 2
    copy_htmx()
    build_sprite(ICONS)
    build_font()
    for licence in ("@fontsource-variable/inter", "@tabler/icons", "htmx.org"):
        name = licence.split("/")[-1].removesuffix(".org")
        shutil.copyfile(MODULES / licence / "LICENSE", DIST / f"LICENSE-{name}.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
