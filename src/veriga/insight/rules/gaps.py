"""Gaps, waits and silence out of the log; what is not over yet stays in, censored.

All in working days. Source: docs/insight/pace.md, docs/insight/stalled.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .log import Activities, ActivityLog, Bools, Ending, Fate, Floats, Ints, Side

# Kinds of activities that are no events: nobody has agreed on a meeting by them.
NO_EVENTS = ("task", "quote", "product_record", "document")


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps between the activities of each chain, g of them.

    `row` is the activity at which it begins; `length` its working days, until the next
    activity (`is_over`), the end of the chain, or now. `is_running`: of an open chain,
    the one that runs now. Ordered by chain, then time.
    """

    row: Ints
    chain: Ints
    begins: Floats
    length: Floats
    is_over: Bools
    is_running: Bools

    def __len__(self) -> int:
        return len(self.row)

    def where(self, chosen: Bools) -> Gaps:
        """Return these gaps alone."""
        return Gaps(
            self.row[chosen],
            self.chain[chosen],
            self.begins[chosen],
            self.length[chosen],
            self.is_over[chosen],
            self.is_running[chosen],
        )


def happened(log: ActivityLog, chosen: Bools | None = None) -> Ints:
    """Return the rows that were carried out by now, by chain and then in time.

    Their order in the story follows dates; where two disagree, what happened decides.
    """
    rows = log.activities
    held = rows.is_held & np.isfinite(rows.at) & (rows.at <= log.now)
    if chosen is not None:
        held &= chosen
    place = np.flatnonzero(held)
    at, chain = rows.at[place], rows.chain[place]
    backwards = (np.diff(at) < 0) & (np.diff(chain) == 0)
    return place[np.lexsort((at, chain))] if backwards.any() else place


def gaps_of(log: ActivityLog, chosen: Bools | None = None) -> Gaps:
    """Return the gaps between the activities carried out, `chosen` ones if given.

    A gap in which the chain ended is censored there; what follows an end is none of
    this sale's pace and is left out.
    """
    row = happened(log, chosen)
    if not len(row):
        nothing = np.zeros(0)
        return Gaps(row, row, nothing, nothing, nothing > 0, nothing > 0)
    chain, begins = log.activities.chain[row], log.activities.at[row]
    ended = np.fmin(log.chains.ended, log.now)[chain]
    is_last = np.append(chain[1:] != chain[:-1], True)
    following = np.where(is_last, np.inf, np.append(begins[1:], np.inf))
    ends = np.minimum(following, ended)
    is_over = following <= ended
    is_running = is_last & is_open(log)[chain]
    gaps = Gaps(row, chain, begins, ends - begins, is_over, is_running)
    return gaps.where((begins < ended) | is_over | is_running)


def is_open(log: ActivityLog) -> Bools:
    """Tell of each chain whether its present sale is still open."""
    return np.equal(log.chains.ending, Ending.OPEN)


def last_row(log: ActivityLog, chosen: Bools | None = None) -> Ints:
    """Return the last activity carried out of each chain, -1 where there is none."""
    row = happened(log, chosen)
    last = np.full(len(log.chains), -1, dtype=np.int64)
    last[log.activities.chain[row]] = row  # the last assignment stays
    return last


def silence(log: ActivityLog, side: Side | None = None) -> Floats:
    """Return since when nothing has happened in each chain: working days until now.

    With `side=Side.IN` the customer's silence. Where nothing happened at all it counts
    from the chain's begin.
    """
    chosen = None if side is None else np.equal(log.activities.side, side)
    last = last_row(log, chosen)
    since = log.chains.began.copy()
    since[last >= 0] = log.activities.at[last[last >= 0]]
    return np.maximum(log.now - since, 0.0)


def following(at: Floats, chain: Ints, of_chain: Ints, after: Floats) -> Floats:
    """Return for each moment when the next of these happens in its chain, else NaN.

    `at` and `chain`: what may happen, ordered by chain and time. A thing at the very
    moment itself is not "next".
    """
    if not len(at):
        return np.full(len(after), np.nan)
    key, asked = moment_key(chain, at), moment_key(of_chain, after)
    place = np.searchsorted(key, asked, side="right")
    inside = np.minimum(place, len(at) - 1)
    found = (place < len(at)) & (chain[inside] == of_chain)
    return np.where(found, at[inside], np.nan)


