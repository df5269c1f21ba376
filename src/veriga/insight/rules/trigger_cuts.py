"""The moments at which something changes in a chain, and the intervals between them.

Source: docs/insight/triggers.md, "The rows".
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .log import Floats, Ints

Flags = npt.NDArray[np.uint8]


class Points:
    """The moments at which something changes, of all chains of a block."""

    def __init__(self, began: Floats, end: Floats, low: int) -> None:
        self.began, self.end, self.low = began, end, low
        self.chains = low + np.arange(len(began))
        self._parts: list[tuple[Ints, Floats, str, Ints, Ints]] = []
        self.add(self.chains, end, "cut", 0)

    def add(self, chain: Ints, time: Floats, what: str, value: int | Ints) -> None:
        """Add moments, each with its value; those outside the chain's time are none."""
        chosen = time <= self.end[chain - self.low]
        chosen &= time >= self.began[chain - self.low]
        values = np.broadcast_to(np.asarray(value, dtype=np.int64), chosen.shape)
        kept = values[chosen]
        nothing = np.zeros(len(kept), dtype=np.int64)
        self._parts.append((chain[chosen], time[chosen], what, kept, nothing))

    def add_windows(
        self, chain: Ints, start: Floats, end: Floats, column: Ints
    ) -> None:
        """Add that `column` is on from start to end, within the chain's time."""
        start = np.maximum(start, self.began[chain - self.low])
        end = np.minimum(end, self.end[chain - self.low])
        kept = start < end
        chain, column = chain[kept], column[kept]
        on = np.ones(len(chain), dtype=np.int64)
        self._parts.append((chain, start[kept], "window", column, on))
        self._parts.append((chain, end[kept], "window", column, -on))

    def sorted(self) -> Cuts:
        """Return the moments in order, equal ones as one."""
        chain = np.concatenate([p[0] for p in self._parts])
        time = np.concatenate([p[1] for p in self._parts])
        order = np.lexsort((time, chain))
        chain, time = chain[order], time[order]
        new = np.ones(len(chain), dtype=bool)
        new[1:] = (chain[1:] != chain[:-1]) | (time[1:] != time[:-1])
        moment = np.empty(len(order), dtype=np.int64)
        moment[order] = np.cumsum(new) - 1
        return Cuts(chain[new], time[new], self._parts, moment)


class Cuts:
    """The moments in order; between two of one chain lies an interval."""

    def __init__(
        self,
        chain: Ints,
        time: Floats,
        parts: list[tuple[Ints, Floats, str, Ints, Ints]],
        moment: Ints,
    ) -> None:
        self._chain, self._time = chain, time
        self._inner = np.flatnonzero(chain[1:] == chain[:-1])
        self.intervals = len(self._inner)
        self.chain = chain[self._inner]
        self.left, self.right = time[self._inner], time[self._inner + 1]
        ends = np.cumsum([len(p[0]) for p in parts])
        self._of: dict[str, list[tuple[Ints, Ints, Ints]]] = {}
        for part, end in zip(parts, ends, strict=True):
            moments = moment[end - len(part[0]) : end]
            self._of.setdefault(part[2], []).append((moments, part[3], part[4]))

    def running(self, column: int) -> Flags:
        """Return for each interval whether a window of `column` is on."""
        change = np.zeros(len(self._chain), dtype=np.int32)
        for moments, columns, deltas in self._of.get("window", []):
            mine = columns == column
            np.add.at(change, moments[mine], deltas[mine].astype(np.int32))
        return (np.cumsum(change)[self._inner] > 0).astype(np.uint8)

    def latest(self, what: str) -> Ints:
        """Return for each interval the value that was set last."""
        value = np.full(len(self._chain), -1, dtype=np.int64)
        for moments, values, _ in self._of[what]:
            value[moments] = values
        known = np.maximum.accumulate(np.where(value >= 0, np.arange(len(value)), 0))
        return np.asarray(value[known][self._inner])

    def hits(self, what: str) -> Ints:
        """Return for each interval how many of these happen at its right end: 0, 1.

        Two at one moment are one: outside the hours the clock stands still.
        """
        marked = np.zeros(len(self._chain), dtype=np.int64)
        for moments, _, _ in self._of[what]:
            marked[moments] = 1
        return np.asarray(marked[self._inner + 1])
