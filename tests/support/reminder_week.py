"""A week of a small firm, with a worker that is restarted, killed and away for hours.

What is to be reminded of is found a second time here, from the plain rules: by looking
at everything that is open, at every tick, without windows or indexes.
"""

from __future__ import annotations

import random
import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from unittest.mock import patch

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Context, Role, Scope, Source
from veriga.access.tests.factories import make_user
from veriga.activities.models import Activity, Chain
from veriga.activities.rules.busy import Attendance
from veriga.activities.services import (
    Draft,
    create_activity,
    delete_activity,
    finish_activity,
    reopen_activity,
    update_activity,
)
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company
from veriga.setup.models import EventType, Notice, NoticeSettings, Reminder
from veriga.setup.queries import forget_code_lists
from veriga.setup.services import install_code_lists
from veriga.setup.working import working_calendar
from veriga.work.services import reminders
from veriga.work.services.reminders import give_reminders

MONDAY = datetime(2026, 3, 23, tzinfo=UTC)  # the clocks change on its Sunday
LIMITS = {"call": 1, "visit": 2}
KINDS = ("event", "deadline", "silence")
Key = tuple[int, str, int, datetime]  # user, kind, activity, what it is about
Wanted = dict[Key, datetime]  # the moment at which it is due


class Killed(Exception):
    """The worker ended in the middle of its work."""


