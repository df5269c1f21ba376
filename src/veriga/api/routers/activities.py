"""Activities of all four kinds: create, list, read, change, finish, delete."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from veriga.access.queries import find_user
from veriga.access.rules import Actor, Context
from veriga.activities.queries.activities import get_activity
from veriga.activities.queries.filters import ActivityFilters
from veriga.activities.queries.lists import list_activities
from veriga.activities.services import (
    UNSET,
    Draft,
    accept_quote,
    create_activity,
    delete_activity,
    finish_activity,
    update_activity,
)
from veriga.api import shapes
from veriga.api.answers import answer, expected_version, only_known
from veriga.api.auth import writer
from veriga.api.idempotency import once
from veriga.api.schemas.activities import (
    COMMON,
    ActivitiesOut,
    ActivitiesQuery,
    ActivityFilter,
    ActivityIn,
    ActivityPatch,
    AnyActivityOut,
    ChangeOut,
    DoneIn,
    DoneOut,
    EventIn,
    EventOut,
    ListQuery,
    NotReachedIn,
    NotReachedOut,
    ProductRecordIn,
    ProductRecordOut,
    QuoteIn,
    QuoteOut,
    TaskIn,
    TaskOut,
)
from veriga.parties.queries import get_contact
from veriga.work.services.calls import call_again

router = Router(tags=["activities"])


@router.post("/events", response={201: EventOut})
def create_event(request: HttpRequest, body: EventIn) -> HttpResponse:
    """Record an event; with its end in the past it is done."""
    return _create(request, "event", body)


@router.post("/tasks", response={201: TaskOut})
def create_task(request: HttpRequest, body: TaskIn) -> HttpResponse:
    """Record a task."""
    return _create(request, "task", body)


@router.post("/product-records", response={201: ProductRecordOut})
def create_product_record(request: HttpRequest, body: ProductRecordIn) -> HttpResponse:
    """Record what a company has to do with a product."""
    return _create(request, "product_record", body)


@router.post("/quotes", response={201: QuoteOut})
def create_quote(request: HttpRequest, body: QuoteIn) -> HttpResponse:
    """Record a quote with its lines."""
    return _create(request, "quote", body)


@router.get("/events", response=ActivitiesOut)
def list_events(request: HttpRequest, query: Query[ListQuery]) -> HttpResponse:
    """Return events, newest first."""
    return _list(request, query, "event")


@router.get("/tasks", response=ActivitiesOut)
def list_tasks(request: HttpRequest, query: Query[ListQuery]) -> HttpResponse:
    """Return tasks, newest first."""
    return _list(request, query, "task")


@router.get("/product-records", response=ActivitiesOut)
def list_product_records(request: HttpRequest, query: Query[ListQuery]) -> HttpResponse:
    """Return product records, newest first."""
    return _list(request, query, "product_record")


@router.get("/quotes", response=ActivitiesOut)
def list_quotes(request: HttpRequest, query: Query[ListQuery]) -> HttpResponse:
    """Return quotes, newest first."""
    return _list(request, query, "quote")


@router.get("/activities", response=ActivitiesOut)
def list_all_activities(
    request: HttpRequest, query: Query[ActivitiesQuery]
) -> HttpResponse:
    """Return activities of all kinds, newest first."""
    return _list(request, query, query.kind or "")


@router.get("/activities/{ref}", response=AnyActivityOut)
def read_activity(request: HttpRequest, ref: str) -> HttpResponse:
    """Return one activity, whatever its kind."""
    context = writer(request)
    found = get_activity(context.actor, ref)
    return answer(shapes.activity(context, found.pk))


@router.patch("/activities/{ref}", response=AnyActivityOut)
def change_activity(
    request: HttpRequest, ref: str, body: ActivityPatch
) -> HttpResponse:
    """Change what the body names; a linked activity keeps its company."""
    context = writer(request)
    changed = update_activity(
        context=context,
        reference=ref,
        changes=body.changes(),
        expected_version=expected_version(request),
    )
    return answer(shapes.activity(context, changed.pk))


@router.delete("/activities/{ref}", response=ChangeOut)
def remove_activity(request: HttpRequest, ref: str) -> HttpResponse:
    """Take an activity out of its chain and delete it; the change can be undone."""
    changed = delete_activity(
        context=writer(request),
        reference=ref,
        expected_version=expected_version(request),
    )
    return answer({"change": changed.change.pk})


@router.post("/activities/{ref}/done", response=DoneOut)
def finish(request: HttpRequest, ref: str, body: DoneIn | None = None) -> HttpResponse:
    """Mark an activity as done; done already, it stays as it was."""
    said = body or DoneIn()
    context = writer(request)

    def work() -> Any:
        if said.result == "accepted":
            return _accept(context, ref, said)
        done = finish_activity(
            context=context,
            reference=ref,
            done_at=said.done_at,
            result=said.result or "",
        )
        return lambda: answer(shapes.activity(context, done.pk))

    return once(request, work)


@router.post("/activities/{ref}/not-reached", response={201: NotReachedOut})
def call_reached_nobody(
    request: HttpRequest, ref: str, body: NotReachedIn | None = None
) -> HttpResponse:
    """Finish an open call as not reached and make the next one, linked to it."""
    starts_at = body.starts_at if body else None
    context = writer(request)

    def work() -> Any:
        made = call_again(context=context, reference=ref, starts_at=starts_at)
        return lambda: answer(
            {
                "call": shapes.activity(context, made.call.pk),
                "next": shapes.activity(context, made.next.pk),
            },
            201,
        )

    return once(request, work)


def _accept(context: Context, ref: str, said: DoneIn) -> Any:
    accepted = accept_quote(context=context, reference=ref, done_at=said.done_at)
    more: dict[str, Any] = {}
    if accepted.ask_to_close:
        more["ask_to_close"] = True
    if accepted.change is not None:
        more["change"] = accepted.change.pk
    return lambda: answer({**shapes.activity(context, accepted.activity.pk), **more})


def _create(request: HttpRequest, kind: str, body: ActivityIn) -> HttpResponse:
    context = writer(request)
    done_at = body.done_at if "done_at" in body.model_fields_set else UNSET
    draft = Draft(
        kind=kind,
        company_id=body.company,
        own=body.own(),
        follows=body.made_on or "",
        done_at=done_at,
        **body.given(COMMON),
    )

    def work() -> Any:
        made = create_activity(context=context, draft=draft)
        return lambda: answer(
            shapes.activity(context, made.pk),
            201,
            address=f"/api/v1/activities/{made.reference}",
        )

    return once(request, work)


def _list(request: HttpRequest, query: ListQuery, kind: str) -> HttpResponse:
    only_known(request, type(query))
    context = writer(request)
    page = list_activities(
        context.actor,
        read_filters(context.actor, query, kind),
        now=context.now,
        limit=query.limit,
        cursor=query.cursor or None,
        full=True,
    )
    return answer({"items": shapes.activities(page.rows), "next": page.next})


def read_filters(actor: Actor, query: ActivityFilter, kind: str) -> ActivityFilters:
    """Return the filters of a call; NotFound for an unknown owner or contact."""
    return ActivityFilters(
        company_id=query.company,
        kind=kind,
        state=query.state or "",
        owner_id=owner_id(actor, query.owner),
        linked_to=query.linked_to,
        contact_id=_contact_id(actor, query.contact),
        q=query.q,
        date_from=query.from_,
        date_to=query.to,
    )


def _contact_id(actor: Actor, contact_id: int | None) -> int | None:
    """Return the id of a contact that the actor sees, None for none; or NotFound."""
    return get_contact(actor, contact_id).pk if contact_id is not None else None


def owner_id(actor: Actor, ident: str) -> int | None:
    """Return the id of the user that a list is narrowed to; unknown is NotFound."""
    if ident.isascii() and ident.isdigit() and len(ident) < 19:
        return int(ident)
    return find_user(actor, ident).pk if ident else None
