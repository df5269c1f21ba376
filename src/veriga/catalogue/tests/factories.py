"""Products for the tests of every room."""

from __future__ import annotations

from itertools import count
from typing import Any

from veriga.catalogue.models import Product
from veriga.common.announcing import announce
from veriga.common.text import fold, sort_key

_numbers = count(1)


def make_product(
    name: str = "Pakirni stroj", *, code: str | None = None, **fields: Any
) -> Product:
    product = Product.objects.create(
        **{
            "code": code or f"P-{next(_numbers)}",
            "name": name,
            "name_key": sort_key(name),
            "name_folded": fold(name),
            **fields,
        }
    )
    announce("product", [product.pk])
    return product
