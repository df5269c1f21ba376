"""Group events: list, form, replies, whom to invite, the sheet to sign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veriga.access.queries import user_names
from veriga.activities.rules.words import KindCode
from veriga.common.checks import clean_query
from veriga.common.errors import Conflict, Invalid, NotAllowed
from veriga.events.queries.gatherings import (
    MOST,
    ROWS,
    Wanted,
    contacts_with,
    get_gathering,
    invitable,
    leads,
    list_gatherings,
    list_invited,
    tallies,
)
from veriga.events.rules import Reply
from veriga.events.services import (
    add_companies,
    create_gathering,
    finish_gathering,
    set_reply,
    update_gathering,
    withdraw_company,
)
from veriga.web.formats import day_iso, number
from veriga.web.forms.choices import types
from veriga.web.forms.companies import category_options
from veriga.web.forms.filters import read_company_filters
from veriga.web.forms.opened import version_of
from veriga.web.pages import Typed, done, reader, show, writer
from veriga.work.messages import message_of
from veriga.work.services.gatherings import make_follow_up_tasks

from .answers import undo_address
from .lists import choices, next_address, show_list
from .mentions import with_untold_of_gathering
from .saving import problems_of

FIELDS = (
    *("title", "type", "starts_on", "starts_time", "ends_on", "ends_time"),
    *("place", "text", "owner"),
)
ERRORS_AT = {"starts_at": "starts_on", "ends_at": "ends_on"}


def reply_names() -> dict[str, str]:
    """Return what a company's reply is called."""
    return {
        Reply.INVITED: pgettext("reply", "invited"),
        Reply.ACCEPTED: _("accepted"),
        Reply.DECLINED: _("declined"),
        Reply.CAME: _("came"),
        Reply.STAYED_AWAY: _("stayed away"),
    }


def address_of(id: int) -> str:
    return reverse("gatherings:page", kwargs={"id": id})


