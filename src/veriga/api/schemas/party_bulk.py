"""One command for many companies or contacts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .bulk import ROWS_MAX
from .parties import AbcWord, CompanyFilter, ContactFilter, StatusWord
from .types import Day, Flag, Id, In, Line, Out, Person

CompanyActionWord = Literal["owner", "status", "add_category", "drop_category", "abc"]
ContactActionWord = Literal["left", "function"]


class PartyChosenIn(In):
    """A company or contact and the version in which it was read; another is left."""

    id: Id
    row_version: Id


Rows = Annotated[list[Id | PartyChosenIn], Field(max_length=ROWS_MAX)]


class CompaniesBulkIn(In):
    """What is to be done to which companies: those named or all that fit a filter."""

    action: CompanyActionWord
    companies: Rows | None = Field(
        None, description="Ids, alone or with their row_version."
    )
    filter: CompanyFilter | None = None
    owner: Person | None = Field(None, description="Of owner: the account owner.")
    status: StatusWord | None = Field(None, description="Of status.")
    category: Line | None = Field(
        None, description="Of add_category and drop_category: a code."
    )
    abc: AbcWord | None = Field(None, description="Of abc; null for no mark.")
    dry_run: Flag = Field(False, description="Say what would change, change nothing.")


class ContactsBulkIn(In):
    """What is to be done to which contacts: those named or all that fit a filter."""

    action: ContactActionWord
    contacts: Rows | None = Field(
        None, description="Ids, alone or with their row_version."
    )
    filter: ContactFilter | None = None
    until_on: Day | None = Field(
        None, description="Of left: the last day at their company."
    )
    function: Line | None = Field(None, description="Of function: what they do there.")
    dry_run: Flag = Field(False, description="Say what would change, change nothing.")


class PartyLeftOut(Out):
    """A row that stays as it is, and why; no name where it is out of sight.

    `fields` are those to blame: what a company lacks to be an active customer.
    """

    id: int
    name: str
    code: str
    detail: str
    fields: list[str]


class PartyBulkOut(Out):
    """What has changed, or would; `batch` undoes it, null if there is nothing to.

    `unseen`, of a dry run: how many companies the caller would no longer see.
    """

    batch: int | None
    changed: list[int]
    left: list[PartyLeftOut]
    unseen: int | None
