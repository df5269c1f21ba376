"""What the panels at the right of a record show: Poveži, Povezave, the sale."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from veriga.access.queries import list_users
from veriga.access.rules import Actor
from veriga.activities.queries.chains import (
    Grave,
    LinkRow,
    list_graves,
    list_marks,
)
from veriga.activities.queries.linking import LinkableFilters, list_linkable
from veriga.activities.queries.record import Telling, tell
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.rules.graphs import components
from veriga.activities.rules.words import KindCode, MarkKind
from veriga.common.checks import clean_query
from veriga.web.forms import choices
from veriga.web.forms.filters import whole_number
from veriga.web.forms.quick import blank_next, what_options
from veriga.web.jinja import query_string
from veriga.web.pages import Typed
from veriga.web.record_page import RecordChain
from veriga.web.words import kind_name, outcome_name
from veriga.work.queries.names import stage_name

from .record_forms import reason_names

if TYPE_CHECKING:
    from veriga.activities.models import Activity

FILTERS = ("q", "kind", "person", "from", "to")
SPLITS_SHOWN = 200  # links of which the effect of a split is worked out beforehand


@dataclass(frozen=True, slots=True)
class Follow:
    """One link of a member to what it follows; `split_text` says what a split does."""

    id: int
    reference: str
    title: str
    may_split: bool
    split_text: str


@dataclass(frozen=True, slots=True)
class Member:
    """One line of Povezave: a member of the chain, or the grave of one."""

    date: datetime
    row: ActivityRow | None = None
    telling: Telling | None = None
    follows: list[Follow] = field(default_factory=list)
    grave: Grave | None = None


def read_filters(request: HttpRequest) -> LinkableFilters:
    """Return the filters of Poveži in the address; nonsense is passed over."""
    typed = Typed(request.GET)
    kind = typed.text("kind")
    return LinkableFilters(
        q=clean_query(typed.text("q")),
        kind=kind if kind in set(KindCode) else "",
        owner_id=whole_number(request.GET, "person"),
        date_from=typed.day("from"),
        date_to=typed.day("to"),
    )


def link_panel(
    request: HttpRequest, actor: Actor, activity: Activity, now: datetime
) -> dict[str, Any]:
    """Return what Poveži shows: its filters and a page of what may be linked."""
    filters = read_filters(request)
    return {
        **candidates_page(request, actor, activity, now),
        "filters": filters,
        "typed": {name: request.GET.get(name, "") for name in FILTERS},
        "kinds": [(kind.value, kind_name(kind)) for kind in KindCode],
        "users": [(str(u.pk), u.name) for u in list_users(actor)],
    }


def candidates_page(
    request: HttpRequest, actor: Actor, activity: Activity, now: datetime
) -> dict[str, Any]:
    """Return one page of what may be linked."""
    reference = str(activity.reference)
    page = list_linkable(
        actor,
        reference,
        read_filters(request),
        now=now,
        cursor=request.GET.get("cursor") or None,
    )
    link_url = reverse("activities:link", kwargs={"reference": reference})
    kept = {name: request.GET.get(name, "") for name in FILTERS}
    more = link_url + query_string(kept, cursor=page.next) if page.next else ""
    return {
        "a": activity,
        "candidates": page.rows,
        "more_url": more,
        "link_url": link_url,
        "preview_url": reverse("activities:preview", kwargs={"reference": reference}),
        "reason_names": reason_names(),
    }


def links_panel(
    request: HttpRequest, actor: Actor, page: RecordChain, now: datetime
) -> dict[str, Any]:
    """Return what Povezave shows: the whole chain, newest first or as a story."""
    chain_id = page.activity.chain_id or 0
    tellings = tell(actor, page.members)
    members = [
        Member(
            row.date,
            row,
            tellings.get(row.id),
            _follows(actor, page, row, tellings),
        )
        for row in page.members
    ]
    members += [Member(grave.date, grave=grave) for grave in list_graves(chain_id)]
    is_story = request.GET.get("order") == "story"
    # Members come newest first already; only graves must find their places.
    members.sort(key=lambda member: member.date, reverse=True)
    if is_story:
        members.reverse()
    rest = len(page.members) - 1
    return {
        "members": members,
        "is_story": is_story,
        "links_url": reverse(
            "activities:links", kwargs={"reference": page.activity.reference}
        ),
        "take_out_text": _(
            "This record leaves the chain; the others stay one chain (%(rest)s)."
        )
        % {"rest": rest},
    }


def sale_panel(page: RecordChain) -> dict[str, Any]:
    """Return what the panel of the sale shows: the marks, and what may be marked."""
    marks = list_marks(page.activity.chain_id or 0)
    return {
        "marks": [(mark, mark_words(mark)) for mark in marks],
        "stage_options": choices.stage_options(),
        "outcome_options": choices.outcomes(),
        "close_reasons": choices.close_reasons(),
        "currencies": choices.currencies(),
    }


def next_panel(reference: str, now: datetime) -> dict[str, Any]:
    """Return what "What comes next?" shows once a record is done."""
    return {
        "typed": blank_next(reference, now),
        "whats": what_options(),
        "quick_url": reverse("quick"),
    }


def mark_words(mark: Any) -> str:
    """Return what a mark says, without its amount and month."""
    if mark.kind == MarkKind.STAGE:
        return stage_name(mark.value)
    if mark.kind == MarkKind.OUTCOME:
        return outcome_name(mark.value)
    return str(mark.name)


def _follows(
    actor: Actor,
    page: RecordChain,
    row: ActivityRow,
    tellings: dict[int, Telling],
) -> list[Follow]:
    titles = {member.id: member.title for member in page.members}
    return [
        Follow(
            link.id,
            link.stimulus,
            titles.get(link.stimulus_id, ""),
            _may_split(actor, page, link, tellings),
            _split_text(page, link),
        )
        for link in page.links_of(follow_up=row.id)
    ]


def _may_split(
    actor: Actor, page: RecordChain, link: LinkRow, tellings: dict[int, Telling]
) -> bool:
    """Tell what split_chain will: maker, owners, creators, account owner, manager."""
    if not actor.can_record:
        return False
    owners = {r.owner_id for r in page.members if r.id in _ends(link)}
    creators = {t.created_by_id for pk, t in tellings.items() if pk in _ends(link)}
    entitled = {link.made_by_id, page.activity.company_owner_id, *owners, *creators}
    return actor.is_manager or actor.user_id in entitled


def _ends(link: LinkRow) -> tuple[int, int]:
    return link.follow_up_id, link.stimulus_id


def _split_text(page: RecordChain, link: LinkRow) -> str:
    """Return what removing a link does to the chain."""
    if len(page.links) > SPLITS_SHOWN:
        return _("The link is removed.")
    rest = [(x.follow_up_id, x.stimulus_id) for x in page.links if x.id != link.id]
    parts = components([row.id for row in page.members], rest)
    if len(parts) == 1:
        return _("The link is removed; the chain stays whole by other links.")
    sizes = sorted(map(len, parts), reverse=True)
    return _("The chain is split into two chains (%(one)s and %(other)s).") % {
        "one": sizes[0],
        "other": sizes[-1],
    }
