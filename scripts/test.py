"""Run all tests on SQLite and on PostgreSQL, and print their sum in one line.

python scripts/test.py [--only sqlite|postgresql] [arguments for pytest ...]

The PostgreSQL pass repeats what a database can change and runs the tests marked
`postgres`, beside the SQLite pass; browser tests run once, after both, on SQLite. The
exit code is 0 only if tests ran and none failed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.postgres import PostgresMissing, temporary_postgres  # noqa: E402

PYTEST = [
    *(sys.executable, "-m", "pytest"),
    *("--durations=15", "--durations-min=1", "-rfEs", "-o", "faulthandler_timeout=900"),
]
INTERRUPTED = 2
NOTHING_COLLECTED = 5


class Pass:
    """One run of pytest; `output` is where its words go, here if None."""

    def __init__(
        self,
        title: str,
        arguments: list[str],
        database: dict[str, str],
        output: IO[bytes] | None = None,
    ) -> None:
        self.title, self._output = title, output
        self._began = time.monotonic()
        self._folder = tempfile.TemporaryDirectory()
        self._counts = Path(self._folder.name) / "counts.json"
        environment = {
            **os.environ,
            **database,
            "VERIGA_TEST_COUNTS": str(self._counts),
        }
        self._process = subprocess.Popen(
            [*PYTEST, *arguments], cwd=ROOT, env=environment, stdout=output
        )

    def end(self) -> tuple[Counter[str], int]:
        """Wait for it; return its counts and its exit code."""
        code = _wait(self._process)
        known = self._counts.exists()
        counts = Counter(json.loads(self._counts.read_text()) if known else {})
        self._folder.cleanup()
        # A crash, an unreadable test or a wrong argument is a failure too.
        if code not in (0, NOTHING_COLLECTED) and not counts["failed"]:
            counts["failed"] += 1
        if self._output is not None:
            print(f"\n=== {self.title} ===", flush=True)
            self._output.seek(0)
            shutil.copyfileobj(self._output, sys.stdout.buffer)
            sys.stdout.flush()
        print(f"{self.title}: {time.monotonic() - self._began:.0f} s", flush=True)
        return counts, code


def run_pass(
    title: str, arguments: list[str], database: dict[str, str]
) -> tuple[Counter[str], int]:
    """Run pytest once; return its counts and its exit code."""
    print(f"\n=== {title} ===", flush=True)
    return Pass(title, arguments, database).end()


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
    if only == "sqlite":
        counts, code = run_pass("SQLite", arguments, {})
        return counts, code == INTERRUPTED
    with temporary_postgres() as database:
        database["VERIGA_TEST_DATABASE_URL"] = database.pop("DATABASE_URL")
        if only == "postgresql":
            counts, code = run_pass("PostgreSQL", arguments, database)
            return counts, code == INTERRUPTED
        total, interrupted = _run_both(arguments, database)
    if not interrupted:
        # The browser and the server that it asks want both processors.
        counts, code = run_pass("Browser", ["-m", "browser", *arguments], {})
        total += counts
        interrupted = code == INTERRUPTED
    return total, interrupted


def _run_both(
    arguments: list[str], database: dict[str, str]
) -> tuple[Counter[str], bool]:
    """Run what needs no browser on both databases at the same time."""
    with tempfile.TemporaryFile() as output:
        second = Pass("PostgreSQL", ["--second-pass", *arguments], database, output)
        try:
            first = run_pass("SQLite", ["-m", "not browser", *arguments], {})
        finally:
            other = second.end()
    total = first[0] + other[0]
    return total, INTERRUPTED in (first[1], other[1])


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
