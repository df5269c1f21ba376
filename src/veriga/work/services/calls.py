"""A call that reached nobody: finished, and the next one made, in one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from veriga.access.rules import Context
from veriga.activities.models import Activity
from veriga.activities.queries.activities import get_activity, standing_of
from veriga.activities.queries.chains import list_links
from veriga.activities.queries.record import list_contacts_of, list_participants
from veriga.activities.rules.rights import can_direct
from veriga.activities.rules.words import KindCode, LinkReason, Result
from veriga.activities.services import (
    Changed,
    Draft,
    create_activity,
    delete_activity,
    finish_activity,
    reopen_activity,
)
from veriga.activities.services.locking import (
    lock_activity,
    require_direct,
    require_edit,
    require_version,
)
from veriga.activities.services.undoing import UNDO_FOR
from veriga.common.errors import Conflict, Invalid, NotAllowed
from veriga.common.transactions import write
from veriga.events.rules import call_again_at
from veriga.parties.queries import can_see
from veriga.setup.models import CodeListEntry, EventType, Importance
from veriga.setup.queries import code_list, usual
from veriga.setup.working import working_calendar

CALL = "call"


@dataclass(frozen=True, slots=True)
class CalledAgain:
    """The call that reached nobody, the one made after it, and whether undo is open."""

    call: Activity
    next: Activity
    can_take_back: bool


@write
def call_again(
    *,
    context: Context,
    reference: str,
    starts_at: datetime | None = None,
    expected_version: int | None = None,
) -> CalledAgain:
    """Finish an open call as not reached and make the next one, linked to it.

    Without `starts_at` that one is on the next working day at the same hour. It keeps
    title, people, product and length; whoever may not have it any more is left out.
    Errors: wrong_result if it is no call, stale if it is done already, and those of
    finish_activity and create_activity; then nothing is changed.
    """
    call = lock_activity(context, reference)
    require_edit(context.actor, call)
    require_version(call, expected_version)
    if call.kind != KindCode.EVENT or not call.type_code.startswith(CALL):
        raise Invalid.of("result", "wrong_result")
    if call.done_at is not None:
        # Pressed twice, or somebody else was quicker: one next call is enough.
        raise Conflict("stale", row_version=call.row_version)
    draft = _next_call(context, call, starts_at)
    finish_activity(context=context, reference=reference, result=Result.NOT_REACHED)
    made = create_activity(context=context, draft=draft)
    return CalledAgain(call, made, can_direct(context.actor, standing_of(call)))


@write
def take_back_call(*, context: Context, reference: str, next_reference: str) -> Changed:
    """Undo call_again: the call is open again and the next one deleted.

    By whoever made the next one, or a manager, within 30 days. Refused with
    undo_conflict once either call was touched or something else is linked to the next.
    """
    call = lock_activity(context, reference)
    made = get_activity(context.actor, next_reference)
    require_direct(context.actor, call)
    if not context.actor.is_manager and made.created_by_id != context.actor.user_id:
        raise NotAllowed
    ends = {
        (link.follow_up_id, link.stimulus_id)
        for link in list_links(made.living_chain_id)
        if made.pk in (link.follow_up_id, link.stimulus_id)
    }
    is_untouched = (
        call.result == Result.NOT_REACHED
        and made.done_at is None
        and made.row_version == 1
        and context.now - made.recorded_at <= UNDO_FOR
        and ends == {(made.pk, call.pk)}
    )
    if not is_untouched:
        raise Conflict("undo_conflict")
    deleted = delete_activity(context=context, reference=next_reference)
    reopen_activity(context=context, reference=reference)
    return deleted


def _next_call(context: Context, call: Activity, starts_at: datetime | None) -> Draft:
    planned = call.starts_at or call.date
    begins = starts_at or call_again_at(planned, context.now, working_calendar())
    own: dict[str, Any] = {"type": usual(EventType, CALL), "starts_at": begins}
    if call.type_code != "call_in" and _is_offered(EventType, call.type_code):
        own["type"] = call.type_code
    if call.all_day and starts_at is None:
        own["all_day"] = True
    elif call.ends_at is not None and not call.all_day:
        own["ends_at"] = begins + (call.ends_at - planned)
    fits = {
        user.pk
        for user in (call.owner, *list_participants(call))
        if user.is_active and can_see(user, call.company)
    }
    importance = call.importance_id or ""
    return Draft(
        kind=KindCode.EVENT,
        company_id=call.company_id,
        title=call.title,
        own=own,
        owner=call.owner_id if call.owner_id in fits else context.actor.user_id,
        participants=[u.pk for u in list_participants(call) if u.pk in fits],
        contacts=[contact.pk for contact in list_contacts_of(call)],
        importance=importance if _is_offered(Importance, importance) else "",
        product=call.product_id,
        follows=str(call.reference),
        follow_reason=LinkReason.MADE_ON,
        done_at=None,
    )


def _is_offered(model: type[CodeListEntry], code: str) -> bool:
    return any(entry.code == code for entry in code_list(model, offered_only=True))
