"""The chain strip: a chain drawn to scale, as coordinates of an SVG.

One unit is one pixel where the strip stands in a page of usual width. Pauses are told
in working days and judged by nothing: no limit is set yet. Activities closer together
than their icons are stacked, from `STACKED` on drawn as one point with their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veriga.access.rules import Actor
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.rules.words import CLOSING, KindCode, MarkKind, State
from veriga.setup.working import whole_working_days
from veriga.web.formats import day, number, short_money
from veriga.web.pieces import KIND_ICONS, TYPE_ICONS, WENT_WELL
from veriga.web.words import inside, outcome_name
from veriga.work.queries.timeline import list_chain_of

from .scale import GAP, LETTER, Scale
from .shapes import AXIS, RADIUS, WIDTH, Name, Pause, Point, Segment, Strip, Tick
from .telling import (
    Told,
    cut_short,
    earlier_text,
    label_of,
    lines_of,
    tell_all,
    tip_of,
)

if TYPE_CHECKING:
    from veriga.activities.models import Mark

STEP = 20.0  # the least distance of two points, along the line and in a stack
STACKED = 4
LANES = (101.0, 117.0)
LISTED = 60
TOLD = 6


def chain_strip(
    actor: Actor,
    reference: str,
    now: datetime,
    *,
    rows: Sequence[ActivityRow] | None = None,
    marks: Sequence[Mark] | None = None,
    current: str = "",
    width: int = WIDTH,
) -> Strip | None:
    """Return the strip of the chain that holds `reference`; None if there is none.

    One statement, none if the caller has the chain's `rows`. With `marks` the closed
    sales are named; `current` is the reference to point out.
    """
    if rows is None:
        rows = list_chain_of(actor, reference, now=now)
    if not rows:
        return None
    return draw_strip(rows, now, current, marks=marks or (), width=width)


def draw_strip(
    rows: Sequence[ActivityRow],
    now: datetime,
    current: str = "",
    *,
    marks: Sequence[Mark] = (),
    width: int = WIDTH,
) -> Strip:
    """Return the strip of the activities `rows` (at least one), in any order."""
    story = sorted(rows, key=lambda r: (r.date, r.reference_key))
    scale = Scale.of(story, now, width)
    told = tell_all(story)
    stacks = list(_stacks(story, scale))
    pauses, longest = _pauses(stacks, scale)
    ticks = scale.ticks()
    names = list(_names(story, stacks, marks, scale))
    now_x = scale.x(now) if scale.holds(now) else None
    if now_x is not None:
        ticks = _make_room(ticks, now_x, (len(_("today")) + 4) * LETTER)
    return Strip(
        width=width,
        height=max([name.y for name in names], default=LANES[0]) + 8,
        label=label_of(story),
        points=[p for stack in stacks for p in _points(stack, told, now, current)],
        ticks=ticks,
        segments=list(_segments(stacks, scale)),
        pauses=[Pause(x, label, x == longest) for x, label in pauses],
        names=names,
        now_x=now_x,
        now_label=_("today"),
        lines=lines_of(story[-LISTED:], told, now),
        earlier=earlier_text(len(story) - LISTED),
    )


@dataclass(frozen=True, slots=True)
class Stack:
    """Activities that share one place on the line, oldest first."""

    x: float
    rows: list[ActivityRow]


def _stacks(story: Sequence[ActivityRow], scale: Scale) -> Iterator[Stack]:
    """Yield the activities by places at least STEP apart."""
    stack: Stack | None = None
    for row in story:
        x = scale.x(row.date)
        if stack is not None and x - stack.x < STEP:
            stack.rows.append(row)
            continue
        if stack is not None:
            yield stack
        stack = Stack(x, [row])
    if stack is not None:
        yield stack


def _points(
    stack: Stack, told: Mapping[int, Told], now: datetime, current: str
) -> Iterator[Point]:
    """Yield the points of one place: stacked, or one for all of them."""
    rows = stack.rows
    if len(rows) >= STACKED:
        yield _merged(stack, now, current)
        return
    top = AXIS - STEP * (len(rows) - 1) / 2
    for position, row in enumerate(rows):
        yield Point(
            x=stack.x,
            y=round(top + STEP * position, 1),
            reference=row.reference,
            icon=_icon(row),
            words=_words(row, now, current),
            tip=tip_of(row, told[row.id]),
        )


def _merged(stack: Stack, now: datetime, current: str) -> Point:
    """Return one point for many; it opens what is late in it, else the newest."""
    rows = stack.rows
    urgent = [r for r in rows if r.state is State.OVERDUE] or [
        r for r in rows if r.state is State.PENDING
    ]
    shown = (urgent or rows)[-1]
    words = _words(shown, now, current).split()
    words += ["is-many"]
    words += ["is-origin"] * any(row.is_origin for row in rows)
    words += ["is-current"] * any(row.reference == current for row in rows)
    first, last = day(rows[0].date), day(rows[-1].date)
    head = ngettext("%(num)s activity", "%(num)s activities", len(rows))
    lines = [f"{head % {'num': number(len(rows))}} · {first} – {last}"]
    lines += [f"{row.reference} {row.title}" for row in rows[-TOLD:]]
    return Point(
        x=stack.x,
        y=AXIS,
        reference=shown.reference,
        icon=_icon(shown),
        words=" ".join(dict.fromkeys(words)),
        tip="\n".join(lines),
        number=len(rows),
    )


def _words(row: ActivityRow, now: datetime, current: str) -> str:
    words = ["is-failed" if row.result not in WENT_WELL else f"is-{row.state}"]
    if row.state is State.PENDING and row.date > now:
        words.append("is-planned")
    if row.is_origin:
        words.append("is-origin")
    if row.reference == current:
        words.append("is-current")
    return " ".join(words)


def _icon(row: ActivityRow) -> str:
    if row.kind == KindCode.EVENT:
        return TYPE_ICONS.get(row.type_code, "calendar-event")
    return KIND_ICONS[row.kind]


def _segments(stacks: Sequence[Stack], scale: Scale) -> Iterator[Segment]:
    """Yield the line: whole up to the last past point, then waiting, then planned."""
    now_x = scale.x(scale.now) if scale.holds(scale.now) else scale.width
    past = [s.x for s in stacks if s.x <= now_x]
    ahead = [s.x for s in stacks if s.x > now_x]
    if len(past) > 1:
        yield Segment(past[0], past[-1], "")
    if past and scale.holds(scale.now) and now_x > past[-1]:
        yield Segment(past[-1], now_x, "is-waiting")
    if ahead:
        yield Segment(now_x if past else ahead[0], ahead[-1], "is-planned")


def _pauses(
    stacks: Sequence[Stack], scale: Scale
) -> tuple[list[tuple[float, str]], float | None]:
    """Return (place, label) of the pauses that there is room to name, and the longest.

    A pause runs from one activity to the next, the last one to today.
    """
    ends = [(s.x, s.rows[0].date, s.rows[-1].date) for s in stacks]
    past = [end for end in ends if end[2] <= scale.now]
    if scale.holds(scale.now) and past and past[-1][2] < scale.now:
        past.append((scale.x(scale.now), scale.now, scale.now))
    found: list[tuple[int, float, str]] = []
    in_days = _("%(num)s w. d.")
    for (left, _first, before), (right, after, _last) in pairwise(past):
        passed = whole_working_days(before, after)
        label = in_days % {"num": number(passed)}
        if passed and right - left - 2 * RADIUS > len(label) * LETTER:
            found.append((passed, round((left + right) / 2, 1), label))
    longest = max(found, key=lambda one: one[0], default=None)
    named = longest[1] if longest and len(found) > 1 else None
    return [(x, label) for _days, x, label in found], named


def _names(
    story: Sequence[ActivityRow],
    stacks: Sequence[Stack],
    marks: Iterable[Mark],
    scale: Scale,
) -> Iterator[Name]:
    """Yield the names under the line that there is room for, the origin first."""
    places = {row.id: stack.x for stack in stacks for row in stack.rows}
    taken: list[list[tuple[float, float]]] = [[] for _lane in LANES]
    for x, label, words in _wanted(story, places, marks):
        size = len(label) * LETTER
        is_start = x - RADIUS + size <= scale.width
        left = x - RADIUS if is_start else x + RADIUS - size
        for lane, used in enumerate(taken):
            if left >= 0 and all(
                left > end + GAP or left + size + GAP < begin for begin, end in used
            ):
                used.append((left, left + size))
                yield Name(
                    x=round(left if is_start else left + size, 1),
                    y=LANES[lane],
                    anchor="start" if is_start else "end",
                    label=label,
                    words=words,
                )
                break


def _wanted(
    story: Sequence[ActivityRow], places: dict[int, float], marks: Iterable[Mark]
) -> Iterator[tuple[float, str, str]]:
    """Yield (place, label, classes) of what deserves a name, the dearest first."""
    for row in story:
        if row.is_origin and len(story) > 1:
            text = _("origin: %(title)s") % {"title": inside(row.title)}
            yield places[row.id], cut_short(text), "is-origin"
    for mark in marks:
        if (
            mark.kind == MarkKind.OUTCOME
            and mark.value in CLOSING
            and mark.activity_id in places
        ):
            words = f"{outcome_name(mark.value)}, {day(mark.made_at)}"
            yield places[mark.activity_id], words, f"is-{mark.value}"
    for row in reversed(story):
        if row.kind == KindCode.QUOTE:
            amount = short_money(row.amount_minor, row.currency)
            text = _("quote %(amount)s") % {"amount": amount} if amount else _("quote")
            tone = "is-failed" if row.result not in WENT_WELL else f"is-{row.state}"
            yield places[row.id], text, f"is-quote {tone}"


def _make_room(ticks: Sequence[Tick], x: float, size: float) -> list[Tick]:
    """Return the ticks without the labels that stand where `today` is written."""
    return [
        Tick(tick.x, "", tick.line)
        if tick.x - size / 2 - GAP < x
        and x < tick.x + len(tick.label) * LETTER + size / 2 + GAP
        else tick
        for tick in ticks
    ]
