"""Rules: their list, the form of one, switching it, trying it out, and the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veriga.access.queries import list_teams, user_names
from veriga.access.rules import Actor, Context
from veriga.activities.rules.words import KindCode
from veriga.automation.queries.rehearsal import Rehearsal, rehearse
from veriga.automation.queries.rules import get_rule, list_rules
from veriga.automation.queries.runs import (
    RunFilters,
    count_runs,
    list_runs,
    numbers_of_rules,
)
from veriga.automation.rules import Deed, may_keep
from veriga.automation.services import (
    create_rule,
    delete_rule,
    switch_rule,
    update_rule,
)
from veriga.common.errors import Conflict, Invalid, NotAllowed
from veriga.web import rule_words
from veriga.web.formats import number
from veriga.web.forms import rules as forms
from veriga.web.forms.opened import version_of
from veriga.web.pages import Typed, done, reader, writer
from veriga.work.queries.overview import COUNT_LIMIT

from .lists import choices, count_of, next_address, said_count, show_list
from .saving import problems_of, saved, show_window, version_for

if TYPE_CHECKING:
    from veriga.automation.models import Rule

COUNTED = timedelta(days=30)


@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """The rules that apply to what the user does."""
    actor = reader(request)
    numbers = numbers_of_rules(actor, since=timezone.now() - COUNTED)
    values = {
        "nav": "rules",
        "rows": [_shown(actor, rule, numbers) for rule in list_rules(actor)],
        "may_make": may_keep(actor, actor.team_id),
    }
    return show_list(request, "rules/list.html", values)


def _shown(actor: Actor, rule: Rule, numbers: Mapping[int, int]) -> dict[str, Any]:
    times = numbers.get(rule.pk, 0)
    text = ngettext(
        "Set off %(num)s time in 30 days", "Set off %(num)s times in 30 days", times
    )
    return {
        "rule": rule,
        "when": rule_words.when_words(rule),
        "steps": [rule_words.step_words(step) for step in rule.steps.all()],
        "times": text % {"num": number(times)} if times else "",
        "may_change": may_keep(actor, rule.team_id),
    }


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new rule."""
    context = _keeper(request)
    if request.method == "GET":
        values = forms.new_rule(_own_team(context.actor))
        return _show_form(request, context.actor, values)
    try:
        draft = forms.read_rule(request.POST, _own_team(context.actor))
        rule = create_rule(context=context, draft=draft)
    except Invalid as error:
        error = forms.placed(error, request.POST)
        return _show_form(request, context.actor, _typed(request), error=error)
    text = _("The rule was added. Try it on the last month, then switch it on.")
    return saved(request, _address(rule), text, opens_page=True)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, id: int) -> HttpResponse:
    """The form of a rule."""
    context = _keeper(request)
    rule = get_rule(context.actor, id)
    if not may_keep(context.actor, rule.team_id):
        raise NotAllowed
    if request.method == "GET":
        return _show_form(request, context.actor, forms.shown_rule(rule), rule)
    try:
        draft = forms.read_rule(request.POST, _own_team(context.actor))
        version = version_of(request.POST)
        update_rule(context=context, rule_id=id, draft=draft, expected_version=version)
    except (Invalid, Conflict) as error:
        if isinstance(error, Invalid):
            error = forms.placed(error, request.POST)
        return _show_form(request, context.actor, _typed(request), rule, error)
    text = _("The rule was saved.")
    return saved(request, _address(rule), text, opens_page=True)


@require_POST
def switch(request: HttpRequest, id: int) -> HttpResponse:
    """Switch a rule on or off."""
    is_on = request.POST.get("on") == "1"
    switch_rule(
        context=_keeper(request),
        rule_id=id,
        on=is_on,
        expected_version=version_of(request.POST),
    )
    text = _("The rule is on.") if is_on else _("The rule is off.")
    return done(request, reverse("rules:list"), text)


@require_POST
def delete(request: HttpRequest, id: int) -> HttpResponse:
    """Delete a rule that has never been at work."""
    delete_rule(context=_keeper(request), rule_id=id)
    return done(request, reverse("rules:list"), _("The rule was deleted."))


@require_GET
def rehearsal(request: HttpRequest, id: int) -> HttpResponse:
    """What a rule would have done in the last month."""
    actor = reader(request)
    rule = get_rule(actor, id)
    found = rehearse(actor, rule, now=timezone.now())
    values = {
        "nav": "rules",
        "rule": rule,
        "when": rule_words.when_words(rule),
        "found": found,
        "summary": _summary(found),
        "step_words": rule_words.deed_words,
        "why_words": rule_words.why_words,
        "stop_names": {
            "reacted": _("ended: the customer has reacted"),
            "closed": _("ended: the sale is closed"),
        },
        "may_change": may_keep(actor, rule.team_id),
    }
    return show_list(request, "rules/rehearsal.html", values)


