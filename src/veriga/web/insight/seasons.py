"""The season, told in the details of what speeds things up: slower for everyone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veriga.web.formats import number

SLOW: Final = ("8", "year_end")  # where holidays are, and nobody is surprised

Json = Mapping[str, Any]


def tell_seasons(outcome: Json, payload: Json) -> list[str]:
    """Return what is said of the season: whether it was allowed for, and how slow."""
    if "by_month" not in payload:
        return []
    if not payload["by_month"]:
        return [_("The season is not allowed for yet: it takes two years of chains.")]
    lines = {line["stretch"]: line for line in outcome.get("seasons", ())}
    said = [_("The season was allowed for: each month has a level of its own.")]
    said += [_sentence(lines[one], outcome) for one in SLOW if one in lines]
    return said


def _sentence(line: Json, outcome: Json) -> str:
    of_reactions = outcome["outcome"] == "reaction"
    if line["high"] < 1:
        text = (
            _(
                "%(when)s is slower for everyone: reactions %(ratio)s times as often as"
                " in other months (range %(low)s–%(high)s; reactions: %(num)s)."
            )
            if of_reactions
            else _(
                "%(when)s is slower for everyone: quotes %(ratio)s times as often as in"
                " other months (range %(low)s–%(high)s; quotes: %(num)s)."
            )
        )
    else:
        text = (
            _(
                "%(when)s: reactions %(ratio)s times as often as in other months (range"
                " %(low)s–%(high)s; reactions: %(num)s)."
            )
            if of_reactions
            else _(
                "%(when)s: quotes %(ratio)s times as often as in other months (range"
                " %(low)s–%(high)s; quotes: %(num)s)."
            )
        )
    return text % {
        "when": season_name(line["stretch"]),
        "ratio": number(line["ratio"], 2),
        "low": number(line["low"], 2),
        "high": number(line["high"], 2),
        "num": number(line["n"]),
    }


def season_name(stretch: str) -> str:
    """Return what a month is called at the beginning of a sentence."""
    return {
        "8": pgettext("season", "August"),
        "year_end": pgettext("season", "The last week of December"),
    }[stretch]
