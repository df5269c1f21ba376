"""What follows a group event: a task for each company that came."""

from __future__ import annotations

from datetime import date

from veriga.access.queries import users_by_id
from veriga.access.rules import Context
from veriga.activities.models import Activity
from veriga.activities.queries.activities import visible_activities
from veriga.activities.rules.words import KindCode
from veriga.activities.services import Draft, create_activity
from veriga.activities.services.fields import clean_title
from veriga.activities.services.locking import lock_companies, require_recorder
from veriga.common.errors import Conflict, Problems
from veriga.common.transactions import write
from veriga.events.queries.gatherings import followed_up
from veriga.events.rules import Reply
from veriga.events.services.inviting import lock_gathering


@write
def make_follow_up_tasks(
    *,
    context: Context,
    gathering_id: int,
    title: str,
    due_on: date | None,
    owner: int | None = None,
) -> list[Activity]:
    """Make a task, linked to its event, for each visible company that came.

    Owned by `owner`, else by each company's account owner. A company that has a task
    of this title from here gets no second one. All are made or none.
    """
    require_recorder(context.actor)
    gathering = lock_gathering(context, gathering_id)
    problems = Problems()
    title = clean_title(title, problems)
    problems.raise_if_any()
    came = visible_activities(context.actor).filter(
        gathering_id=gathering.pk, event__reply=Reply.CAME
    )
    lock_companies(came.values_list("company_id", flat=True))
    events = list(came.order_by("company_key", "pk"))
    if not events:
        raise Conflict("nobody_came")
    have = followed_up([one.pk for one in events], title)
    people = users_by_id({one.company_owner_id for one in events})
    made = []
    for one in events:
        if one.pk in have:
            continue
        account_owner = people.get(one.company_owner_id or 0)
        active = account_owner is not None and account_owner.is_active
        draft = Draft(
            kind=KindCode.TASK,
            company_id=one.company_id,
            title=title,
            own={"due_on": due_on},
            owner=owner or (one.company_owner_id if active else one.owner_id),
            follows=one.reference or "",
        )
        made.append(create_activity(context=context, draft=draft))
    return made
