"""Changing activities: their fields, and whether they are done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from veriga.access.rules import Context
from veriga.activities.kinds import Own, kind_of
from veriga.activities.models import Activity
from veriga.common.announcing import announce
from veriga.common.errors import Problems
from veriga.common.transactions import write
from veriga.parties.queries import get_company
from veriga.setup.custom_fields import clean_custom
from veriga.setup.happenings import Happening, What, happened

from .chains import settle_chains
from .columns import set_owner_columns
from .fields import (
    change_company,
    clean_title,
    contacts_at,
    person_at,
    set_direction,
    set_done,
    set_importance,
    set_own,
    set_product,
    set_result,
    set_title,
    settle_times,
)
from .locking import (
    lock_activity,
    require_direct,
    require_edit,
    require_version,
)
from .people import (
    check_parts,
    parts_at,
    write_parts,
)
from .snapshots import record_history, record_moves, snapshot
from .telling import people_before, tell_done_or_sent, tell_new_people


@write
def update_activity(
    *,
    context: Context,
    reference: str,
    changes: Mapping[str, Any],
    expected_version: int | None = None,
) -> Activity:
    """Change the named fields of an activity, common or of its kind, and return it.

    `changes` has the names of Draft (with `company` for `company_id`) and of the kind's
    own fields, without `own`. `done_at` None reopens, a time finishes.
    """
    company_id = changes.get("company")
    if company_id is not None:
        get_company(context.actor, company_id)
    activity = lock_activity(
        context, reference, also_companies=[company_id] if company_id else []
    )
    require_edit(context.actor, activity)
    require_version(activity, expected_version)
    if not changes:
        return activity
    before = snapshot(activity, set(changes))
    people = people_before(activity, changes)
    was = {"done_at": activity.done_at, "sent_at": activity.sent_at}
    problems = Problems()
    own = _apply(context, activity, dict(changes), problems)
    problems.raise_if_any()
    settle_times(activity)
    activity.row_version += 1
    activity.save()
    if {"title", "company"} & changes.keys():
        announce("activity", [activity.pk])
    if own is not None:
        kind_of(activity.kind).save(activity, own.detail)
    record_moves(context, activity, before)
    settle_chains(activity.company_id, [activity.chain_id])
    record_history(context, activity, "changed", before=before)
    tell_new_people(context, activity, people)
    tell_done_or_sent(context, activity, was)
    return activity


@write
def finish_activity(
    *,
    context: Context,
    reference: str,
    done_at: datetime | None = None,
    result: str = "",
    expected_version: int | None = None,
) -> Activity:
    """Mark an activity as done and return it; done already, it stays as it was."""
    activity = lock_activity(context, reference)
    require_edit(context.actor, activity)
    require_version(activity, expected_version)
    if activity.done_at is not None:
        return activity
    before = snapshot(activity)
    problems = Problems()
    set_done(activity, done_at or context.now, result, context, problems)
    problems.raise_if_any()
    settle_times(activity)
    activity.row_version += 1
    activity.save()
    settle_chains(activity.company_id, [activity.chain_id])
    record_history(context, activity, "done", before=before)
    happened(context, Happening(What.DONE, activity.company_id, activity.pk))
    return activity


@write
def reopen_activity(*, context: Context, reference: str) -> Activity:
    """Make a done activity open again and return it."""
    return update_activity(
        context=context, reference=reference, changes={"done_at": None}
    )


def _apply(
    context: Context, activity: Activity, changes: dict[str, Any], problems: Problems
) -> Own | None:
    """Set everything in `changes` on `activity`; return the kind's part if any."""
    kind = kind_of(activity.kind)
    own_values = {k: changes.pop(k) for k in list(changes) if k in kind.fields}
    company_id = changes.pop("company", None)
    if company_id is not None and company_id != activity.company_id:
        change_company(context, activity, company_id)
    if "title" in changes:
        title = clean_title(changes.pop("title"), problems)
        if activity.gathering_id is not None and title != activity.title:
            problems.add("title", "gathering_shared")
        set_title(activity, title)
    if "custom" in changes:
        given = changes.pop("custom")
        activity.custom = clean_custom(problems, activity.kind, given, activity.custom)
    for name, setter in (
        ("importance", set_importance),
        ("product", set_product),
    ):
        if name in changes:
            setter(activity, changes.pop(name), problems)
    if "owner" in changes:
        owner = person_at(
            context.actor, changes.pop("owner"), "owner", activity.company, problems
        )
        if owner:
            set_owner_columns(activity, owner)
    if "contacts" in changes:
        activity.contacts.set(
            contacts_at(activity.company, changes.pop("contacts"), problems)
        )
    own = None
    if own_values:
        own = kind.read(
            own_values,
            activity,
            now=context.now,
            zone=timezone.get_default_timezone(),
            problems=problems,
        )
        if own is not None:
            set_own(activity, own)
    if "participants" in changes:
        given = changes.pop("participants")
        parts = parts_at(context.actor, given, activity.company, problems)
        check_parts(activity, parts, problems)
        problems.raise_if_any()  # before the database refuses them
        write_parts(activity, parts)
    if "direction" in changes:
        set_direction(activity, changes.pop("direction"), own, problems)
    _apply_done(context, activity, changes, problems)
    for name in sorted(changes):
        problems.add(name, "unknown_field")
    return own


def _apply_done(
    context: Context, activity: Activity, changes: dict[str, Any], problems: Problems
) -> None:
    if "done_at" in changes:
        done_at = changes.pop("done_at")
        if done_at is None:
            if activity.done_at is not None:
                require_direct(context.actor, activity)
            activity.done_at, activity.result = None, ""
            if changes.pop("result", ""):
                problems.add("result", "not_done")
            return
        set_done(
            activity,
            done_at,
            changes.pop("result", "") or activity.result,
            context,
            problems,
        )
    elif "result" in changes:
        result = changes.pop("result")
        if activity.done_at is None:
            problems.add("result", "not_done")
        else:
            set_result(activity, result, problems)
