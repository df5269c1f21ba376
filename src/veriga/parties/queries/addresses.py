"""Reading the further addresses of companies."""

from __future__ import annotations

from veriga.access.rules import Actor
from veriga.common.errors import NotFound
from veriga.parties.models import Address

from .visibility import visible_companies


def addresses_of(actor: Actor, company_id: int) -> list[Address]:
    """Return the further addresses of a company, by kind and then as recorded.

    NotFound if the company is invisible.
    """
    if not visible_companies(actor).filter(pk=company_id).exists():
        raise NotFound
    return list(Address.objects.filter(company_id=company_id).order_by("kind", "pk"))


def get_address(actor: Actor, company_id: int, address_id: int) -> Address:
    """Return one of them; or NotFound."""
    for address in addresses_of(actor, company_id):
        if address.pk == address_id:
            return address
    raise NotFound
