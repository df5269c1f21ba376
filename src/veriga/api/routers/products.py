"""Products: read by everybody, written by managers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from veriga.api import shapes
from veriga.api.answers import answer, expected_version, only_known
from veriga.api.auth import reader, writer
from veriga.api.idempotency import once
from veriga.api.schemas.products import (
    ProductIn,
    ProductOut,
    ProductPatch,
    ProductsOut,
    ProductsQuery,
)
from veriga.catalogue.queries import ProductFilters, get_product, list_products
from veriga.catalogue.services import create_product, update_product

router = Router(tags=["products"])


@router.get("/products", response=ProductsOut)
def list_all_products(
    request: HttpRequest, query: Query[ProductsQuery]
) -> HttpResponse:
    """Return products by name, in Slovenian order."""
    only_known(request, ProductsQuery)
    page = list_products(
        reader(request),
        ProductFilters(q=query.q, is_active=query.is_active),
        limit=query.limit,
        cursor=query.cursor or None,
    )
    items = [shapes.product(product) for product in page.rows]
    return answer({"items": items, "next": page.next})


@router.post("/products", response={201: ProductOut})
def make_product(request: HttpRequest, body: ProductIn) -> HttpResponse:
    """Add a product."""
    context = writer(request)

    def work() -> Any:
        product = create_product(context=context, **body.given())
        address = f"/api/v1/products/{product.pk}"
        return lambda: answer(shapes.product(product), 201, address=address)

    return once(request, work)


@router.get("/products/{int:product_id}", response=ProductOut)
def read_product(request: HttpRequest, product_id: int) -> HttpResponse:
    """Return one product."""
    return answer(shapes.product(get_product(reader(request), product_id)))


@router.patch("/products/{int:product_id}", response=ProductOut)
def change_product(
    request: HttpRequest, product_id: int, body: ProductPatch
) -> HttpResponse:
    """Change what the body names; one that is not active is no longer offered."""
    product = update_product(
        context=writer(request),
        product_id=product_id,
        expected_version=expected_version(request),
        **body.given(),
    )
    return answer(shapes.product(product))
