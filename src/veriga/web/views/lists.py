"""What all list pages do: page, piece or count, and the address that says it all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veriga.common.keyset import Page
from veriga.web.formats import number
from veriga.web.jinja import query_string
from veriga.web.pages import is_htmx, show
from veriga.work.queries.overview import COUNT_LIMIT

PIECES = {
    "div#list": "list",
    "p#result-count": "count",
    "div#today": "today",
    "div#strip": "strip",
}


def piece_of(request: HttpRequest) -> str | None:
    """Return the block that is asked for, None for the whole page.

    Further rows replace the pager; a changed filter, and a change elsewhere, replace
    the list or its count.
    """
    if not is_htmx(request):
        return None
    if "cursor" in request.GET:
        return "rows"
    return PIECES.get(request.headers.get("HX-Target", ""))


def show_list(
    request: HttpRequest, template: str, values: Mapping[str, Any]
) -> HttpResponse:
    """Return a list page or the piece of it that is asked for."""
    piece = piece_of(request)
    context = {**values, "is_piece": piece == "list"}
    response = show(request, template, context, block=piece)
    if piece == "list":
        # The form sends empty fields too; the address is better off without them.
        order = request.GET.get("order")
        kept = None if order in {"date", "name"} else order
        response["HX-Push-Url"] = request.path + query_string(request.GET, order=kept)
    return response


def next_address(request: HttpRequest, cursor: str | None) -> str:
    """Return the address of the rows after these, "" at the end."""
    if cursor is None:
        return ""
    return request.path + query_string(request.GET, cursor=cursor)


def address_without(request: HttpRequest, *names: str, **changes: object) -> str:
    """Return this page's address without some of its filters."""
    gone = dict.fromkeys((*names, "cursor"))
    return request.path + query_string(request.GET, **{**gone, **changes})


def address_back(request: HttpRequest) -> str:
    """Return the page of ours that led here, "" if none did."""
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc != request.get_host():
        return ""
    address = referer.path + (f"?{referer.query}" if referer.query else "")
    return "" if address == request.get_full_path() else address


def count_of(request: HttpRequest, page: Page[Any], count: Callable[[], int]) -> int:
    """Return how long the list is whose page this is; 0 where nobody will see it."""
    if "cursor" in request.GET and is_htmx(request):
        return 0
    if page.next is None and "cursor" not in request.GET:
        return len(page.rows)
    return count()


def said_count(count: int, *, at_least: bool = False) -> str:
    """Return how long a list is, in words; past COUNT_LIMIT only that it is longer.

    `at_least` tells that it may be longer in any case.
    """
    if at_least or count > COUNT_LIMIT:
        return _("%(num)s+ results") % {"num": number(min(count, COUNT_LIMIT))}
    text = ngettext("%(num)s result", "%(num)s results", count)
    return text % {"num": number(count)}


def choices(pairs: Iterable[tuple[object, str]]) -> list[tuple[str, str]]:
    """Return options of a select."""
    return [(str(value), str(text)) for value, text in pairs]
