"""Running chains in words: silence, whose move, what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from veriga.activities.queries.running import RunningChain
from veriga.setup.models import CloseReason
from veriga.setup.queries import code_list
from veriga.setup.working import whole_working_days
from veriga.web.formats import number
from veriga.work.queries.names import stage_name
from veriga.work.queries.silence import DataLimit, Limits, Silence, silence_of


@dataclass(frozen=True, slots=True)
class ChainLine:
    """One running chain as a list shows it. `beside`: what colleagues run there too."""

    chain: RunningChain
    silence: Silence
    move: str
    move_name: str
    stage: str
    beside: str
    age_days: int  # of the sale, in working days


def chain_lines(
    chains: Iterable[RunningChain],
    beside: Mapping[int, list[tuple[str, int]]],
    limits: Limits,
) -> list[ChainLine]:
    """Return what lists show of running chains at the moment of `limits`."""
    names, now = move_names(), limits.now
    return [
        ChainLine(
            chain=chain,
            silence=silence_of(chain, limits),
            move=(move := chain.move(now)),
            move_name=names[move],
            stage=stage_name(chain.stage),
            beside=_beside(beside.get(chain.id, [])),
            age_days=whole_working_days(chain.sale_since or chain.first_date, now),
        )
        for chain in chains
    ]


def move_names() -> dict[str, str]:
    """Return whose move it is, as short as a column wants it."""
    return {
        "agreed": pgettext("move", "agreed"),
        "ours": pgettext("move", "ours"),
        "theirs": pgettext("move", "the customer's"),
    }


def close_reasons() -> list[tuple[str, str]]:
    """Return code and name of the reasons for which a sale is given up."""
    language = get_language() or "sl"
    offered = code_list(CloseReason, offered_only=True)
    return [(entry.code, entry.name(language)) for entry in offered]


def _beside(others: list[tuple[str, int]]) -> str:
    if not others:
        return ""
    together = sum(chains for _name, chains in others)
    text = ngettext(
        "%(num)s chain of colleagues runs here too: %(names)s",
        "%(num)s chains of colleagues run here too: %(names)s",
        together,
    )
    names = ", ".join(name for name, _chains in others[:3])
    return text % {"num": number(together), "names": names}


def flag_of(silence: Silence | None) -> tuple[str, str] | None:
    """Return the flag of a silence that is too long: its name, and what it goes by."""
    if silence is None or not silence.is_beyond:
        return None
    ours, by_data = limit_names()
    return (by_data if silence.data_limit else ours), silence_note(silence)


def limit_names() -> tuple[str, str]:
    """Return what a flag is called: by the firm's own limit, and by the data's."""
    return _("our limit"), _("by the data")


def beyond_name(limits: Limits) -> str:
    """Return what is said of all that is silent too long."""
    if limits.are_by_data:
        return _("Silent too long, by the data")
    return _("Silent beyond our limit")


def silence_note(silence: Silence) -> str:
    """Return what the flag of a limit says when it is pointed at."""
    if limit := silence.data_limit:
        return _by_data(limit, get_language() or "sl")
    return _("Our limit after this is %(days)s working days.") % {
        "days": number(silence.limit_days or 0)
    }


@lru_cache(100)  # a list says the same of nearly every row
def _by_data(limit: DataLimit, language: str) -> str:
    """Return what is said of a limit, in the language of now."""
    return _(
        "By the data %(days)s working days are the limit (from %(waits)s waits of"
        " %(chains)s chains): one false alarm in %(alarm)s working days of an open"
        " chain."
    ) % {
        "days": number(limit.days, 1),
        "waits": number(limit.waits),
        "chains": number(limit.chains),
        "alarm": number(limit.days_per_alarm),
    }
