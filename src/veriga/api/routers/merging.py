"""Two companies that are one: what would happen, merging, and undo."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from veriga.api import shapes
from veriga.api.answers import answer, only_known
from veriga.api.auth import writer
from veriga.api.idempotency import once
from veriga.api.schemas.merging import (
    MergedOut,
    MergeIn,
    MergePreviewOut,
    MergePreviewQuery,
)
from veriga.api.schemas.parties import CompanyOut
from veriga.parties.queries import categories_of, get_company
from veriga.work.services.merging import merge_companies, preview_merge, undo_merge

router = Router(tags=["companies"])


@router.get("/companies/{int:company_id}/merge", response=MergePreviewOut)
def merge_preview(
    request: HttpRequest, company_id: int, query: Query[MergePreviewQuery]
) -> HttpResponse:
    """Return in which fields two companies differ, and how many records would move."""
    only_known(request, MergePreviewQuery)
    found = preview_merge(writer(request), company_id, query.other)
    return answer(shapes.merge_preview(found))


@router.post("/companies/{int:company_id}/merge", response={201: MergedOut})
def merge_two_companies(
    request: HttpRequest, company_id: int, body: MergeIn
) -> HttpResponse:
    """Make `other` a part of this company, with all that is of it."""
    context = writer(request)

    def work() -> Any:
        take = {shapes.column_of(field): side for field, side in body.sides().items()}
        merge = merge_companies(
            context=context, kept_id=company_id, away_id=body.other, take=take
        )

        def finish() -> HttpResponse:
            company = get_company(context.actor, company_id)
            marks = categories_of([company_id]).get(company_id, ())
            shape = shapes.company(company, marks)
            return answer({"merge": merge.pk, "company": shape}, 201)

        return finish

    return once(request, work)


@router.post("/merges/{int:merge_id}/undo", response=CompanyOut)
def undo_merging(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Part two companies again, within 30 days; the one that is back comes back."""
    context = writer(request)

    def work() -> Any:
        back = undo_merge(context=context, merge_id=merge_id).pk

        def finish() -> HttpResponse:
            marks = categories_of([back]).get(back, ())
            return answer(shapes.company(get_company(context.actor, back), marks))

        return finish

    return once(request, work)