@require_GET
def gathering_list(request: HttpRequest) -> HttpResponse:
    """The group events that the user sees, the latest first."""
    actor = reader(request)
    page = list_gatherings(actor, cursor=request.GET.get("cursor") or None)
    counts = tallies(actor, [one.pk for one in page.rows])
    values = {
        "nav": "events",
        "rows": [(one, counts[one.pk]) for one in page.rows],
        "next_url": next_address(request, page.next),
    }
    return show(request, "gatherings/list.html", values)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new group event; whom to invite comes next."""
    context = writer(request)
    if not context.actor.can_record:
        raise NotAllowed
    if request.method == "GET":
        empty = {"type": "visit", "owner": context.actor.user_id}
        return _form(request, {**dict.fromkeys(FIELDS, ""), **empty})
    try:
        made = create_gathering(context=context, values=_typed(request))
    except Invalid as error:
        return _form(request, request.POST.dict(), error)
    address = reverse("gatherings:choose", kwargs={"id": made.pk})
    said = _("The group event was added. Whom to invite?")
    said = with_untold_of_gathering(context.actor, made, said)
    return done(request, address, said)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, id: int) -> HttpResponse:
    """The form of what all companies share."""
    context = writer(request)
    gathering = get_gathering(context.actor, id)
    if not leads(context.actor, gathering):
        raise NotAllowed
    if request.method == "GET":
        return _form(request, _stored(gathering), gathering=gathering)
    try:
        gathering = update_gathering(
            context=context,
            gathering_id=id,
            changes=_typed(request),
            expected_version=version_of(request.POST),
        )
    except (Invalid, Conflict) as error:
        return _form(request, request.POST.dict(), error, gathering=gathering)
    said = _("The group event was saved.")
    said = with_untold_of_gathering(context.actor, gathering, said)
    return done(request, address_of(id), said)


@require_GET
def page(request: HttpRequest, id: int) -> HttpResponse:
    """One group event with the companies that the user sees."""
    return _page(request, id)


@require_GET
def sheet(request: HttpRequest, id: int) -> HttpResponse:
    """The sheet on which those who come sign."""
    actor = reader(request)
    gathering = get_gathering(actor, id)
    found = list_invited(actor, gathering, now=timezone.now(), limit=MOST)
    rows = [row for row in found.rows if row.reply != Reply.DECLINED]
    values = {"nav": "events", "g": gathering, "rows": rows}
    return show(request, "gatherings/sheet.html", values)


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, id: int) -> HttpResponse:
    """Whom to invite: those ticked, or all that fit the filters."""
    context = writer(request)
    actor = context.actor
    if not actor.can_record:
        raise NotAllowed
    gathering = get_gathering(actor, id)
    given = request.POST if request.method == "POST" else request.GET
    filters = read_company_filters(given)
    today = timezone.localdate()
    wanted = Wanted(
        clean_query(given.get("function", "")), clean_query(given.get("note", ""))
    )
    fitting = invitable(actor, gathering, filters, wanted, on=today)
    if request.method == "POST":
        if "all" in request.POST:
            ids = list(fitting.values_list("pk", flat=True)[: MOST + 1])
        else:
            ids = [int(pk) for pk in request.POST.getlist("company") if _is_number(pk)]
        try:
            added = add_companies(
                context=context,
                gathering_id=id,
                company_ids=ids,
                contacts={
                    at: [one.pk for one in people]
                    for at, people in contacts_with(wanted, ids, on=today).items()
                },
            )
        except Invalid as error:
            return _page(request, id, message_of(error), 422)
        said = ngettext("%(num)s company added.", "%(num)s companies added.", added)
        said = with_untold_of_gathering(actor, gathering, said % {"num": number(added)})
        return done(request, address_of(id), said)
    companies = list(fitting[:ROWS])
    values = {
        "nav": "events",
        "g": gathering,
        "companies": companies,
        "people": contacts_with(wanted, [one.pk for one in companies], on=today),
        "count": fitting.order_by().count(),
        "filters": filters,
        "wanted": wanted,
        "owners": choices(user_names(actor)),
        "categories": category_options(),
    }
    return show_list(request, "gatherings/choose.html", values)


@require_POST
def reply(request: HttpRequest, id: int, reference: str) -> HttpResponse:
    """Note what a company answered, or whether it came."""
    try:
        set_reply(
            context=writer(request),
            gathering_id=id,
            reference=reference,
            reply=request.POST.get("reply", ""),
        )
    except Invalid as error:
        return _page(request, id, message_of(error), 422)
    # Back to the tab that was open, and to the row.
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return HttpResponseRedirect(f"{address_of(id)}{query}#row-{reference}")


@require_POST
def withdraw(request: HttpRequest, id: int, reference: str) -> HttpResponse:
    """Take a company out, with undo."""
    changed = withdraw_company(
        context=writer(request), gathering_id=id, reference=reference
    )
    text = _("The company was withdrawn.")
    if changed is None:
        text = _("The event has follow-ups, so it stays and is cancelled.")
    undo = undo_address(changed.change if changed else None)
    return done(request, address_of(id), text, undo_url=undo)


@require_POST
def finish(request: HttpRequest, id: int) -> HttpResponse:
    """Finish the events of all companies by who came."""
    try:
        finish_gathering(context=writer(request), gathering_id=id)
    except Conflict as error:
        return _page(request, id, message_of(error), 409)
    return done(request, address_of(id), _("The group event is finished."))


@require_POST
def tasks(request: HttpRequest, id: int) -> HttpResponse:
    """Make a follow-up task for each company that came."""
    typed = Typed(request.POST)
    try:
        title, due_on, owner = typed.text("title"), typed.day("due_on"), "owner"
        chosen = typed.number(owner)
        typed.raise_if_any()
        made = make_follow_up_tasks(
            context=writer(request),
            gathering_id=id,
            title=title,
            due_on=due_on,
            owner=chosen,
        )
    except (Invalid, Conflict) as error:
        said = [one for some in problems_of(error).values() for one in some]
        return _page(request, id, " ".join(said), 422)
    text = ngettext("%(num)s task added.", "%(num)s tasks added.", len(made))
    return done(request, address_of(id), text % {"num": number(len(made))})


def _page(
    request: HttpRequest, id: int, problem: str = "", status: int = 200
) -> HttpResponse:
    actor, now = reader(request), timezone.now()
    gathering = get_gathering(actor, id)
    wanted = request.GET.get("reply", "")
    chosen = wanted if wanted in set(Reply) else ""
    found = list_invited(
        actor,
        gathering,
        now=now,
        reply=chosen,
        q=request.GET.get("q", ""),
        cursor=request.GET.get("cursor") or None,
    )
    values = {
        "nav": "events",
        "g": gathering,
        "rows": found.rows,
        "next_url": next_address(request, found.next),
        "tally": tallies(actor, [id])[id],
        "names": reply_names(),
        "chosen": chosen,
        "q": clean_query(request.GET.get("q", "")),
        "leads": leads(actor, gathering),
        "has_begun": gathering.starts_at <= now,
        "owners": choices(user_names(actor)),
        "problem": problem,
        "typed": request.POST,
    }
    return show(request, "gatherings/page.html", values, status=status)


def _form(
    request: HttpRequest,
    form: Mapping[str, Any],
    error: Invalid | Conflict | None = None,
    *,
    gathering: Any = None,
) -> HttpResponse:
    errors = {
        ERRORS_AT.get(name, name): said
        for name, said in (problems_of(error) if error else {}).items()
    }
    values = {
        "nav": "events",
        "g": gathering,
        "form": {**dict.fromkeys(FIELDS, ""), **form},
        "errors": errors,
        "version": request.POST.get("row_version")
        or (gathering.row_version if gathering else ""),
        "types": types(KindCode.EVENT, str(form.get("type", ""))),
        "owners": choices(user_names(reader(request))),
    }
    return show(request, "gatherings/form.html", values, status=422 if error else 200)


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Return what the services take; without an hour it lasts all day."""
    typed = Typed(request.POST)
    all_day = not typed.text("starts_time").strip()
    starts_at = typed.instant("starts_on", "starts_time")
    end_day = "ends_on" if typed.text("ends_on").strip() else "starts_on"
    has_end = end_day == "ends_on" or typed.text("ends_time").strip()
    ends_at = typed.instant(end_day, "ends_time") if has_end else None
    owner = typed.number("owner")
    typed.raise_if_any()
    plain = {name: typed.text(name) for name in ("title", "type", "place", "text")}
    plain["text"] = plain["text"].replace("\r\n", "\n")
    times = {"starts_at": starts_at, "ends_at": ends_at, "all_day": all_day}
    return {**plain, **times, "owner": owner}


def _stored(gathering: Any) -> dict[str, Any]:
    start = timezone.localtime(gathering.starts_at)
    end = timezone.localtime(gathering.ends_at) if gathering.ends_at else None
    if end and gathering.all_day:
        end -= timedelta(microseconds=1)
    clock = not gathering.all_day
    return {
        "title": gathering.title,
        "type": gathering.type_id,
        "starts_on": day_iso(start),
        "starts_time": f"{start:%H:%M}" if clock else "",
        "ends_on": day_iso(end) if end else "",
        "ends_time": f"{end:%H:%M}" if end and clock else "",
        "place": gathering.place,
        "text": gathering.text,
        "owner": gathering.owner_id,
    }


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
