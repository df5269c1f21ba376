"""A plain model of chains, written anew out of the design for the stateful test.

It shares no code with the product: dictionaries, sets and the slowest obvious ways.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

CLOSED = ("won", "lost", "given_up")


@dataclass
class Thing:
    """One activity. `due` is an instant or None; `done` whether it is done."""

    name: str
    kind: str
    company: int
    date: datetime
    due: datetime | None
    done: bool
    recorded: datetime
    number: tuple[str, int, int] = ("", 0, 0)
    deleted: bool = False
    direction: str = "out"
    happened: datetime | None = None
    cancelled: bool = False


@dataclass
class Done:
    """A change that can be undone."""

    kind: str
    removed: dict[int, tuple[str, str]] = field(default_factory=dict)
    added: dict[int, tuple[str, str]] = field(default_factory=dict)
    marks_removed: list[int] = field(default_factory=list)
    marks_added: list[int] = field(default_factory=list)
    rises: str = ""  # undoing brings this back
    sinks: str = ""  # undoing deletes this again
    company_of: str = ""
    company_before: int = 0
    company_after: int = 0
    undone: bool = False

    def reversed(self) -> Done:
        return Done(
            "undo",
            removed=dict(self.added),
            added=dict(self.removed),
            marks_removed=list(self.marks_added),
            marks_added=list(self.marks_removed),
            rises=self.sinks,
            sinks=self.rises,
            company_of=self.company_of,
            company_before=self.company_after,
            company_after=self.company_before,
        )


class Conflict(Exception):
    pass


class Model:
    def __init__(self) -> None:
        self.things: dict[str, Thing] = {}
        self.links: dict[int, tuple[str, str]] = {}  # id: (follow-up, stimulus)
        self.marks: dict[int, dict[str, Any]] = {}
        self.changes: dict[int, Done] = {}

    # --- reading -------------------------------------------------------------------

    def alive(self) -> list[Thing]:
        return [t for t in self.things.values() if not t.deleted]

    def chain(self, name: str) -> set[str]:
        """All that links reach from `name`, itself included."""
        found = {name}
        while True:
            more = {
                other
                for a, b in self.links.values()
                for this, other in ((a, b), (b, a))
                if this in found
            }
            if more <= found:
                return found
            found |= more

    def order(self, name: str) -> tuple[Any, ...]:
        thing = self.things[name]
        return (thing.date, thing.number)

    def newest_first(self, names: set[str]) -> list[str]:
        return sorted(names, key=self.order, reverse=True)

    def origin(self, name: str) -> str:
        chain = self.chain(name)
        following = {a for a, _ in self.links.values()}
        return min((n for n in chain if n not in following), key=self.order)

    def counts(self, name: str) -> dict[str, int]:
        chain = self.chain(name)
        return {
            kind: sum(self.things[n].kind == kind for n in chain)
            for kind in ("event", "task", "product_record", "quote")
        }

    def state(self, name: str, now: datetime) -> str:
        thing = self.things[name]
        if thing.done:
            return "done"
        return "overdue" if thing.due is not None and thing.due <= now else "pending"

    def stage_and_outcome(self, name: str) -> tuple[str, str]:
        chain = self.chain(name)
        happened: list[tuple[Any, ...]] = []
        for pk, mark in self.marks.items():
            if mark["on"] in chain and not mark["withdrawn"]:
                happened.append((mark["at"], 0, pk, mark["kind"], mark["value"]))
        for n in chain:
            thing = self.things[n]
            if thing.kind == "quote":
                happened.append((thing.recorded, 1, n, "quote", ""))
        stage, outcome, closed_at = "", "open", None
        for at, _, _, kind, value in sorted(happened, key=lambda h: (h[0], h[1], h[2])):
            if kind == "outcome":
                outcome, closed_at = value, at
            elif kind == "stage":
                stage = value
                if outcome in CLOSED and closed_at != at:
                    outcome = "open"
            elif outcome in CLOSED:
                outcome = "open"
        return stage, outcome

    # --- silence -------------------------------------------------------------------

    def acts(self, name: str) -> list[Thing]:
        """What really happened in the chain, the earliest first."""
        things = [self.things[n] for n in self.chain(name)]
        found = [t for t in things if t.happened is not None and not t.cancelled]
        return sorted(found, key=lambda t: (t.happened, t.number))

    def silent_since(self, name: str) -> datetime | None:
        acts = self.acts(name)
        noted = min(self.things[n].recorded for n in self.chain(name))
        return acts[-1].happened if acts else noted

    def customer_silent_since(self, name: str) -> datetime | None:
        own = [t for t in self.acts(name) if t.direction == "in"]
        return own[-1].happened if own else None

    def move(self, name: str, now: datetime) -> str:
        things = [self.things[n] for n in self.chain(name)]
        for t in things:
            ahead = t.kind == "event" and not t.done and t.date > now
            if ahead and t.direction != "internal":
                return "agreed"
        if any(self.state(t.name, now) == "overdue" for t in things):
            return "ours"
        contacts = [t for t in self.acts(name) if t.direction != "internal"]
        if contacts and contacts[-1].direction == "out":
            return "theirs"
        return "ours"

    def next_step(self, name: str) -> str | None:
        things = [self.things[n] for n in self.chain(name)]
        steps = [t for t in things if not t.done and t.kind != "quote"]
        dated = [t for t in steps if t.due is not None]
        if dated:
            return min(dated, key=lambda t: (t.due, t.date, t.number)).name
        return min(steps, key=lambda t: (t.date, t.number)).name if steps else None

    def is_running(self, name: str) -> bool:
        stage, outcome = self.stage_and_outcome(name)
        chain = self.chain(name)
        more = len(chain) > 1 or any(self.things[n].kind == "quote" for n in chain)
        return outcome == "open" and (more or stage != "")

    def follows(self, later: str, earlier: str, links: Any = None) -> bool:
        """Whether `later` comes after `earlier` over any number of links."""
        pairs = list((self.links if links is None else links).values())
        reached, grown = {later}, True
        while grown:
            more = {b for a, b in pairs if a in reached}
            grown = not more <= reached
            reached |= more
        return earlier in reached and earlier != later

    def pair_exists(self, one: str, other: str) -> bool:
        return any({one, other} == set(pair) for pair in self.links.values())

    def link_problem(self, later: str, earlier: str) -> str | None:
        if later == earlier:
            return "link_to_itself"
        if self.things[later].company != self.things[earlier].company:
            return "other_company"
        if not self.pair_exists(later, earlier) and self.follows(earlier, later):
            return "circle"
        return None

    # --- taking out ----------------------------------------------------------------

    def in_order(self, names: list[str]) -> list[str]:
        """Every stimulus before its follow-ups, free ones by date and reference."""
        left, result = set(names), []
        while left:
            free = [n for n in left if not any(self.follows(n, o) for o in left - {n})]
            first = min(free, key=self.order)
            result.append(first)
            left.remove(first)
        return result

    def pairs_of_take_out(self, name: str) -> set[tuple[str, str]]:
        s = self.in_order([b for a, b in self.links.values() if a == name])
        f = self.in_order([a for a, b in self.links.values() if b == name])
        wanted: list[tuple[str, str]] = []
        if s and f:
            wanted = [(x, s[-1]) for x in f] + [(f[0], x) for x in s]
        elif f:
            wanted = [(x, f[0]) for x in f[1:]]
        elif s:
            wanted = [(x, s[0]) for x in s[1:]]
        result: set[tuple[str, str]] = set()
        for a, b in wanted:
            if not self.pair_exists(a, b) and (a, b) not in result:
                result.add((a, b))
        return result

    def links_of(self, name: str) -> dict[int, tuple[str, str]]:
        return {pk: pair for pk, pair in self.links.items() if name in pair}

    # --- undoing -------------------------------------------------------------------

    def undo(self, change: Done, now: datetime) -> Done:
        """Change the model back, or raise Conflict and leave it as it was."""
        links, marks = dict(self.links), {k: dict(v) for k, v in self.marks.items()}
        if change.rises and not self.things[change.rises].deleted:
            raise Conflict
        risen = {change.rises} if change.rises else set()
        for pk, pair in change.added.items():
            if links.pop(pk, None) != pair:
                raise Conflict
        company = {n: t.company for n, t in self.things.items()}
        if change.company_of:
            n = change.company_of
            tied = any(n in pair for pair in links.values())
            gone = self.things[n].deleted
            if gone or tied or company[n] != change.company_after:
                raise Conflict
            company[n] = change.company_before
        for pk, (a, b) in change.removed.items():
            dead = [n for n in (a, b) if self.things[n].deleted and n not in risen]
            if dead or company[a] != company[b]:
                raise Conflict
            if any({a, b} == set(pair) for pair in links.values()):
                raise Conflict
            if self.follows(b, a, links):
                raise Conflict
            links[pk] = (a, b)
        if change.sinks:
            n = change.sinks
            if self.things[n].deleted or any(n in pair for pair in links.values()):
                raise Conflict
        for pk in change.marks_added:
            if marks[pk]["withdrawn"]:
                raise Conflict
            marks[pk]["withdrawn"] = True
        for pk in change.marks_removed:
            if not marks[pk]["withdrawn"]:
                raise Conflict
            marks[pk]["withdrawn"] = False
        self.links, self.marks = links, marks
        if change.rises:
            self.things[change.rises].deleted = False
        if change.sinks:
            self.things[change.sinks].deleted = True
        if change.company_of:
            self.things[change.company_of].company = change.company_before
        change.undone = True
        return change.reversed()
