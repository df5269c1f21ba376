"""Reading attachments: a file is seen by whoever sees what it is attached to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.activities.queries.activities import standing_of, visible_activities
from veriga.activities.queries.checking import Difference
from veriga.activities.rules.rights import can_edit
from veriga.common.errors import NotFound
from veriga.common.kept import Kept
from veriga.parties.models import Company
from veriga.parties.queries import get_company, visible_companies

from .models import Attachment, Limits
from .rules import USUAL

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be attached: bytes of one file, files at one record, endings."""

    most_bytes: int
    most_files: int
    endings: tuple[str, ...]


_kept: Kept[Allowed] = Kept(5.0)


def allowed() -> Allowed:
    """Return the limits of this installation, read again every few seconds."""
    return _kept.get(None, _read_limits)


def forget_limits() -> None:
    """Empty the memory of this process; services and tests call it."""
    _kept.forget()


def _read_limits() -> Allowed:
    limits = Limits.objects.first() or Limits()
    endings = tuple(limits.endings.split()) or USUAL
    return Allowed(limits.most_bytes, limits.most_files, endings)


def list_of_activity(activity: Activity) -> list[Attachment]:
    """Return the files of an activity that the caller may show, oldest first.

    No statement for an activity without any.
    """
    if not activity.attachments:
        return []
    return list(_living().filter(activity=activity).order_by("made_at", "id"))


def list_of_company(actor: Actor, company_id: int) -> list[Attachment]:
    """Return the files of a company and of its activities, newest first."""
    company = get_company(actor, company_id)
    at_company = Q(company=company)
    at_activity = Q(activity__company=company, activity__deleted_at__isnull=True)
    rows = _living().filter(at_company | at_activity).select_related("activity")
    return list(rows.order_by("-made_at", "-id")[:MOST_SHOWN])


def get_attachment(
    actor: Actor, attachment_id: int, *, deleted: bool = False
) -> Attachment:
    """Return a file whose activity or company the actor sees; else NotFound."""
    rows = Attachment.objects.filter(deleted_at__isnull=not deleted)
    found = (
        rows.select_related("activity", "company", "made_by")
        .filter(
            Q(activity__in=visible_activities(actor))
            | Q(company__in=visible_companies(actor))
        )
        .filter(pk=attachment_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def list_deleted(
    actor: Actor, *, since: datetime, limit: int = 200
) -> list[Attachment]:
    """Return the files taken away since then that the actor may bring back."""
    rows = Attachment.objects.filter(deleted_at__gte=since).filter(
        Q(activity__in=visible_activities(actor))
        | Q(company__in=visible_companies(actor))
    )
    found = rows.select_related("activity__company", "company", "made_by")
    newest = found.order_by("-deleted_at", "-id")[:limit]
    return [file for file in newest if may_delete(actor, file)]


def may_delete(actor: Actor, attachment: Attachment) -> bool:
    """Its maker, whoever may edit the activity, the account owner, managers."""
    if not actor.can_record:
        return False
    if attachment.made_by_id is not None and attachment.made_by_id == actor.user_id:
        return True
    if attachment.activity is not None:
        return can_edit(actor, standing_of(attachment.activity))
    company: Company | None = attachment.company
    owner_id = company.account_owner_id if company is not None else None
    return actor.is_manager or owner_id == actor.user_id


def path_of(attachment: Attachment) -> Path:
    """Return where the file lies."""
    return stored_path(attachment.stored_as)


def stored_path(name: str) -> Path:
    """Return where the file of a stored name lies: two letters make a folder."""
    return Path(settings.FILES) / name[:2] / name


def find_differences() -> Iterator[Difference]:
    """Yield what `veriga check` finds wrong: counts, and files that are not there."""
    counted = Activity.objects.annotate(
        number=Count("files", filter=Q(files__deleted_at__isnull=True))
    ).exclude(attachments=F("number"))
    for reference, company in counted.values_list("reference", "company_id"):
        yield Difference("attachments", reference or "", company)
    stored = _living().values_list("pk", "stored_as", "size")
    for pk, name, size in stored.iterator(chunk_size=2_000):
        path = stored_path(name)
        if not path.is_file() or path.stat().st_size != size:
            yield Difference("file", f"attachment {pk}")


def _living() -> QuerySet[Attachment]:
    return Attachment.objects.filter(deleted_at__isnull=True).select_related("made_by")
