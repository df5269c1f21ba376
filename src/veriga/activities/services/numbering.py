"""References: one counter row per prefix and year, raised last before commit."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from veriga.access.rules import Context
from veriga.activities.models import Activity, Counter, Prefix
from veriga.activities.rules.references import write_key, write_reference
from veriga.activities.rules.words import KindCode
from veriga.common.errors import Conflict, Invalid, NotAllowed
from veriga.common.transactions import write

DEFAULT_PREFIXES = {
    KindCode.EVENT: "D",
    KindCode.TASK: "N",
    KindCode.PRODUCT_RECORD: "Z",
    KindCode.QUOTE: "P",
}


def prefix_of(kind: str) -> str:
    """Return the letters that references of this kind begin with."""
    row = Prefix.objects.filter(kind=kind).first()
    return row.letters if row else DEFAULT_PREFIXES[KindCode(kind)]


def reference_year(moment: datetime) -> int:
    """Return the year of a save in the installation's time zone."""
    return moment.astimezone(timezone.get_default_timezone()).year


def take_numbers(prefix: str, year: int, count: int = 1) -> int:
    """Raise the counter by `count` and return the first number taken.

    The row stays locked until commit, so that a rolled-back save leaves no hole.
    """
    rows = Counter.objects.filter(prefix=prefix, year=year)
    if not rows.update(last=F("last") + count):
        try:
            with transaction.atomic():
                Counter.objects.create(prefix=prefix, year=year, last=count)
                return 1
        except IntegrityError:  # somebody else made the row in between
            rows.update(last=F("last") + count)
    return rows.values_list("last", flat=True)[0] - count + 1


def assign_reference(activity: Activity) -> None:
    """Give a new activity its reference; the year is that of its first save."""
    prefix, year = prefix_of(activity.kind), reference_year(activity.recorded_at)
    number = take_numbers(prefix, year)
    activity.reference = write_reference(prefix, year, number)
    activity.reference_key = write_key(prefix, year, number)
    Activity.objects.filter(pk=activity.pk).update(
        reference=activity.reference, reference_key=activity.reference_key
    )


@write
def set_prefix(*, context: Context, kind: str, letters: str) -> None:
    """Choose the letters of a kind; refused once any reference of it was given."""
    if not context.actor.is_administrator:
        raise NotAllowed
    letters = letters.strip().upper()
    if not (1 <= len(letters) <= 4 and letters.isascii() and letters.isalpha()):
        raise Invalid.of("letters", "out_of_range")
    taken = [prefix_of(other) for other in KindCode if other != kind]
    if letters in taken:
        raise Invalid.of("letters", "name_taken")
    if Activity.objects.filter(kind=kind).exists():
        raise Conflict("prefix_fixed")
    Prefix.objects.update_or_create(kind=kind, defaults={"letters": letters})
