"""The world behind the simulated logs: customers and us, event by event.

Customers react at a rate that depends on who they are, on how long ago they last did,
on the age of the chain, on our actions of the last ten working days (by the planted
ratios) and on an appointment that is agreed. We act at a rate of our own, which the
scenarios bend in the ways that fool a naive count. Each chain runs by itself from event
to event (thinning, exact in continuous time); all chains step together, so that 400
take a fraction of a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from veriga.common.working_time import WorkingCalendar
from veriga.insight.rules.clock import months_of
from veriga.insight.rules.log import Fate, Side

RATIOS = {
    "visit": 2.1,
    "call": 1.5,
    "quote": 1.6,
    "product_record:sample": 1.25,
    "email": 1.0,
    "newsletter": 1.0,
    "invitation": 1.0,
    "video_call": 1.0,
    "gift": 1.0,
    "catalogue": 1.0,
    "tour": 1.0,
    "task": 1.0,
}
KINDS = (*RATIOS, "reply", "note")
ACTIONS = len(RATIOS)
REPLY, NOTE = ACTIONS, ACTIONS + 1
WINDOW = 10.0
EPOCH = 527_515.0  # the clock on Monday, 2 January 2023, if there were no holidays
NOW = EPOCH + 760.0
MONTHS = months_of(WorkingCalendar(()), date(2022, 12, 1), date(2025, 12, 31))
# How lively customers and we are by month, where a scenario has seasons; 1 in most.
SEASON = np.ones(14)
SEASON[[7, 8, 12, 13]] = 0.7, 0.3, 0.75, 0.2


def _weights(**favoured: float) -> np.ndarray:
    plain = {"visit": 0.12, "call": 0.16, "quote": 0.10, "product_record:sample": 0.08}
    weights = np.array(
        [plain.get(k, 0.0675) * favoured.get(k, 1.0) for k in RATIOS], dtype=float
    )
    return weights / weights.sum()


# Which kinds we choose: of our own accord, on a customer's word, after long silence.
CHOICES = np.cumsum(
    [
        _weights(),
        _weights(visit=2.0, call=2.0, email=3.0, video_call=2.0),
        _weights(call=2.0, newsletter=4.0, email=2.0, gift=2.0),
    ],
    axis=1,
)
APPOINTMENTS = np.isin(list(RATIOS), ["visit", "invitation", "tour"])


@dataclass(frozen=True)
class Scenario:
    """What is at work beside the planted effects."""

    frailty: bool = True  # we know who is warm, and act more there
    reactive: bool = True  # we act when the customer has just spoken
    chasing: bool = True  # we act when the customer has long been silent
    appointments: bool = True  # agreed ahead, and the customer confirms
    deaths: bool = True  # chains die or stall, and nobody records it
    untidy: bool = True  # some is entered late, some cancelled
    effects: bool = True
    decay: bool = False  # an effect fades inside its window
    seasons: bool = False  # in August nobody answers, and nobody asks
    reactions: float = 10.0
    scale: float = 0.0042  # found by trying, so that the mean is `reactions`


_ALONE = {"reactive": False, "chasing": False, "appointments": False}
SCENARIOS = {
    "full": Scenario(),
    "frailty": Scenario(**_ALONE, scale=0.0056),
    "reactive": Scenario(**_ALONE | {"reactive": True}, frailty=False, scale=0.0067),
    "chasing": Scenario(**_ALONE | {"chasing": True}, frailty=False, scale=0.0063),
    "clean": Scenario(False, False, False, False, False, False, scale=0.0060),
    "few": Scenario(reactions=3.0, scale=0.0040),
    "no_effect": Scenario(effects=False, scale=0.0066),
    "decay": Scenario(decay=True, scale=0.0053),
    "season": Scenario(seasons=True, scale=0.0049),
    "season_alone": Scenario(**_ALONE, seasons=True, effects=False, scale=0.0080),
}


def season_at(at: np.ndarray) -> np.ndarray:
    """Return how lively everybody is at these moments."""
    place = np.searchsorted(MONTHS.starts, at, side="right") - 1
    return SEASON[MONTHS.stretch[place]]


class World:
    """All chains at once; each stands at its own time `t`, in working days of age."""

    def __init__(
        self,
        rng: np.random.Generator,
        n: int,
        setting: Scenario,
        planted: dict[str, float],
        reactions: float,
    ) -> None:
        self.rng, self.n, self.setting = rng, n, setting
        self.effects = np.log([planted[kind] for kind in RATIOS])
        self.speed = rng.integers(0, 3, n)
        self.warmth = np.array([0.45, 1.0, 1.9])[self.speed] * rng.gamma(8, 1 / 8, n)
        if not setting.frailty:
            self.warmth = np.array([0.85, 1.0, 1.15])[self.speed]
        known = self.warmth**0.7 if setting.frailty else np.ones(n)
        self.pull = setting.scale * reactions * self.warmth
        self.push = 0.085 * known
        self.began = NOW - rng.uniform(25, 700, n)
        self.length = np.minimum(rng.gamma(4, 45, n) + 15, NOW - self.began)
        self.cut = self.began + self.length < NOW - 1e-9
        self.died_at = np.full(n, np.nan)
        self.stalled_at = np.full(n, np.nan)
        if setting.deaths:
            ends = rng.exponential(320, n)
            dead = rng.random(n) < 0.7
            happens = ends < self.length
            self.died_at[happens & dead] = (self.began + ends)[happens & dead]
            self.stalled_at[happens & ~dead] = (self.began + ends)[happens & ~dead]
        self.won = np.zeros(n, dtype=bool)
        self.rows: list[tuple[np.ndarray, ...]] = []

    def run(self) -> None:
        """Let every chain run to its end."""
        n, rng = self.n, self.rng
        self.last = np.full((n, ACTIONS), -np.inf)
        self.heard = np.zeros(n)  # age at the customer's last word
        self.agreed = np.full(n, np.inf)  # age at which an appointment is due
        self.agreed_kind = np.zeros(n, dtype=int)
        self.agreed_on = np.zeros(n)
        came = rng.random(n) < 0.5
        self._note(np.flatnonzero(came), np.zeros(came.sum()), REPLY, Side.IN)
        ours = np.flatnonzero(~came)
        self._act(ours, np.zeros(len(ours)), np.full(len(ours), 4))
        t, alive = np.zeros(n), np.arange(n)
        while len(alive):
            now = t[alive]
            bound_in, bound_out = self._rates(alive, now, ahead=True)
            step = rng.exponential(1.0, len(alive)) / (bound_in + sum(bound_out))
            then = now + step
            due = self.agreed[alive]
            meets = (due <= then) & (due <= self.length[alive])
            then = np.where(meets, due, then)
            t[alive] = then
            self._keep_appointments(alive[meets], due[meets])
            inside = ~meets & (then < self.length[alive])
            self._happen(
                alive[inside],
                then[inside],
                (bound_in + sum(bound_out))[inside] * rng.random(inside.sum()),
            )
            alive = alive[(t[alive] < self.length[alive]) & ~self.won[alive]]

    def _rates(
        self, who: np.ndarray, age: np.ndarray, *, ahead: bool
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """Return the customer's rate and ours by motive; `ahead`: bounds from here on.

        Everything falls with time between two events, but the chasing, which sets in.
        """
        setting = self.setting
        since = age - self.heard[who]
        passed = age[:, None] - self.last[who]
        weight = (passed < WINDOW).astype(float)
        if setting.decay:
            weight *= np.exp(-np.minimum(passed, WINDOW) / 6)
        pull = self.pull[who] * np.exp(weight @ self.effects - age / 200)
        pull *= 1 + 1.5 * np.exp(-since / 3)
        push = self.push[who] * 1.0
        if setting.appointments:
            pull = np.where(np.isfinite(self.agreed[who]), 1.6 * pull, pull)
        at = self.began[who] + age
        gone = np.nan_to_num(at - self.died_at[who], nan=-1.0)
        pull = np.where(gone >= 0, 0.0, pull)
        push = push * np.where(gone >= 0, np.exp(-np.maximum(gone, 0) / 25), 1.0)
        stalled = at >= self.stalled_at[who]
        pull = np.where(stalled, 0.05 * pull, pull)
        push = np.where(stalled, 0.2 * push, push)
        if setting.seasons and not ahead:  # it is 1 at most, so 1 is a bound
            lively = season_at(at)
            pull, push = pull * lively, push * lively
        answering = push * 2.5 * np.exp(-since / 2) * setting.reactive
        chases = (since > 10) | ahead
        chasing = push * 1.5 * chases * setting.chasing
        return pull, [push, answering, chasing]

    def _happen(self, who: np.ndarray, age: np.ndarray, level: np.ndarray) -> None:
        """Let happen what `level`, drawn below the bound, says; at times nothing."""
        pull, push = self._rates(who, age, ahead=False)
        steps = np.cumsum(np.stack([pull, *push]), axis=0)
        what = (level > steps).sum(axis=0)
        spoke = what == 0
        self.heard[who[spoke]] = age[spoke]
        kind = self.rng.choice([REPLY, 1, 4], p=[0.8, 0.1, 0.1], size=spoke.sum())
        self._note(who[spoke], age[spoke], kind, Side.IN)
        self.won[who[spoke]] = self.rng.random(spoke.sum()) < 0.015
        self.length[who[self.won[who]]] = age[self.won[who]] + 1e-6
        acted = (what > 0) & (what < 4)
        draw = self.rng.random(acted.sum())
        kinds = (draw[:, None] > CHOICES[what[acted] - 1]).sum(axis=1)
        self._act(who[acted], age[acted], np.minimum(kinds, ACTIONS - 1))

    def _act(self, who: np.ndarray, age: np.ndarray, kind: np.ndarray) -> None:
        """Carry out an action, or agree on an appointment for it."""
        ahead = APPOINTMENTS[kind] & np.isinf(self.agreed[who])
        ahead &= self.setting.appointments
        agreed = who[ahead]
        self.agreed[agreed] = age[ahead] + self.rng.uniform(1, 8, ahead.sum())
        self.agreed_kind[agreed], self.agreed_on[agreed] = kind[ahead], age[ahead]
        self.last[who[~ahead], kind[~ahead]] = age[~ahead]
        self._note(who[~ahead], age[~ahead], kind[~ahead], Side.OUT)

    def _keep_appointments(self, who: np.ndarray, age: np.ndarray) -> None:
        """Hold the appointments that are due, or see a few of them cancelled."""
        kind, agreed_on = self.agreed_kind[who], self.agreed_on[who]
        held = self.rng.random(len(who)) >= 0.08 * self.setting.untidy
        self.last[who[held], kind[held]] = age[held]
        fate = np.where(held, Fate.HELD, Fate.DROPPED)
        self._note(who, age, kind, Side.OUT, fate, agreed_on)
        self.agreed[who] = np.inf

    def _note(self, who, age, kind, side, fate=Fate.HELD, recorded=None) -> None:  # type: ignore[no-untyped-def]
        columns = (who, age, kind, side, fate, age if recorded is None else recorded)
        self.rows.append(tuple(np.broadcast_to(c, len(who)) for c in columns))
