"""Asking for a prospect to be made an active customer, and answering that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from veriga.access.queries import actor_of, find_user
from veriga.access.rules import Context
from veriga.common.checks import clean_text
from veriga.common.errors import Conflict, Invalid, NotFound, Problems
from veriga.common.rows import lock_row
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.parties.models import ActivationRequest, Company, CompanyStatus
from veriga.parties.queries import visible_companies, why_hidden
from veriga.setup.models import Notice
from veriga.setup.services import notify

from .rights import require_writer

MESSAGE_LENGTH: Final = 500
AGAIN_AFTER: Final = timedelta(days=1)
ASKED: Final = "activation_asked"
ACTIVATED: Final = "activated"


@write
def ask_activation(
    *, context: Context, company_id: int, user_id: int | None, message: str = ""
) -> Notice:
    """Ask a user who may activate companies to activate this one; return their notice.

    Whoever asks again after a day moves the open request to now. Errors:
    not_a_prospect, already_asked; required, inactive_user, may_not_activate,
    cannot_see_company for `user`; too_long for `message`.
    """
    company = lock_row(visible_companies(context.actor), company_id)
    require_writer(context)
    if company.status != CompanyStatus.PROSPECT:
        raise Conflict("not_a_prospect")
    problems = Problems()
    text = clean_text(problems, "message", message, limit=MESSAGE_LENGTH)
    problems.raise_if_any()
    if user_id is None:
        raise Invalid.of("user", "required")
    try:
        user = find_user(context.actor, user_id)
    except NotFound:
        raise Invalid.of("user", "unknown_choice") from None
    if not user.is_active:
        raise Invalid.of("user", "inactive_user", name=user.name)
    if not actor_of(user).may_activate:
        raise Invalid.of("user", "may_not_activate", name=user.name)
    if reason := why_hidden(user, company):
        raise Invalid.of("user", reason, user=user.name)
    open_one = ActivationRequest.objects.filter(
        company=company, asked=user, answered_at__isnull=True
    ).first()
    if open_one is not None and context.now - open_one.made_at < AGAIN_AFTER:
        raise Conflict("already_asked")
    request = open_one or ActivationRequest(company=company, asked=user)
    request.made_by_id = context.actor.user_id or user.pk
    request.made_at = context.now
    request.message = text
    request.save()
    told = {"activation": (None, user.name)}
    note_change(context, "company", company.pk, "ask", told)
    return notify(
        context=context,
        user_id=user.pk,
        kind=ASKED,
        params={**_params(context, company), "text": text},
        mailed=True,
    )


def answer_requests(context: Context, company: Company) -> list[Notice]:
    """Close the open requests of a company that is active now, and tell who asked.

    Part of the service that activates it.
    """
    open_ones = ActivationRequest.objects.filter(
        company=company, answered_at__isnull=True
    )
    askers = sorted(set(open_ones.values_list("made_by_id", flat=True)))
    open_ones.update(answered_at=context.now)
    return [
        notify(
            context=context,
            user_id=asker,
            kind=ACTIVATED,
            params=_params(context, company),
        )
        for asker in askers
        if asker != context.actor.user_id
    ]


def _params(context: Context, company: Company) -> dict[str, Any]:
    return {
        "company_id": company.pk,
        "company": company.name,
        "who": context.actor.name,
    }
