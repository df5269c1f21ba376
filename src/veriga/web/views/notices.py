"""What a user is to know: the list, and marking it read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from veriga.setup.notices import get_notices, list_notices, unread_now
from veriga.setup.services import read_all_notices, read_notice
from veriga.web.notices import address_of, shown_notices
from veriga.web.pages import reader, writer

from .lists import next_address, show_list
from .polled import SEEN, state_of
from .saving import moved

MOST_TOASTS = 3


@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """The user's notices, the newest first."""
    actor = reader(request)
    page = list_notices(actor, cursor=request.GET.get("cursor") or None)
    values = {
        "nav": "notices",
        "rows": shown_notices(actor, page.rows),
        "has_unread": any(one.read_at is None for one in page.rows),
        "next_url": next_address(request, page.next),
    }
    return show_list(request, "notices/list.html", values)


@require_GET
def poll(request: HttpRequest) -> HttpResponse:
    """What every page asks for every few seconds; 204 while it is what it was.

    {"number": unread ones, "seen": to be sent back in X-Veriga-Seen,
     "toasts": [{"id", "text", "href", "seen_url"}]}
    """
    actor = reader(request)
    number, fresh = unread_now(actor, now=timezone.now())
    state = state_of(number, fresh)
    if request.headers.get(SEEN) == state:
        return HttpResponse(status=204)
    notices = get_notices(actor, fresh[:MOST_TOASTS]) if fresh else []
    toasts = [
        {
            "id": one.notice.pk,
            "text": one.sentence,
            "href": address_of(one.notice),
            "seen_url": reverse("notices:seen", kwargs={"id": one.notice.pk}),
        }
        for one in shown_notices(actor, notices)
    ]
    return JsonResponse({"number": number, "seen": state, "toasts": toasts})


@require_POST
def seen(request: HttpRequest, id: int) -> HttpResponse:
    """Mark a notice as read whose page is opened already."""
    read_notice(context=writer(request), notice_id=id)
    return HttpResponse(status=204)


@require_POST
def open_notice(request: HttpRequest, id: int) -> HttpResponse:
    """Mark a notice as read and go to what it is about."""
    notice = read_notice(context=writer(request), notice_id=id)
    return HttpResponseRedirect(address_of(notice))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    read_all_notices(context=writer(request))
    return moved(request, reverse("notices:list"), _("All notices are read."))
