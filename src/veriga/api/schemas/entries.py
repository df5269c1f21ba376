"""The log of an activity."""

from __future__ import annotations

from .types import Flag, In, InstantOut, Lines, Out, UserOut


class EntryIn(In):
    text: Lines
    confidential: Flag = False


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
