"""The lines of a quote as a form holds them: `lines-0-text`, `lines-0-quantity`, ..."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from veriga.catalogue.models import Product
from veriga.common.text import fold
from veriga.web.pages import Typed

from .numbers import read_decimal, write_decimal

Line = dict[str, str]
COLUMNS: Final = (
    "product",
    "text",
    "quantity",
    "unit",
    "unit_price",
    "discount_percent",
    "vat_rate",
)
TELLING: Final = ("product", "text", "unit_price")  # without these a line is blank
NUMBERS: Final = ("quantity", "unit_price", "discount_percent", "vat_rate")
BLANK: Final[Line] = {**dict.fromkeys(COLUMNS, ""), "quantity": "1", "vat_rate": "22"}
BLANK_LINES: Final = 3
MOST: Final = 600  # a little more than a quote may have, so that it can say so
_NAME = re.compile(r"lines-(\d{1,4})-(\w+)")


def posted_lines(data: Mapping[str, str]) -> list[Line]:
    """Return the lines of a form as they were typed, blank ones too."""
    found: dict[int, Line] = {}
    for name in data:
        match = _NAME.fullmatch(name)
        if match and match[2] in COLUMNS:
            found.setdefault(int(match[1]), {})[match[2]] = str(data[name])
    return [{**dict.fromkeys(COLUMNS, ""), **found[i]} for i in sorted(found)[:MOST]]


def stored_lines(lines: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Return the lines of a quote, as `describe` gives them, for a form."""
    return [
        {
            "product": str(line["product"] or ""),
            "text": line["text"],
            "quantity": write_decimal(line["quantity"]),
            "unit": line["unit"],
            "unit_price": write_decimal(line["unit_price"], 2),
            "discount_percent": write_decimal(line["discount_percent"])
            if line["discount_percent"]
            else "",
            "vat_rate": write_decimal(line["vat_rate"]),
        }
        for line in lines
    ]


def with_blank_lines(lines: Sequence[Line]) -> list[Line]:
    """Return `lines` with room for more, which also serves without script."""
    return [*lines, *(dict(BLANK) for _ in range(1 if lines else BLANK_LINES))]


def is_blank(line: Line) -> bool:
    return not any(line[name].strip() for name in TELLING)


def read_lines(
    lines: Sequence[Line], typed: Typed, products: Sequence[Product]
) -> list[dict[str, Any]]:
    """Return the lines that say something, as the service takes them.

    A text that is the name of a product means that product. What is no number becomes
    a problem of `typed` under the name of its input.
    """
    by_name = {fold(product.name): product for product in products}
    found = []
    for place, line in enumerate(lines):
        if is_blank(line):
            continue
        product = by_name.get(fold(line["text"]))
        value: dict[str, Any] = {
            "text": line["text"],
            "unit": line["unit"],
            "product": product.pk if product else _number(line["product"]),
        }
        for name in NUMBERS:
            if line[name].strip():
                value[name] = read_decimal(line[name])
                if value[name] is None:
                    typed.problems[f"lines-{place}-{name}"] = "wrong_type"
        found.append(value)
    return found


def to_place(name: str, places: Sequence[int]) -> str:
    """Return the input that an error of the service at "lines.0.text" belongs to."""
    line, _, column = name.removeprefix("lines.").partition(".")
    if name.startswith("lines.") and line.isdigit() and int(line) < len(places):
        return f"lines-{places[int(line)]}-{column}"
    return name


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
