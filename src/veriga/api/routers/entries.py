"""The log of an activity."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from veriga.activities.queries.activities import get_activity, standing_of
from veriga.activities.queries.chains import list_entries
from veriga.activities.services import add_entry, change_entry
from veriga.api import shapes
from veriga.api.answers import answer
from veriga.api.auth import reader, writer
from veriga.api.idempotency import once
from veriga.api.schemas.entries import EntriesOut, EntryIn, EntryOut, EntryPatch

router = Router(tags=["entries"])


@router.get("/activities/{ref}/entries", response=EntriesOut)
def read_entries(request: HttpRequest, ref: str) -> HttpResponse:
    """Return the log of an activity, oldest first, all of it."""
    actor = reader(request)
    activity = get_activity(actor, ref)
    entries = list_entries(actor, activity, standing_of(activity))
    return answer({"items": [shapes.entry(e) for e in entries], "next": None})


@router.post("/activities/{ref}/entries", response={201: EntryOut})
def write_entry(request: HttpRequest, ref: str, body: EntryIn) -> HttpResponse:
    """Add an entry to the log of an activity."""
    context = writer(request)

    def work() -> Any:
        made = add_entry(
            context=context,
            reference=ref,
            text=body.text,
            confidential=body.confidential,
        )
        return lambda: answer(shapes.entry(made), 201)

    return once(request, work)


@router.patch("/entries/{int:entry_id}", response=EntryOut)
def edit_entry(request: HttpRequest, entry_id: int, body: EntryPatch) -> HttpResponse:
    """Change the text of an entry, or lock it; its author alone locks and unlocks."""
    given = body.model_dump(include=body.model_fields_set)
    entry = change_entry(context=writer(request), entry_id=entry_id, **given)
    return answer(shapes.entry(entry))
