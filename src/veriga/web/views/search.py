"""All that a search finds, by kind."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from veriga.common.checks import clean_query
from veriga.web.formats import number
from veriga.web.found import activity_lines, chain_lines, groups_of, kind_names
from veriga.web.pages import is_htmx, reader
from veriga.work.queries.overview import COUNT_LIMIT
from veriga.work.queries.results import KINDS, Results, list_further, list_results

from .lists import address_without, next_address, said_count, show_list


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """What the typed words find: a few of each noun and all activities, or one kind."""
    actor = reader(request)
    q = clean_query(request.GET.get("q", ""))
    asked = request.GET.get("kind", "")
    kind = asked if asked in KINDS else ""
    cursor = request.GET.get("cursor") or None
    now = timezone.now()
    if cursor and is_htmx(request):  # only the rows are wanted, and no counts
        found = list_further(actor, q, now=now, kind=kind, cursor=cursor)
    else:
        found = list_results(actor, q, now=now, kind=kind, cursor=cursor)
    groups = groups_of(actor, found, lambda one: _address_of(request, one))
    lines = list(activity_lines(found.activities, found.typed, found.excerpts))
    if kind and groups:
        lines = list(groups.pop().lines)
    values: dict[str, Any] = {
        "q": q,
        "kind": kind,
        "found": found,
        "exact": list(activity_lines(found.exact)),
        "chains": list(chain_lines(found.chains, found.exact)),
        "groups": groups,
        "lines": lines,
        "tabs": _tabs(request, found, kind),
        "heading": kind_names()[kind] if kind else _("Activities"),
        "count": _said(found, kind),
        "next_url": next_address(request, found.next),
        "can_record": actor.can_record,
    }
    return show_list(request, "search/page.html", values)


def _address_of(request: HttpRequest, kind: str) -> str:
    return address_without(request, kind=kind or None)


def _tabs(
    request: HttpRequest, found: Results, kind: str
) -> list[tuple[str, str, bool, str]]:
    """Return name, address, whether it is shown, and the count of each kind found."""
    kinds = {"": _("All")} | kind_names()
    return [
        (name, _address_of(request, one), one == kind, _number(found, one))
        for one, name in kinds.items()
        if found.count(one) or one in ("", kind)
    ]


def _number(found: Results, kind: str) -> str:
    """Return a count as digits, with a plus if there are more."""
    count = found.count(kind)
    if count > COUNT_LIMIT:
        return f"{number(COUNT_LIMIT)}+"
    return f"{number(count)}+" if found.is_at_least(kind) else number(count)


def _said(found: Results, kind: str) -> str:
    if not found.counts and not found.exact:
        return ""
    return said_count(found.count(kind), at_least=found.is_at_least(kind))
