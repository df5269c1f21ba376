"""Which letters the references of each kind begin with."""

from __future__ import annotations

from dataclasses import dataclass

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Prefix
from veriga.activities.rules.words import KindCode
from veriga.common.errors import NotAllowed

DEFAULT_PREFIXES = {
    KindCode.EVENT: "D",
    KindCode.TASK: "N",
    KindCode.PRODUCT_RECORD: "Z",
    KindCode.QUOTE: "P",
}


@dataclass(frozen=True, slots=True)
class Numbering:
    """How one kind is numbered; `is_fixed` once a reference was given."""

    kind: KindCode
    letters: str
    is_fixed: bool


def prefix_of(kind: str) -> str:
    """Return the letters that references of this kind begin with."""
    row = Prefix.objects.filter(kind=kind).first()
    return row.letters if row else DEFAULT_PREFIXES[KindCode(kind)]


def is_fixed(kind: str) -> bool:
    """Tell whether a record of this kind was ever made, deleted ones too."""
    return Activity.objects.filter(kind=kind).exists()


def numbering(actor: Actor) -> list[Numbering]:
    """Return how the four kinds are numbered; administrators only."""
    if not actor.is_administrator:
        raise NotAllowed
    return [Numbering(kind, prefix_of(kind), is_fixed(kind)) for kind in KindCode]
