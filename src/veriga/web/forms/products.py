"""The form of a product: what is typed, and what is stored by now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from veriga.catalogue.models import Product
from veriga.common.money import PRICE_SCALE, from_scaled, to_scaled
from veriga.web.pages import Typed

from .numbers import read_decimal, show_decimal, write_decimal

FIELDS: Final = ("code", "name", "unit", "unit_price", "is_active")


def read_product(data: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that a form sent, as the service takes them.

    Errors: Invalid with wrong_type, if the price is no number.
    """
    typed = Typed(data)
    values: dict[str, Any] = {
        name: typed.text(name) for name in ("code", "name", "unit")
    }
    price = typed.text("unit_price").strip()
    number = read_decimal(price) if price else read_decimal("0")
    if number is None:
        typed.problems["unit_price"] = "wrong_type"
    else:
        values["unit_price"] = to_scaled(number, PRICE_SCALE)
    typed.raise_if_any()
    return values


def price_words(unit_price: int) -> str:
    """Return a price to read, "" for none: at least two decimals, the sign behind."""
    if not unit_price:
        return ""
    text = show_decimal(from_scaled(unit_price, PRICE_SCALE), 2)
    return _("%(price)s €") % {"price": text}


def shown_product(product: Product) -> dict[str, str]:
    """Return what the form shows of a stored product."""
    return {
        "code": product.code,
        "name": product.name,
        "unit": product.unit,
        "unit_price": write_decimal(from_scaled(product.unit_price, PRICE_SCALE), 2),
        "is_active": "on" if product.is_active else "",
    }
