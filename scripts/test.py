"""Run all tests on SQLite, then on PostgreSQL, and print their sum in one line.

python scripts/test.py [--only sqlite|postgresql] [arguments for pytest ...]

The PostgreSQL pass repeats what a database can change and runs the tests marked
`postgres`; browser tests run once, in the first pass. The exit code is 0 only if
tests ran and none failed.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.postgres import PostgresMissing, temporary_postgres  # noqa: E402

PYTEST = [
    *(sys.executable, "-m", "pytest"),
    *("--durations=15", "--durations-min=1", "-rfEs", "-o", "faulthandler_timeout=900"),
]
INTERRUPTED = 2
NOTHING_COLLECTED = 5


def run_pass(
    title: str, arguments: list[str], database: dict[str, str]
) -> tuple[Counter[str], int]:
    """Run pytest once; return its counts and its exit code."""
    print(f"\n=== {title} ===", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        counts_file = Path(folder) / "counts.json"
        environment = {**os.environ, **database, "VERIGA_TEST_COUNTS": str(counts_file)}
        process = subprocess.Popen([*PYTEST, *arguments], cwd=ROOT, env=environment)
        code = _wait(process)
        counts = Counter(
            json.loads(counts_file.read_text()) if counts_file.exists() else {}
        )
    # A crash, an unreadable test or a wrong argument is a failure too.
    if code not in (0, NOTHING_COLLECTED) and not counts["failed"]:
        counts["failed"] += 1
    print(f"{title}: {time.monotonic() - began:.0f} s", flush=True)
    return counts, code


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Return the exit code of pytest; on Ctrl-C let it end by itself."""
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait()
        return INTERRUPTED
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def run_all(only: str | None, arguments: list[str]) -> tuple[Counter[str], bool]:
    """Return the counts of all passes, and whether somebody interrupted them."""
    total: Counter[str] = Counter()
    if only != "postgresql":
        counts, code = run_pass("SQLite", arguments, {})
        total += counts
        if code == INTERRUPTED:
            return total, True
    if only != "sqlite":
        with temporary_postgres() as database:
            database["VERIGA_TEST_DATABASE_URL"] = database.pop("DATABASE_URL")
            counts, code = run_pass(
                "PostgreSQL",
                [*arguments, *([] if only else ["--second-pass"])],
                database,
            )
        total += counts
        return total, code == INTERRUPTED
    return total, False


def _on_terminate(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options, arguments = parser.parse_known_args()
    signal.signal(signal.SIGTERM, _on_terminate)
    try:
        total, interrupted = run_all(options.only, arguments)
    except PostgresMissing as problem:
        print(problem, file=sys.stderr)
        return 2
    line = ", ".join(
        f"{total[word]} {word}" for word in ("passed", "failed", "skipped")
    )
    results = ROOT / "test-results"
    results.mkdir(exist_ok=True)
    (results / "summary.txt").write_text(f"{line}\n")
    print(f"\n{line}", flush=True)
    if interrupted:
        return 130
    return 0 if total["passed"] and not total["failed"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
