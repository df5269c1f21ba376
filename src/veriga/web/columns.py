"""The columns of lists of activities: which there are, which are shown, in what order.

An address says them (`cols=reference,title,due`), else what the user keeps for a list,
else the usual ones. The state always begins a row, and a title it always has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veriga.activities.queries.people import participant_counts
from veriga.activities.queries.rows import ActivityRow, custom_values
from veriga.activities.rules.words import KindCode
from veriga.setup.models import CustomField
from veriga.web.forms.custom import PREFIX, named_columns

TITLE: Final = "title"
COLS: Final = "cols"  # in an address
KINDS: Final = {
    "activities": "",
    "events": KindCode.EVENT,
    "tasks": KindCode.TASK,
    "product_records": KindCode.PRODUCT_RECORD,
    "quotes": KindCode.QUOTE,
}
PLAIN: Final = (
    *("reference", "kind", TITLE, "company", "amount", "date", "due", "owner"),
    *("result", "done", "recorded", "importance", "people", "clip", "counts"),
)
MORE: Final = frozenset({"result", "done", "recorded", "importance", "people"})
LAST: Final = ("clip", "counts")
Named = tuple[CustomField, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """What a list shows: codes in their order, and the custom fields among them."""

    codes: tuple[str, ...]
    custom: dict[str, Named]
    is_usual: bool

    @property
    def fields(self) -> list[Named]:
        """The custom fields shown, in the order of their columns."""
        return [self.custom[code] for code in self.codes if code in self.custom]

    def has(self, code: str) -> bool:
        return code in self.codes


def usual_codes(
    *, company: bool = True, kind: bool = True, amount: bool = False
) -> tuple[str, ...]:
    """Return the columns that a table of activities has by itself."""
    hidden = {
        *(() if company else ("company",)),
        *(() if kind else ("kind",)),
        *(() if amount else ("amount",)),
    }
    return tuple(code for code in PLAIN if code not in MORE | hidden)


def columns_of(page: str, address: str | None, kept: Mapping[str, str]) -> Columns:
    """Return the columns of a list: those of the address, of the user, the usual ones.

    What is unknown there is passed over, as a field that was switched off since is.
    """
    kind = KINDS[page]
    named = {PREFIX + one[0].code: one for one in named_columns(kind)} if kind else {}
    usual = _with_custom(
        usual_codes(
            kind=kind not in {KindCode.TASK, KindCode.QUOTE},
            amount=kind == KindCode.QUOTE,
        ),
        named,
    )
    known = {*PLAIN, *named}
    for said in (address, kept.get(page)):
        codes = [
            code for code in dict.fromkeys((said or "").split(",")) if code in known
        ]
        if codes:
            chosen = tuple(codes if TITLE in codes else [TITLE, *codes])
            return Columns(chosen, named, chosen == usual)
    return Columns(usual, named, True)


def values_of(
    columns: Columns, rows: Sequence[ActivityRow]
) -> dict[str, dict[int, Any]]:
    """Return what rows do not have by themselves; a statement for each such column."""
    ids = [row.id for row in rows]
    return {
        "custom": custom_values(ids) if columns.fields else {},
        "people": participant_counts(ids) if columns.has("people") else {},
    }


def all_codes(columns: Columns) -> list[str]:
    """Return every column of a list: first those shown, then the others."""
    every = [*PLAIN, *columns.custom]
    return [*columns.codes, *(code for code in every if code not in columns.codes)]


def heading_of(code: str, custom: Mapping[str, Named], *, quote: bool = False) -> str:
    """Return what a column is called."""
    if code in custom:
        return custom[code][1]
    names: dict[str, str] = {
        "reference": _("Ref. no."),
        "kind": _("Type"),
        TITLE: _("Title"),
        "company": _("Company"),
        "amount": _("Amount"),
        "date": _("Date"),
        "due": _("Valid until") if quote else _("Due"),
        "owner": _("Owner"),
        "result": _("Result"),
        "done": pgettext("column", "Done"),
        "recorded": _("Recorded"),
        "importance": _("Importance"),
        "people": _("Participants"),
        "clip": _("Attachments"),
        "counts": _("Linked"),
    }
    return names[code]


def moved(codes: Sequence[str], code: str, step: int) -> list[str]:
    """Return the codes with one of them moved by one place."""
    found = list(codes)
    if code not in found:
        return found
    at = found.index(code)
    to = min(max(at + step, 0), len(found) - 1)
    found.insert(to, found.pop(at))
    return found


def _with_custom(codes: tuple[str, ...], custom: Iterable[Any]) -> tuple[str, ...]:
    """Return codes with custom fields before what always ends a row."""
    ends = [code for code in LAST if code in codes]
    return (*(code for code in codes if code not in ends), *custom, *ends)
