"""Giving reminders: once each, on time, and after a pause what was missed in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from veriga.access.rules import Context, Source, system
from veriga.common.kept import Kept
from veriga.common.transactions import write
from veriga.setup.models import Clock, Reminder
from veriga.setup.notices import Wishes
from veriga.setup.rules import ReminderKind, Wish
from veriga.setup.services.notices import News, tell_all
from veriga.work.queries.reminders import (
    CLOCK,
    DueReminder,
    Window,
    clock_reached,
    companies_of,
    due_reminders,
    params_of_due,
)

# A record is seen only when it is committed: its moment may have passed by then.
OVERLAP: Final = timedelta(minutes=5)
OLDEST: Final = timedelta(days=1)  # what was missed for longer is in the digest alone
STEP: Final = timedelta(hours=1)  # how much is made up for at once
NOTED_EVERY: Final = timedelta(minutes=1)
# In which minutes silence was looked for by the data's limits: each user may have
# others, so it is asked for each. The overlap covers what lies in between.
_looked: Kept[bool] = Kept(60.0, most=100)


def give_reminders(*, now: datetime) -> int:
    """Give all reminders that are due at `now` and were not given; return how many.

    Safe to call by several workers at once, and again after any of them has died.
    """
    context = Context(system("reminders"), now, Source.SYSTEM)
    reached = clock_reached()
    if reached is None:
        start_clock(context=context)
        return 0
    oldest = now - OLDEST
    given = 0
    after = min(max(reached, oldest), now)
    while True:
        until = min(now, after + STEP)
        minute = until.replace(second=0, microsecond=0)
        by_data = not _looked.has(minute)
        window = Window(max(after - OVERLAP, oldest), until, now, by_data)
        if due_reminders(window)[0]:
            given += _give(context=context, window=window)
        elif until - reached >= NOTED_EVERY:
            _note_reached(context=context, until=until)
        _looked.put(minute, True)
        if until >= now:
            return given
        after = until


@write
def start_clock(*, context: Context) -> None:
    """Begin to look for what is due: from now on, nothing of the past."""
    Clock.objects.get_or_create(pk=CLOCK, defaults={"reached_at": context.now})


@write
def _note_reached(*, context: Context, until: datetime) -> None:
    Clock.objects.filter(pk=CLOCK, reached_at__lt=until).update(reached_at=until)


@write
def _give(*, context: Context, window: Window) -> int:
    """Give what is due in a window: the reminder, and that it was given, or neither."""
    # One worker at a time, which then sees what the one before it has given. The
    # unique constraint would stop it too, but with everything else of the window.
    Clock.objects.select_for_update().get(pk=CLOCK)
    due, wishes = due_reminders(window)
    Reminder.objects.bulk_create(
        Reminder(
            user_id=one.user_id,
            kind=one.kind,
            activity_id=one.activity_id,
            about_at=one.about_at,
            due_at=one.due_at,
            given_at=context.now,
        )
        for one in due
    )
    names = {pk: company.name for pk, company in companies_of(due).items()}
    news = [_news(one, names, wishes) for one in due]
    tell_all(context=context, news=news)
    _note_reached(context=context, until=window.until)
    return len(due)


def _news(one: DueReminder, names: Mapping[int, str], wishes: Wishes) -> News:
    """Return what is said of a reminder; a digest is a mail and nothing else."""
    company = names.get(one.about.company_id, "") if one.about else ""
    wish = None if one.kind == ReminderKind.DIGEST else Wish(one.kind)
    return News(wishes[one.user_id], one.kind, params_of_due(one, company), wish)
