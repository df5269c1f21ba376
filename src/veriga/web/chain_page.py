"""What the chain page says: its facts, its sales, and its story line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from veriga.activities.queries.chains import Grave
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.rules.words import MarkKind, Outcome
from veriga.setup.working import whole_working_days
from veriga.web.formats import day, short_money
from veriga.web.running import flag_of
from veriga.web.strip import month_label
from veriga.web.words import move_words, working_days
from veriga.work.queries.names import stage_name
from veriga.work.queries.silence import Limits, silence_in
from veriga.work.queries.timeline import Part, Whole, Worth

if TYPE_CHECKING:
    from veriga.activities.models import Mark

TALL = 640  # the pauses of a chain's time line, all together, in pixels


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing said in large letters, with a line under it."""

    value: str
    note: str
    flag: tuple[str, str] | None = None  # its name, and what it goes by


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One sale of the chain; `quotes` are those recorded in it."""

    outcome: str
    word: str
    closed_on: str
    reason: str
    quotes: list[ActivityRow]


@dataclass(frozen=True, slots=True)
class Said:
    """A mark in words: what, and by whom when."""

    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the story: an activity or a grave, with the pause in front of it.

    `height` is that pause in pixels, to scale within the chain; `is_now` a step that
    is neither: where today is.
    """

    row: ActivityRow | None = None
    grave: Grave | None = None
    is_now: bool = False
    pause: str = ""
    height: int = 0
    author: str = ""
    text: str = ""
    follows: list[str] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)


def facts(whole: Whole, limits: Limits) -> list[Fact]:
    """Return how long, whose move, how the sale stands, and what it may bring."""
    chain = whole.summary
    stage = stage_name(chain.stage)
    found = [
        Fact(
            working_days(whole.stand.working_days),
            _("since the origin %(day)s") % {"day": day(chain.first_date)},
        ),
        Fact(
            *move_words(whole.stand),
            flag_of(silence_in(chain, whole.rows, limits)),
        ),
        Fact(
            sale_sentence(chain.outcome),
            _("stage: %(name)s") % {"name": stage} if stage else _("no stage yet"),
        ),
    ]
    if whole.worth:
        found.append(_worth_fact(whole.worth))
    return found


def sale_sentence(outcome: str) -> str:
    """Return how the newest sale of a chain stands."""
    return {
        Outcome.OPEN: _("the sale is open"),
        Outcome.WON: _("the sale is won"),
        Outcome.LOST: _("the sale is lost"),
        Outcome.GIVEN_UP: _("the sale is given up"),
    }[Outcome(outcome)]


def _worth_fact(worth: Worth) -> Fact:
    values = {"reference": worth.reference, "name": worth.by_name}
    parts = [
        _("expected %(month)s") % {"month": month_label(worth.month_on)}
        if worth.month_on
        else "",
        worth.name,
        _("by quote %(reference)s") % values
        if worth.is_quote
        else _("stated by: %(name)s") % values,
    ]
    amount = short_money(worth.amount_minor, worth.currency)
    note = " · ".join(part for part in parts if part)
    return Fact(amount or _("value not stated"), note)


def sale_lines(whole: Whole) -> list[SaleLine]:
    """Return the sales of the chain, the newest first; none for one that is open."""
    if len(whole.sales) == 1 and whole.summary.outcome == Outcome.OPEN:
        return []
    rows = {row.id: row for row in whole.rows}
    closes = {m.made_at: m for m in whole.marks if m.kind == MarkKind.OUTCOME}
    found = []
    for sale in reversed(whole.sales):
        mark = closes.get(sale.closed_at) if sale.closed_at else None
        found.append(
            SaleLine(
                outcome=sale.outcome,
                word=sale_sentence(sale.outcome),
                closed_on=day(sale.closed_at),
                reason=_reason(mark) if mark else "",
                quotes=[rows[pk] for pk in sale.quotes if pk in rows],
            )
        )
    return found


def _reason(mark: Mark) -> str:
    """Return why a sale was closed, with the note if there is one."""
    name = mark.reason.name(get_language() or "sl") if mark.reason else ""
    return " – ".join(part for part in (name, mark.note) if part)


def steps(part: Part, whole: Whole, now: datetime) -> list[Step]:
    """Return a page of the story, oldest first; graves and today in their place."""
    scale = _pixels_per_day(whole, now)
    marks = _marks_of(whole.marks)
    found: list[Step] = []
    before = part.before
    is_over = before is not None and before > now
    for thing in _merged(part):
        ends = isinstance(thing, ActivityRow) and thing.date > now
        if ends and not is_over:
            found.append(_today(before, now, scale))
            before, is_over = now, True
        if isinstance(thing, Grave):
            found.append(Step(grave=thing))
            continue
        pause, height = _pause(before, thing.date, scale)
        telling = part.told.get(thing.id)
        found.append(
            Step(
                row=thing,
                pause=pause,
                height=height,
                author=telling.author_name if telling else "",
                text=telling.text if telling else "",
                follows=part.follows.get(thing.id, []),
                said=marks.get(thing.id, []),
            )
        )
        before = thing.date
    if part.page.next is None and not is_over and _reaches_today(whole):
        found.append(_today(before, now, scale))
    return found


def _reaches_today(whole: Whole) -> bool:
    return whole.summary.outcome == Outcome.OPEN


def _today(before: datetime | None, now: datetime, scale: float) -> Step:
    pause, height = _pause(before, now, scale)
    return Step(is_now=True, pause=pause, height=height)


def _merged(part: Part) -> Iterator[ActivityRow | Grave]:
    """Yield members and graves of a page together, oldest first."""
    graves = list(part.graves)
    for row in part.page.rows:
        while graves and graves[0].date < row.date:
            yield graves.pop(0)
        yield row
    yield from graves


def _pause(before: datetime | None, after: datetime, scale: float) -> tuple[str, int]:
    """Return the working days between two activities, in words and in pixels."""
    if before is None:
        return "", 0
    days = whole_working_days(before, after)
    return (working_days(days) if days else ""), round(days * scale)


def _pixels_per_day(whole: Whole, now: datetime) -> float:
    chain = whole.summary
    end = max(chain.last_date, now) if _reaches_today(whole) else chain.last_date
    days = whole_working_days(chain.first_date, end + timedelta(days=1))
    return TALL / max(days, 60)


def _marks_of(marks: Sequence[Mark]) -> Mapping[int, list[Said]]:
    """Return the marks in words by activity, oldest first."""
    found: dict[int, list[Said]] = {}
    for mark in reversed(marks):
        by = mark.made_by.name if mark.made_by else ""
        note = ", ".join(part for part in (by, day(mark.made_at)) if part)
        found.setdefault(mark.activity_id, []).append(Said(_mark_words(mark), note))
    return found


def _mark_words(mark: Mark) -> str:
    if mark.kind == MarkKind.STAGE:
        return _("Stage: %(name)s") % {"name": stage_name(mark.value) or mark.value}
    if mark.kind == MarkKind.OUTCOME:
        reason = _reason(mark)
        words = sale_sentence(mark.value)
        words = words[:1].upper() + words[1:]
        return f"{words} ({reason})" if reason else words
    parts = [
        short_money(mark.amount_minor, mark.currency),
        month_label(mark.month_on) if mark.month_on else "",
        mark.name,
    ]
    return _("Expected: %(what)s") % {"what": ", ".join(p for p in parts if p)}
