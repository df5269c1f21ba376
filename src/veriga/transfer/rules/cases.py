"""From the rows of an event log to cases: what the mapping makes of each event.

Source: docs/insight/event-logs.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from veriga.activities.rules.words import CLOSING, Outcome
from veriga.common.text import has_control_characters, tidy

from .faults import FileFault
from .mapping import ActivityRule, Mapping
from .reading import LogRow, read_rows

CASE_LENGTH = 36  # a UUID; see NAME_LENGTH in reading_mapping.py
TEXT_LENGTH = 80
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
MOST_MINOR = 10**11


@dataclass(frozen=True, slots=True)
class LogActivity:
    """One event that becomes an activity; instants are in UTC."""

    rule: ActivityRule
    title: str
    start: datetime
    end: datetime | None
    recorded: datetime
    owner: str
    product: str
    amount_minor: int | None
    number: int  # among all events of its case, from 1: part of its source reference


@dataclass(frozen=True, slots=True)
class LogCase:
    """One case, its activities oldest first (at least one).

    `outcome` is OPEN, or what closed the case at `closed_at`, in the activity at the
    place `closed_in`.
    """

    id: str
    company: str
    activities: tuple[LogActivity, ...]
    outcome: Outcome
    closed_at: datetime | None
    closed_in: int


@dataclass(frozen=True, slots=True)
class ReadLog:
    """A whole log. `left_out` counts the events of rules that say skip, by name."""

    cases: tuple[LogCase, ...]
    events: int
    left_out: Counter[str]
    empty_cases: int

    @property
    def activities(self) -> int:
        return sum(len(case.activities) for case in self.cases)

    @property
    def first_at(self) -> datetime | None:
        return min((case.activities[0].start for case in self.cases), default=None)

    @property
    def last_at(self) -> datetime | None:
        return max((case.activities[-1].start for case in self.cases), default=None)

    def companies(self) -> set[str]:
        return {case.company for case in self.cases}

    def owners(self) -> set[str]:
        return {one.owner for case in self.cases for one in case.activities}


@dataclass(slots=True)
class _Case:
    """A case on its way: its events as they were read."""

    company: str = ""
    events: list[tuple[datetime, str, LogActivity | None]] = field(default_factory=list)


def read_log(path: Path, mapping: Mapping, now: datetime) -> ReadLog:
    """Return the cases of a log, in the order of their first event in the file.

    now: no event may be later. Errors: FileFault that names the line and the column.
    """
    reader = _EventReader(path, mapping, now)
    cases: dict[str, _Case] = {}
    for row in read_rows(path, mapping.delimiter):
        reader.read(row, cases)
    if not cases:
        raise FileFault(path, "", "has no events")
    done = [_finished(name, case, mapping) for name, case in cases.items()]
    kept = tuple(case for case in done if case is not None)
    if not kept:
        raise FileFault(path, "", "has no event that the mapping does not skip")
    return ReadLog(kept, reader.events, reader.left_out, len(done) - len(kept))


class _EventReader:
    """Reads rows; remembers the rules it has looked up."""

    def __init__(self, path: Path, mapping: Mapping, now: datetime) -> None:
        self._path, self._mapping, self._now = path, mapping, now
        self._rules: dict[tuple[str, str], ActivityRule | None] = {}
        self._is_checked = False
        self.events = 0
        self.left_out: Counter[str] = Counter()

    def read(self, row: LogRow, cases: dict[str, _Case]) -> None:
        columns = self._mapping.columns
        if not self._is_checked:
            self._check_columns(row)
        self.events += 1
        name = self._text(row, columns.activity)
        lifecycle = row.cells.get(columns.lifecycle, "") if columns.lifecycle else ""
        start = self._time(row, columns.start)
        case_id = self._text(row, columns.case, CASE_LENGTH)
        case = cases.setdefault(case_id, _Case())
        if not case.events:
            case.company = self._optional(row, columns.company) or case_id
        rule = self._rule(row, name, lifecycle)
        activity = None
        if rule is None or not rule.kind:
            self.left_out[f"{name} ({lifecycle})" if lifecycle else name] += 1
        else:
            number = len(case.events) + 1
            activity = self._activity(row, rule, name, start, number)
        case.events.append((start, name, activity))

    def _activity(
        self, row: LogRow, rule: ActivityRule, name: str, start: datetime, number: int
    ) -> LogActivity:
        columns = self._mapping.columns
        end = self._maybe_time(row, columns.end)
        if end is not None and end < start:
            raise self._fault(row, columns.end, "is before the start")
        recorded = self._maybe_time(row, columns.recorded)
        return LogActivity(
            rule,
            rule.title or name,
            start,
            end,
            recorded or end or start,
            self._optional(row, columns.owner),
            self._optional(row, columns.product),
            self._amount(row) if rule.kind == "quote" else None,
            number,
        )

    def _check_columns(self, row: LogRow) -> None:
        """Miss a column at once; in XES an event may lack all but the first three."""
        columns, self._is_checked = self._mapping.columns, True
        wanted = columns.named()
        if self._path.name.lower().removesuffix(".gz").endswith(".xes"):
            wanted = [columns.case, columns.activity, columns.start]
        for name in wanted:
            if name not in row.cells:
                raise FileFault(self._path, f'column "{name}"', "is missing")

    def _fault(self, row: LogRow, column: str, text: str) -> FileFault:
        return FileFault(self._path, f'{row.place}, column "{column}"', text)

    def _rule(self, row: LogRow, name: str, lifecycle: str) -> ActivityRule | None:
        key = name, lifecycle
        if key not in self._rules:
            self._rules[key] = self._mapping.rule_of(name, lifecycle)
        rule = self._rules[key]
        if rule is None and self._mapping.unmatched == "refuse":
            said = f'"{name}"' + (f" (lifecycle {lifecycle})" if lifecycle else "")
            text = f"no [[activities]] of the mapping fits {said}"
            raise self._fault(row, self._mapping.columns.activity, text)
        return rule

    def _text(self, row: LogRow, column: str, limit: int = TEXT_LENGTH) -> str:
        text = self._optional(row, column, limit)
        if not text:
            raise self._fault(row, column, "is empty")
        return text

    def _optional(self, row: LogRow, column: str, limit: int = TEXT_LENGTH) -> str:
        text = tidy(row.cells.get(column, "")) if column else ""
        if has_control_characters(text):
            raise self._fault(row, column, "has control characters")
        if len(text) > limit:
            raise self._fault(row, column, f"is longer than {limit} characters")
        return text

    def _maybe_time(self, row: LogRow, column: str) -> datetime | None:
        return self._time(row, column) if row.cells.get(column, "").strip() else None

    def _time(self, row: LogRow, column: str) -> datetime:
        text = row.cells.get(column, "").strip()
        layout = self._mapping.time_format
        try:
            if layout:
                read = datetime.strptime(text, layout)
            else:
                read = datetime.fromisoformat(text)
            if read.tzinfo is None:
                read = read.replace(tzinfo=self._mapping.zone)
            at = read.astimezone(UTC)
        except (ValueError, OverflowError):
            expected = layout or "ISO 8601"
            text = f'"{text[:40]}" is no time in the form {expected}'
            raise self._fault(row, column, text) from None
        if not EARLIEST <= at <= self._now:
            raise self._fault(row, column, f"{at:%Y-%m-%d} is before 1970 or to come")
        return at

    def _amount(self, row: LogRow) -> int | None:
        column = self._mapping.columns.amount
        text = row.cells.get(column, "").strip() if column else ""
        if not text:
            return None
        try:
            minor = (Decimal(text) * 100).quantize(Decimal(1))
            is_in_range = 0 <= minor <= MOST_MINOR
        except ArithmeticError:  # no number, NaN, or an endless one
            raise self._fault(row, column, f'"{text[:40]}" is no number') from None
        if not is_in_range:
            raise self._fault(row, column, f"{text[:40]} is out of range")
        return int(minor)


def _finished(name: str, case: _Case, mapping: Mapping) -> LogCase | None:
    """Return a case with its outcome; None if nothing of it becomes an activity."""
    # At the same moment the order of the file counts.
    events = sorted(case.events, key=lambda event: event[0])
    activities = tuple(one for _, _, one in events if one is not None)
    if not activities:
        return None
    outcome, closed_at, closed_in = Outcome.OPEN, None, 0
    place = -1
    for position, (start, event, activity) in enumerate(events):
        place += activity is not None
        is_asked = mapping.outcome_by == "any" or position == len(events) - 1
        found = mapping.outcomes.get(event) if is_asked else None
        if found in CLOSING and found != outcome:
            outcome, closed_at, closed_in = found, start, max(place, 0)
    return LogCase(name, case.company, activities, outcome, closed_at, closed_in)


def each(cases: Iterable[LogCase], most: int) -> Iterator[list[LogCase]]:
    """Yield the cases in portions of about `most` activities, at least one case."""
    portion: list[LogCase] = []
    count = 0
    for case in cases:
        portion.append(case)
        count += len(case.activities)
        if count >= most:
            yield portion
            portion, count = [], 0
    if portion:
        yield portion
