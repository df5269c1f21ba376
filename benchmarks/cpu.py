"""Measure pages by the CPU time they take, on a machine that is busy with other things.

    VERIGA_HOME=... [DATABASE_URL=...] python -m benchmarks.cpu [--rounds N] [PAGE ...]

Inside an installation that `veriga generate` has filled. Pages are asked for in one
process, without a server between, the plain page before each; what is counted is the
CPU time of the process and, on PostgreSQL, of the server process that answers it (on
the same machine). A page may be named by its beginning. Ratios are lower than those of
`python -m benchmarks`, which has less around the plain page.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
os.environ.setdefault("VERIGA_ALLOWED_HOSTS", "testserver")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.__main__ import ROOT, reads  # noqa: E402

PLAIN = "/plain/"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--warm", type=int, default=5)
    parser.add_argument("pages", nargs="*", metavar="PAGE")
    options = parser.parse_args()
    prepared = json.loads(
        subprocess.run(
            [sys.executable, "-m", "benchmarks.prepare"],
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
    )
    asker = Asker(prepared["session"], prepared["token"])
    seller = Asker(prepared["seller"], prepared["token"])
    wanted = tuple(options.pages) or ("",)
    pages = [
        (one.name, address, seller if one.of_seller else asker)
        for one, address in reads(prepared)
        if one.name.startswith(wanted)
    ]
    times: dict[str, list[float]] = defaultdict(list)
    statements: dict[str, int] = defaultdict(int)
    for turn in range(options.warm + options.rounds):
        for name, address, who in pages:
            plain, (took, asked) = asker.ask(PLAIN)[0], who.ask(address)
            if turn >= options.warm:
                times[PLAIN].append(plain)
                times[name].append(took)
                statements[name] = max(statements[name], asked)
    yardstick = statistics.median(times.pop(PLAIN))
    lines = ["| what | CPU ms | × plain | SQL |", "|---|---:|---:|---:|"]
    lines.append(f"| plain page | {yardstick:.2f} | 1.0 | 0 |")
    for name, found in times.items():
        p50 = statistics.median(found)
        lines.append(
            f"| {name} | {p50:.2f} | {p50 / yardstick:.1f} | {statements[name]} |"
        )
    sys.stdout.write("\n".join(lines) + "\n")


class Asker:
    """Asks for pages in this process, signed in both ways."""

    def __init__(self, session: str, token: str) -> None:
        self._client = Client()
        self._client.cookies["sessionid"] = session
        self._token = token

    def ask(self, address: str) -> tuple[float, int]:
        """Return the CPU time of a page in ms, and its statements."""
        headers = {"Accept-Encoding": "gzip"}
        if address.startswith("/api/"):
            headers["Authorization"] = f"Bearer {self._token}"
        if address.startswith("/palette/"):
            headers["HX-Request"] = "true"
        began = _cpu_s()
        answer = self._client.get(address, headers=headers)
        took_ms = (_cpu_s() - began) * 1000
        if answer.status_code >= 300:
            raise SystemExit(f"{address}: {answer.status_code}")
        return took_ms, int(answer.headers["X-Statements"])


def _cpu_s() -> float:
    if connection.vendor != "postgresql":
        return time.process_time()
    connection.ensure_connection()
    beside = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + int(beside.read_text().split()[0]) / 1e9


if __name__ == "__main__":
    main()
