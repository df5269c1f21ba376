"""Measure the figures of insight on a simulated log, and print time and memory.

    python -m benchmarks.insight [--chains N] [--seed S] [--only triggers]

50,000 chains hold about 1.5 million activities. Each figure is measured in a process
of its own, so that its peak of memory is its own: what the log itself takes is told
beside it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from veriga.insight.rules.chance import chance_report  # noqa: E402
from veriga.insight.rules.log import ActivityLog  # noqa: E402
from veriga.insight.rules.next_step import next_step_report  # noqa: E402
from veriga.insight.rules.pace import pace_report  # noqa: E402
from veriga.insight.rules.stalled import stall_report  # noqa: E402
from veriga.insight.rules.triggers import find_triggers  # noqa: E402
from veriga.insight.tests.simulator import simulate  # noqa: E402

# Name, what is measured, and its bars: seconds and megabytes.
FIGURES: dict[str, tuple[Callable[[ActivityLog], object], float, float]] = {
    "triggers": (find_triggers, 60.0, 2_000.0),
    "pace": (pace_report, 5.0, 2_000.0),
    "stalled": (stall_report, 5.0, 2_000.0),
    "chance": (chance_report, 10.0, 2_000.0),
    "next_steps": (next_step_report, 10.0, 2_000.0),
}


def peak_mb() -> float:
    """Return the most memory that this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def measure(name: str, chains: int, seed: int) -> None:
    """Print the time and the memory of one figure."""
    figure, seconds, megabytes = FIGURES[name]
    log = simulate(seed, chains, "full").log
    before = peak_mb()
    begun, used = time.perf_counter(), time.process_time()
    figure(log)
    took, used = time.perf_counter() - begun, time.process_time() - used
    print(
        f"{name}: {len(log.activities):,} activities in {chains:,} chains:"
        f" {took:.1f} s, {used:.1f} s of a processor (bar {seconds:.0f} s);"
        f" peak {peak_mb():,.0f} MB (bar {megabytes:,.0f} MB),"
        f" {before:,.0f} MB of it before"
    )


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chains", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=list(FIGURES))
    options = parser.parse_args()
    fresh = multiprocessing.get_context("spawn")
    for name in [options.only] if options.only else list(FIGURES):
        process = fresh.Process(
            target=measure, args=(name, options.chains, options.seed)
        )
        process.start()
        process.join()


if __name__ == "__main__":
    main()
