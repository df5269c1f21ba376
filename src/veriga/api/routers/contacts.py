"""Contacts: people at companies."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from veriga.access.rules import Actor
from veriga.api import shapes
from veriga.api.answers import answer, expected_version, nothing, only_known
from veriga.api.auth import reader, writer
from veriga.api.idempotency import once
from veriga.api.schemas.parties import (
    ContactAloneOut,
    ContactIn,
    ContactPatch,
    ContactsOut,
    ContactsQuery,
    FirstIn,
    PositionIn,
    PositionPatch,
)
from veriga.parties.queries import (
    ContactFilters,
    get_contact,
    list_contacts,
    positions_of,
)
from veriga.parties.services import (
    add_position,
    create_contact,
    delete_contact,
    make_first,
    remove_position,
    update_contact,
    update_position,
)

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


@router.post("/contacts", response={201: ContactAloneOut})
def make_contact(request: HttpRequest, body: ContactIn) -> HttpResponse:
    """Make a contact of a company."""
    context = writer(request)
    fields = body.given()

    def work() -> Any:
        given = {name: value for name, value in fields.items() if name != "company"}
        contact = create_contact(context=context, company_id=body.company, **given)
        address = f"/api/v1/contacts/{contact.pk}"
        return lambda: _answer(context.actor, contact.pk, 201, address=address)

    return once(request, work)


@router.get("/contacts/{int:contact_id}", response=ContactAloneOut)
def read_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Return one contact."""
    return _answer(reader(request), contact_id)


@router.patch("/contacts/{int:contact_id}", response=ContactAloneOut)
def change_contact(
    request: HttpRequest, contact_id: int, body: ContactPatch
) -> HttpResponse:
    """Change what the body names; for another company see its positions."""
    context = writer(request)
    update_contact(
        context=context,
        contact_id=contact_id,
        expected_version=expected_version(request),
        **body.given(),
    )
    return _answer(context.actor, contact_id)


@router.delete("/contacts/{int:contact_id}", response={204: None})
def remove_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Delete a contact who takes part in no activity."""
    delete_contact(context=writer(request), contact_id=contact_id)
    return nothing()


@router.post("/contacts/{int:contact_id}/positions", response={201: ContactAloneOut})
def make_position(
    request: HttpRequest, contact_id: int, body: PositionIn
) -> HttpResponse:
    """Add a further company at which the contact is or was; the contact comes back."""
    context = writer(request)
    fields = body.given()

    def work() -> Any:
        given = {name: value for name, value in fields.items() if name != "company"}
        add_position(
            context=context, contact_id=contact_id, company_id=body.company, **given
        )
        return lambda: _answer(context.actor, contact_id, 201)

    return once(request, work)


@router.patch(
    "/contacts/{int:contact_id}/positions/{int:position_id}", response=ContactAloneOut
)
def change_position(
    request: HttpRequest, contact_id: int, position_id: int, body: PositionPatch
) -> HttpResponse:
    """Change function or days; If-Match takes the contact's version."""
    context = writer(request)
    update_position(
        context=context,
        contact_id=contact_id,
        position_id=position_id,
        expected_version=expected_version(request),
        **body.given(),
    )
    return _answer(context.actor, contact_id)


@router.delete(
    "/contacts/{int:contact_id}/positions/{int:position_id}", response={204: None}
)
def delete_position(
    request: HttpRequest, contact_id: int, position_id: int
) -> HttpResponse:
    """Take away a company at which no activity names the contact."""
    remove_position(
        context=writer(request), contact_id=contact_id, position_id=position_id
    )
    return nothing()


@router.post(
    "/contacts/{int:contact_id}/positions/{int:position_id}/first",
    response=ContactAloneOut,
)
def put_first(
    request: HttpRequest, contact_id: int, position_id: int, body: FirstIn
) -> HttpResponse:
    """Make this company the contact's own; the own one until now takes its place."""
    context = writer(request)

    def work() -> Any:
        make_first(
            context=context,
            contact_id=contact_id,
            position_id=position_id,
            left_on=body.left_on,
        )
        return lambda: _answer(context.actor, contact_id)

    return once(request, work)


def _answer(
    actor: Actor, contact_id: int, status: int = 200, *, address: str = ""
) -> HttpResponse:
    contact = get_contact(actor, contact_id)
    shape = shapes.contact_alone(contact, positions_of(actor, contact_id))
    return answer(shape, status, address=address)
