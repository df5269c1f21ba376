"""The log of an activity."""

from __future__ import annotations

from pydantic import Field

from .types import Flag, In, InstantOut, Lines, Out, Patch, UserOut


class EntryIn(In):
    text: Lines
    confidential: Flag = False


class EntryPatch(Patch):
    """What may be changed of an entry: its text, and whether others may change it."""

    text: Lines = ""
    locked: Flag = Field(False, description="Then its author alone may change it.")


class EntryOut(Out):
    id: int
    author: UserOut | None
    made_at: InstantOut
    edited_at: InstantOut | None
    text: str
    is_locked: bool
    is_confidential: bool


class EntriesOut(Out):
    items: list[EntryOut]
    next: str | None
