"""Contacts: people at companies."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from veriga.api import shapes
from veriga.api.answers import answer, expected_version, nothing, only_known
from veriga.api.auth import reader, writer
from veriga.api.idempotency import once
from veriga.api.schemas.parties import (
    ContactIn,
    ContactOut,
    ContactPatch,
    ContactsOut,
    ContactsQuery,
)
from veriga.parties.queries import ContactFilters, get_contact, list_contacts
from veriga.parties.services import create_contact, delete_contact, update_contact

router = Router(tags=["contacts"])


@router.get("/contacts", response=ContactsOut)
def list_all_contacts(
    request: HttpRequest, query: Query[ContactsQuery]
) -> HttpResponse:
    """Return contacts by last name, in Slovenian order."""
    only_known(request, ContactsQuery)
    page = list_contacts(
        reader(request),
        ContactFilters(q=query.q, company_id=query.company),
        limit=query.limit,
        cursor=query.cursor or None,
    )
    items = [shapes.contact(contact) for contact in page.rows]
    return answer({"items": items, "next": page.next})


@router.post("/contacts", response={201: ContactOut})
def make_contact(request: HttpRequest, body: ContactIn) -> HttpResponse:
    """Make a contact of a company."""
    context = writer(request)
    fields = body.given()

    def work() -> Any:
        given = {name: value for name, value in fields.items() if name != "company"}
        contact = create_contact(context=context, company_id=body.company, **given)
        address = f"/api/v1/contacts/{contact.pk}"
        return lambda: answer(shapes.contact(contact), 201, address=address)

    return once(request, work)


@router.get("/contacts/{int:contact_id}", response=ContactOut)
def read_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Return one contact."""
    return answer(shapes.contact(get_contact(reader(request), contact_id)))


@router.patch("/contacts/{int:contact_id}", response=ContactOut)
def change_contact(
    request: HttpRequest, contact_id: int, body: ContactPatch
) -> HttpResponse:
    """Change what the body names; a contact stays at its company."""
    contact = update_contact(
        context=writer(request),
        contact_id=contact_id,
        expected_version=expected_version(request),
        **body.given(),
    )
    return answer(shapes.contact(contact))


@router.delete("/contacts/{int:contact_id}", response={204: None})
def remove_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Delete a contact who takes part in no activity."""
    delete_contact(context=writer(request), contact_id=contact_id)
    return nothing()
