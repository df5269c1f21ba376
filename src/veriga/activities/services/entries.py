"""The log of texts on an activity."""

from __future__ import annotations

from veriga.access.rules import Actor, Context
from veriga.activities.models import Activity, Entry
from veriga.activities.queries.activities import get_activity, standing_of
from veriga.activities.queries.mentions import mentioned_in
from veriga.activities.rules.rights import (
    Standing,
    can_edit_entry,
    can_read_confidential,
)
from veriga.common.announcing import announce
from veriga.common.errors import Invalid, NotAllowed, NotFound
from veriga.common.text import has_control_characters
from veriga.common.transactions import write
from veriga.history.services import note_change

from .locking import require_recorder
from .telling import tell_mentioned

TEXT_LENGTH = 100_000


def clean_text(text: str) -> str:
    """Return the text of an entry, or raise Invalid."""
    if has_control_characters(text, multiline=True):
        raise Invalid.of("text", "control_characters")
    clean = text.replace("\r\n", "\n").strip()
    if not clean:
        raise Invalid.of("text", "required")
    if len(clean) > TEXT_LENGTH:
        raise Invalid.of("text", "too_long", limit=TEXT_LENGTH)
    return clean


def write_entry(
    context: Context, activity: Activity, text: str, *, confidential: bool = False
) -> Entry:
    """Store one entry; the caller has checked the right and runs in a transaction."""
    announce("activity", [activity.pk])
    return Entry.objects.create(
        activity=activity,
        author_id=context.actor.user_id,
        made_at=context.now,
        text=clean_text(text),
        is_confidential=confidential,
    )


def write_first_entry(
    context: Context, activity: Activity, text: str, confidential: bool
) -> Entry:
    """Store the text that an activity is saved with, as its maker's first entry.

    A confidential one needs the right; its maker has a part in the activity.
    """
    standing = Standing(
        owner_id=activity.owner_id,
        created_by_id=activity.created_by_id,
        account_owner_id=activity.company_owner_id,
    )
    if confidential and not can_read_confidential(context.actor, standing):
        raise NotAllowed
    return write_entry(context, activity, text, confidential=confidential)


@write
def add_entry(
    *, context: Context, reference: str, text: str, confidential: bool = False
) -> Entry:
    """Add an entry to the log of an activity.

    Whoever may record and sees the activity may add; a confidential one only who could
    read it afterwards.
    """
    require_recorder(context.actor)
    activity = get_activity(context.actor, reference)
    if confidential and not can_read_confidential(context.actor, standing_of(activity)):
        raise NotAllowed
    entry = write_entry(context, activity, text, confidential=confidential)
    tell_mentioned(context, activity, entry)
    return entry


@write
def edit_entry(*, context: Context, entry_id: int, text: str) -> Entry:
    """Change the text of an entry; author and time stay.

    By whoever may edit the activity, by the author alone if locked, by nobody if it
    came by mail.
    """
    entry = _find(context, entry_id)
    require_entry(context.actor, entry)
    before = mentioned_in(context.actor, entry.activity, entry).told
    old, entry.text = entry.text, clean_text(text)
    if entry.text == old:
        return entry
    entry.edited_at = context.now
    entry.save(update_fields=["text", "edited_at"])
    announce("activity", [entry.activity_id])
    # Told to those alone who may read the entry: pages ask by the entry's id.
    note_change(context, "entry", entry.pk, "changed", {"text": (old, entry.text)})
    known = {user.pk for user in before}
    tell_mentioned(context, entry.activity, entry, but=known)
    return entry


def require_entry(actor: Actor, entry: Entry) -> None:
    """Raise NotAllowed unless the actor may change the text of this entry."""
    may_edit = can_edit_entry(
        actor,
        standing_of(entry.activity),
        author_id=entry.author_id,
        is_locked=entry.is_locked,
        from_mail=entry.from_mail,
    )
    if not may_edit:
        is_shut = entry.is_locked or entry.from_mail
        raise NotAllowed("entry_locked") if is_shut else NotAllowed


@write
def lock_entry(*, context: Context, entry_id: int, locked: bool) -> Entry:
    """Lock or unlock an entry; its author alone may."""
    entry = _find(context, entry_id)
    if entry.from_mail or entry.author_id != context.actor.user_id:
        raise NotAllowed("entry_locked")
    entry.is_locked = locked
    entry.save(update_fields=["is_locked"])
    return entry


@write
def change_entry(
    *,
    context: Context,
    entry_id: int,
    text: str | None = None,
    locked: bool | None = None,
) -> Entry:
    """Change text and lock of an entry at once, each only if given; return it.

    Errors: those of edit_entry and lock_entry; not_found for one that the actor may
    not read.
    """
    entry = _find(context, entry_id)
    if text is not None:
        entry = edit_entry(context=context, entry_id=entry_id, text=text)
    if locked is not None:
        entry = lock_entry(context=context, entry_id=entry_id, locked=locked)
    return entry


def _find(context: Context, entry_id: int) -> Entry:
    entry = (
        Entry.objects.select_for_update(of=("self",), no_key=True)
        .select_related("activity")
        .filter(pk=entry_id)
        .first()
    )
    if entry is None or entry.activity.reference is None:
        raise NotFound
    activity = get_activity(context.actor, entry.activity.reference)
    if entry.is_confidential and not can_read_confidential(
        context.actor, standing_of(activity)
    ):
        raise NotFound
    return entry
