"""Reading and checking a mapping, which is a TOML file somebody wrote by hand."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from veriga.activities.rules.words import CLOSING, Direction, KindCode, Outcome

from .faults import FileFault
from .mapping import (
    OUTCOME_BY,
    UNMATCHED,
    ActivityRule,
    Columns,
    Mapping,
    NewType,
    zone_of,
)

NAME = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
# With a colon, a case number, # and a number it fits a source reference (60).
NAME_LENGTH = 16
CODE_LENGTH = 32
TEXT_LENGTH = 80
SHIPPED = Path(__file__).parent.parent / "mappings"
TYPED = (KindCode.EVENT, KindCode.PRODUCT_RECORD)


def shipped_mappings() -> list[str]:
    """Return the names of the mappings that come with Veriga."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def read_mapping(name: str) -> Mapping:
    """Return the mapping in a file, or one that comes with Veriga, by its name.

    Errors: FileFault that names the key; OSError.
    """
    path = SHIPPED / f"{name}.toml" if name in shipped_mappings() else Path(name)
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise FileFault(path, "", "is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise FileFault(path, "", f"is not TOML: {error}") from None
    except RecursionError:
        raise FileFault(path, "", "is nested too deeply") from None
    table = _Table(path, "", given)
    log, columns = table.table("log"), table.table("columns")
    time, company = table.table("time"), table.table("company")
    owner, quote = table.table("owner"), table.table("quote")
    outcome = table.table("outcome")
    mapping = Mapping(
        path=str(path),
        name=_name(log),
        title=log.text("title", log.given.get("name", "")),
        columns=_columns(columns),
        delimiter=_delimiter(log),
        time_format=time.text("format", ""),
        zone=_zone(time),
        company_name=_template(company, "name"),
        owner_name=_template(owner, "name"),
        currency=quote.text("currency", "EUR"),
        activities=tuple(_rule(one) for one in table.tables("activities")),
        unmatched=table.choice("unmatched", UNMATCHED, "refuse"),
        outcomes=_outcomes(outcome),
        outcome_by=outcome.choice("by", OUTCOME_BY, "any"),
    )
    for part in (table, log, columns, time, company, owner, quote, outcome):
        part.refuse_the_rest()
    return mapping


class _Table:
    """A table of the file, which notices what nobody asked for."""

    def __init__(self, path: Path, name: str, given: dict[str, Any]) -> None:
        self.path, self.name, self.given = path, name, given
        self._asked: set[str] = set()

    def fault(self, key: str, text: str) -> FileFault:
        return FileFault(self.path, f"{self.name}{key}", text)

    def get(self, key: str) -> Any:
        self._asked.add(key)
        return self.given.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.get(key)
        if value is None and default is not None:
            return default
        if value is None:
            raise self.fault(key, "is missing")
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise self.fault(key, "must be a text that is not empty")
        if len(value) > TEXT_LENGTH:
            raise self.fault(key, f"is longer than {TEXT_LENGTH} characters")
        return value

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(key, default)
        if value not in choices:
            raise self.fault(key, f"must be one of {', '.join(filter(None, choices))}")
        return value

    def texts(self, key: str) -> list[str]:
        value = self.get(key)
        if value is None:
            return []
        if isinstance(value, str):
            return [value]
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return value
        raise self.fault(key, "must be a text or a list of texts")

    def table(self, key: str) -> _Table:
        value = self.get(key)
        if value is not None and not isinstance(value, dict):
            raise self.fault(key, "must be a table")
        return _Table(self.path, f"{self.name}{key}.", value or {})

    def tables(self, key: str) -> list[_Table]:
        value = self.get(key)
        if not isinstance(value, list) or not value:
            raise self.fault(key, "must be at least one table: [[activities]]")
        found = []
        for number, one in enumerate(value, start=1):
            if not isinstance(one, dict):
                raise self.fault(key, "must be tables: [[activities]]")
            found.append(_Table(self.path, f"{self.name}{key}[{number}].", one))
        return found

    def refuse_the_rest(self) -> None:
        for key in self.given:
            if key not in self._asked:
                raise self.fault(key, "is not known here")


def _name(log: _Table) -> str:
    name = log.text("name")
    if not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
        text = f"must be at most {NAME_LENGTH} small letters, digits, - and _"
        raise log.fault("name", text)
    return name


def _delimiter(log: _Table) -> str:
    delimiter = log.given.get("delimiter", ",")
    log.get("delimiter")
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n':
        raise log.fault("delimiter", "must be one character")
    return delimiter


def _columns(table: _Table) -> Columns:
    return Columns(
        case=table.text("case"),
        activity=table.text("activity"),
        start=table.text("start"),
        **{
            name: table.text(name, "")
            for name in (
                "end", "lifecycle", "recorded", "owner", "company", "product", "amount"
            )
        },
    )  # fmt: skip


def _zone(time: _Table) -> Any:
    try:
        return zone_of(time.text("zone", "UTC"))
    except ValueError as error:
        raise time.fault("zone", f'"{error}" is no time zone') from None


def _template(table: _Table, key: str) -> str:
    text = table.text(key, "{value}")
    if "{value}" not in text:
        raise table.fault(key, "must contain {value}")
    return text


def _rule(table: _Table) -> ActivityRule:
    match = table.text("match")
    lifecycle = frozenset(one.casefold() for one in table.texts("lifecycle"))
    kind = table.choice("kind", (*(k.value for k in KindCode), "skip"), "")
    rule = ActivityRule(
        match,
        lifecycle,
        "" if kind == "skip" else kind,
        _type(table, kind),
        table.choice("direction", ("", *(d.value for d in Direction)), ""),
        table.text("title", ""),
        _new_type(table),
    )
    table.refuse_the_rest()
    return rule


def _type(table: _Table, kind: str) -> str:
    code = table.text("type", "")
    if kind in TYPED and not code:
        raise table.fault("type", f"is missing: each {kind} has a type")
    if code and kind not in TYPED:
        raise table.fault("type", "belongs to events and product records alone")
    if code and (not NAME.fullmatch(code) or len(code) > CODE_LENGTH):
        text = f"must be at most {CODE_LENGTH} small letters, digits, - and _"
        raise table.fault("type", text)
    return code


def _new_type(table: _Table) -> NewType | None:
    name_sl, name_en = table.text("type_sl", ""), table.text("type_en", "")
    if not name_sl and name_en:
        raise table.fault("type_sl", "is missing beside type_en")
    if name_sl and "type" not in table.given:
        raise table.fault("type", "is missing beside type_sl")
    return NewType(name_sl, name_en) if name_sl else None


def _outcomes(table: _Table) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    for outcome in sorted(CLOSING):
        for name in table.texts(outcome.value):
            if name in found:
                raise table.fault(outcome.value, f'"{name}" stands in two outcomes')
            found[name] = outcome
    return found
