"""Setting the fields of an activity, each with what it checks.

What is wrong goes to `problems`, so that a form shows every fault at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from veriga.access.models import User
from veriga.access.queries import find_user
from veriga.access.rules import Actor, Context
from veriga.activities.kinds import Own, kind_of
from veriga.activities.models import Activity
from veriga.activities.rules.times import occurred_at
from veriga.activities.rules.words import Direction, KindCode, Result
from veriga.catalogue.queries import get_product
from veriga.common.errors import Invalid, NotFound, Problems
from veriga.common.text import fold, has_control_characters, sort_key, tidy
from veriga.parties.models import Company, Contact
from veriga.parties.queries import at_company, get_company, why_hidden
from veriga.setup.models import Importance
from veriga.setup.queries import get_offered

from .columns import give_chain, set_company_columns

TITLE_LENGTH = 200
CLOCK_TOLERANCE = timedelta(minutes=5)


def clean_title(title: str, problems: Problems) -> str:
    """Return `title` tidied; too long, empty and control characters are problems."""
    if has_control_characters(title):
        problems.add("title", "control_characters")
    clean = tidy(title)
    if not clean:
        problems.add("title", "required")
    elif len(clean) > TITLE_LENGTH:
        problems.add("title", "too_long", limit=TITLE_LENGTH)
    return clean


def set_title(activity: Activity, title: str) -> None:
    """Set a clean title with what it is sorted and found by."""
    activity.title = title
    activity.title_key = sort_key(title)
    activity.title_folded = fold(title)[:200]


def set_own(activity: Activity, own: Own) -> None:
    """Set what the kind read from its own fields."""
    times = own.times
    activity.date, activity.due_at = times.date, times.due_at
    activity.starts_at, activity.ends_at = times.starts_at, times.ends_at
    activity.all_day, activity.document_at = times.all_day, times.document_at
    activity.sent_at = times.sent_at
    activity.type_code = own.type_code
    activity.amount_minor, activity.currency = own.amount_minor, own.currency


def set_direction(
    activity: Activity, direction: str, own: Own | None, problems: Problems
) -> None:
    """Set who acts: as chosen, else as the kind says."""
    if direction and direction not in set(Direction):
        problems.add("direction", "unknown_choice")
    elif direction:
        activity.direction = direction
    elif own is not None:
        activity.direction = own.direction


def set_importance(activity: Activity, code: str | None, problems: Problems) -> None:
    """Set the importance on offer under this code, none for an empty one."""
    if not code:
        activity.importance_id = None
        return
    try:
        activity.importance_id = get_offered(Importance, code, "importance").pk
    except Invalid as error:
        problems.errors += error.errors


def set_product(
    activity: Activity, ident: int | str | None, problems: Problems
) -> None:
    """Set the product of this id or code, none for an empty one."""
    if ident in (None, ""):
        activity.product = None
        return
    try:
        activity.product = get_product(None, ident)
    except NotFound:
        problems.add("product", "unknown_choice")


def set_done(
    activity: Activity,
    done_at: datetime,
    result: str,
    context: Context,
    problems: Problems,
) -> None:
    """Finish it at `done_at`, which must be an instant that has come."""
    if timezone.is_naive(done_at):
        problems.add("done_at", "naive_time")
        return
    if done_at > context.now + CLOCK_TOLERANCE:
        problems.add("done_at", "out_of_range")
        return
    activity.done_at = done_at
    set_result(activity, result, problems)


def set_result(activity: Activity, result: str, problems: Problems) -> None:
    """Set the result, carried out if none is given."""
    value = result or Result.CARRIED_OUT
    if value not in kind_of(activity.kind).results:
        problems.add("result", "wrong_result")
        return
    activity.result = value


def settle_times(activity: Activity) -> None:
    """Set when it happened, out of its dates."""
    activity.occurred_at = occurred_at(
        KindCode(activity.kind),
        starts_at=activity.starts_at,
        done_at=activity.done_at,
        document_at=activity.document_at,
    )


def person_at(
    actor: Actor,
    ident: int | str | None,
    field_name: str,
    company: Company,
    problems: Problems,
) -> User | None:
    """Return the user `ident` if they are active and see the company."""
    if ident is None:
        problems.add(field_name, "required")
        return None
    user = find_user(actor, ident)
    if not user.is_active:
        problems.add(field_name, "inactive_user", name=user.name)
    elif reason := why_hidden(user, company):
        raise Invalid.of(field_name, reason, user=user.name)
    return user


def contacts_at(
    company: Company, ids: Iterable[int], problems: Problems
) -> list[Contact]:
    """Return these contacts of the company, each once."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    found = list(Contact.objects.filter(at_company(company.pk), pk__in=wanted))
    if len(found) != len(wanted):
        problems.add("contacts", "wrong_company")
    return found


def change_company(context: Context, activity: Activity, company_id: int) -> None:
    """Move a loose activity to another company, its chain of one with it."""
    company = get_company(context.actor, company_id)
    require_movable(activity)
    if activity.chain is not None and activity.chain.size > 1:
        raise Invalid.of("company", "company_fixed")
    activity.contacts.clear()
    give_chain(activity.living_chain_id, company)
    set_company_columns(activity, company)


def require_movable(activity: Activity) -> None:
    """Raise Invalid for an event of a group event: it is that company's own."""
    if activity.gathering_id is not None:
        raise Invalid.of("company", "gathering_company")
