"""`veriga generate`: synthetic data of any size."""

from __future__ import annotations

import argparse
import sys

from django.utils import timezone

from veriga.config.checkpoint import checkpointing
from veriga.config.database import require_current_database
from veriga.config.errors import UsageError
from veriga.demo.synthetic import generate


def run(given: argparse.Namespace) -> int:
    require_current_database()
    if given.activities == 1:
        raise UsageError("--activities must not be 1: a chain has at least 2.")
    with checkpointing():
        made = generate(
            companies=given.companies,
            activities=given.activities,
            seed=given.seed,
            now=timezone.now(),
            report=lambda line: print(line, file=sys.stderr),
        )
    print(
        f"{made.companies:,} companies, {made.activities:,} activities"
        f" in {made.seconds:.1f} s: {made.per_second:,.0f} activities per second"
    )
    return 0