def moment_key(chain: Ints, at: Floats) -> Floats:
    """Return one number for chain and moment, so that a search is one search.

    The clock counts working days since the year 1 and stays below 2**20; a hundred
    thousand chains leave a resolution of half a second. Equal moments stay equal.
    """
    key: Floats = chain.astype(np.float64) * 2.0**20 + at
    return key


def reaction_waits(log: ActivityLog) -> Gaps:
    """Return for each of our actions the wait until the customer acted next.

    Censored at the end of the chain or now. Appointments are held together with the
    customer; what he does afterwards is his reaction.
    """
    rows = log.activities
    ours = happened(log, np.equal(rows.side, Side.OUT))
    theirs = happened(log, np.equal(rows.side, Side.IN))
    chain, begins = rows.chain[ours], rows.at[ours]
    reply = following(rows.at[theirs], rows.chain[theirs], chain, begins)
    ended = np.fmin(log.chains.ended, log.now)[chain]
    is_over = reply <= ended
    ends = np.where(is_over, reply, ended)
    running = ~is_over & is_open(log)[chain]
    waits = Gaps(ours, chain, begins, ends - begins, is_over, running)
    return waits.where(is_over | (begins < ended))


def milestone(log: ActivityLog, reached: Floats) -> tuple[Floats, Ints]:
    """Return the wait from each chain's begin to a moment, and how it ended.

    `reached`: when, NaN for not yet. Cause 1: reached; 2: the chain was lost or given
    up before, which competes; 0: still open, censored now. Feed to `aalen_johansen`.
    """
    chains = log.chains
    died = np.isin(chains.ending, (Ending.LOST, Ending.GIVEN_UP))
    ended = np.where(np.isnan(chains.ended), np.inf, chains.ended)
    in_time = np.isfinite(reached) & (reached <= np.minimum(ended, log.now))
    cause = np.where(in_time, 1, np.where(died & (ended <= log.now), 2, 0))
    until = np.where(in_time, reached, np.minimum(ended, log.now))
    return np.maximum(until - chains.began, 0.0), cause.astype(np.int64)


def first_quote(log: ActivityLog) -> Floats:
    """Return when the first quote of each chain was held, NaN if none."""
    return _first(log, _kinds_named(log, ("quote",))[log.activities.kind])


def won(log: ActivityLog) -> Floats:
    """Return when each chain was won, NaN if it was not."""
    is_won = np.equal(log.chains.ending, Ending.WON)
    return np.where(is_won, log.chains.ended, np.nan)


def appointments(log: ActivityLog) -> Bools:
    """Tell which rows are contacts that one agrees on: events, not internal."""
    rows = log.activities
    is_event = ~_kinds_named(log, NO_EVENTS)[rows.kind]
    return is_event & np.not_equal(rows.side, Side.INTERNAL)


def agreed_span(log: ActivityLog) -> tuple[Ints, Floats, Floats]:
    """Return the rows agreed on ahead, since when, and until when they were ahead.

    Until it happened, or its date, or the moment at which it was dropped.
    """
    rows: Activities = log.activities
    until = np.where(np.equal(rows.fate, Fate.HELD), rows.at, rows.planned)
    dropped = np.equal(rows.fate, Fate.DROPPED) & np.isfinite(rows.closed)
    until = np.where(dropped, np.minimum(until, rows.closed), until)
    ahead = appointments(log) & (until - rows.recorded > 0.01)
    ahead &= rows.recorded <= log.now
    chosen = np.flatnonzero(ahead)
    return chosen, rows.recorded[chosen], until[chosen]


def _kinds_named(log: ActivityLog, names: tuple[str, ...]) -> Bools:
    kinds = [kind.code.split(":")[0] in names for kind in log.kinds]
    return np.array(kinds or [False], dtype=np.bool_)


def _first(log: ActivityLog, chosen: Bools) -> Floats:
    row = happened(log, chosen)[::-1]
    first = np.full(len(log.chains), np.nan)
    first[log.activities.chain[row]] = log.activities.at[row]
    return first
