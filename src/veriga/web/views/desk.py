"""The desk: what waits for the user, or for everybody whose work they see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from veriga.web.formats import number
from veriga.web.offline import kept_offline
from veriga.web.pages import reader
from veriga.web.running import beyond_name, chain_lines, close_reasons
from veriga.work.queries.desk import NEXT_DAYS, Desk, get_desk, loose_filters
from veriga.work.queries.overview import COUNT_LIMIT

from .polled import ASKED, show_polled

TEMPLATE = "desk/page.html"


@require_GET
@kept_offline("desk")
def page(request: HttpRequest) -> HttpResponse:
    """The desk; asked for again every 15 seconds, 204 while nothing has changed."""
    actor, now = reader(request), timezone.now()
    everybody = actor.is_manager and request.GET.get("of") == "all"
    desk = get_desk(actor, now=now, everybody=everybody)
    is_begun = not request.GET and ASKED not in request.headers
    if is_begun and actor.is_manager and is_empty(desk):
        # Who heads others and has no work of their own begins with theirs.
        return HttpResponseRedirect(f"{reverse('desk')}?of=all")
    addresses = _addresses(everybody, now)
    figures = _figures(desk, addresses)
    values = {
        "nav": "desk",
        "desk": desk,
        "today": timezone.localdate(now),
        "of": "all" if everybody else "me",
        "can_switch": actor.is_manager,
        "can_record": actor.can_record,
        "figures": figures,
        "counts": {figure["name"]: figure["count"] for figure in figures},
        "addresses": addresses,
        "chains": chain_lines(desk.chains, desk.beside, desk.limits),
        "replied": chain_lines(desk.replied, {}, desk.limits),
        "chain_count": said(desk.chain_count),
        "reasons": close_reasons(),
    }
    return show_polled(request, TEMPLATE, values, block="desk")


def is_empty(desk: Desk) -> bool:
    """Tell whether nothing at all is on it."""
    parts = (desk.late, desk.today, desk.coming, desk.quotes, desk.loose)
    counts = [part.count for part in parts if part is not None]
    return not any([*counts, desk.chain_count, desk.replied_count, desk.linked])


def said(count: int) -> str:
    """Return a count as digits; past the limit only that it is more."""
    return f"{number(COUNT_LIMIT)}+" if count > COUNT_LIMIT else number(count)


def _addresses(everybody: bool, now: datetime) -> dict[str, str]:
    """Return the list that each number and each part of the desk opens."""
    own = "" if everybody else "owner=me&"
    since = loose_filters(None, now).date_from
    work = reverse("activities:overview")
    chains = reverse("running")
    quotes = reverse("quotes:list")
    found = {
        "late": f"{work}?{own}state=overdue&order=due",
        "today": f"{work}?{own}state=pending&due=today&order=due",
        "week": f"{work}?{own}state=pending&due=week&order=due",
        "quotes": f"{quotes}?{own}state=pending&due=fortnight&order=due",
        "loose": f"{work}?{own}loose=yes&from={since}",
        "replied": f"{chains}?{own}replied=yes",
        "beyond": f"{chains}?{own}silence=beyond",
        "chains": f"{chains}?{own}",
    }
    return {name: address.rstrip("?&") for name, address in found.items()}


def _figures(desk: Desk, addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the numbers at the top, each with its word and its list."""
    figures = [
        ("late", _("Overdue"), desk.late.count, "late"),
        ("today", pgettext("due", "Today"), desk.today.count, "wait"),
        (
            "week",
            _("Next %(days)s days") % {"days": NEXT_DAYS},
            desk.coming.count,
            "",
        ),
        ("replied", _("Customers' replies"), desk.replied_count, ""),
        ("quotes", _("Quotes running out"), desk.quotes.count, ""),
    ]
    if desk.loose is not None:
        figures.append(("loose", _("To be linked"), desk.loose.count, ""))
    if desk.beyond is not None:
        figures.append(("beyond", beyond_name(desk.limits), desk.beyond, "late"))
    return [
        {
            "name": name,
            "word": word,
            "count": said(count),
            "href": addresses[name],
            "tone": tone if count else "",
        }
        for name, word, count, tone in figures
    ]
