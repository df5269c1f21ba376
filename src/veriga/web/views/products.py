"""Products: the list for everybody, the form for managers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from veriga.catalogue.queries import (
    ProductFilters,
    count_products,
    get_product,
    list_products,
)
from veriga.catalogue.services import create_product, update_product
from veriga.common.checks import clean_query
from veriga.common.errors import Conflict, Invalid, NotAllowed
from veriga.web.forms.opened import edited, typed_over, version_of
from veriga.web.forms.products import (
    FIELDS,
    price_words,
    read_product,
    shown_product,
)
from veriga.web.pages import reader, writer
from veriga.web.party_history import history_of_product
from veriga.work.queries.overview import COUNT_LIMIT

from .lists import count_of, next_address, said_count, show_list
from .saving import problems_of, show_window
from .users import closed

if TYPE_CHECKING:
    from veriga.access.rules import Context
    from veriga.catalogue.models import Product

STATES = {"": True, "off": False}


@require_GET
def product_list(request: HttpRequest) -> HttpResponse:
    """The products by name; without those that are no longer offered."""
    actor = reader(request)
    q = clean_query(request.GET.get("q", ""))
    state = request.GET.get("state", "")
    filters = ProductFilters(q, STATES.get(state))
    page = list_products(actor, filters, cursor=request.GET.get("cursor") or None)
    count = count_of(
        request, page, lambda: count_products(actor, filters, limit=COUNT_LIMIT)
    )
    values: dict[str, Any] = {
        "nav": "products",
        "rows": [(one, price_words(one.unit_price)) for one in page.rows],
        "next_url": next_address(request, page.next),
        "count": said_count(count),
        "q": q,
        "state": state if state in {*STATES, "all"} else "",
        "states": [
            ("", _("Offered")),
            ("off", _("No longer offered")),
            ("all", _("All")),
        ],
        "is_filtered": bool(q or state),
        "can_edit": actor.is_manager,
    }
    return show_list(request, "products/list.html", values)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new product."""
    context = _manager(request)
    empty = {**dict.fromkeys(FIELDS, ""), "unit": _("pcs"), "is_active": "on"}
    if request.method == "GET":
        return _form(request, empty)
    try:
        create_product(context=context, **read_product(request.POST))
    except Invalid as error:
        return _form(request, typed_over(request.POST, empty), error)
    return closed(request, reverse("products:list"), _("The product was added."))


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, id: int) -> HttpResponse:
    """The form of a product."""
    context = _manager(request)
    product = get_product(context.actor, id)
    stored = shown_product(product)
    if request.method == "GET":
        return _form(request, stored, product=product)
    try:
        update_product(
            context=context,
            product_id=id,
            expected_version=version_of(request.POST),
            is_active=request.POST.get("is_active") == "on",
            **read_product(request.POST),
        )
    except (Invalid, Conflict) as error:
        return _form(request, stored, error, product=product)
    return closed(request, reverse("products:list"), _("The product was saved."))


def _manager(request: HttpRequest) -> Context:
    context = writer(request)
    if not context.actor.is_manager:
        raise NotAllowed
    return context


def _form(
    request: HttpRequest,
    values: dict[str, str],
    error: Invalid | Conflict | None = None,
    *,
    product: Product | None = None,
) -> HttpResponse:
    """Return the form; `values` are those of a new product, or what is stored."""
    # A box that is not ticked sends nothing, and would look untouched.
    sent = {"is_active": "", **request.POST.dict()} if request.POST else {}
    form = edited(
        sent if product else {},
        values,
        product.row_version if product else "",
        is_stale=error is not None and error.code == "stale",
    )
    wants_history = product is not None and "history" in request.GET
    context = {
        "nav": "products",
        "product": product,
        "values": form.values,
        "version": form.version,
        "opened": form.opened,
        "notes": form.notes,
        "errors": problems_of(error) if error else {},
        "history": history_of_product(product) if product and wants_history else None,
    }
    status = 422 if error else 200
    return show_window(request, "products/form.html", context, status=status)
