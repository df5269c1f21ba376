"""One command for many activities: what it would do, doing it, taking it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from veriga.access.rules import Context
from veriga.activities.queries.lists import list_activities
from veriga.api.answers import answer
from veriga.api.auth import writer
from veriga.api.idempotency import once
from veriga.api.schemas.bulk import BulkFilter, BulkIn, BulkOut, BulkUndoneOut
from veriga.common.errors import Invalid
from veriga.work.messages import message_of
from veriga.work.queries.bulk import Chosen, Command, Left, plan_command
from veriga.work.rules.bulk import MOST, Action
from veriga.work.services.bulk import run_command, undo_command

from .activities import read_filters

router = Router(tags=["bulk"])
PER_PAGE = 200


@router.post("/bulk", response=BulkOut)
def change_many(request: HttpRequest, body: BulkIn) -> HttpResponse:
    """Do one thing to many activities, or say what it would do."""
    context = writer(request)
    command = Command(
        Action(body.action),
        owner=body.owner,
        results={str(kind): result for kind, result in (body.results or {}).items()},
        days=body.days,
        importance=body.importance or "",
        stimulus=body.stimulus or "",
    )

    def work() -> Any:
        chosen = _chosen(context, body)
        if body.dry_run:
            plan = plan_command(context.actor, chosen, command)
            fit = [str(activity.reference) for activity in plan.fit]
            return lambda: _said(None, fit, plan.left)
        done = run_command(context=context, chosen=chosen, command=command)
        items = done.batch.items if done.batch else []
        changed = [item["reference"] for item in items]
        batch_id = done.batch.pk if done.batch else None
        return lambda: _said(batch_id, changed, done.left)

    return once(request, work)


@router.post("/bulk/{int:batch_id}/undo", response=BulkUndoneOut)
def undo_many(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Give all of a command back what they had; by its maker, within 30 days."""
    context = writer(request)

    def work() -> Any:
        done = undo_command(context=context, batch_id=batch_id)
        said = {"restored": done.number, "left": _told(done.left)}
        return lambda: answer(said)

    return once(request, work)


def _chosen(context: Context, body: BulkIn) -> list[Chosen]:
    """Return the activities that the body names, or all that fit its filter.

    Errors: required for neither, either_or for both; too_many_rows for a list that is
    longer than what one command takes, of which nothing is done.
    """
    if body.activities is not None and body.filter is not None:
        raise Invalid.of("filter", "either_or", one="activities", other="filter")
    if body.filter is not None:
        return _all_that_fit(context, body.filter)
    if body.activities is None:
        raise Invalid.of("activities", "required")
    return [
        Chosen(one) if isinstance(one, str) else Chosen(one.reference, one.row_version)
        for one in body.activities
    ]


def _all_that_fit(context: Context, narrowed: BulkFilter) -> list[Chosen]:
    filters = read_filters(context.actor, narrowed, narrowed.kind or "")
    found: list[Chosen] = []
    cursor = None
    while True:
        page = list_activities(
            context.actor, filters, now=context.now, limit=PER_PAGE, cursor=cursor
        )
        found += [Chosen(row.reference, row.row_version) for row in page.rows]
        cursor = page.next
        if len(found) > MOST:
            raise Invalid("too_many_rows", limit=MOST)
        if cursor is None:
            return found


def _said(batch_id: int | None, changed: list[str], left: list[Left]) -> HttpResponse:
    return answer({"batch": batch_id, "changed": changed, "left": _told(left)})


def _told(left: list[Left]) -> list[dict[str, str]]:
    return [
        {
            "reference": one.reference,
            "title": one.title,
            "code": one.why.code,
            "detail": message_of(one.why),
        }
        for one in left
    ]
