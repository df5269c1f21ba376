"""Lines of a desk: one pattern, filled once for each activity or replied chain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language
from markupsafe import Markup, escape

from veriga.activities.queries.rows import ActivityRow
from veriga.web import formats, pieces
from veriga.web.patterns import pattern
from veriga.web.running import ChainLine

LINE: Final = "components/desk_line.html"
LINK: Final = "?panel=link"


def desk_lines(
    rows: Iterable[ActivityRow], shows: str = "due", has_owner: bool = False
) -> Markup:
    """Return the `<li>`s of activities.

    `shows` is "due", "hour" (that of an event, else its deadline) or "loose": when it
    was, and a link to where it is linked. `has_owner`: whose each of them is.
    """
    language = get_language() or ""
    line, addresses = pattern(LINE, language, has_owner=has_owner), _addresses()
    write = formats.Days(timezone.get_current_timezone(), language)

    def when(row: ActivityRow) -> str:
        if shows == "loose":
            return write.day_brief(row.date)
        if shows == "hour" and row.kind == "event" and not row.all_day:
            return formats.clock(row.date)
        return write.due_short(row.due_at)

    is_loose = shows == "loose"
    return _joined(
        line
        % {
            **addresses(row.reference, row.company_id, LINK if is_loose else ""),
            "state": pieces.state_of(language, row.state, row.result),
            "title": escape(row.title),
            "icon": pieces.kind_icon(row.kind, row.type_code),
            "company_name": escape(row.company_name),
            "owner": escape(row.owner_name),
            "late": "" if is_loose else f" is-{row.state}",
            "on": when(row),
        }
        for row in rows
    )


def replied_lines(lines: Iterable[ChainLine], has_owner: bool = False) -> Markup:
    """Return the `<li>`s of chains in which the customer spoke last."""
    language = get_language() or ""
    line, addresses = pattern(LINE, language, has_owner=has_owner), _addresses()
    write = formats.Days(timezone.get_current_timezone(), language)
    state = f'<span class="state">{pieces.icon("arrow-left")}</span>'
    return _joined(
        line
        % {
            **addresses(chain.last_reference or "", chain.company_id),
            "state": state,
            "title": escape(chain.last_title),
            "icon": pieces.kind_icon(chain.last_kind or "", chain.last_type or ""),
            "company_name": escape(chain.company_name),
            "owner": escape(chain.last_owner_name),
            "late": "",
            "on": write.day_brief(chain.last_in_at),
        }
        for chain in (one.chain for one in lines)
    )


def _addresses() -> Callable[..., dict[str, Any]]:
    record = pieces.url.pattern("activities:record", reference="D-26-00001")
    company = pieces.url.pattern("companies:page", id=98765)

    def of(reference: str, company_id: int, panel: str = "") -> dict[str, Any]:
        return {
            "reference": reference,
            "record": record % {"reference": reference} + panel,
            "company": company % {"id": company_id},
        }

    return of


def _joined(lines: Iterable[str]) -> Markup:
    return Markup("".join(lines))  # noqa: S704  # each part is escaped
