"""What may be attached: set by an administrator, in force at once."""

from __future__ import annotations

from django.db import transaction

from veriga.access.rules import Context
from veriga.common.errors import NotAllowed, Problems
from veriga.common.rows import set_changed
from veriga.common.transactions import write
from veriga.documents.models import MEGABYTE, Limits
from veriga.documents.queries import forget_limits
from veriga.documents.rules import USUAL, read_endings
from veriga.history.services import note_change

MOST_MEGABYTES = 2_000
MOST_FILES = 1_000
ENDINGS_LENGTH = 2_000


@write
def change_limits(
    *, context: Context, megabytes: int | None, most_files: int | None, endings: str
) -> Limits:
    """Set how large a file may be, how many a record may have, and which endings.

    No endings at all means the usual ones. Errors: not_allowed unless administrator;
    required, out_of_range, too_long, ending_not_allowed.
    """
    if not context.actor.is_administrator:
        raise NotAllowed
    problems = Problems()
    for field, value, most in (
        ("megabytes", megabytes, MOST_MEGABYTES),
        ("most_files", most_files, MOST_FILES),
    ):
        if value is None:
            problems.add(field, "required")
        elif not 1 <= value <= most:
            problems.add(field, "between", least=1, most=most)
    wanted, bad = read_endings(endings)
    if bad:
        problems.add("endings", "ending_not_allowed", endings=", ".join(bad)[:100])
    elif len(endings) > ENDINGS_LENGTH:
        problems.add("endings", "too_long", limit=ENDINGS_LENGTH)
    problems.raise_if_any()
    limits = Limits.objects.select_for_update(no_key=True).first() or Limits()
    values = {
        "most_bytes": (megabytes or 0) * MEGABYTE,
        "most_files": most_files,
        "endings": "" if tuple(wanted) == USUAL else " ".join(wanted),
    }
    changed = set_changed(limits, values)
    if changed:
        limits.save()
        note_change(context, "setting", limits.pk, "update", changed)
    forget_limits()
    transaction.on_commit(forget_limits)
    return limits
