"""What a strip says in words: of each activity, and of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veriga.activities.queries.rows import ActivityRow
from veriga.setup.working import working_calendar
from veriga.web.formats import days, number
from veriga.web.pieces import state_word
from veriga.web.words import kind_name, working_days
from veriga.work.queries.timeline import DRAWN

from .shapes import Line

NAME_LENGTH = 44


@dataclass(frozen=True, slots=True)
class Told:
    """The words that the tip and the list both say of an activity."""

    day: str
    what: str
    state: str


def tell_all(story: Sequence[ActivityRow]) -> dict[int, Told]:
    """Return what is told of each activity; each word is asked for once."""
    write = days().day
    whats: dict[tuple[str, str], str] = {}
    states: dict[tuple[str, str], str] = {}
    found = {}
    for row in story:
        kind, state = (row.kind, row.type_code), (row.state, row.result)
        if kind not in whats:
            whats[kind] = row.type_name or kind_name(row.kind)
        if state not in states:
            states[state] = state_word(*state)
        found[row.id] = Told(write(row.date), whats[kind], states[state])
    return found


def tip_of(row: ActivityRow, told: Told) -> str:
    origin = f" · {_('origin')}" if row.is_origin and row.chain_size > 1 else ""
    return (
        f"{row.title}\n{told.what} {row.reference}{origin}\n"
        f"{told.day} · {told.state} · {row.owner_name}"
    )


def lines_of(
    story: Sequence[ActivityRow], told: Mapping[int, Told], now: datetime
) -> list[Line]:
    """Return the chain in words, oldest first, each with the pause after it."""
    found = []
    pause_of = _("pause: %(days)s")
    clock = working_calendar().clock
    times = [clock(min(row.date, now)) for row in story] + [clock(now)]
    for row, start, end in zip(story, times[:-1], times[1:], strict=True):
        passed = max(0, int(end - start))
        words = told[row.id]
        text = (
            f"{words.day}: {words.what} {row.reference}, {row.title}. "
            f"{words.state}, {row.owner_name}."
        )
        pause = pause_of % {"days": working_days(passed)} if passed else ""
        found.append(Line(text, pause))
    return found


def earlier_text(count: int) -> str:
    if count <= 0:
        return ""
    text = ngettext(
        "%(num)s earlier activity is not listed.",
        "%(num)s earlier activities are not listed.",
        count,
    )
    return text % {"num": number(count)}


def label_of(story: Sequence[ActivityRow]) -> str:
    """Return what the drawing is, for those who do not see it."""
    count = ngettext("%(num)s activity", "%(num)s activities", len(story))
    words = count % {"num": number(len(story))}
    if len(story) >= DRAWN:
        words = _("the newest of the chain: %(count)s") % {"count": words}
    return _("Chain to scale: %(count)s") % {"count": words}


def cut_short(text: str) -> str:
    if len(text) <= NAME_LENGTH:
        return text
    return f"{text[: NAME_LENGTH - 1].rstrip()}…"
