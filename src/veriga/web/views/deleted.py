"""What was deleted in the last 30 days, and can be brought back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from veriga.activities.queries.record import list_deleted
from veriga.activities.services.undoing import UNDO_FOR
from veriga.common.errors import NotAllowed
from veriga.documents.queries import list_deleted as list_deleted_files
from veriga.web.pages import reader
from veriga.web.words import kind_name
from veriga.work.services.merging import list_merges

from .lists import show_list


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The records and files that the user may bring back."""
    actor = reader(request)
    if not actor.can_record:
        raise NotAllowed
    since = timezone.now() - UNDO_FOR
    changes = list_deleted(actor, since=since)
    values = {
        "nav": "deleted",
        "changes": [(change, kind_name(change.activity.kind)) for change in changes],
        "merges": list_merges(actor, since=since),
        "files": list_deleted_files(actor, since=since),
    }
    return show_list(request, "deleted/list.html", values)
