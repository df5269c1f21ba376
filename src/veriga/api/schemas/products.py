"""Products."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import StrictBool

from veriga.common.money import PRICE_SCALE, to_scaled

from .types import Line, Number, NumberOut, Out, PageQuery, Patch


class ProductPatch(Patch):
    """What may be changed of a product."""

    code: Line = ""
    name: Line = ""
    unit: Line = ""
    unit_price: Number = Decimal(0)
    is_active: StrictBool = True

    def given(self) -> dict[str, Any]:
        """Return the fields that the body gives, as the service takes them."""
        fields = super().given()
        if "unit_price" in fields:
            fields["unit_price"] = to_scaled(fields["unit_price"], PRICE_SCALE)
        return fields


class ProductIn(Patch):
    """A new product; managers make them."""

    code: Line
    name: Line
    unit: Line = "kos"
    unit_price: Number = Decimal(0)

    def given(self) -> dict[str, Any]:
        """Return the product as the service takes it."""
        price = to_scaled(self.unit_price, PRICE_SCALE)
        return {
            "code": self.code,
            "name": self.name,
            "unit": self.unit,
            "unit_price": price,
        }


class ProductsQuery(PageQuery):
    """What narrows the list of products."""

    q: Line = ""
    is_active: bool | None = None


class ProductOut(Out):
    id: int
    code: str
    name: str
    unit: str
    unit_price: NumberOut
    is_active: bool
    row_version: int


class ProductsOut(Out):
    items: list[ProductOut]
    next: str | None
