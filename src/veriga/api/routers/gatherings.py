"""Group events: companies invited together, each with its own event and reply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from veriga.access.rules import Actor
from veriga.api import shapes
from veriga.api.answers import answer, expected_version, only_known
from veriga.api.auth import reader, writer
from veriga.api.idempotency import once
from veriga.api.schemas.gatherings import (
    AddedOut,
    FinishedOut,
    FollowUpIn,
    GatheringIn,
    GatheringOut,
    GatheringPatch,
    GatheringsOut,
    InvitedListOut,
    InvitedOut,
    InvitedQuery,
    InviteIn,
    InvitingIn,
    ReplyIn,
    TaskReferencesOut,
    WithdrawnOut,
)
from veriga.api.schemas.types import PageQuery
from veriga.events.queries.gatherings import (
    get_gathering,
    list_gatherings,
    list_invited,
    tallies,
)
from veriga.events.services import (
    add_companies,
    create_gathering,
    finish_gathering,
    set_reply,
    update_gathering,
    withdraw_company,
)
from veriga.work.services.gatherings import make_follow_up_tasks

router = Router(tags=["group events"])


@router.get("/gatherings", response=GatheringsOut)
def list_group_events(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    """Return group events, the latest first."""
    only_known(request, PageQuery)
    actor = reader(request)
    page = list_gatherings(actor, limit=query.limit, cursor=query.cursor or None)
    counts = tallies(actor, [one.pk for one in page.rows])
    items = [shapes.gathering(one, counts[one.pk]) for one in page.rows]
    return answer({"items": items, "next": page.next})


@router.post("/gatherings", response={201: GatheringOut})
def make_group_event(request: HttpRequest, body: GatheringIn) -> HttpResponse:
    """Make a group event and invite companies to it."""
    context = writer(request)

    def work() -> Any:
        made = create_gathering(
            context=context,
            values=body.given(),
            company_ids=_companies(body.companies or ()),
            contacts=_contacts(body.companies or ()),
        )
        address = f"/api/v1/gatherings/{made.pk}"
        return lambda: _answer(context.actor, made.pk, 201, address=address)

    return once(request, work)


@router.get("/gatherings/{int:gathering_id}", response=GatheringOut)
def read_group_event(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Return one group event, its replies counted over the companies one sees."""
    return _answer(reader(request), gathering_id)


@router.patch("/gatherings/{int:gathering_id}", response=GatheringOut)
def change_group_event(
    request: HttpRequest, gathering_id: int, body: GatheringPatch
) -> HttpResponse:
    """Change what all companies share, in the event of each."""
    context = writer(request)
    update_gathering(
        context=context,
        gathering_id=gathering_id,
        changes=body.given(),
        expected_version=expected_version(request),
    )
    return _answer(context.actor, gathering_id)


@router.get("/gatherings/{int:gathering_id}/companies", response=InvitedListOut)
def list_invited_companies(
    request: HttpRequest, gathering_id: int, query: Query[InvitedQuery]
) -> HttpResponse:
    """Return the companies invited, by name, with their events and replies."""
    only_known(request, InvitedQuery)
    actor = reader(request)
    page = list_invited(
        actor,
        get_gathering(actor, gathering_id),
        now=timezone.now(),
        reply=query.reply or "",
        q=query.q,
        limit=query.limit,
        cursor=query.cursor or None,
    )
    items = [shapes.invited(row) for row in page.rows]
    return answer({"items": items, "next": page.next})


@router.post("/gatherings/{int:gathering_id}/companies", response=AddedOut)
def invite_companies(
    request: HttpRequest, gathering_id: int, body: InvitingIn
) -> HttpResponse:
    """Add companies; those that are there already stay as they are."""
    context = writer(request)

    def work() -> Any:
        added = add_companies(
            context=context,
            gathering_id=gathering_id,
            company_ids=_companies(body.companies),
            contacts=_contacts(body.companies),
        )
        return lambda: answer({"added": added})

    return once(request, work)


@router.patch("/gatherings/{int:gathering_id}/companies/{ref}", response=InvitedOut)
def reply_of_company(
    request: HttpRequest, gathering_id: int, ref: str, body: ReplyIn
) -> HttpResponse:
    """Note what a company answered, or whether it came."""
    context = writer(request)
    activity = set_reply(
        context=context, gathering_id=gathering_id, reference=ref, reply=body.reply
    )
    page = list_invited(
        context.actor,
        get_gathering(context.actor, gathering_id),
        now=context.now,
        reference=str(activity.reference),
    )
    return answer(shapes.invited(page.rows[0]))


@router.delete("/gatherings/{int:gathering_id}/companies/{ref}", response=WithdrawnOut)
def withdraw(request: HttpRequest, gathering_id: int, ref: str) -> HttpResponse:
    """Take a company out; an event that others follow stays, cancelled."""
    changed = withdraw_company(
        context=writer(request), gathering_id=gathering_id, reference=ref
    )
    return answer({"outcome": "withdrawn" if changed else "cancelled"})


@router.post("/gatherings/{int:gathering_id}/finish", response=FinishedOut)
def finish_group_event(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Finish what is open: carried out for those that came, cancelled for others."""
    context = writer(request)

    def work() -> Any:
        finished = finish_gathering(context=context, gathering_id=gathering_id)
        return lambda: answer({"finished": finished})

    return once(request, work)


@router.post("/gatherings/{int:gathering_id}/tasks", response={201: TaskReferencesOut})
def make_tasks_of_group_event(
    request: HttpRequest, gathering_id: int, body: FollowUpIn
) -> HttpResponse:
    """Make a task, linked to its event, for each company that came."""
    context = writer(request)

    def work() -> Any:
        made = make_follow_up_tasks(
            context=context,
            gathering_id=gathering_id,
            title=body.title,
            due_on=body.due_on,
            owner=body.owner,
        )
        return lambda: answer({"items": [str(one.reference) for one in made]}, 201)

    return once(request, work)


def _companies(invites: Sequence[InviteIn]) -> list[int]:
    return [invite.company for invite in invites]


def _contacts(invites: Sequence[InviteIn]) -> dict[int, list[int]]:
    return {one.company: one.contacts for one in invites if one.contacts}


def _answer(
    actor: Actor, gathering_id: int, status: int = 200, *, address: str = ""
) -> HttpResponse:
    shape = shapes.gathering(
        get_gathering(actor, gathering_id), tallies(actor, [gathering_id])[gathering_id]
    )
    return answer(shape, status, address=address)