@dataclass
class Figures:
    """What became of a week."""

    ticks: int = 0
    acts: int = 0
    killed: int = 0
    due: int = 0
    fired: int = 0
    lost: list[Key] = field(default_factory=list)
    unasked: list[Key] = field(default_factory=list)
    doubled: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    late_s: list[float] = field(default_factory=list)  # while the worker ran
    late_after_pause_s: list[float] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return them in words, for the report."""
        late, after = self.late_s or [0.0], self.late_after_pause_s or [0.0]
        kinds = ", ".join(f"{kind} {self.by_kind[kind]}" for kind in KINDS)
        return [
            f"{self.acts} acts of people, {self.ticks} looks of the worker, "
            f"killed {self.killed} times",
            f"due {self.due}, fired {self.fired} ({kinds})",
            f"lost {len(self.lost)}, doubled {self.doubled}, "
            f"unasked {len(self.unasked)}",
            f"late while running: median {statistics.median(late):.0f} s, "
            f"most {max(late):.0f} s",
            f"late after a pause: {len(self.late_after_pause_s)} reminders, "
            f"most {max(after) / 60:.0f} min",
        ]


class Week:
    """One simulated week; `every` is how often the worker looks."""

    def __init__(
        self, seed: int, *, every: timedelta, acts_a_day: int = 60, days: int = 7
    ) -> None:
        self._chance = random.Random(seed)
        self._every, self._acts_a_day, self._days = every, acts_a_day, days
        self._pauses = self._make_pauses()
        self._reached = MONDAY
        self._given: set[Key] = set()
        self._must: Wanted = {}
        self._may: set[Key] = set()
        self.figures = Figures()

    def run(self) -> Figures:
        """Live the week and return what became of it."""
        self._make_firm()
        self._live()
        self._judge()
        return self.figures

    def _make_pauses(self) -> list[tuple[datetime, datetime]]:
        """Return when the worker is away: at the opening, and whenever it happens."""
        opening = MONDAY + timedelta(days=1, hours=6, minutes=31)
        found = [(opening, opening + timedelta(hours=1))]
        for _ in range(6):
            begin = MONDAY + timedelta(
                minutes=self._chance.randrange(60, self._days * 24 * 60)
            )
            length = self._chance.choice([1, 2, 7, 61, 300])
            found.append((begin, begin + timedelta(minutes=length)))
        return found

    def _make_firm(self) -> None:
        install_code_lists()
        for code, days in LIMITS.items():
            EventType.objects.filter(pk=code).update(silence_days=days)
        forget_code_lists()
        wishes: list[dict[str, object]] = [
            {},
            {"event_lead_min": 60, "deadline_mailed": True, "deadline_told": False},
            {"event_lead_min": 24 * 60, "quiet_from": time(18), "quiet_until": time(7)},
            {"event_lead_min": None, "silence_told": False},
            {"event_lead_min": 5},
        ]
        self._users: list[User] = []
        for number, wish in enumerate(wishes):
            user = make_user(f"Oseba {number}", role=Role.MANAGER, scope=Scope.ALL)
            self._users.append(user)
            if wish:
                NoticeSettings.objects.create(user=user, **wish)
        ids = [user.pk for user in self._users]
        self._wishes = dict(zip(ids, wishes, strict=True))
        self._companies: list[Company] = [
            make_company(f"Stranka {number}", owner=self._users[number])
            for number in range(4)
        ]

    def _live(self) -> None:
        give_reminders(now=MONDAY)  # starts the clock
        end = MONDAY + timedelta(days=self._days)
        minutes = sorted(
            self._chance.randrange(5 * 60, 19 * 60) + day * 24 * 60
            for day in range(self._days)
            for _ in range(self._acts_a_day)
        )
        acts = [MONDAY + timedelta(minutes=m, seconds=m % 60) for m in minutes]
        now = MONDAY
        while now < end:
            now += self._every
            while acts and acts[0] <= now:
                self._act(acts.pop(0))
            if any(begin <= now < back for begin, back in self._pauses):
                continue
            self._look(now)

    # What people do.

    def _act(self, now: datetime) -> None:
        self.figures.acts += 1
        context = Context(actor_of(self._chance.choice(self._users)), now, Source.FORM)
        acts: list[Callable[[Context], None]] = [
            *[self._plan_event] * 4,
            *[self._plan_task] * 3,
            *[self._call] * 2,
            *[self._change] * 6,
        ]
        self._chance.choice(acts)(context)

    def _create(self, context: Context, kind: str, own: dict[str, object]) -> None:
        draft = Draft(
            kind=kind,
            company_id=self._chance.choice(self._companies).pk,
            title="Nekaj",
            own=own,
            owner=self._chance.choice(self._users).pk,
            participants=[self._part(own)],
        )
        create_activity(context=context, draft=draft)

    def _part(self, own: dict[str, object]) -> Attendance:
        """Return who takes part: every other one from a time of their own."""
        user, begins = self._chance.choice(self._users).pk, own.get("starts_at")
        if not isinstance(begins, datetime) or self._chance.random() < 0.5:
            return Attendance(user)
        begins += timedelta(minutes=self._chance.choice([-30, 20, 90, 600]))
        return Attendance(user, begins, begins + timedelta(minutes=30))

    def _soon(self, now: datetime) -> datetime:
        minutes = self._chance.choice([10, 20, 45, 90, 180, 600, 1500, 3000])
        found = now + timedelta(minutes=minutes + self._chance.randrange(30))
        return found.replace(second=0, microsecond=0)

    def _plan_event(self, context: Context) -> None:
        start = self._soon(context.now)
        own: dict[str, object] = {"type": "visit", "starts_at": start}
        if self._chance.random() < 0.15:
            midnight = datetime.combine(
                start.astimezone(working_calendar().zone).date() + timedelta(days=1),
                time(),
                working_calendar().zone,
            )
            own |= {"starts_at": midnight, "all_day": True}
        self._create(context, "event", own)

    def _plan_task(self, context: Context) -> None:
        soon = self._soon(context.now)
        whole = self._chance.random() < 0.5
        self._create(
            context, "task", {"due_on": soon.date()} if whole else {"due_at": soon}
        )

    def _call(self, context: Context) -> None:
        """Record a call that was made, going on with whatever is there."""
        before = Activity.objects.filter(deleted_at__isnull=True).order_by("?").first()
        own = {"type": "call", "starts_at": context.now - timedelta(minutes=5)}
        draft = Draft(
            kind="event",
            company_id=before.company_id if before else self._companies[0].pk,
            title="Klic",
            own=own,
            done_at=context.now,
            follows=str(before.reference) if before else "",
        )
        create_activity(context=context, draft=draft)

    def _change(self, context: Context) -> None:
        living = Activity.objects.filter(deleted_at__isnull=True).order_by("pk")
        found = list(living)
        if not found:
            return
        one = self._chance.choice(found)
        reference = str(one.reference)
        what = self._chance.choice(
            ["finish", "delete", "owner", "move", "move", "open", "part", "part"]
        )
        if what == "finish":
            finish_activity(context=context, reference=reference)
        elif what == "delete":
            delete_activity(context=context, reference=reference)
        elif what == "open" and one.done_at is not None:
            reopen_activity(context=context, reference=reference)
        elif what == "owner":
            owner = self._chance.choice(self._users).pk
            update_activity(
                context=context, reference=reference, changes={"owner": owner}
            )
        elif what == "part" and one.kind == "event":
            part = self._part({"starts_at": one.starts_at})
            update_activity(
                context=context, reference=reference, changes={"participants": [part]}
            )
        elif what == "move" and one.done_at is None and not one.all_day:
            name = "starts_at" if one.kind == "event" else "due_at"
            changes = {name: self._soon(context.now)}
            update_activity(context=context, reference=reference, changes=changes)

    # What the worker does, and what it ought to.

    def _look(self, now: datetime) -> None:
        self._expect(now)
        if self._chance.random() < 0.05:
            # Killed while it writes: nothing of that may stay.
            with patch.object(reminders, "_note_reached", side_effect=Killed):
                try:
                    give_reminders(now=now)
                except Killed:
                    self.figures.killed += 1
        give_reminders(now=now)
        self.figures.ticks += 1
        self._reached = now

    def _expect(self, now: datetime) -> None:
        """Note what must be reminded of now: its moment came since the last look."""
        nearly = self._reached - reminders.OVERLAP
        for key, moment, is_still_of_use in self._all_moments(now):
            if key in self._must or moment > now:
                continue
            if moment > self._reached or is_still_of_use:
                self._must[key] = moment
            elif moment > nearly:  # recorded when its moment had just passed
                self._may.add(key)

    def _all_moments(self, now: datetime) -> list[tuple[Key, datetime, bool]]:
        calendar = working_calendar()
        found: list[tuple[Key, datetime, bool]] = []

        def opens(day: date) -> datetime:
            return datetime.combine(day, calendar.opens, calendar.zone)

        living = Activity.objects.filter(deleted_at__isnull=True, done_at__isnull=True)
        for one in living.prefetch_related("participations"):
            if one.kind != "event":
                if one.due_at is None or not self._wants(one.owner_id, "deadline"):
                    continue
                last = one.due_at - timedelta(seconds=1)
                moment = min(opens(last.astimezone(calendar.zone).date()), one.due_at)
                key = (one.owner_id, "deadline", one.pk, one.due_at)
                found.append((key, moment, False))
                continue
            own = {part.user_id: part.busy_from for part in one.participations.all()}
            for user in {one.owner_id, *own}:
                lead = self._wishes[user].get("event_lead_min", 15)
                if not isinstance(lead, int):
                    continue
                begins, all_day = own.get(user), False
                if begins is None:
                    begins, all_day = one.date, one.all_day
                moment = begins - timedelta(minutes=lead)
                if all_day:
                    moment = opens(begins.astimezone(calendar.zone).date())
                is_of_use = not all_day and lead <= 60 and now < begins
                found.append(((user, "event", one.pk, begins), moment, is_of_use))
        found += self._silent(now)
        return found

    def _silent(self, now: datetime) -> list[tuple[Key, datetime, bool]]:
        calendar = working_calendar()
        found: list[tuple[Key, datetime, bool]] = []
        running = Chain.objects.filter(is_running=True).select_related("last_acted")
        for chain in running:
            last, since = chain.last_acted, chain.last_acted_at
            if last is None or since is None or last.kind != "event":
                continue
            limit, owner = LIMITS.get(last.type_code), chain.company_owner_id
            if limit is None or owner is None or not self._wants(owner, "silence"):
                continue
            if calendar.working_days(since, now) <= limit:
                continue
            was_so = calendar.working_days(since, self._reached) > limit
            just = self._reached - reminders.OVERLAP
            was_long_so = calendar.working_days(since, just) > limit
            moment = now if not was_so else self._reached
            if not was_long_so:
                key = (owner, "silence", last.pk, since)
                found.append((key, moment, False))
        return found

    def _wants(self, user_id: int, what: str) -> bool:
        wish = self._wishes[user_id]
        return bool(wish.get(f"{what}_told", True) or wish.get(f"{what}_mailed"))

    def _judge(self) -> None:
        figures = self.figures
        rows = list(Reminder.objects.all())
        given: Counter[Key] = Counter(
            (row.user_id, row.kind, row.activity_id, row.about_at) for row in rows
        )
        figures.due, figures.fired = len(self._must), sum(given.values())
        figures.lost = sorted(set(self._must) - set(given))
        figures.unasked = sorted(set(given) - set(self._must) - self._may)
        figures.by_kind = Counter(row.kind for row in rows)
        said = Counter(
            (n.user_id, n.kind, n.params["reference"], n.params["at"])
            for n in Notice.objects.filter(kind__in=KINDS)
        )
        figures.doubled = sum(given.values()) - len(given)
        figures.doubled += sum(said.values()) - len(said)
        for row in rows:
            late = (row.given_at - row.due_at).total_seconds()
            was_away = any(
                begin - self._every <= row.given_at
                and row.due_at < back
                and begin <= row.given_at
                and row.due_at <= back <= row.given_at + self._every
                for begin, back in self._pauses
            )
            (figures.late_after_pause_s if was_away else figures.late_s).append(late)
