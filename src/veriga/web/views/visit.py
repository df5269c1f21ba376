"""Priprava na obisk: one sheet of a company, for the phone and for A4."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from veriga.parties.models import Address, Company
from veriga.web.forms.parties import country_name
from veriga.web.pages import reader, show
from veriga.web.words import move_words, sale_words, working_days
from veriga.work.queries.visit import get_visit_sheet

MAP = "https://www.openstreetmap.org/search?query="


@require_GET
def sheet(request: HttpRequest, id: int) -> HttpResponse:
    """Who, what was said last, what is open, and how to get there."""
    now = timezone.now()
    found = get_visit_sheet(reader(request), id, now=now)
    head = found.head
    address = address_of(head.company) or further_address(found.places)
    values: dict[str, Any] = {
        "nav": "companies",
        "add_query": f"?company={id}",
        "company": head.company,
        "head": head,
        "sheet": found,
        "now": now,
        "address": address,
        "map_url": MAP + quote(address) if address else "",
        "route_url": f"geo:0,0?q={quote(address)}" if address else "",
        "days": working_days(head.chain.working_days) if head.chain else "",
        "move": move_words(head.chain) if head.chain else None,
        "chains": [(chain, sale_words(chain)) for chain in head.chains[:4]],
    }
    return show(request, "companies/visit.html", values)


def further_address(places: list[Address]) -> str:
    """Return where else to go if the seat is not known: a site first; "" if nowhere."""
    found = sorted(places, key=lambda one: one.kind != "site")
    lines = [f"{one.line}, {country_name(one.country)}" for one in found]
    return next(iter(lines), "")


def address_of(company: Company) -> str:
    """Return the address in one line, as a map finds it; "" without a town."""
    town = f"{company.postcode} {company.town}".strip()
    if not town:
        return ""
    parts = [company.street, town, country_name(company.country)]
    return ", ".join(part for part in parts if part)
