"""How a chain of the demo goes: which phases, how long each, and how it ends.

Plain Python: a plot is a list of beats, each a phase and a line of the content. The
lines of a phase keep their natural order, so that a chain reads like a story.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .content.types import Content, Line

WON, LOST, GIVEN_UP, ACTIVE, STALLED = "won", "lost", "given_up", "active", "stalled"

# The phases of a sale with how much of a chain each takes.
SALE = (
    ("opening", 2.0),
    ("qualify", 2.0),
    ("sample", 1.6),
    ("present", 1.6),
    ("offer", 2.2),
    ("negotiate", 1.8),
)
PATH = tuple(phase for phase, _ in SALE)
STAGE_OF = {
    "opening": "first_contact",
    "qualify": "need_recognised",
    "present": "solution_presented",
    "offer": "quote_sent",
    "negotiate": "negotiation",
}
# Of these no chain has two in one phase: nobody is met by chance twice in a row.
ONCE = frozenset({"enquiry", "chance_meeting", "fair", "invitation", "visit_in"})


@dataclass(frozen=True, slots=True)
class Beat:
    """One activity to be: its phase, its line, and what it means for the sale.

    `sale` numbers the passes of the chain towards an order from 0; `planned` is an
    intention from the content: still ahead, late, or not come to pass (`failed`).
    """

    phase: str
    line: Line
    sale: int = 0
    closes: str = ""
    planned: bool = False
    failed: bool = False


@dataclass(slots=True)
class Plot:
    """The beats of one chain, the product it is about and how it ends."""

    ending: str
    product: str
    beats: list[Beat] = field(default_factory=list)


class Plotter:
    """Makes plots from the lines of the content, by seeded chance."""

    def __init__(self, content: Content, rng: random.Random) -> None:
        self._rng = rng
        self._lines = _by_phase(content.lines)
        self._planned = _by_phase(content.planned)
        self._products = [p.code for p in content.products if p.is_main]

    def sale(self, size: int, ending: str, *, sales: int = 1) -> Plot:
        """Return the plot of a chain of `size` that ends so, after `sales` passes."""
        rng = self._rng
        plot = Plot(ending, rng.choice(self._products))
        if sales == 2:
            first = max(6, int(size * rng.uniform(0.4, 0.6)))
            plot.beats += self._pass(first, WON, plot.product, 0, goes_on=True)
            plot.product = rng.choice(self._products)
            plot.beats += self._pass(size - first, ending, plot.product, 1)
        else:
            plot.beats += self._pass(size, ending, plot.product, 0)
        return plot

    def internal(self, size: int) -> Plot:
        """Return the plot of work among ourselves."""
        plot = Plot(ACTIVE, "")
        for _ in range(size):
            line = self._rng.choice(self._lines["internal"])
            plot.beats.append(Beat("internal", line))
        return plot

    def _pass(
        self, size: int, ending: str, product: str, sale: int, *, goes_on: bool = False
    ) -> list[Beat]:
        """Return the beats of one pass; a second one begins with the known customer.

        `goes_on`: another pass follows, which a quote for parts would cut into.
        """
        rng = self._rng
        closing = self._closing_size(size, ending)
        after = 0
        if ending == WON and size - closing > 7:
            after = rng.randint(1, (size - closing) // 2)
        intended = 1 if ending == ACTIVE and size > 1 else 0
        phases = self._phases(size - closing - after - intended, ending, sale)
        beats: list[Beat] = []
        for phase, count in phases:
            beats += self._beats(phase, count, product, sale)
        if closing:
            closers = self._beats(ending, closing, product, sale)
            first = replace(closers[0], closes=ending)
            beats.append(first)
            beats += closers[1:]
        beats += self._beats("after_sales", after, product, sale, quotes=not goes_on)
        if intended:
            phase = beats[-1].phase
            beats.append(Beat(phase, self._intention(phase), sale, planned=True))
        return beats

    def _closing_size(self, size: int, ending: str) -> int:
        if ending == WON:
            return min(self._rng.randint(1, 4), max(1, size // 3))
        return 1 if ending in {LOST, GIVEN_UP} else 0

    def _phases(self, size: int, ending: str, sale: int) -> list[tuple[str, int]]:
        """Share `size` beats out over the phases; what never got far ends early."""
        if size <= 0:
            return []
        available = list(SALE[1:] if sale else SALE)
        if ending in {ACTIVE, STALLED, GIVEN_UP}:
            reached = min(self._rng.randint(1, len(available)), size)
            available = available[:reached]
        elif size < len(available):
            # A short way to an order: a first contact and an offer are the least.
            wanted = {"opening", "offer"} if not sale else {"qualify", "offer"}
            others = [name for name, _ in available if name not in wanted]
            wanted |= set(self._rng.sample(others, max(0, size - len(wanted))))
            available = [(n, w) for n, w in available if n in wanted][:size]
        counts = {name: 1 for name, _ in available}
        names = [name for name, _ in available]
        weights = [weight for _, weight in available]
        for name in self._rng.choices(names, weights, k=size - len(names)):
            counts[name] += 1
        return [(name, counts[name]) for name in names]

    def _beats(
        self, phase: str, count: int, product: str, sale: int, *, quotes: bool = True
    ) -> list[Beat]:
        """Return `count` beats of a phase, in the natural order of its lines."""
        suited = [
            (place, line)
            for place, line in enumerate(self._lines[phase])
            if self._suits(line, phase, product) and (quotes or line.kind != "quote")
        ]
        self._rng.shuffle(suited)
        chosen: list[tuple[int, Line]] = []
        seen: set[str] = set()
        if phase == "offer" and count:
            # An offer without a quote is none.
            quote = next(pair for pair in suited if pair[1].kind == "quote")
            chosen.append(quote)
        for pair in suited:
            if len(chosen) == count:
                break
            line = pair[1]
            if line.kind == "quote" and chosen and phase == "offer":
                continue
            if line.type in ONCE and line.type in seen:
                continue
            seen.add(line.type)
            chosen.append(pair)
        while len(chosen) < count:
            chosen.append(self._rng.choice(suited))
        beats = [Beat(phase, line, sale) for _, line in sorted(chosen, key=_place)]
        if phase in {WON, LOST, GIVEN_UP}:
            return beats
        return [self._maybe_failed(beat) for beat in beats]

    def _suits(self, line: Line, phase: str, product: str) -> bool:
        # After the sale the talk is of parts, film and service too.
        return line.product in {"", product} or phase == "after_sales"

    def _maybe_failed(self, beat: Beat) -> Beat:
        """Now and then a call reaches nobody or a visit is called off."""
        if beat.line.kind != "event" or beat.line.direction != "out":
            return beat
        if self._rng.random() > 0.11:
            return beat
        line = self._intention(beat.phase)
        return Beat(beat.phase, line, beat.sale, planned=True, failed=True)

    def _intention(self, phase: str) -> Line:
        return self._rng.choice(self._planned[phase])


def _by_phase(lines: Sequence[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.phase].append(line)
    return found


def _place(pair: tuple[int, Line]) -> int:
    return pair[0]
