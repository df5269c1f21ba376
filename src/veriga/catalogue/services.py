"""Writing products."""

from __future__ import annotations

from veriga.access.rules import Context
from veriga.common.checks import clean_text
from veriga.common.errors import FieldError, NotAllowed, Problems
from veriga.common.rows import constraint_errors
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
    if not context.actor.is_manager:
        raise NotAllowed
    problems = Problems()
    code = clean_text(problems, "code", code, limit=40, required=True)
    name = clean_text(problems, "name", name, limit=NAME_LENGTH, required=True)
    unit = clean_text(problems, "unit", unit, limit=12, required=True)
    _check_price(problems, unit_price)
    problems.raise_if_any()
    with constraint_errors(CONSTRAINTS):
        product = Product.objects.create(
            code=code,
            name=name,
            name_key=sort_key(name),
            name_folded=fold(name)[:NAME_LENGTH],
            unit=unit,
            unit_price=unit_price,
        )
    note_change(context, "product", product.pk, "create", {"name": (None, name)})
    return product


def _check_price(problems: Problems, unit_price: object) -> None:
    if not isinstance(unit_price, int) or isinstance(unit_price, bool):
        problems.add("unit_price", "wrong_type")
    elif unit_price < 0:
        problems.add("unit_price", "negative")
    elif unit_price > PRICE_MAX:
        problems.add("unit_price", "out_of_range")
