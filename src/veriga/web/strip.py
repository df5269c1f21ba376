"""The chain strip: a chain drawn to scale, as coordinates of an SVG.

One unit is one pixel where the strip stands in a page of usual width. Pauses are told
in working days and judged by nothing: no limit is set yet. Activities closer together
than their icons are stacked, from `STACKED` on drawn as one point with their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from veriga.access.rules import Actor
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.rules.words import CLOSING, KindCode, MarkKind, Outcome, State
from veriga.web.formats import EN_MONTHS, day, days, money, number
from veriga.web.pieces import KIND_ICONS, TYPE_ICONS, WENT_WELL, state_word
from veriga.web.words import inside, kind_name, outcome_name, working_days
from veriga.work.queries.timeline import DRAWN, list_chain_of
from veriga.work.queries.working import whole_working_days, working_calendar

if TYPE_CHECKING:
    from veriga.activities.models import Mark

WIDTH = 880
EDGE = 16.0  # room left and right for half a point
AXIS = 58.0
RADIUS = 9.0
STEP = 20.0  # the least distance of two points, along the line and in a stack
STACKED = 4
PAUSE_DROP = 21.0
LANES = (101.0, 117.0)
LETTER = 6.1  # the mean width of a letter
GAP = 10.0
NAME_LENGTH = 44
LISTED = 60
TOLD = 6
SL_MONTHS = (
    *("jan.", "feb.", "mar.", "apr.", "maj", "jun."),
    *("jul.", "avg.", "sep.", "okt.", "nov.", "dec."),
)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
DAY_STEPS = (1, 2, 7, 14)


@dataclass(frozen=True, slots=True)
class Point:
    """One activity, or `number` of them where they are too many to stand apart.

    `words` are the classes that give it shape and colour.
    """

    x: float
    y: float
    reference: str
    icon: str
    words: str
    tip: str
    number: int = 1


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid; without a label it did not fit."""

    x: float
    label: str
    line: bool = True


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the line between points; `words` are its classes."""

    x1: float
    x2: float
    words: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Where the length of a pause is written."""

    x: float
    label: str
    is_longest: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A named point: the origin, a quote, a closed sale."""

    x: float
    y: float
    anchor: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list beneath the drawing: an activity, the pause after it."""

    text: str
    pause: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Everything the macro `ui.chain_strip` writes."""

    width: int
    height: float
    label: str
    points: list[Point]
    ticks: list[Tick]
    segments: list[Segment]
    pauses: list[Pause]
    names: list[Name]
    now_x: float | None
    now_label: str
    lines: list[Line]
    earlier: str

    axis: float = AXIS
    radius: float = RADIUS


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
    told = _tell_all(story)
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
        label=_label(story),
        points=[p for stack in stacks for p in _points(stack, told, now, current)],
        ticks=ticks,
        segments=list(_segments(stacks, scale)),
        pauses=[Pause(x, label, x == longest) for x, label in pauses],
        names=names,
        now_x=now_x,
        now_label=_("today"),
        lines=_lines(story[-LISTED:], told, now),
        earlier=_earlier(len(story) - LISTED),
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """From instants to places on the line."""

    start: datetime
    end: datetime
    now: datetime
    width: int

    @classmethod
    def of(cls, story: Sequence[ActivityRow], now: datetime, width: int) -> Scale:
        """Return the scale of a chain, to today while its sale is open."""
        start, end = story[0].date, story[-1].date
        is_open = story[-1].chain_outcome == Outcome.OPEN
        if is_open or any(row.state is not State.DONE for row in story):
            start, end = min(start, now), max(end, now)
        least = timedelta(days=14)
        start = min(start, end - least)
        return cls(start, end, now, width)

    def holds(self, instant: datetime) -> bool:
        return self.start <= instant <= self.end

    def x(self, instant: datetime) -> float:
        share = (instant - self.start) / (self.end - self.start)
        return round(EDGE + share * (self.width - 2 * EDGE), 1)

    def ticks(self) -> list[Tick]:
        """Return the grid: the months, or the days of a short chain, that fit."""
        first = timezone.localtime(self.start).date()
        last = timezone.localtime(self.end).date()
        found: list[Tick] = []
        free, year = 0.0, 0
        if (last - first).days < 70:
            lines, write = list(self._days(first, last)), day_label
        else:
            lines, write = list(self._months(first, last)), month_label
            found.append(Tick(EDGE, month_label(first, 0), line=False))
            free, year = EDGE + 9 * LETTER + GAP, first.year
        for on in lines:
            x = self.x(_midnight(on))
            label = write(on, year)
            if x < free or x + len(label) * LETTER > self.width:
                found.append(Tick(x, ""))
                continue
            found.append(Tick(x, label))
            free, year = x + len(label) * LETTER + GAP, on.year
        return found

    def _room(self) -> float:
        """Return how many labels fit at most."""
        return (self.width - 2 * EDGE) / 72

    def _months(self, first: date, last: date) -> Iterator[date]:
        """Yield the first days of months, as far apart as their labels need."""
        months = (last.year - first.year) * 12 + last.month - first.month
        step = next((s for s in MONTH_STEPS if months / s <= self._room()), 240)
        at = first.year * 12 + first.month  # the month after the first, from zero
        for month in range(at + (-at) % step, at + months, step):
            yield date(month // 12, month % 12 + 1, 1)

    def _days(self, first: date, last: date) -> Iterator[date]:
        days = (last - first).days
        step = next((s for s in DAY_STEPS if days / s <= self._room()), 28)
        on = first + timedelta(days=1)
        if step >= 7:
            on += timedelta(days=-on.weekday() % 7)
        while on <= last:
            yield on
            on += timedelta(days=step)


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
            tip=_tip(row, told[row.id]),
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


@dataclass(frozen=True, slots=True)
class Told:
    """The words that the tip and the list both say of an activity."""

    day: str
    what: str
    state: str


def _tell_all(story: Sequence[ActivityRow]) -> dict[int, Told]:
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


def _tip(row: ActivityRow, told: Told) -> str:
    origin = f" · {_('origin')}" if row.is_origin and row.chain_size > 1 else ""
    return (
        f"{row.title}\n{told.what} {row.reference}{origin}\n"
        f"{told.day} · {told.state} · {row.owner_name}"
    )


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
            yield places[row.id], _cut(text), "is-origin"
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


def short_money(minor: int | None, currency: str) -> str:
    """Return an amount without its cents where they are zero."""
    text = money(minor, currency)
    return text.replace(",00", "") if "," in text[-6:] else text.removesuffix(".00")


def _cut(text: str) -> str:
    if len(text) <= NAME_LENGTH:
        return text
    return f"{text[: NAME_LENGTH - 1].rstrip()}…"


def _make_room(ticks: Sequence[Tick], x: float, size: float) -> list[Tick]:
    """Return the ticks without the labels that stand where `today` is written."""
    return [
        Tick(tick.x, "", tick.line)
        if tick.x - size / 2 - GAP < x
        and x < tick.x + len(tick.label) * LETTER + size / 2 + GAP
        else tick
        for tick in ticks
    ]


def _lines(
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


def _earlier(count: int) -> str:
    if count <= 0:
        return ""
    text = ngettext(
        "%(num)s earlier activity is not listed.",
        "%(num)s earlier activities are not listed.",
        count,
    )
    return text % {"num": number(count)}


def _label(story: Sequence[ActivityRow]) -> str:
    """Return what the drawing is, for those who do not see it."""
    count = ngettext("%(num)s activity", "%(num)s activities", len(story))
    words = count % {"num": number(len(story))}
    if len(story) >= DRAWN:
        words = _("the newest of the chain: %(count)s") % {"count": words}
    return _("Chain to scale: %(count)s") % {"count": words}


def month_label(on: date, year: int = 0) -> str:
    """Return a month in short, with its year unless that is `year`."""
    is_english = (get_language() or "").startswith("en")
    name = (EN_MONTHS if is_english else SL_MONTHS)[on.month - 1]
    return name if on.year == year else f"{name} {on.year}"


def day_label(on: date, year: int) -> str:
    is_english = (get_language() or "").startswith("en")
    if is_english:
        return f"{on.day} {EN_MONTHS[on.month - 1]}"
    return f"{on.day}. {on.month}."


def _midnight(on: date) -> datetime:
    zone = timezone.get_current_timezone()
    return datetime(on.year, on.month, on.day, tzinfo=zone)
