"""Marks on activities: stage, outcome, and what a sale may be worth."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from veriga.access.rules import Context
from veriga.activities.queries.chains import get_chain_summary
from veriga.activities.services import Marked, close_sale, set_stage, state_sale
from veriga.api import shapes
from veriga.api.answers import answer
from veriga.api.auth import writer
from veriga.api.idempotency import once
from veriga.api.schemas.marks import (
    MarkIn,
    MarksOut,
    OutcomeMark,
    StageMark,
    StatementMark,
)
from veriga.common.money import MINOR_SCALE, to_scaled

router = Router(tags=["marks"])


@router.post("/activities/{ref}/marks", response={201: MarksOut})
def set_marks(request: HttpRequest, ref: str, body: Body[MarkIn]) -> HttpResponse:
    """Mark the stage of a sale, its outcome, or what it may be worth: one of them."""
    context = writer(request)

    def work() -> Any:
        marked = _mark(context, ref, body)
        return lambda: answer(_shape(context, ref, marked), 201)

    return once(request, work)


def _mark(
    context: Context, ref: str, body: StageMark | OutcomeMark | StatementMark
) -> Marked:
    if isinstance(body, StageMark):
        return set_stage(context=context, reference=ref, stage=body.stage)
    if isinstance(body, OutcomeMark):
        return close_sale(
            context=context,
            reference=ref,
            outcome=body.outcome,
            reason=body.reason or "",
        )
    value = None if body.value is None else to_scaled(body.value, MINOR_SCALE)
    return state_sale(
        context=context,
        reference=ref,
        amount_minor=value,
        currency=body.currency,
        month_on=body.month,
        name=body.name,
    )


def _shape(context: Context, ref: str, marked: Marked) -> dict[str, Any]:
    chain = get_chain_summary(context.actor, ref)
    return {
        "marks": [shapes.mark(mark) for mark in marked.marks],
        "change": marked.change.pk if marked.change else None,
        "stage": chain.stage,
        "outcome": chain.outcome,
    }
