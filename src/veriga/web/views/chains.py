"""The chain page: one whole chain to scale, as a list, a story or a time line."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from veriga.access.rules import Actor
from veriga.activities.queries.record import tell
from veriga.activities.rules.references import read_reference
from veriga.web.chain_page import facts, sale_lines, steps
from veriga.web.insight.chain import tell_insight
from veriga.web.offline import kept_offline
from veriga.web.pages import reader
from veriga.web.strip import WIDTH, Strip, draw_strip
from veriga.work.queries.silence import limits_for
from veriga.work.queries.timeline import Whole, get_whole, read_part, take_members

from .lists import next_address, show_list

TEMPLATE = "chains/page.html"
VIEWS = ("list", "story", "timeline")
PAGE = 50
WIDE = 1000  # the strip where there is no right-hand column


@require_GET
@kept_offline("chain", "view")
def chain(request: HttpRequest, reference: str) -> HttpResponse:
    """The chain that holds an activity; `?view=` says how it is read."""
    actor, now = reader(request), timezone.now()
    whole = get_whole(actor, reference, now=now)
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else VIEWS[0]
    values: dict[str, Any] = {
        "nav": "companies",
        "whole": whole,
        "chain": whole.summary,
        "company": whole.rows[0],
        "origin": whole.origin,
        "view": view,
        "tabs": _tabs(request.path, view),
        "facts": facts(whole, limits_for(actor, now)),
        "sales": sale_lines(whole),
        # Asked for where it is shown: further rows of the list do without.
        "tell_insight": partial(tell_insight, actor, whole, now),
        "counts": _counts(whole),
        "strip": _strip(whole, reference, view, now),
        "can_record": actor.can_record,
        "add_query": f"?company={whole.summary.company_id}",
        **_members(request, actor, whole, view, now),
    }
    return show_list(request, TEMPLATE, values)


def _members(
    request: HttpRequest, actor: Actor, whole: Whole, view: str, now: datetime
) -> dict[str, Any]:
    """Return a page of the members as `view` shows them, and who made the origin."""
    cursor = request.GET.get("cursor") or None
    origin = [whole.origin] if whole.origin else []
    if view == "list":
        page = take_members(actor, whole, now=now, limit=PAGE, cursor=cursor)
        found: dict[str, Any] = {"rows": page.rows}
        told = tell(actor, origin, length=0)
    else:
        part = read_part(actor, whole, now=now, limit=PAGE, cursor=cursor)
        page, told = part.page, part.told
        found = {"steps": steps(part, whole, now)}
    author = told[origin[0].id].author_name if origin else ""
    return {
        **found,
        "author": author,
        "next_url": next_address(request, page.next),
    }


def _strip(whole: Whole, reference: str, view: str, now: datetime) -> Strip:
    """Return the drawing; the activity of the address is pointed out in it."""
    asked = read_reference(reference) or ""
    if asked == whole.summary.origin_reference:
        asked = ""
    width = WIDTH if view == "list" else WIDE
    return draw_strip(whole.rows, now, asked, marks=whole.marks, width=width)


def _tabs(address: str, current: str) -> list[tuple[str, str, bool]]:
    names = {"list": _("List"), "story": _("Story"), "timeline": _("Time line")}
    return [
        (
            name,
            address if view == VIEWS[0] else f"{address}?view={view}",
            view == current,
        )
        for view, name in names.items()
    ]


def _counts(whole: Whole) -> list[tuple[str, str, int]]:
    """Return (icon, name, number) of each kind that the chain holds."""
    chain = whole.summary
    counts = [
        ("calendar-event", _("Events"), chain.events),
        ("checkbox", _("Tasks"), chain.tasks),
        ("package", _("Product records"), chain.product_records),
        ("file-text", _("Quotes"), chain.quotes),
    ]
    return [one for one in counts if one[2]]
