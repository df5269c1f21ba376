"""Reading products; every user sees them all."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from veriga.access.rules import Actor
from veriga.common.checks import clean_query
from veriga.common.errors import NotFound
from veriga.common.text import fold

from .models import Product


def find_products(actor: Actor, q: str = "", limit: int = 20) -> list[Product]:
    """Return active products whose name holds the words of `q` or whose code does.

    In the order of their names; all of them, up to `limit`, if `q` is empty.
    """
    q = clean_query(q)
    by_name = Q()
    for word in fold(q).split():
        by_name &= Q(name_folded__contains=word)
    products = Product.objects.filter(is_active=True)
    if q:
        products = products.filter(by_name | Q(code__icontains=q))
    return list(products.order_by("name_key", "id")[:limit])


def get_product(actor: Actor | None, ident: int | str) -> Product:
    """Return the product of this id (a number) or code (a text); or NotFound.

    Everybody sees all products, so who has no actor at hand passes None.
    """
    if isinstance(ident, int):
        product = Product.objects.filter(pk=ident).first()
    else:
        product = Product.objects.filter(code=clean_query(ident)).first()
    if product is None:
        raise NotFound
    return product


def names_of_products(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of the products of `ids`, by id; none cost no statement."""
    wanted = {product_id for product_id in ids if product_id is not None}
    if not wanted:
        return {}
    return dict(Product.objects.filter(pk__in=wanted).values_list("pk", "name"))
