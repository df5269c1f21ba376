"""Files at activities and companies."""

from __future__ import annotations

from pydantic import Field

from .types import In, InstantOut, Out, UserOut


class AttachmentName(In):
    name: str = Field(..., description="The name of the file, with its ending.")


class AttachmentOut(Out):
    id: int
    name: str
    size: int = Field(description="In bytes.")
    sha256: str
    activity: str | None = Field(description="The reference of what it is attached to.")
    company: int | None = Field(description="Set if it is attached to the company.")
    made_by: UserOut | None
    made_at: InstantOut


class AttachmentsOut(Out):
    items: list[AttachmentOut]
    next: str | None
