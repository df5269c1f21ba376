"""Ctrl+K: jump to any reference or name, run any command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from veriga.access.rules import Actor
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.rules.words import KindCode
from veriga.common.checks import clean_query
from veriga.common.text import fold
from veriga.web.found import product_address
from veriga.web.insight.shell import page_names
from veriga.web.pages import is_htmx, reader, show
from veriga.web.pieces import url
from veriga.work.queries.search import Found, search

COMMANDS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `click` is the selector of an element that does it.

    `words` are further words by which it is found.
    """

    name: str
    icon: str
    href: str
    window: bool = False
    key: str = ""
    click: str = ""
    words: str = ""


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """What fits the typed text: records first, commands after them."""
    actor = reader(request)
    q = clean_query(request.GET.get("q", ""))
    found = search(actor, q, now=timezone.now())
    values = {
        "q": q,
        "found": found,
        "groups": list(groups(found)) if q else _newest(found),
        "products": [(one, product_address(actor, one)) for one in found.products],
        "is_code": fold(q) in {fold(one.code) for one in found.products},
        "is_manager": actor.is_manager,
        "commands": matching(commands(actor), q),
    }
    if is_htmx(request):
        return show(request, "palette/results.html", values)
    return show(request, "palette/page.html", values)


def groups(found: Found) -> Iterator[tuple[str, list[ActivityRow]]]:
    """Yield the name of each kind that was found, and what was found of it."""
    for kind, name in (
        (KindCode.EVENT, _("Events")),
        (KindCode.TASK, _("Tasks")),
        (KindCode.PRODUCT_RECORD, _("Product records")),
        (KindCode.QUOTE, _("Quotes")),
    ):
        rows = found.of_kind(kind)
        if rows:
            yield name, rows


def _newest(found: Found) -> list[tuple[str, list[ActivityRow]]]:
    rows = found.activities
    return [(_("Your newest activities"), rows)] if rows else []


def matching(known: Iterator[Command], q: str) -> list[Command]:
    """Return the commands that have a word for every word of `q`."""
    wanted = fold(q).split()
    found = []
    for command in known:
        words = _words_of(f"{command.name} {command.words}")
        if all(any(_begins(word, one) for word in words) for one in wanted):
            found.append(command)
    return found[:COMMANDS_SHOWN] if wanted else found


@lru_cache(maxsize=512)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(fold(text).split())


def _begins(word: str, typed: str) -> bool:
    """Tell whether a word begins as typed; the ending of a case may differ."""
    stem = typed[:-1] if len(typed) > 4 else typed
    return word.startswith((typed, stem))


def commands(actor: Actor) -> Iterator[Command]:
    """Yield the commands that the actor may run, the likeliest first."""
    if actor.can_record:
        yield from _additions()
    yield from _places()
    if actor.is_manager:
        limits = url("silence_limits")
        yield Command(_("Limits of silence"), "clock", limits, words=_go())
        targets = url("forecast:targets")
        yield Command(_("Targets"), "target", targets, words=_go())
        coverage = url("coverage")
        yield Command(_("Link coverage"), "link", coverage, words=_go())
    if actor.is_administrator:
        yield Command(_("Users"), "user-circle", url("users:list"), words=_go())
        yield Command(_("Teams"), "users-group", url("teams:list"), words=_go())
        fields = url("fields:list")
        yield Command(_("Custom fields"), "list-details", fields, words=_go())
        sizes = url("attachment_limits")
        yield Command(_("What may be attached"), "settings", sizes, words=_go())
        hours = url("settings:working_time")
        yield Command(_("Working time"), "clock", hours, words=_go())
    yield from _own()


def _go() -> str:
    return _("go to open show")


def _additions() -> Iterator[Command]:
    words = _("new make record")
    for name, icon, address in (
        (_("Add event"), "calendar-plus", "events:new"),
        (_("Add task"), "checkbox", "tasks:new"),
        (_("Add product record"), "package", "product_records:new"),
        (_("Add quote"), "file-text", "quotes:new"),
        (_("Add company"), "building", "companies:new"),
        (_("Add contact"), "user-plus", "contacts:new"),
    ):
        yield Command(name, icon, url(address), window=True, words=words)


def _places() -> Iterator[Command]:
    for name, icon, address in (
        (_("Desk"), "layout-dashboard", "desk"),
        (_("Calendar"), "calendar", "calendar"),
        (_("Pipeline board"), "layout-kanban", "board"),
        (_("Forecast"), "chart-bar", "forecast:page"),
        (_("Open chains"), "timeline", "running"),
        (_("Activity overview"), "layout-list", "activities:overview"),
        (_("Companies"), "building", "companies:list"),
        (_("Contacts"), "users", "contacts:list"),
        (_("Events"), "calendar-event", "events:list"),
        (_("Tasks"), "checkbox", "tasks:list"),
        (_("Product records"), "package", "product_records:list"),
        (_("Quotes"), "file-text", "quotes:list"),
        (_("Products"), "tag", "products:list"),
    ):
        yield Command(name, icon, url(address), words=_go())
    insight = f"{_go()} {_('Insight')}"
    for kind, name in page_names().items():
        yield Command(name, "chart-dots", url(f"insight:{kind}"), words=insight)
    own = url("activities:overview") + "?owner=me&state=open&order=due"
    rules = _("automation when then steps log")
    yield Command(_("Rules"), "route", url("rules:list"), words=rules)
    yield Command(_("My open work"), "clock", own, words=_go())
    yield Command(_("Notices"), "bell", url("notices:list"), words=_go())
    deleted = _("go to open show bring back undo")
    yield Command(_("Deleted"), "trash", url("deleted"), words=deleted)


def _own() -> Iterator[Command]:
    account = url("me:account")
    themes = _("theme colours appearance")
    for value, name, icon in (
        ("light", _("Light theme"), "sun"),
        ("dark", _("Dark theme"), "moon"),
        ("auto", _("Theme as the computer"), "device-desktop"),
    ):
        click = f"[data-theme-form] [value={value}]"
        yield Command(name, icon, account, click=click, words=themes)
    yield Command(_("Change language"), "world", account, words="language jezik")
    yield Command(_("Change password"), "lock", url("me:password"))
    yield Command(_("My account"), "user-circle", account, words=_go())
    leave = url("account_logout")
    click = f"form[action='{leave}'] button"
    yield Command(_("Sign out"), "logout", leave, click=click)
