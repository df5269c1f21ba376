"""Writing products: managers only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from veriga.access.rules import Context
from veriga.common.announcing import announce
from veriga.common.checks import Cleaner, clean_bool, clean_fields, text_of
from veriga.common.errors import FieldError, NotAllowed, Problems
from veriga.common.rows import check_version, constraint_errors, lock_row, set_changed
from veriga.common.text import fold, sort_key
from veriga.common.transactions import write
from veriga.history.services import note_change

from .models import Product

CODE_TAKEN = FieldError("code", "code_taken")
CONSTRAINTS = {
    "catalogue_product.code": CODE_TAKEN,
    "catalogue_product_code": CODE_TAKEN,
}
NAME_LENGTH = 120
PRICE_MAX = 10**15


@write
def create_product(
    *,
    context: Context,
    code: str,
    name: str,
    unit: str = "kos",
    unit_price: int = 0,
) -> Product:
    """Return a new product. Managers only.

    Units:  unit_price in 1/10,000 of the installation's currency.
    Errors: code_taken, negative, out_of_range.
    """
    _require_manager(context)
    given = {"code": code, "name": name, "unit": unit, "unit_price": unit_price}
    product = Product()
    set_changed(product, _clean(given))
    _set_keys(product)
    with constraint_errors(CONSTRAINTS):
        product.save(force_insert=True)
    told = {"name": (None, product.name)}
    note_change(context, "product", product.pk, "create", told)
    announce("product", [product.pk])
    return product


@write
def update_product(
    *,
    context: Context,
    product_id: int,
    expected_version: int | None = None,
    **changes: Any,
) -> Product:
    """Return the product with `changes`: any of the fields of CLEANERS. Managers only.

    One that is not active is no longer offered and stays in the records that name it.
    Quotes keep the prices they were made with. Errors: stale and those of
    create_product.
    """
    _require_manager(context)
    product = lock_row(Product.objects.all(), product_id)
    check_version(product, expected_version)
    changed = set_changed(product, _clean(changes))
    if not changed:
        return product
    _set_keys(product)
    product.row_version += 1
    names = [*changed, "name_key", "name_folded", "row_version"]
    with constraint_errors(CONSTRAINTS):
        product.save(update_fields=names)
    note_change(context, "product", product.pk, "update", changed)
    if {"name", "code"} & set(changed):
        announce("product", [product.pk])
    return product


def _clean_price(problems: Problems, field: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        problems.add(field, "wrong_type")
        return 0
    if value < 0:
        problems.add(field, "negative")
    elif value > PRICE_MAX:
        problems.add(field, "out_of_range")
    return value


CLEANERS: Mapping[str, Cleaner] = {
    "code": text_of(40, required=True),
    "name": text_of(NAME_LENGTH, required=True),
    "unit": text_of(12, required=True),
    "unit_price": _clean_price,
    "is_active": clean_bool,
}


def _require_manager(context: Context) -> None:
    if not context.actor.is_manager:
        raise NotAllowed


def _clean(given: Mapping[str, Any]) -> dict[str, Any]:
    problems = Problems()
    values = clean_fields(problems, given, CLEANERS)
    problems.raise_if_any()
    return values


def _set_keys(product: Product) -> None:
    product.name_key = sort_key(product.name)
    product.name_folded = fold(product.name)[:NAME_LENGTH]
