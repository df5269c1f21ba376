"""Reading products; every user sees them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from veriga.access.rules import Actor
from veriga.common.checks import check_limit, clean_query
from veriga.common.errors import NotFound
from veriga.common.keyset import Order, Page, take_page
from veriga.common.prepared import prepared
from veriga.common.text import fold

from .models import Product

BY_NAME = Order("name", ("name_key", "id"))


def find_products(actor: Actor, q: str = "", limit: int = 20) -> list[Product]:
    """Return active products whose name holds the words of `q` or whose code does.

    In the order of their names; all of them, up to `limit`, if `q` is empty.
    """
    if not clean_query(q):
        return _first(limit)
    products = Product.objects.filter(_found_by(q), is_active=True)
    return list(products.order_by("name_key", "id")[:limit])


@prepared
def _first(limit: int, /) -> QuerySet[Product]:
    products = Product.objects.filter(is_active=True)
    return products.order_by("name_key", "id")[:limit]


@dataclass(frozen=True, slots=True)
class ProductFilters:
    """What a list of products may be narrowed by; empty means any."""

    q: str = ""
    is_active: bool | None = None


def list_products(
    actor: Actor,
    filters: ProductFilters,
    *,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Product]:
    """Return a page of the products that fit, by name.

    Errors: bad_cursor, limit_range.
    """
    limit = check_limit(limit)
    return take_page(_fitting(filters), BY_NAME, limit=limit, cursor=cursor)


def count_products(actor: Actor, filters: ProductFilters, *, limit: int) -> int:
    """Return how many products fit, counting no further than `limit` + 1."""
    return _fitting(filters).order_by()[: limit + 1].count()


def _fitting(filters: ProductFilters) -> QuerySet[Product]:
    products = Product.objects.filter(_found_by(filters.q))
    if filters.is_active is not None:
        products = products.filter(is_active=filters.is_active)
    return products


def _found_by(q: str) -> Q:
    """Return the condition for products whose name or code `q` may mean."""
    q = clean_query(q)
    by_name = Q()
    for word in fold(q).split():
        by_name &= Q(name_folded__contains=word)
    return by_name | Q(code__icontains=q) if q else Q()


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


def products_by_id(ids: Sequence[int]) -> list[Product]:
    """Return products in the order of `ids`; none cost no statement."""
    found = Product.objects.in_bulk(ids) if ids else {}
    return [found[pk] for pk in ids if pk in found]


def names_of_products(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of the products of `ids`, by id; none cost no statement."""
    wanted = {product_id for product_id in ids if product_id is not None}
    if not wanted:
        return {}
    return dict(Product.objects.filter(pk__in=wanted).values_list("pk", "name"))
