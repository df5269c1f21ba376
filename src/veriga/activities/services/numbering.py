"""References: one counter row per prefix and year, raised last before commit."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from veriga.access.rules import Context
from veriga.activities.models import Activity, Counter, Prefix
from veriga.activities.queries.numbering import is_fixed, prefix_of
from veriga.activities.rules.references import write_key, write_reference
from veriga.activities.rules.words import KindCode
from veriga.common.errors import Conflict, FieldError, Invalid, NotAllowed
from veriga.common.rows import constraint_errors
from veriga.common.transactions import write
from veriga.history.services import note_change

LETTERS_TAKEN = FieldError("letters", "name_taken")
LETTERS_ONCE = ("activities_prefix.letters", "activities_prefix_letters")


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
    if kind not in set(KindCode):
        raise Invalid.of("kind", "unknown_choice")
    letters = letters.strip().upper()
    if not (1 <= len(letters) <= 4 and letters.isascii() and letters.isalpha()):
        raise Invalid.of("letters", "not_a_prefix")
    # All four are locked, for two kinds must not take the same letters at once.
    list(Prefix.objects.select_for_update(no_key=True).order_by("kind"))
    old = prefix_of(kind)
    if letters == old:
        return
    taken = [prefix_of(other) for other in KindCode if other != kind]
    if letters in taken:
        raise Invalid.of("letters", "name_taken")
    if is_fixed(kind):
        raise Conflict("prefix_fixed")
    with constraint_errors(dict.fromkeys(LETTERS_ONCE, LETTERS_TAKEN)):
        Prefix.objects.update_or_create(kind=kind, defaults={"letters": letters})
    note_change(context, "setting", 0, "update", {f"prefix.{kind}": (old, letters)})
