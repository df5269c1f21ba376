"""Attaching files to activities and companies, and taking them away again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from veriga.access.rules import Context
from veriga.activities.queries.activities import get_activity
from veriga.activities.services.locking import lock_activity, require_recorder
from veriga.common.announcing import announce
from veriga.common.errors import Conflict, Invalid, NotAllowed
from veriga.common.rows import lock_row
from veriga.common.transactions import write
from veriga.documents.models import Attachment
from veriga.documents.queries import Allowed, allowed, get_attachment, may_delete
from veriga.documents.rules import clean_name, ending_of, is_what_it_says
from veriga.history.services import note_change
from veriga.parties.queries import get_company, visible_companies

from .counting import count_anew
from .files import KEEP_DELETED, Stored, scan, store


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in: the name it came with, its bytes, and the sender's key."""

    name: str
    chunks: Iterable[bytes]
    key: str = ""


def attach(
    *,
    context: Context,
    upload: Upload,
    reference: str = "",
    company_id: int | None = None,
) -> Attachment:
    """Attach a file to the activity `reference`, or to a company.

    By whoever may record and sees it. The file is written and looked at before the
    transaction, so that a slow scanner holds no lock; it is removed if anything fails.
    The same key of the same user again returns what was stored the first time.

    Errors: not_found, not_allowed, file_name, file_type, file_too_large, empty_file,
    file_differs, infected_file, file_not_scanned, too_many_files.
    """
    require_recorder(context.actor)
    if reference:
        get_activity(context.actor, reference)
    else:
        get_company(context.actor, company_id or 0)
    limits = allowed()
    name = _checked_name(upload.name, limits)
    key = _key_of(upload, reference or str(company_id))
    there = _sent_before(context, key)
    if there is not None:
        return there
    stored = store(upload.chunks, most_bytes=limits.most_bytes)
    try:
        if not is_what_it_says(name, stored.head):
            raise Invalid.of("file", "file_differs", ending=ending_of(name))
        scan(stored.path)
        return _keep(
            context=context,
            name=name,
            stored=stored,
            key=key,
            reference=reference,
            company_id=company_id,
            most_files=limits.most_files,
        )
    except IntegrityError:
        # The same upload came twice at once; the other one is in.
        stored.remove()
        there = _sent_before(context, key)
        if there is None:
            raise
        return there
    except BaseException:
        stored.remove()
        raise


@write
def _keep(
    *,
    context: Context,
    name: str,
    stored: Stored,
    key: str,
    reference: str,
    company_id: int | None,
    most_files: int,
) -> Attachment:
    made = Attachment(
        name=name,
        size=stored.size,
        sha256=stored.sha256,
        stored_as=stored.name,
        upload_key=key or None,
        made_by_id=context.actor.user_id,
        made_at=context.now,
    )
    if reference:
        made.activity = lock_activity(context, reference)
    else:
        made.company = lock_row(visible_companies(context.actor), company_id or 0)
    others = Attachment.objects.filter(
        activity=made.activity, company=made.company, deleted_at__isnull=True
    )
    if others.count() >= most_files:
        raise Invalid.of("file", "too_many_files", limit=most_files)
    with transaction.atomic():  # so that the one sent twice leaves the rest usable
        made.save(force_insert=True)
    _settle(context, made, None, made.name)
    return made


@write
def delete_attachment(*, context: Context, attachment_id: int) -> Attachment:
    """Take a file away; for 30 days it can be brought back.

    By its maker, whoever may edit the activity, the account owner, managers.
    """
    attachment = _locked(context, attachment_id, deleted=False)
    attachment.deleted_at = context.now
    attachment.save(update_fields=["deleted_at"])
    _settle(context, attachment, attachment.name, None)
    return attachment


@write
def restore_attachment(*, context: Context, attachment_id: int) -> Attachment:
    """Bring back a file that was taken away. Errors: undo_too_late."""
    attachment = _locked(context, attachment_id, deleted=True)
    deleted_at = attachment.deleted_at
    if deleted_at is None or context.now - deleted_at > KEEP_DELETED:
        raise Conflict("undo_too_late")
    attachment.deleted_at = None
    attachment.save(update_fields=["deleted_at"])
    _settle(context, attachment, None, attachment.name)
    return attachment


def _locked(context: Context, attachment_id: int, *, deleted: bool) -> Attachment:
    """Return a file as it is under the lock of what it is attached to."""
    found = get_attachment(context.actor, attachment_id, deleted=deleted)
    if found.activity is not None:
        lock_activity(context, str(found.activity.reference))
    else:
        lock_row(visible_companies(context.actor), found.company_id or 0)
    found = get_attachment(context.actor, attachment_id, deleted=deleted)
    if not may_delete(context.actor, found):
        raise NotAllowed
    return found


def _settle(
    context: Context, attachment: Attachment, old: str | None, new: str | None
) -> None:
    """Make the paper-clip right and write history."""
    if attachment.activity_id is not None:
        count_anew(attachment.activity_id)
        announce("activity", [attachment.activity_id])
        place: tuple[str, int, str] = ("activity", attachment.activity_id, "changed")
    else:
        place = ("company", attachment.company_id or 0, "update")
    note_change(context, *place, {"attachment": (old, new)})


def _checked_name(given: str, limits: Allowed) -> str:
    name = clean_name(given)
    if not name:
        raise Invalid.of("file", "file_name")
    ending = ending_of(name)
    if ending not in limits.endings:
        offered = ", ".join(limits.endings)
        raise Invalid.of("file", "file_type", ending=ending or "–", allowed=offered)
    return name


def _key_of(upload: Upload, place: str) -> str:
    """Return what tells one upload from all others, "" if the sender gave no key."""
    if not upload.key:
        return ""
    said = "\n".join([upload.key, place, upload.name])
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _sent_before(context: Context, key: str) -> Attachment | None:
    if not key or context.actor.user_id is None:
        return None
    mine = Attachment.objects.filter(made_by_id=context.actor.user_id)
    return mine.filter(upload_key=key).first()
