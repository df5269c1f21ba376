"""One command for many rows of a list: the window that asks, the work, its undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from veriga.access.queries import user_names
from veriga.access.rules import Context
from veriga.activities.rules.words import KindCode
from veriga.common.errors import Invalid, NotAllowed, NotFound
from veriga.setup.models import Importance
from veriga.web.formats import number
from veriga.web.forms.bulk import (
    all_that_fit,
    read_chosen,
    read_command,
    write_chosen,
)
from veriga.web.forms.choices import offered, result_name
from veriga.web.pages import faults, show, writer
from veriga.web.words import kind_name
from veriga.work.queries.bulk import (
    Chosen,
    Command,
    Plan,
    likeliest_targets,
    plan_command,
)
from veriga.work.rules.bulk import MOST, RESULTS, Action, Of
from veriga.work.services.bulk import run_command, undo_command

from .answers import changed, closed
from .left import named_left, with_left
from .lists import choices
from .party_bulk import LISTS, undone_words
from .record_forms import reason_names
from .saving import show_window

TEMPLATE: Final = "bulk/window.html"
TYPED: Final = ("owner", "days", "stimulus", "likely")


@dataclass
class Page:
    """What the window shows besides the plan."""

    action: str
    chosen: list[Chosen]
    group_events: int = 0
    goes_on: bool = False
    errors: dict[str, list[str]] = field(default_factory=dict)


@require_http_methods(["GET", "POST"])
def command(request: HttpRequest, action: str) -> HttpResponse:
    """Ask what is to be done to the chosen rows, say what that changes, and do it.

    The rows stand in `rows`, or are `all` that the filters of a list leave.
    """
    context = writer(request)
    if action not in set(Action):
        raise NotFound
    if not context.actor.can_record:
        raise NotAllowed
    data = request.POST if request.method == "POST" else request.GET
    page = _page_of(context, action, data)
    if request.method == "POST" and "plan" not in request.GET:
        return _run(request, context, page, data)
    return _ask(request, context, page, data)


@require_POST
def undo(request: HttpRequest, id: int) -> HttpResponse:
    """Give all rows of a command back what they had before it."""
    context = writer(request)
    undone = undo_command(context=context, batch_id=id)
    if undone.of is not Of.ACTIVITIES:
        text = undone_words(context.actor, undone)
        return changed(request, reverse(LISTS[undone.of]), text)
    text = ngettext(
        "%(num)s activity is as it was.",
        "%(num)s activities are as they were.",
        undone.number,
    ) % {"num": number(undone.number)}
    address = reverse("activities:overview")
    return changed(request, address, with_left(text, named_left(undone.left)))


# --- the parts -------------------------------------------------------------------


def _page_of(context: Context, action: str, data: Mapping[str, str]) -> Page:
    if data.get("all") != "yes":
        return Page(action, read_chosen(data.get("rows", "")))
    found = all_that_fit(context.actor, data, now=context.now)
    return Page(action, *found)


def _run(
    request: HttpRequest, context: Context, page: Page, data: Mapping[str, str]
) -> HttpResponse:
    try:
        wanted = read_command(page.action, data)
        done = run_command(context=context, chosen=page.chosen, command=wanted)
    except Invalid as error:
        page.errors = faults(error)
        return _ask(request, context, page, data)
    if done.batch is None:
        page.errors = {"": [_("Nothing was changed.")]}
        return _ask(request, context, page, data)
    text = with_left(_done_words(page.action, done.number), named_left(done.left))
    undo_url = reverse("undo_bulk", kwargs={"id": done.batch.pk})
    address = reverse("activities:overview")
    return closed(request, address, text, undo_url=undo_url, bulk=True)


def _ask(
    request: HttpRequest, context: Context, page: Page, data: Mapping[str, str]
) -> HttpResponse:
    """Return the window, or of it what would be changed."""
    plan = _plan(context, page, data)
    kinds: set[str] = {activity.kind for activity in plan.fit}
    if any(one.why.code == "no_result" for one in plan.left):
        kinds.add(KindCode.QUOTE)
    values: dict[str, Any] = {
        "nav": "bulk",
        "address": reverse("bulk", kwargs={"action": page.action}),
        "back": (_("Activity overview"), reverse("activities:overview")),
        "fields": "bulk/fields.html",
        "action": page.action,
        "heading": _headings()[page.action],
        "verb": _verbs()[page.action],
        "rows": write_chosen(page.chosen),
        "errors": page.errors,
        "typed": _typed(data),
        "plan_words": _plan_words(plan, page.action),
        "left": named_left(plan.left),
        "notes": _notes(page),
        "owners": choices(user_names(context.actor)),
        "importances": offered(Importance),
        "results": [
            (
                f"result_{kind}",
                kind_name(kind),
                _results(kind),
            )
            for kind in KindCode
            if kind in kinds
        ],
    }
    if "plan" in request.GET:
        return show(request, TEMPLATE, values, block="plan")
    if page.action == Action.LINK:
        values |= _targets(context, plan)
    # A window that opens says by itself what is wrong with the rows.
    status = 422 if page.errors and request.method == "POST" else 200
    return show_window(request, TEMPLATE, values, status=status)


def _targets(context: Context, plan: Plan) -> dict[str, Any]:
    """Return what the activities may all follow, and whether there is one company."""
    companies = {activity.company_id for activity in plan.fit}
    return {
        "candidates": likeliest_targets(context.actor, plan.fit, now=context.now),
        "reason_names": reason_names(),
        "is_one_company": len(companies) < 2,
    }


def _results(kind: str) -> list[tuple[str, str]]:
    found = [(one.value, result_name(one)) for one in RESULTS[kind]]
    if kind == KindCode.QUOTE:
        found.insert(0, ("", pgettext("quotes", "They stay open")))
    return found


def _plan(context: Context, page: Page, data: Mapping[str, str]) -> Plan:
    """Return the plan; while a value is wrong, the one for no value."""
    try:
        wanted = read_command(page.action, _typed(data))
        return plan_command(context.actor, page.chosen, wanted, is_draft=True)
    except Invalid as error:
        page.errors = page.errors or faults(error)
    if "" in page.errors:  # the rows themselves are too many or none
        return Plan([], [])
    bare = Command(Action(page.action), importance=_typed(data)["importance"])
    try:
        return plan_command(context.actor, page.chosen, bare, is_draft=True)
    except Invalid:
        return Plan([], [])


def _typed(data: Mapping[str, str]) -> dict[str, str]:
    """Return what stands in the fields, with what they begin with."""
    found = {name: data.get(name, "") for name in TYPED}
    usual = offered(Importance)
    first = usual[0][0] if usual else ""
    found["importance"] = data.get("importance", first)
    found |= {f"result_{kind}": data.get(f"result_{kind}", "") for kind in KindCode}
    return found


def _notes(page: Page) -> list[str]:
    notes = []
    if page.goes_on:
        text = _("The list is longer: these are its first %(num)s.")
        notes.append(text % {"num": number(MOST)})
    if page.group_events:
        text = ngettext(
            "%(num)s group event is left out: it is changed by itself.",
            "%(num)s group events are left out: they are changed by themselves.",
            page.group_events,
        )
        notes.append(text % {"num": number(page.group_events)})
    if page.action == Action.MOVE:
        notes.append(
            _(
                "Events move as a whole, of tasks the deadline, of product records the"
                " follow-up, of quotes the validity. What is done stays."
            )
        )
    if page.action == Action.DELETE:
        notes.append(
            _("What is deleted leaves its chain; for 30 days it can be brought back.")
        )
    return notes


def _plan_words(plan: Plan, action: str) -> str:
    fit = len(plan.fit)
    if not fit:
        return _("No activity would change.")
    if action == Action.DELETE:
        text = ngettext(
            "You delete %(num)s activity.", "You delete %(num)s activities.", fit
        )
        return text % {"num": number(fit)}
    return ngettext("%(num)s activity changes.", "%(num)s activities change.", fit) % {
        "num": number(fit)
    }


def _done_words(action: str, count: int) -> str:
    say: dict[str, Callable[[], str]] = {
        Action.ASSIGN: lambda: ngettext(
            "%(num)s activity is assigned.", "%(num)s activities are assigned.", count
        ),
        Action.FINISH: lambda: ngettext(
            "%(num)s activity is done.", "%(num)s activities are done.", count
        ),
        Action.MOVE: lambda: ngettext(
            "%(num)s activity is moved.", "%(num)s activities are moved.", count
        ),
        Action.IMPORTANCE: lambda: ngettext(
            "The importance of %(num)s activity is set.",
            "The importance of %(num)s activities is set.",
            count,
        ),
        Action.LINK: lambda: ngettext(
            "%(num)s activity is linked.", "%(num)s activities are linked.", count
        ),
        Action.DELETE: lambda: ngettext(
            "%(num)s activity is deleted.", "%(num)s activities are deleted.", count
        ),
    }
    return say[action]() % {"num": number(count)}


def _headings() -> dict[str, str]:
    return {
        Action.ASSIGN: _("Assign the selected"),
        Action.FINISH: _("Finish the selected"),
        Action.MOVE: _("Move the dates of the selected"),
        Action.IMPORTANCE: _("Importance of the selected"),
        Action.LINK: _("Link the selected"),
        Action.DELETE: _("Delete the selected"),
    }


def _verbs() -> dict[str, str]:
    return {
        Action.ASSIGN: _("Assign"),
        Action.FINISH: _("Finish"),
        Action.MOVE: _("Move"),
        Action.IMPORTANCE: _("Set"),
        Action.LINK: _("Link"),
        Action.DELETE: _("Delete"),
    }
