"""Which chains of a log each sight has, and whether they are as they were.

The rule of visibility (parties/queries/visibility.py) said in columns; a test holds
the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import numpy as np

from veriga.access.rules import Scope
from veriga.insight.rules.log import ActivityLog, Bools
from veriga.insight.rules.sights import SightSpec

from .reading import Reading


def chains_seen(
    reading: Reading, spec: SightSpec, shares: Mapping[int, list[int]]
) -> Bools:
    """Return which chains of the log a sight has."""
    chains = reading.log.chains
    seen = np.full(len(chains), spec.scope is Scope.ALL)
    if spec.scope is Scope.TEAM:
        seen |= chains.team == (spec.team_id or -1)
    if spec.user_id is not None:
        seen |= chains.account_owner == spec.user_id
        seen |= np.isin(chains.company, shares.get(spec.user_id, []))
    return seen if spec.with_persons else seen & ~reading.is_person


def content_hash(log: ActivityLog, *more: str) -> str:
    """Return one hash of all that figures depend on but the hour of the day."""
    found = blake2b(digest_size=24)
    for text in (*(k.code for k in log.kinds), *log.segments, *log.reasons, *more):
        found.update(text.encode() + b"\0")
    found.update(str(int(log.now)).encode())
    for table in (log.activities, log.chains, log.links):
        for name in table.__slots__:
            found.update(np.ascontiguousarray(getattr(table, name)).data)
    return found.hexdigest()
