"""Conditions of lists in words: their sentences, and what their form offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from veriga.activities.rules.words import KindCode, Outcome
from veriga.setup.queries import code_list
from veriga.web.formats import number
from veriga.web.forms.choices import TYPES, entry_name, stage_options
from veriga.web.jinja import query_string
from veriga.web.words import inside, kind_name, outcome_name
from veriga.work.queries.names import stage_name
from veriga.work.rules.conditions import (
    NO_STAGE,
    Condition,
    What,
    read_where,
    without,
    write_where,
)

OVERVIEW: Final = "activities:overview"


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition as a list shows it: what it says, and the list without it."""

    text: str
    address: str


def condition_chips(request: HttpRequest) -> list[list[Chip]]:
    """Return the conditions of a list's address, the alternatives of each together."""
    where = read_where(request.GET.get("where", ""))
    kept = {name: request.GET[name] for name in request.GET if name != "cursor"}
    if request.resolver_match and request.resolver_match.view_name == OVERVIEW:
        kept["shown"] = "list"  # without any filter it would be the panes
    return [
        [
            Chip(
                sentence(one),
                request.path
                + query_string(
                    kept, where=write_where(without(where, group, place)) or None
                ),
            )
            for place, one in enumerate(found)
        ]
        for group, found in enumerate(where)
    ]


def sentence(one: Condition) -> str:
    """Return what a condition says."""
    return _sentence(one) % {"what": named(one), "num": number(one.days)}


def _sentence(one: Condition) -> str:
    days = one.days or 0
    return {
        What.NOT_WITHIN: ngettext(
            "not within %(num)s working day: %(what)s",
            "not within %(num)s working days: %(what)s",
            days,
        ),
        What.WITHIN: ngettext(
            "within %(num)s working day: %(what)s",
            "within %(num)s working days: %(what)s",
            days,
        ),
        What.NOT_AHEAD: _("not planned: %(what)s"),
        What.AHEAD: _("planned: %(what)s"),
        What.BEGAN: _("the chain began with: %(what)s"),
        What.HAS: _("in the chain: %(what)s"),
        What.LACKS: _("not in the chain: %(what)s"),
        What.SILENT: ngettext(
            "silent for over %(num)s working day",
            "silent for over %(num)s working days",
            days,
        ),
        What.OLDER: ngettext(
            "chain older than %(num)s working day",
            "chain older than %(num)s working days",
            days,
        ),
        What.OUTCOME: _("the sale is %(what)s"),
        What.STAGE: _("stage: %(what)s"),
    }[one.what]


def named(one: Condition) -> str:
    """Return the name of what a condition is about, as inside a sentence."""
    if one.what is What.OUTCOME:
        return outcome_name(one.of)
    if one.what is What.STAGE:
        return _("none yet") if one.of == NO_STAGE else stage_name(one.of) or one.of
    kind, _dot, code = one.of.partition(".")
    if not kind:
        return _("anything")
    name = kind_name(kind)
    if code:
        model = TYPES.get(kind)
        name = (entry_name(model, code) if model else "") or code
    return inside(name)


def what_options() -> list[dict[str, Any]]:
    """Return what conditions may say, of the company and of a chain."""
    return [
        {
            "label": _("Company"),
            "options": [
                (What.NOT_WITHIN, _("was not within so many working days:")),
                (What.WITHIN, _("was within so many working days:")),
                (What.NOT_AHEAD, _("is not planned:")),
                (What.AHEAD, _("is planned:")),
            ],
        },
        {
            "label": _("One of its chains"),
            "options": [
                (What.BEGAN, _("began with:")),
                (What.HAS, _("holds:")),
                (What.LACKS, _("does not hold:")),
                (What.SILENT, _("is silent for more working days than:")),
                (What.OLDER, _("is older in working days than:")),
                (What.OUTCOME, _("has a sale that is:")),
                (What.STAGE, _("stands at the stage:")),
            ],
        },
    ]


def activity_options() -> list[Any]:
    """Return the kinds, and the types of each, that a condition may be about."""
    language = get_language() or "sl"
    groups: list[Any] = [(kind, kind_name(kind)) for kind in KindCode]
    for kind, model in TYPES.items():
        types = [(f"{kind}.{e.code}", e.name(language)) for e in code_list(model)]
        groups.append({"label": kind_name(kind), "options": types})
    return groups


def outcome_options() -> list[tuple[str, str]]:
    return [(outcome, outcome_name(outcome)) for outcome in Outcome]


def stage_choices() -> list[tuple[str, str]]:
    return [(NO_STAGE, _("none yet")), *stage_options()]
