"""Further addresses of companies."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from veriga.api import shapes
from veriga.api.answers import answer, expected_version, nothing
from veriga.api.auth import reader, writer
from veriga.api.idempotency import once
from veriga.api.schemas.parties import (
    AddressesOut,
    AddressIn,
    AddressOut,
    AddressPatch,
)
from veriga.parties.queries import addresses_of
from veriga.parties.services import add_address, remove_address, update_address

router = Router(tags=["companies"])
ONE = "/companies/{int:company_id}/addresses/{int:address_id}"


@router.get("/companies/{int:company_id}/addresses", response=AddressesOut)
def list_addresses(request: HttpRequest, company_id: int) -> HttpResponse:
    """Return the addresses of a company besides its seat."""
    found = addresses_of(reader(request), company_id)
    return answer({"items": [shapes.address(one) for one in found]})


@router.post("/companies/{int:company_id}/addresses", response={201: AddressOut})
def make_address(
    request: HttpRequest, company_id: int, body: AddressIn
) -> HttpResponse:
    """Add an address."""
    context = writer(request)

    def work() -> Any:
        made = add_address(context=context, company_id=company_id, **body.given())
        return lambda: answer(shapes.address(made), 201)

    return once(request, work)


@router.patch(ONE, response=AddressOut)
def change_address(
    request: HttpRequest, company_id: int, address_id: int, body: AddressPatch
) -> HttpResponse:
    """Change what the body names."""
    changed = update_address(
        context=writer(request),
        company_id=company_id,
        address_id=address_id,
        expected_version=expected_version(request),
        **body.given(),
    )
    return answer(shapes.address(changed))


@router.delete(ONE, response={204: None})
def delete_address(
    request: HttpRequest, company_id: int, address_id: int
) -> HttpResponse:
    """Take an address away."""
    context = writer(request)
    remove_address(context=context, company_id=company_id, address_id=address_id)
    return nothing()
