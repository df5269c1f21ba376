"""Measure the levels of DESIGN §6 on SQLite and on PostgreSQL, and print them.

    python -m benchmarks [--activities N] [--rounds N] [--only sqlite|postgresql]

Each round asks for every page once, with the plain page between them, over one
kept-alive connection to a real server; so noise of the machine hits all alike, and
what counts is the ratio of the medians.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.postgres import temporary_postgres  # noqa: E402

from benchmarks.crowd import EVERY_S, desks_open  # noqa: E402

VERIGA = Path(sys.executable).parent / "veriga"
# What the operator's guide recommends: a quarter of the memory of a small server.
POSTGRES = ("shared_buffers=1GB",)
COMPUTING = "computing figures"
COMPUTING_STARTS_WITHIN_S = 90.0
COMPUTING_RESTS_S = 5.0  # between what is computed weekly and what is computed daily


@dataclass
class Figures:
    """What was seen of one page: times in ms, statements, compressed bytes."""

    name: str
    of_seller: bool = False  # asked by somebody who sees a team's companies
    times: list[float] = field(default_factory=list)
    statements: int = 0
    size: int = 0

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1]


class Client:
    """One kept-alive connection, signed in both ways."""

    def __init__(self, port: int, prepared: dict[str, Any]) -> None:
        session, token = prepared["session"], prepared["token"]
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.plain = {"Accept-Encoding": "gzip"}  # its session is not touched
        self.page = {"Cookie": f"sessionid={session}", "Accept-Encoding": "gzip"}
        self.seller = {**self.page, "Cookie": f"sessionid={prepared['seller']}"}
        self.api = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Accept-Encoding": "gzip",
        }

    def ask(
        self, figures: Figures, method: str, address: str, body: Any = None
    ) -> bytes:
        """Ask once, note time, statements and bytes; stop at any error."""
        is_api = address.startswith("/api/")
        data = json.dumps(body).encode() if body is not None else None
        began = time.perf_counter()
        signed_in = self.seller if figures.of_seller else self.page
        if is_api:
            signed_in = self.api
        if address.startswith("/palette/"):  # asked for as a piece
            signed_in = {**signed_in, "HX-Request": "true"}
        headers = self.plain if address == "/plain/" else signed_in
        self.connection.request(method, address, data, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        figures.times.append((time.perf_counter() - began) * 1000)
        if answer.status >= 300:
            raise SystemExit(f"{method} {address}: {answer.status} {content[:300]!r}")
        figures.statements = max(
            figures.statements, int(answer.headers["X-Statements"])
        )
        figures.size = len(content)
        if answer.headers.get("Content-Encoding") == "gzip":
            import gzip

            content = gzip.decompress(content)
        return content


def run(arguments: list[str | Path], environment: dict[str, str]) -> str:
    done = subprocess.run(
        arguments,
        env=environment,
        cwd=ROOT,
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{arguments[0]} {arguments[1]} failed")
    return done.stdout


@contextlib.contextmanager
def server(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Run one server process; yield its port and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [VERIGA, "serve", "--port", str(port)],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _ in range(600):
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", port), timeout=1),
            ):
                break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def settled(group: int) -> float:
    """Wait until the first figures are computed; return the memory that they took, MB.

    The worker computes them after its first start, as long as it takes (a minute or
    two); what is measured is the day that follows.
    """
    most, until = 0.0, time.monotonic() + COMPUTING_STARTS_WITHIN_S
    while time.monotonic() < until:
        size = memory_mb(group).get(COMPUTING, 0.0)
        if size:
            most, until = max(most, size), time.monotonic() + COMPUTING_RESTS_S
        time.sleep(0.2)
    return most


def memory_mb(group: int) -> dict[str, float]:
    """Return the largest resident size of a process of the server's group, by its task.

    Only the server answers people; what computes figures is there for a minute or two.
    """
    found = {"server": 0.0, "worker": 0.0, COMPUTING: 0.0}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ProcessLookupError):
            if os.getpgid(int(folder.name)) != group:
                continue
            words = (folder / "cmdline").read_bytes().split(b"\0")
            task = COMPUTING if b"insight" in words else "server"
            task = "worker" if b"worker" in words else task
            for line in (folder / "status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    found[task] = max(found[task], int(line.split()[1]) / 1024)
    return {task: size for task, size in found.items() if size}


def measure(label: str, environment: dict[str, str], options: Any) -> list[str]:
    """Generate, serve and measure on one database; return the lines of a table."""
    run([VERIGA, "init", "--admin", "admin@veriga.example"], environment)
    companies = max(10, options.activities // 200)
    began = time.perf_counter()
    said = run(
        [
            VERIGA, "generate", "--companies", str(companies),
            "--activities", str(options.activities), "--seed", "7",
        ],
        environment,
    )  # fmt: skip
    whole = time.perf_counter() - began
    prepared = json.loads(
        run([sys.executable, "-m", "benchmarks.prepare"], environment)
    )
    if options.check:
        run([VERIGA, "check"], environment)
    lines = [f"\n### {label}, {options.activities:,} activities\n"]
    lines.append(
        f"`generate`: {options.activities / whole:,.0f} activities per second, start of"
        f" the program included ({said.strip().splitlines()[-1]})\n"
    )
    with server(environment) as (port, group):
        computing = settled(group)
        client = Client(port, prepared)
        plain, figures = Figures("plain page"), reads(prepared)
        writing = Writes(client, prepared)
        for _ in range(options.warm):
            client.ask(Figures(""), "GET", "/plain/")
            for one, address in figures:
                client.ask(Figures("", one.of_seller), "GET", address)
        for _ in range(options.rounds):
            for one, address in figures:
                client.ask(plain, "GET", "/plain/")
                client.ask(one, "GET", address)
            if prepared["loose"]:
                writing.once()
        lines.append(
            "| what | p50 ms | p95 ms | × plain (p50) | × plain (p95) | SQL | bytes |"
        )
        lines.append("|---|---:|---:|---:|---:|---:|---:|")
        read = {one.name: one for one, _ in figures}  # several addresses may share one
        for one in [plain, *read.values(), *writing.figures]:
            if one.times:
                lines.append(row(one, plain))
        lines += crowded(client, port, prepared)
        sizes = {**memory_mb(group), COMPUTING: computing}
        said = ", ".join(f"{task} {size:.0f} MB" for task, size in sizes.items())
        lines.append(f"\nResident: {said}")
    return lines


def row(one: Figures, plain: Figures) -> str:
    return (
        f"| {one.name} | {one.p50:.2f} | {one.p95:.2f} | {one.p50 / plain.p50:.1f} |"
        f" {one.p95 / plain.p50:.1f} | {one.statements} | {one.size:,} |"
    )


def crowded(client: Client, port: int, prepared: dict[str, Any]) -> list[str]:
    """Measure some pages while many people have their desks open, for two rounds."""
    alone, amid = Figures("plain page"), Figures("plain page")
    pages = [
        (Figures("own desk"), "/desk/?of=me"),
        (Figures("activities as one list"), "/activities/?shown=list"),
        (Figures("record window"), f"/activities/{prepared['record']}/"),
    ]
    for _ in range(50):
        client.ask(alone, "GET", "/plain/")
    with desks_open(port, prepared["crowd"]) as crowd:
        until = time.monotonic() + 2 * EVERY_S
        while time.monotonic() < until:
            for one, address in pages:
                client.ask(amid, "GET", "/plain/")
                client.ask(one, "GET", address)
            # As slow as somebody who reads: else it would be the load itself.
            time.sleep(0.1)
    answers = sorted(crowd.answers)
    lines = [
        f"\nWith {len(prepared['crowd'])} desks open (news asked for every"
        f" {EVERY_S:.0f} s; plain page without them {alone.p50:.2f} ms):"
        f" {len(answers)} polls, {crowd.unchanged} unchanged, {crowd.failures} failed,"
        f" p50 {statistics.median(answers):.1f} ms, slowest {answers[-1]:.1f} ms\n",
        "| what | p50 ms | p95 ms | × plain (p50) | × plain (p95) | SQL | bytes |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    return lines + [row(one, alone) for one in [amid, *(f for f, _ in pages)]]


def reads(prepared: dict[str, Any]) -> list[tuple[Figures, str]]:
    """Return what is read, as the issue names it."""
    record, company = prepared["record"], prepared["company"]
    size = prepared["chain_size"]
    day = date.today()
    return [
        (Figures("desk of everybody"), "/desk/?of=all"),
        (Figures("own desk"), "/desk/?of=me"),
        (Figures("open chains"), "/chains/"),
        (Figures("forecast"), "/forecast/"),
        (Figures("forecast, what changed in a week"), "/forecast/changes/"),
        (Figures("won in a month"), "/forecast/won/"),
        (Figures("pipeline board"), "/board/"),
        (Figures("calendar of a week"), "/calendar/"),
        (Figures("activity overview"), f"/activities/?on={day}"),
        (
            Figures("activity overview, a month of it"),
            f"/activities/?on={day}&view=month&span=month",
        ),
        (
            Figures("activity overview, one company"),
            f"/activities/?on={day}&firm={company}&span=last90&view=week",
        ),
        (Figures("activities as one list"), "/activities/?shown=list"),
        (
            Figures("activities as one list, deepest page"),
            f"/activities/?cursor={prepared['deep']}",
        ),
        (Figures("events"), "/events/"),
        (Figures("quotes"), "/quotes/"),
        (Figures("companies"), "/companies/"),
        (Figures("contacts"), "/contacts/"),
        (Figures("contacts of a company"), f"/contacts/?company={company}"),
        (Figures("relations page"), f"/companies/{company}/"),
        (Figures("record window"), f"/activities/{record}/"),
        (Figures(f"chain page of {size}"), f"/activities/{record}/chain/"),
        (
            Figures("linked list (a count's jump)"),
            f"/activities/?linked_to={record}&kind=event",
        ),
        (Figures("form of a new event"), f"/events/new/?company={company}"),
        (Figures("form of a new quote"), f"/quotes/new/?company={company}"),
        (Figures("form of a record"), f"/activities/{record}/edit/"),
        (Figures("form of a company"), f"/companies/{company}/edit/"),
        *searches(prepared["name"]),
        *of_a_team(prepared["name"], day),
        (Figures("API list"), "/api/v1/activities"),
        (Figures("API activity"), f"/api/v1/activities/{record}"),
        (Figures("API chain"), f"/api/v1/activities/{record}/chain"),
    ]


def of_a_team(company: str, day: date) -> list[tuple[Figures, str]]:
    """Return what a salesperson reads, who sees the companies of one team in three.

    They have work of their own, unlike whoever reads all the rest.
    """
    pages = {
        "own desk": "/desk/?of=me",
        "open chains": "/chains/",
        "pipeline board": "/board/",
        "forecast": "/forecast/",
        "calendar of a week": "/calendar/",
        "activity overview": f"/activities/?on={day}",
        "activities as one list": "/activities/?shown=list",
        "quotes": "/quotes/",
        "companies": "/companies/",
        "contacts": "/contacts/",
        "search, a company": f"/palette/?q={quote(company.split()[0])}",
        "search, a frequent word": "/palette/?q=ponudba",
    }
    return [
        (Figures(f"a team's: {name}", of_seller=True), address)
        for name, address in pages.items()
    ]


def searches(company: str) -> list[tuple[Figures, str]]:
    """Return what is asked for as somebody types, one line for each word."""
    first, second = company.split()[:2]
    typed = {
        "search, a word letter by letter": ["obiskali"[:n] for n in range(1, 9)],
        "search, a company and a word": [first, f"{first} {second}", f"{first} ponu"],
        "search, a typing error": ["ponubda", "setsanek"],
        "search, what is not there": ["xyzwq", "041 234 567"],
        "search, a very frequent word": ["za", "stroj", "ponudba"],
    }
    # In every tenth record and more, in many of each kind; and what is less frequent.
    everything = {
        "all results, a very frequent word": ["stroj", "ponudba"],
        "all results, two letters": ["za", "po"],
        "all results, frequent words together": ["stroj ponudba", "za stroj"],
        "all results, one kind of a frequent word": ["stroj&kind=quote"],
        "all results, a company": [first],
    }
    return [
        (figures, f"{address}?q={quote(q, safe='&=')}")
        for address, asked in (("/palette/", typed), ("/search/", everything))
        for figures, words in ((Figures(name), words) for name, words in asked.items())
        for q in words
    ]


class Writes:
    """Link, unlink, link again and undo, in the long chain."""

    def __init__(self, client: Client, prepared: dict[str, Any]) -> None:
        self.client, self.prepared = client, prepared
        self.link = Figures("API link")
        self.unlink = Figures("API unlink")
        self.undo = Figures("API undo")
        self.figures = [self.link, self.unlink, self.undo]

    def once(self) -> None:
        pair = {
            "follow_up": self.prepared["loose"],
            "stimulus": self.prepared["newest"],
        }
        made = self._link(pair)
        self.client.ask(self.unlink, "DELETE", f"/api/v1/links/{made['id']}")
        made = self._link(pair)
        self.client.ask(self.undo, "POST", f"/api/v1/changes/{made['change']}/undo", {})

    def _link(self, pair: dict[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            self.client.ask(self.link, "POST", "/api/v1/links", pair)
        )
        return found


def databases(only: str | None) -> Iterator[tuple[str, Callable[[], Any]]]:
    if only in (None, "sqlite"):
        yield "SQLite", lambda: contextlib.nullcontext({})
    if only in (None, "postgresql"):
        yield "PostgreSQL", lambda: temporary_postgres(*POSTGRES)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--activities", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--warm", type=int, default=5)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--check", action="store_true", help="run `veriga check` too")
    options = parser.parse_args()
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("VERIGA_", "DATABASE"))
    }
    for label, open_database in databases(options.only):
        with tempfile.TemporaryDirectory() as home, open_database() as database:
            environment = {
                **kept,
                **rename(database),
                "VERIGA_HOME": home,
                "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
                "PYTHONPATH": str(ROOT),
            }
            print("\n".join(measure(label, environment, options)), flush=True)


def rename(database: dict[str, str]) -> dict[str, str]:
    """Return the environment of a test database as an installation's."""
    return {
        "DATABASE_URL" if k == "VERIGA_TEST_DATABASE_URL" else k: v
        for k, v in database.items()
    }


if __name__ == "__main__":
    main()