def _summary(found: Rehearsal) -> list[str]:
    times = len(found.occasions)
    texts = [
        (ngettext("%(num)s occasion", "%(num)s occasions", times), times),
        (
            ngettext(
                "%(num)s activity made", "%(num)s activities made", found.activities
            ),
            found.activities,
        ),
        (
            ngettext(
                "ended early %(num)s time", "ended early %(num)s times", found.stopped
            ),
            found.stopped,
        ),
        (
            ngettext(
                "%(num)s step not possible",
                "%(num)s steps not possible",
                found.impossible,
            ),
            found.impossible,
        ),
    ]
    return [text % {"num": number(value)} for text, value in texts if value]


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """What rules did, at the companies that the user sees."""
    actor = reader(request)
    filters = _filters(request)
    runs = list_runs(actor, filters, cursor=request.GET.get("cursor") or None)
    count = count_of(
        request, runs, lambda: count_runs(actor, filters, limit=COUNT_LIMIT)
    )
    values = {
        "nav": "rules",
        "runs": runs.rows,
        "words": rule_words,
        "next_url": next_address(request, runs.next),
        "count": said_count(count),
        "typed": request.GET,
        "rules": choices((one.pk, one.name) for one in list_rules(actor)),
        "states": list(rule_words.state_names().items()),
        "is_filtered": filters != RunFilters(),
    }
    return show_list(request, "rules/log.html", values)


def _filters(request: HttpRequest) -> RunFilters:
    typed = Typed(request.GET)
    filters = RunFilters(typed.number("rule"), typed.text("state"))
    typed.raise_if_any()
    return filters


def _keeper(request: HttpRequest) -> Context:
    """Return the context of somebody who may keep rules; nobody else has these."""
    context = writer(request)
    if not may_keep(context.actor, context.actor.team_id):
        raise NotAllowed
    return context


def _own_team(actor: Actor) -> int | None:
    """Return the team whose rules somebody keeps, None if those of all."""
    return None if actor.sees_everything else actor.team_id


def _address(rule: Rule) -> str:
    return f"{reverse('rules:list')}#rule-{rule.pk}"


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items()}


def _show_form(
    request: HttpRequest,
    actor: Actor,
    values: Mapping[str, str],
    rule: Rule | None = None,
    error: Invalid | Conflict | None = None,
) -> HttpResponse:
    """Return the form of a rule; given back if there is an error."""
    is_stale = error is not None and error.code == "stale"
    rows = forms.step_rows(values)
    people = [*rule_words.person_names().items(), *choices(user_names(actor))]
    deeds = [
        (Deed.NOTIFY.value, pgettext("step of a rule", "Notice")),
        (Deed.ASSIGN.value, pgettext("step of a rule", "New account owner")),
    ]
    what = values.get("what", "")
    context = {
        "nav": "rules",
        "rule": rule,
        "values": values,
        "steps": rows,
        "used": forms.used_steps(rows),
        "errors": problems_of(error) if error else {},
        "version": version_for(request, rule, is_stale=is_stale),
        "stored_now": _stored(rule) if is_stale and rule else [],
        "triggers": list(rule_words.trigger_names().items()),
        "whats": forms.what_options(KindCode, whole=True, present=what),
        "results": forms.result_options(),
        "directions": forms.direction_options(),
        "stages": forms.stage_choices(values.get("stage", "")),
        "categories": forms.category_options(values.get("category", "")),
        "teams": choices((team.pk, team.name) for team in list_teams(actor)),
        "may_choose_team": actor.sees_everything,
        "made": [
            [
                *forms.what_options(forms.MADE, whole=False, present=row["what"]),
                {"label": _("Without an activity"), "options": deeds},
            ]
            for row in rows
        ],
        "people": people,
    }
    status = 422 if error else 200
    return show_window(request, "rules/form.html", context, status=status)


def _stored(rule: Rule) -> list[str]:
    """Return what is stored by now, for whoever was overtaken."""
    steps = [rule_words.step_words(step) for step in rule.steps.all()]
    return [
        f"{rule.name}: {rule_words.when_words(rule)}",
        *(f"{one.when}: {one.what} · {one.who}" for one in steps),
    ]
