"""The types of single values: how each is read from JSON, and which code refuses it.

Numbers, texts and booleans are never turned into one another. The checks here keep out
what a database could not take; what a value means is checked by the services.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    StrictStr,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from veriga.activities.rules.busy import Attendance
from veriga.common.text import has_control_characters

MAX_ID = 2**63 - 1
FIRST_YEAR, LAST_YEAR = 1900, 2199
LIMIT_MAX = 200
CHAIN_LIMIT_MAX = 500
PEOPLE_MAX = 100
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,20}(\.\d{1,10})?", re.ASCII)
_NUMBER = re.compile(r"\d{1,19}", re.ASCII)


class In(BaseModel):
    """A body: fields it does not know are refused."""

    model_config = ConfigDict(extra="forbid")


def _without_defaults(schema: dict[str, Any]) -> None:
    for details in schema.get("properties", {}).values():
        details.pop("default", None)


class Patch(In):
    """A body that changes what it names; the defaults of its fields mean nothing."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_defaults)

    def given(self) -> dict[str, Any]:
        """Return the fields that the body gives."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def fault(code: str) -> PydanticCustomError:
    """Return the error that becomes the field error `code`."""
    return PydanticCustomError(code, code)


def _one_line(value: str) -> str:
    if has_control_characters(value):
        raise fault("control_characters")
    return value


def _lines(value: str) -> str:
    if has_control_characters(value, multiline=True):
        raise fault("control_characters")
    return value


def _id_or_name(value: Any) -> int | str:
    if isinstance(value, str):
        return _one_line(_encodable(value))
    if isinstance(value, int) and not isinstance(value, bool):
        if not 1 <= value <= MAX_ID:
            raise fault("out_of_range")
        return value
    raise fault("wrong_type")


def _encodable(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise fault("control_characters") from None
    return value


def _instant(value: Any) -> datetime:
    if not isinstance(value, str):
        raise fault("wrong_type")
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise fault("not_a_date") from None
    if instant.tzinfo is None:
        raise fault("naive_time")
    try:
        instant = instant.astimezone(UTC)
    except OverflowError:
        raise fault("out_of_range") from None
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise fault("out_of_range")
    return instant


def _day(value: Any) -> date:
    if not isinstance(value, str):
        raise fault("wrong_type")
    if not _DAY.fullmatch(value):
        raise fault("not_a_date")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise fault("not_a_date") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise fault("out_of_range")
    return day


def _month(value: Any) -> date:
    if not isinstance(value, str):
        raise fault("wrong_type")
    if not _MONTH.fullmatch(value):
        raise fault("not_a_date")
    return _day(f"{value}-01")


def _decimal(value: Any) -> Decimal:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise fault("wrong_type")
    return Decimal(value)


def _whole(value: Any) -> int:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise fault("wrong_type")


def _limit(most: int) -> BeforeValidator:
    def read(value: Any) -> int:
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            value = int(value)
        if not isinstance(value, int) or not 1 <= value <= most:
            raise fault("limit_range")
        return value

    return BeforeValidator(read)


_ID_OR_NAME = {"anyOf": [{"type": "integer"}, {"type": "string"}]}

Id = Annotated[int, Field(strict=True, ge=1, le=MAX_ID)]
Line = Annotated[StrictStr, AfterValidator(_one_line)]
Lines = Annotated[StrictStr, AfterValidator(_lines)]
Flag = StrictBool
Person = Annotated[
    int | str,
    PlainValidator(_id_or_name),
    WithJsonSchema({**_ID_OR_NAME, "description": "A user: id or e-mail address."}),
]
Product = Annotated[
    int | str,
    PlainValidator(_id_or_name),
    WithJsonSchema({**_ID_OR_NAME, "description": "A product: id or code."}),
]
Instant = Annotated[
    datetime,
    PlainValidator(_instant),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "description": "ISO 8601 with an offset.",
        }
    ),
]
Day = Annotated[
    date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]
Month = Annotated[
    date,
    PlainValidator(_month),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}$"}),
]
Number = Annotated[
    Decimal,
    PlainValidator(_decimal),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,20}(\.\d{1,10})?$"}),
]


def _participant(value: Any) -> int | str | Attendance:
    """Return a user, or one with times of their own; an object sets both of them."""
    if not isinstance(value, dict):
        return _id_or_name(value)
    if not value.keys() <= {"user", "busy_from", "busy_until"}:
        raise fault("unknown_field")
    times = [value.get(name) for name in ("busy_from", "busy_until")]
    start, end = (None if time is None else _instant(time) for time in times)
    return Attendance(_id_or_name(value.get("user")), start, end)


_BUSY = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}
Participant = Annotated[
    int | str | Attendance,
    PlainValidator(_participant),
    WithJsonSchema(
        {
            "anyOf": [
                *_ID_OR_NAME["anyOf"],
                {
                    "type": "object",
                    "properties": {
                        "user": _ID_OR_NAME,
                        "busy_from": _BUSY,
                        "busy_until": _BUSY,
                    },
                    "required": ["user"],
                    "additionalProperties": False,
                },
            ],
            "description": "A user: id or e-mail address; or one with a time of theirs."
            " A user alone keeps the time set before.",
        }
    ),
]
Participants = Annotated[list[Participant], Field(max_length=PEOPLE_MAX)]
Ids = Annotated[list[Id], Field(max_length=PEOPLE_MAX)]

# In addresses everything arrives as text.
QueryId = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=MAX_ID)]
Limit = Annotated[int, _limit(LIMIT_MAX), Field(json_schema_extra={"maximum": 200})]
ChainLimit = Annotated[
    int, _limit(CHAIN_LIMIT_MAX), Field(json_schema_extra={"maximum": 500})
]

KindWord = Literal["event", "task", "product_record", "quote"]
StateWord = Literal["overdue", "pending", "done"]
DirectionWord = Literal["in", "out", "internal"]
ResultWord = Literal[
    "carried_out",
    "cancelled",
    "not_reached",
    "accepted",
    "declined",
    "withdrawn",
    "expired",
]
OutcomeWord = Literal["open", "won", "lost", "given_up"]

# What goes out, as the description says it; see `shapes`.
InstantOut = Annotated[
    str,
    WithJsonSchema(
        {"type": "string", "format": "date-time", "description": "UTC, ending in Z."}
    ),
]
DayOut = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
NumberOut = Annotated[
    str, WithJsonSchema({"type": "string", "description": "A decimal number."})
]


class Out(BaseModel):
    """What an answer holds. Answers are written without it; tests compare the two."""

    model_config = ConfigDict(extra="forbid", strict=True)


class UserOut(Out):
    id: int
    name: str
    email: str


class ParticipantOut(UserOut):
    """A colleague who takes part; null times are those of the activity."""

    busy_from: InstantOut | None
    busy_until: InstantOut | None


class NamedOut(Out):
    """A company or contact, by its id and name."""

    id: int
    name: str


class PageQuery(In):
    """What every list takes."""

    limit: Limit = 50
    cursor: Line = ""


class FieldProblem(Out):
    field: str
    code: str
    message: str


class Problem(Out):
    """An error, as application/problem+json (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem]
    row_version: int | None = None


# What each may be depends on the field, which the services know.
Custom = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": {"type": ["string", "boolean", "null"]},
            "description": "Fields of this installation by their codes: texts, numbers"
            " as text, days, codes of choices, true or false; null empties one.",
        }
    ),
]
