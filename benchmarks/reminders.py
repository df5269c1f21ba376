"""Live a simulated week of reminders and print what became of them.

    python -m benchmarks.reminders [--seed N] [--every SECONDS] [--acts N]
                                   [--only sqlite|postgresql]

A worker that is restarted, killed in the middle of a write and away for an hour (once
when work begins) looks for what is due, while people plan, move, finish, delete and
hand over. Everything due is found a second time by plain rules: what was lost, doubled
or not asked for is the difference.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.postgres import temporary_postgres  # noqa: E402


def main() -> int:
    """Run the week on each database; 1 if anything was lost, doubled or unasked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=60, help="seconds between looks")
    parser.add_argument("--acts", type=int, default=120, help="acts of people in a day")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here:
        return live(given.seed, given.every, given.acts)
    code = 0
    if given.only != "postgresql":
        print("SQLite", flush=True)
        code |= _apart({})
    if given.only != "sqlite":
        with temporary_postgres() as database:
            print("PostgreSQL", flush=True)
            code |= _apart(database)
    return code


def _apart(database: dict[str, str]) -> int:
    """Run in a process of its own, whose installation is new and goes afterwards."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "VERIGA_HOME": home, **database}
        environment["DJANGO_SETTINGS_MODULE"] = "veriga.config.settings"
        command = [sys.executable, "-m", "benchmarks.reminders", "--here"]
        return subprocess.call([*command, *sys.argv[1:]], cwd=ROOT, env=environment)


def live(seed: int, every: int, acts: int) -> int:
    """Live the week in the database of the settings, and print its figures."""
    import django

    django.setup()
    from datetime import timedelta

    from django.core.management import call_command
    from tests.support.reminder_week import Week

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    week = Week(seed, every=timedelta(seconds=every), acts_a_day=acts)
    figures = week.run()
    for line in figures.lines():
        print(f"  {line}")
    print(f"  lived in {time.perf_counter() - began:.0f} s")
    return int(bool(figures.lost or figures.unasked or figures.doubled))


if __name__ == "__main__":
    sys.exit(main())
