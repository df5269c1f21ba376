"""Group events: made, changed for all companies at once, answered and finished."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.db.models import F
from django.utils import timezone

from veriga.access.queries import find_user
from veriga.access.rules import Context
from veriga.activities.models import Activity, DateMove
from veriga.activities.own_fields import OwnFields
from veriga.activities.queries.activities import standing_of
from veriga.activities.rules.rights import can_edit
from veriga.activities.rules.words import Result
from veriga.activities.services import Changed, delete_activity, finish_activity
from veriga.activities.services.chains import settle_chains
from veriga.activities.services.fields import clean_title, set_title
from veriga.activities.services.locking import (
    lock_activity,
    lock_companies,
    require_recorder,
)
from veriga.common.announcing import announce
from veriga.common.checks import clean_text, refuse_unknown
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound, Problems
from veriga.common.transactions import write
from veriga.events.models import EventDetail, Gathering
from veriga.events.queries.gatherings import leads
from veriga.events.rules import Reply, event_times
from veriga.history.services import note_change, note_changes
from veriga.setup.happenings import Happening, What, happened
from veriga.setup.models import EventType

from .inviting import add_companies, lock_gathering
from .kind import DEFAULT_TYPE, PLACE_LENGTH, default_direction
from .telling import tell_mentioned, told_of

TEXT_LENGTH: Final = 10_000
FIELDS: Final = (
    *("title", "type", "starts_at", "ends_at", "all_day", "place", "text", "owner"),
)
CHUNK: Final = 200  # chains settled at once


@write
def create_gathering(
    *,
    context: Context,
    values: Mapping[str, Any],
    company_ids: Collection[int] = (),
    contacts: Mapping[int, Sequence[int]] | None = None,
) -> Gathering:
    """Save a new group event, invite companies to it, and return it.

    `values` are FIELDS; `owner` is its maker unless somebody else is named. Who is
    mentioned in the text is told once they see it.
    """
    require_recorder(context.actor)
    gathering = Gathering(created_at=context.now)
    maker = context.actor.user_id
    _apply(context, gathering, {"owner": maker, **values})
    gathering.created_by_id = maker or gathering.owner_id
    gathering.save(force_insert=True)
    note_change(context, "gathering", gathering.pk, "created")
    announce("gathering", [gathering.pk])
    tell_mentioned(context, gathering)
    add_companies(
        context=context,
        gathering_id=gathering.pk,
        company_ids=company_ids,
        contacts=contacts,
    )
    return gathering


@write
def update_gathering(
    *,
    context: Context,
    gathering_id: int,
    changes: Mapping[str, Any],
    expected_version: int | None = None,
) -> Gathering:
    """Change what is shared, in the events of all companies, and return it.

    By its creator, its owner or a manager. Moves of the date are kept for each event.
    """
    gathering = _lock_led(context, gathering_id)
    if expected_version is not None and gathering.row_version != expected_version:
        raise Conflict("stale", row_version=gathering.row_version)
    before, known = _stored(gathering), told_of(context, gathering)
    _apply(context, gathering, changes)
    after = _stored(gathering)
    changed = {k: (before[k], after[k]) for k in FIELDS if before[k] != after[k]}
    if not changed:
        return gathering
    gathering.row_version += 1
    gathering.save()
    note_change(context, "gathering", gathering.pk, "changed", changed)
    announce("gathering", [gathering.pk])
    tell_mentioned(context, gathering, but=known)
    if changed.keys() - {"text", "owner"}:
        _spread(context, gathering, changed)
    return gathering


@write
def set_reply(
    *, context: Context, gathering_id: int, reference: str, reply: str
) -> Activity:
    """Note what one company answered or whether it came, and return its event.

    By whoever may edit that event, or leads the group event. What is finished already
    follows: carried out if the company came, else cancelled.
    """
    if reply not in set(Reply):
        raise Invalid.of("reply", "unknown_choice")
    gathering = lock_gathering(context, gathering_id)
    activity = _lock_event(context, gathering, reference)
    if not (
        leads(context.actor, gathering)
        or can_edit(context.actor, standing_of(activity))
    ):
        raise NotAllowed
    detail = EventDetail.objects.get(pk=activity.pk)
    if detail.reply == reply:
        return activity
    note_change(
        context, "activity", activity.pk, "changed", {"reply": (detail.reply, reply)}
    )
    detail.reply = reply
    detail.save(update_fields=["reply"])
    if activity.done_at is not None:
        came = reply == Reply.CAME
        activity.result = Result.CARRIED_OUT if came else Result.CANCELLED
    activity.row_version += 1
    activity.save(update_fields=["result", "row_version"])
    settle_chains(activity.company_id, [activity.chain_id])
    return activity


@write
def withdraw_company(
    *, context: Context, gathering_id: int, reference: str
) -> Changed | None:
    """Take a company out: its event is deleted, and the change returned for undo.

    An event that others follow stays, cancelled, and None is returned.
    """
    gathering = lock_gathering(context, gathering_id)
    activity = _lock_event(context, gathering, reference)
    if not activity.follow_up_links.exists():
        return delete_activity(context=context, reference=reference)
    if activity.done_at is None:
        finish_activity(context=context, reference=reference, result=Result.CANCELLED)
    return None


@write
def finish_gathering(*, context: Context, gathering_id: int) -> int:
    """Finish the events still open and return how many they were.

    Carried out for the companies that came, cancelled for the others; who had accepted
    stayed away. By who leads it, once it has begun; safe to repeat.
    """
    gathering = _lock_led(context, gathering_id)
    if gathering.starts_at > context.now:
        raise Conflict("gathering_not_begun")
    rows = Activity.objects.filter(
        gathering_id=gathering.pk, deleted_at__isnull=True, done_at__isnull=True
    )
    lock_companies(rows.values_list("company_id", flat=True))
    end = min(gathering.ends_at or gathering.starts_at, context.now)
    replies = dict(rows.values_list("pk", "event__reply"))
    done: dict[int, dict[str, tuple[object, object]]] = {}
    for result, came in ((Result.CARRIED_OUT, True), (Result.CANCELLED, False)):
        ids = [pk for pk, one in replies.items() if (one == Reply.CAME) is came]
        Activity.objects.filter(pk__in=ids).update(
            done_at=end,
            occurred_at=gathering.starts_at,
            result=result,
            row_version=F("row_version") + 1,
        )
        done |= {pk: {"done_at": (None, end), "result": ("", result)} for pk in ids}
    accepted = EventDetail.objects.filter(pk__in=list(replies), reply=Reply.ACCEPTED)
    accepted.update(reply=Reply.STAYED_AWAY)
    finished = Activity.objects.filter(pk__in=list(replies))
    places = list(finished.order_by("pk").values_list("company_id", "chain_id", "pk"))
    _settle([(company_id, chain_id) for company_id, chain_id, _ in places])
    note_changes(context, "activity", "done", done)
    for company_id, _, pk in places:
        happened(context, Happening(What.DONE, company_id, pk))
    return len(done)


def _lock_led(context: Context, gathering_id: int) -> Gathering:
    gathering = lock_gathering(context, gathering_id)
    if not leads(context.actor, gathering):
        raise NotAllowed
    return gathering


def _lock_event(context: Context, gathering: Gathering, reference: str) -> Activity:
    activity = lock_activity(context, reference)
    if activity.gathering_id != gathering.pk:
        raise NotFound
    return activity


def _stored(gathering: Gathering) -> dict[str, Any]:
    found = {name: getattr(gathering, name) for name in FIELDS if name != "type"}
    return {**found, "type": gathering.type_id, "owner": gathering.owner_id}


def _apply(context: Context, gathering: Gathering, values: Mapping[str, Any]) -> None:
    """Set the given fields, or raise Invalid with all that is wrong with them."""
    problems = Problems()
    refuse_unknown(problems, values, FIELDS)
    stored = _stored(gathering) if gathering.pk else {}
    fields = OwnFields(values, stored, problems)
    gathering.title = clean_title(fields.get("title") or "", problems)
    starts_at = fields.instant("starts_at", required=True)
    ends_at = fields.instant("ends_at")
    gathering.type_id = fields.choice(EventType, "type", DEFAULT_TYPE)
    gathering.place = fields.text("place", PLACE_LENGTH)
    gathering.text = clean_text(
        problems, "text", fields.get("text"), limit=TEXT_LENGTH, multiline=True
    )
    ident = fields.get("owner")
    if ident in (None, ""):
        problems.add("owner", "required")
    else:
        owner = find_user(context.actor, ident)
        if not owner.is_active and owner.pk != stored.get("owner"):
            problems.add("owner", "inactive_user", name=owner.name)
        gathering.owner = owner
    if starts_at and ends_at and ends_at < starts_at:
        problems.add("ends_at", "ends_before_start")
    problems.raise_if_any()
    if starts_at is None:
        raise Invalid
    times = event_times(
        starts_at,
        ends_at,
        all_day=bool(fields.get("all_day", False)),
        now=context.now,
        zone=timezone.get_default_timezone(),
    )
    gathering.starts_at, gathering.ends_at = times.date, times.ends_at
    gathering.all_day = times.all_day


def _spread(
    context: Context,
    gathering: Gathering,
    changed: Mapping[str, tuple[object, object]],
) -> None:
    """Change the events of all companies, those withdrawn too: undo may bring them."""
    rows = Activity.objects.filter(gathering_id=gathering.pk)
    lock_companies(rows.values_list("company_id", flat=True))
    due_at = gathering.ends_at or gathering.starts_at
    new = Activity(
        date=gathering.starts_at,
        starts_at=gathering.starts_at,
        ends_at=gathering.ends_at,
        all_day=gathering.all_day,
        due_at=due_at,
        type_code=gathering.type_id,
    )
    set_title(new, gathering.title)
    names = ["date", "starts_at", "ends_at", "all_day", "due_at", "type_code"]
    names += ["title", "title_key", "title_folded"]
    values: dict[str, Any] = {name: getattr(new, name) for name in names}
    if "type" in changed:
        values["direction"] = default_direction(gathering.type_id)
    timed = [name for name in ("date", "due_at", "direction") if name in values]
    events = list(rows)
    rows.update(**values, row_version=F("row_version") + 1)
    rows.filter(done_at__isnull=False).update(occurred_at=gathering.starts_at)
    if "title" in changed:
        announce("activity", [one.pk for one in events])
    EventDetail.objects.filter(gathering=gathering).update(
        type_id=gathering.type_id, place=gathering.place
    )
    DateMove.objects.bulk_create(
        DateMove(
            activity=one,
            field=name,
            old=getattr(one, name),
            new=values[name],
            made_by_id=context.actor.user_id,
            made_at=context.now,
        )
        for one in events
        for name in ("date", "due_at")
        if getattr(one, name) != values[name]
    )
    shown = {k: v for k, v in changed.items() if k not in ("type", "text", "owner")}
    if "type" in changed:
        shown["type_code"] = changed["type"]
    note_changes(context, "activity", "changed", {one.pk: shown for one in events})
    if any(getattr(one, name) != values[name] for one in events for name in timed):
        _settle([(one.company_id, one.chain_id) for one in events])


def _settle(events: Sequence[tuple[int, int | None]]) -> None:
    """Bring the chains of events, each with its company, up to date."""
    living = [one for one in events if one[1] is not None]
    for start in range(0, len(living), CHUNK):
        part = living[start : start + CHUNK]
        # No link changes, so no chain falls apart and none is made anew.
        settle_chains(part[0][0], [chain for _company, chain in part])
