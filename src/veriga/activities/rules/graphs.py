"""Chains as graphs: links point from the follow-up to the stimulus it followed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

N = TypeVar("N", bound=Hashable)
Pair = tuple[N, N]  # (follow-up, stimulus)


def closes_circle(links: Iterable[Pair[N]], follow_up: N, stimulus: N) -> bool:
    """Tell whether adding (follow_up, stimulus) to `links` would close a circle.

    It would if the stimulus already follows the follow-up, over however many steps.
    """
    follows: dict[N, list[N]] = defaultdict(list)
    for later, earlier in links:
        follows[later].append(earlier)
    stack, seen = [stimulus], set()
    while stack:
        node = stack.pop()
        if node == follow_up:
            return True
        if node not in seen:
            seen.add(node)
            stack.extend(follows[node])
    return False


def components(nodes: Iterable[N], links: Iterable[Pair[N]]) -> list[set[N]]:
    """Return the sets of nodes that links tie together, each node in exactly one."""
    neighbours: dict[N, list[N]] = {node: [] for node in nodes}
    for later, earlier in links:
        neighbours[later].append(earlier)
        neighbours[earlier].append(later)
    found, seen = [], set[N]()
    for start in neighbours:
        if start in seen:
            continue
        part, stack = {start}, [start]
        while stack:
            for other in neighbours[stack.pop()]:
                if other not in part:
                    part.add(other)
                    stack.append(other)
        seen |= part
        found.append(part)
    return found


def topological(
    nodes: Iterable[N], links: Iterable[Pair[N]], order: Callable[[N], Any]
) -> list[N]:
    """Return `nodes` with every stimulus before its follow-ups, ties by `order`.

    Links may run through nodes outside `nodes`; the paths through them count too.
    """
    wanted = list(nodes)
    inside = set(wanted)
    follows: dict[N, set[N]] = defaultdict(set)
    for later, earlier in links:
        follows[later].add(earlier)

    def earlier_inside(node: N) -> set[N]:
        stack, seen, found = list(follows[node]), set[N](), set[N]()
        while stack:
            other = stack.pop()
            if other in seen:
                continue
            seen.add(other)
            if other in inside:
                found.add(other)
            stack.extend(follows[other])
        return found

    waiting = {node: earlier_inside(node) for node in wanted}
    result: list[N] = []
    while waiting:
        # The graph has no circle, so something is always free.
        free = min((n for n, before in waiting.items() if not before), key=order)
        result.append(free)
        del waiting[free]
        for before in waiting.values():
            before.discard(free)
    return result


def take_out_pairs(
    stimuli: Sequence[N], follow_ups: Sequence[N], existing: Iterable[Pair[N]]
) -> list[Pair[N]]:
    """Return the links that keep a chain whole once one member has left it.

    `stimuli` and `follow_ups` are the direct neighbours of the leaving member, each in
    topological order. DESIGN §2: every follow-up is linked to the last stimulus, the
    first follow-up to every stimulus; with no stimuli every other follow-up follows the
    first one; with no follow-ups every other stimulus follows the first one. Pairs that
    exist in either direction are left out.
    """
    if stimuli and follow_ups:
        wanted = [(f, stimuli[-1]) for f in follow_ups]
        wanted += [(follow_ups[0], s) for s in stimuli]
    elif follow_ups:
        wanted = [(f, follow_ups[0]) for f in follow_ups[1:]]
    else:
        wanted = [(s, stimuli[0]) for s in stimuli[1:]]
    taken = {frozenset(pair) for pair in existing}
    result = []
    for pair in wanted:
        if frozenset(pair) not in taken:
            taken.add(frozenset(pair))
            result.append(pair)
    return result
