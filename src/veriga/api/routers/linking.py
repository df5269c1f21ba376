"""Links and chains: what Poveži offers, joining, splitting, taking out, undoing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from veriga.activities.queries.chains import (
    get_chain_summary,
    list_links,
    list_members,
)
from veriga.activities.queries.linking import (
    LinkableFilters,
    list_linkable,
    preview_link,
)
from veriga.activities.rules.offering import Offering
from veriga.activities.services import (
    link_activities,
    split_chain,
    take_out,
    undo_change,
)
from veriga.api import shapes
from veriga.api.answers import answer, only_known
from veriga.api.auth import reader, writer
from veriga.api.idempotency import once
from veriga.api.schemas.activities import ChangeOut
from veriga.api.schemas.linking import (
    ChainOut,
    ChainQuery,
    LinkableOut,
    LinkableQuery,
    LinkedOut,
    LinkIn,
    PreviewOut,
    PreviewQuery,
    SplitOut,
)

from .activities import owner_id

router = Router(tags=["links"])


@router.get("/activities/{ref}/linkable", response=LinkableOut)
def list_offer(
    request: HttpRequest, ref: str, query: Query[LinkableQuery]
) -> HttpResponse:
    """Return what may be linked: the likeliest first, its own chain last."""
    only_known(request, LinkableQuery)
    context = writer(request)
    filters = LinkableFilters(
        q=query.q,
        kind=query.kind or "",
        owner_id=owner_id(context.actor, query.owner),
        date_from=query.from_,
        date_to=query.to,
    )
    page = list_linkable(
        context.actor,
        ref,
        filters,
        now=context.now,
        limit=query.limit,
        cursor=query.cursor or None,
        full=True,
    )
    items = shapes.activities([candidate.row for candidate in page.rows])
    for item, candidate in zip(items, page.rows, strict=True):
        item["reasons"] = list(candidate.reasons)
        item["in_this_chain"] = candidate.in_this_chain
    return answer({"items": items, "next": page.next})


@router.get("/activities/{ref}/chain", response=ChainOut)
def read_chain(
    request: HttpRequest, ref: str, query: Query[ChainQuery]
) -> HttpResponse:
    """Return the chain of an activity, newest first.

    Counts are of all members; a page holds the links of its own follow-ups.
    """
    only_known(request, ChainQuery)
    context = writer(request)
    summary = get_chain_summary(context.actor, ref)
    page = list_members(
        context.actor,
        summary.id,
        now=context.now,
        limit=query.limit,
        cursor=query.cursor or None,
        full=True,
    )
    here = {row.id for row in page.rows}
    links = [link for link in list_links(summary.id) if link.follow_up_id in here]
    return answer(
        {
            **shapes.chain(summary),
            "stage": summary.stage,
            "activities": shapes.activities(page.rows),
            "links": [shapes.link(link) for link in links],
            "next": page.next,
        }
    )


@router.get("/links/preview", response=PreviewOut)
def preview(request: HttpRequest, query: Query[PreviewQuery]) -> HttpResponse:
    """Return what linking two activities would join, and what forbids it."""
    only_known(request, PreviewQuery)
    found = preview_link(reader(request), query.follow_up, query.stimulus)
    return answer(
        {
            "already_linked": found.already_linked,
            "joins": [shapes.chain(summary) for summary in found.joins],
            "problem": found.problem,
        }
    )


@router.post("/links", response={200: LinkedOut, 201: LinkedOut})
def link(request: HttpRequest, body: LinkIn) -> HttpResponse:
    """Link two activities; 200 and no change if they were linked, either way round."""
    context = writer(request)

    def work() -> Any:
        linked = link_activities(
            context=context,
            follow_up=body.follow_up,
            stimulus=body.stimulus,
            offering=Offering(),  # whoever names both was not led by a default
        )
        made = linked.change
        said = {
            "id": linked.link.pk,
            "change": made.pk if made else None,
            "chain": linked.chain_id,
        }
        return lambda: answer(said, 201 if made else 200)

    return once(request, work)


@router.delete("/links/{int:link_id}", response=SplitOut)
def unlink(request: HttpRequest, link_id: int) -> HttpResponse:
    """Remove a link; what it alone held together becomes two chains."""
    changed = split_chain(context=writer(request), link_id=link_id)
    return answer({"change": changed.change.pk, "chains": list(changed.chain_ids)})


@router.post("/activities/{ref}/take-out", response=ChangeOut)
def take_out_of_chain(request: HttpRequest, ref: str) -> HttpResponse:
    """Take one activity out of its chain; the rest stays one chain."""
    context = writer(request)

    def work() -> Any:
        changed = take_out(context=context, reference=ref)
        return lambda: answer({"change": changed.change.pk})

    return once(request, work)


@router.post("/changes/{int:change_id}/undo", response=ChangeOut)
def undo(request: HttpRequest, change_id: int) -> HttpResponse:
    """Undo a change; the answer names the change that did it, which can be undone."""
    context = writer(request)

    def work() -> Any:
        change = undo_change(context=context, change_id=change_id)
        return lambda: answer({"change": change.pk})

    return once(request, work)
