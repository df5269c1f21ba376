"""What a user is to know: the list, and marking it read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from veriga.parties.queries import company_names
from veriga.setup.notices import list_notices
from veriga.setup.services import read_all_notices, read_notice
from veriga.web.notices import address_of, is_about_company, shown_notice
from veriga.web.pages import reader, writer

from .lists import next_address, show_list
from .saving import moved


@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """The user's notices, the newest first."""
    actor = reader(request)
    page = list_notices(actor, cursor=request.GET.get("cursor") or None)
    about = {one.params["company_id"] for one in page.rows if is_about_company(one)}
    names = company_names(actor, about)
    values = {
        "nav": "notices",
        "rows": [shown_notice(one, names) for one in page.rows],
        "has_unread": any(one.read_at is None for one in page.rows),
        "next_url": next_address(request, page.next),
    }
    return show_list(request, "notices/list.html", values)


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
