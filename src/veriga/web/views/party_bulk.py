"""One command for many companies or contacts: the window and the work.

views.bulk takes back what any of them did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from veriga.access.queries import user_names
from veriga.access.rules import Actor, Context
from veriga.common.errors import Invalid, NotAllowed, NotFound
from veriga.parties.queries import company_names, contact_names
from veriga.web.formats import number
from veriga.web.forms.bulk import read_chosen, write_chosen
from veriga.web.forms.companies import category_options, every_category, marks
from veriga.web.forms.party_bulk import (
    ACTIONS,
    all_parties_that_fit,
    read_party_command,
)
from veriga.web.pages import faults, show, writer
from veriga.work.queries.bulk import Chosen, Left
from veriga.work.queries.names import contact_functions
from veriga.work.queries.party_bulk import (
    VALUE,
    PartyCommand,
    PartyPlan,
    plan_companies,
    plan_contacts,
)
from veriga.work.rules.bulk import MOST, Of
from veriga.work.rules.party_bulk import CompanyAction, ContactAction
from veriga.work.services.bulk import Outcome
from veriga.work.services.party_bulk import run_for_companies, run_for_contacts

from .answers import closed
from .left import called_left, with_left
from .lists import choices
from .saving import show_window

TEMPLATE: Final = "bulk/window.html"
LISTS: Final = {Of.COMPANIES: "companies:list", Of.CONTACTS: "contacts:list"}


@dataclass
class Page:
    """What the window shows besides the plan."""

    of_list: str
    action: str
    typed: str
    chosen: list[Chosen]
    goes_on: bool = False
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_companies(self) -> bool:
        return self.of_list == "companies"


@require_http_methods(["GET", "POST"])
def command(request: HttpRequest, page: str, action: str) -> HttpResponse:
    """Ask what is to be done to the chosen rows, say what that changes, and do it.

    The rows stand in `rows`, or are `all` that the filters of the list leave.
    """
    context = writer(request)
    if page not in ACTIONS or action not in set(ACTIONS[page]):
        raise NotFound
    if not context.actor.can_record:
        raise NotAllowed
    data = request.POST if request.method == "POST" else request.GET
    asked = _page_of(context, page, action, data)
    if request.method == "POST" and "plan" not in request.GET:
        return _run(request, context, asked)
    return _ask(request, context, asked)


def company_commands(actor: Actor) -> tuple[tuple[str, str, str, str], ...]:
    """Return what the bar of companies offers: address, name, icon, key."""
    status = ((_address("companies", CompanyAction.STATUS), _("Status"), "flag", "S"),)
    return (
        *(
            (
                _address("companies", CompanyAction.OWNER),
                _("Account owner"),
                "user",
                "O",
            ),
        ),
        *(status if actor.is_manager or actor.may_activate else ()),
        (
            *(_address("companies", CompanyAction.ADD_CATEGORY), _("Add category")),
            *("tag", "K"),
        ),
        (
            *(_address("companies", CompanyAction.DROP_CATEGORY), _("Remove category")),
            *("x", "Shift+K"),
        ),
        (_address("companies", CompanyAction.ABC), _("ABC"), "star", "B"),
    )


def contact_commands() -> tuple[tuple[str, str, str, str], ...]:
    """Return what the bar of contacts offers: address, name, icon, key."""
    return (
        (_address("contacts", ContactAction.FUNCTION), _("Function"), "briefcase", "F"),
        (
            _address("contacts", ContactAction.LEFT),
            _("Last day"),
            "logout",
            "U",
        ),
    )


def undone_words(actor: Actor, undone: Outcome) -> str:
    """Return how many companies or contacts are as they were, and which are not."""
    ids = [int(one.reference) for one in undone.left]
    if undone.of is Of.COMPANIES:
        known = company_names(actor, ids)
        text = ngettext(
            "%(num)s company is as it was.",
            "%(num)s companies are as they were.",
            undone.number,
        )
    else:
        known = contact_names(actor, ids)
        text = ngettext(
            "%(num)s contact is as it was.",
            "%(num)s contacts are as they were.",
            undone.number,
        )
    left = [
        Left(one.reference, known.get(int(one.reference), ""), one.why)
        for one in undone.left
    ]
    return with_left(text % {"num": number(undone.number)}, called_left(left))


# --- the parts -------------------------------------------------------------------


def _address(page: str, action: str) -> str:
    return reverse("bulk_parties", kwargs={"page": page, "action": action})


def _page_of(context: Context, page: str, action: str, data: Mapping[str, str]) -> Page:
    typed = data.get(VALUE)
    if typed is None:
        typed = _first(action)
    if data.get("all") != "yes":
        return Page(page, action, typed, read_chosen(data.get("rows", "")))
    chosen, goes_on = all_parties_that_fit(page, context.actor, data)
    return Page(page, action, typed, chosen, goes_on)


def _first(action: str) -> str:
    """Return what stands in the field when the window opens."""
    if action == ContactAction.LEFT:
        return timezone.localdate().isoformat()
    return marks()[0][0] if action == CompanyAction.ABC else ""


def _run(request: HttpRequest, context: Context, page: Page) -> HttpResponse:
    run = run_for_companies if page.is_companies else run_for_contacts
    try:
        wanted = read_party_command(page.of_list, page.action, page.typed)
        done = run(context=context, chosen=page.chosen, command=wanted)
    except Invalid as error:
        page.errors = faults(error)
        return _ask(request, context, page)
    if done.batch is None:
        page.errors = {"": [_("Nothing was changed.")]}
        return _ask(request, context, page)
    text = with_left(_done_words(page, done.number), called_left(done.left))
    undo_url = reverse("undo_bulk", kwargs={"id": done.batch.pk})
    address = reverse(f"{page.of_list}:list")
    return closed(request, address, text, undo_url=undo_url, bulk=True)


def _ask(request: HttpRequest, context: Context, page: Page) -> HttpResponse:
    """Return the window, or of it what would be changed."""
    plan = _plan(context, page)
    heading, verb = _names()[page.action]
    name = _("Companies") if page.is_companies else _("Contacts")
    values: dict[str, Any] = {
        "nav": page.of_list,
        "address": _address(page.of_list, page.action),
        "back": (name, reverse(f"{page.of_list}:list")),
        "fields": "bulk/party_fields.html",
        "action": page.action,
        "heading": heading,
        "verb": verb,
        "rows": write_chosen(page.chosen),
        "errors": page.errors,
        "typed": page.typed,
        "plan_words": _plan_words(page, len(plan.fit)),
        "left": called_left(plan.left),
        "notes": _notes(page, plan),
        **_options(context.actor, page.action),
    }
    if "plan" in request.GET:
        return show(request, TEMPLATE, values, block="plan")
    status = 422 if page.errors and request.method == "POST" else 200
    return show_window(request, TEMPLATE, values, status=status)


def _options(actor: Actor, action: str) -> dict[str, Any]:
    """Return what the field of a command offers."""
    found: list[tuple[str, str]] = []
    if action == CompanyAction.OWNER:
        found = choices(user_names(actor))
    elif action == CompanyAction.STATUS:
        active = ("active", _("Active customer"))
        found = [active] if actor.may_activate else []
        if actor.is_manager:
            found = [*found, ("prospect", _("Prospect"))]
    elif action == CompanyAction.ADD_CATEGORY:
        found = category_options()
    elif action == CompanyAction.DROP_CATEGORY:
        found = every_category()
    elif action == CompanyAction.ABC:
        found = marks()
    functions = contact_functions() if action == ContactAction.FUNCTION else []
    return {"options": found, "functions": functions}


def _plan(context: Context, page: Page) -> PartyPlan[Any]:
    """Return the plan; while the value is wrong, the one for no value."""
    plan: Callable[..., PartyPlan[Any]] = (
        plan_companies if page.is_companies else plan_contacts
    )
    try:
        wanted = read_party_command(page.of_list, page.action, page.typed)
        return plan(context.actor, page.chosen, wanted, is_draft=True)
    except Invalid as error:
        page.errors = page.errors or faults(error)
    bare = PartyCommand(ACTIONS[page.of_list](page.action))
    try:
        return plan(context.actor, page.chosen, bare, is_draft=True)
    except Invalid:
        return PartyPlan([], [])


def _notes(page: Page, plan: PartyPlan[Any]) -> list[str]:
    notes = []
    if page.goes_on:
        text = _("The list is longer: these are its first %(num)s.")
        notes.append(text % {"num": number(MOST)})
    if plan.unseen:
        text = ngettext(
            "You will no longer see %(num)s company.",
            "You will no longer see %(num)s companies.",
            plan.unseen,
        )
        notes.append(text % {"num": number(plan.unseen)})
    if page.action == CompanyAction.OWNER:
        notes.append(
            _("Open activities keep their owners; assign them in their own lists.")
        )
    if page.action == ContactAction.LEFT:
        notes.append(_("Activities keep naming them; forms offer them last."))
    return notes


def _plan_words(page: Page, fit: int) -> str:
    if page.is_companies:
        if not fit:
            return _("No company would change.")
        text = ngettext("%(num)s company changes.", "%(num)s companies change.", fit)
    else:
        if not fit:
            return _("No contact would change.")
        text = ngettext("%(num)s contact changes.", "%(num)s contacts change.", fit)
    return text % {"num": number(fit)}


def _done_words(page: Page, count: int) -> str:
    if page.is_companies:
        text = ngettext(
            "%(num)s company is changed.", "%(num)s companies are changed.", count
        )
    else:
        text = ngettext(
            "%(num)s contact is changed.", "%(num)s contacts are changed.", count
        )
    return text % {"num": number(count)}


def _names() -> dict[str, tuple[str, str]]:
    """Return of each command its heading and its verb."""
    return {
        CompanyAction.OWNER: (_("Account owner of the selected"), _("Hand over")),
        CompanyAction.STATUS: (_("Status of the selected"), _("Set")),
        CompanyAction.ADD_CATEGORY: (_("Category for the selected"), _("Add")),
        CompanyAction.DROP_CATEGORY: (_("Category of the selected"), _("Remove")),
        CompanyAction.ABC: (_("ABC mark of the selected"), _("Set")),
        ContactAction.LEFT: (_("Last day of the selected at their company"), _("Set")),
        ContactAction.FUNCTION: (_("Function of the selected"), _("Set")),
    }
