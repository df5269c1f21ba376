"""Words for what the heart knows by code, in the language of the page."""

from __future__ import annotations

from datetime import datetime
from functools import cache, lru_cache

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from veriga.activities.queries.chains import ChainSummary
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.rules.words import KindCode, Outcome, State
from veriga.setup.working import whole_working_days
from veriga.web.formats import day, due_day, number
from veriga.work.queries.names import stage_name
from veriga.work.queries.relations import ChainNow


def outcome_name(outcome: str) -> str:
    """Return how a sale stands: open, won, lost, given up."""
    return {
        Outcome.OPEN: pgettext("sale", "open"),
        Outcome.WON: pgettext("sale", "won"),
        Outcome.LOST: pgettext("sale", "lost"),
        Outcome.GIVEN_UP: pgettext("sale", "given up"),
    }[Outcome(outcome)]


def sale_words(chain: ChainSummary) -> str:
    """Return the outcome of a chain's sale and its stage, if it has one."""
    stage = stage_name(chain.stage)
    words = outcome_name(chain.outcome)
    return f"{words} · {stage}" if stage and chain.outcome == Outcome.OPEN else words


def kind_name(kind: str) -> str:
    """Return what one activity of a kind is called."""
    return _kind_name(get_language(), kind)


@cache
def _kind_name(language: str | None, kind: str) -> str:
    return {
        KindCode.EVENT: _("Event"),
        KindCode.TASK: _("Task"),
        KindCode.PRODUCT_RECORD: _("Product record"),
        KindCode.QUOTE: _("Quote"),
    }[KindCode(kind)]


def inside(name: str) -> str:
    """Return a name as it stands inside a sentence: its first letter small."""
    return name[:1].lower() + name[1:]


def working_days(number_of_days: int) -> str:
    """Return whole working days in words."""
    return _working_days(get_language(), number_of_days)


@lru_cache(maxsize=2_000)
def _working_days(language: str | None, number_of_days: int) -> str:
    text = ngettext("%(num)s working day", "%(num)s working days", number_of_days)
    return text % {"num": number(number_of_days)}


def late_words(row: ActivityRow, now: datetime) -> tuple[str, str]:
    """Return what is late, and for how long, as a heading and a line."""
    what = inside(row.type_name or kind_name(row.kind))
    heading = _("Overdue: %(what)s %(reference)s")
    late = whole_working_days(row.due_at, now) if row.due_at else 0
    if late:
        line = late_for(late)
    elif row.kind == KindCode.QUOTE:
        line = _("Valid until %(day)s") % {"day": due_day(row.due_at)}
    else:
        line = _("Due %(day)s") % {"day": due_day(row.due_at)}
    return heading % {"what": what, "reference": row.reference}, line


def late_for(number_of_days: int) -> str:
    """Return for how long something is late."""
    text = ngettext(
        "%(num)s working day late", "%(num)s working days late", number_of_days
    )
    return text % {"num": number(number_of_days)}


def move_words(chain: ChainNow) -> tuple[str, str]:
    """Return whose move a chain is, and why, as a heading and a line."""
    row = chain.because
    if chain.move == "agreed":
        heading = _("an appointment is agreed")
    elif chain.move == "ours":
        heading = _("it is our move")
    else:
        heading = _("it is the customer's move")
    if row is None:
        return heading, _("There was no contact yet.")
    values = {"reference": row.reference, "day": day(row.date)}
    if chain.move == "agreed":
        return heading, _("%(reference)s on %(day)s") % values
    if row.state is State.OVERDUE:
        return heading, _("%(reference)s is overdue") % values
    if chain.move == "ours":
        return heading, _(
            "The customer's last contact: %(reference)s, %(day)s"
        ) % values
    return heading, _("Our last contact: %(reference)s, %(day)s") % values
