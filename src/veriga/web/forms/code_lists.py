"""The forms of code lists: what was typed, and the words for their closed sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veriga.activities.rules.words import KindCode, Outcome
from veriga.setup.code_lists import CodeList
from veriga.setup.models import LifeCycle
from veriga.web.pages import Typed

from .choices import direction_name, directions, outcomes

COMMON = ("name_sl", "name_en", "life_cycle")


def read_entry(code_list: CodeList, data: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that a form of an entry sent, as the services take them.

    Errors: Invalid with wrong_type, if the percent is no number.
    """
    typed = Typed(data)
    values: dict[str, Any] = {
        name: typed.text(name) for name in (*COMMON, *code_list.own) if name in data
    }
    if "probability_percent" in values:
        values["probability_percent"] = typed.number("probability_percent")
    typed.raise_if_any()
    return values


def shown_entry(code_list: CodeList, entry: Any) -> dict[str, str]:
    """Return what the form shows of a stored entry, or of a new one."""
    if entry is None:
        empty = dict.fromkeys((*COMMON, "code", *code_list.own), "")
        return {**empty, "life_cycle": LifeCycle.ACTIVE.value, "direction": "out"}
    return {n: str(getattr(entry, n)) for n in (*COMMON, "code", *code_list.own)}


def list_title(name: str) -> str:
    """Return what a code list is called."""
    return {
        "event-types": _("Event types"),
        "reasons": _("Reasons of events"),
        "stages": _("Stages of a sale"),
        "product-record-types": _("Types of product records"),
        "close-reasons": _("Reasons of closing"),
        "prospect-types": _("Types of companies"),
        "company-categories": _("Categories of companies"),
        "importances": _("Importances"),
        "contact-functions": _("Functions of contacts"),
    }[name]


def list_note(name: str) -> str:
    """Return what else is to be known of a list, "" if nothing."""
    if name == "event-types":
        return _("The direction says who acts if nobody says otherwise.")
    if name == "stages":
        return _("A stage that closes a sale is reached by closing it.")
    return ""


def cycles() -> list[tuple[str, str]]:
    """Return the life cycle with its words."""
    return [
        (LifeCycle.ACTIVE.value, pgettext("entry", "in use")),
        (LifeCycle.RETIRING.value, pgettext("entry", "being retired")),
        (LifeCycle.OFF.value, pgettext("entry", "retired")),
    ]


def direction_names() -> dict[str, str]:
    """Return who acts, by code."""
    return {code: direction_name(code) for code, _name in directions()}


def outcome_words() -> list[tuple[str, str]]:
    """Return what a stage may close a sale with; "" for nothing."""
    kept = {Outcome.WON.value, Outcome.LOST.value, Outcome.GIVEN_UP.value}
    return [("", _("does not close")), *(o for o in outcomes() if o[0] in kept)]


def kind_words(kind: str) -> str:
    """Return the plural name of a kind."""
    return {
        KindCode.EVENT: _("Events"),
        KindCode.TASK: _("Tasks"),
        KindCode.PRODUCT_RECORD: _("Product records"),
        KindCode.QUOTE: _("Quotes"),
    }[KindCode(kind)]
