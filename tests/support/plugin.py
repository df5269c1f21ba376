"""The pytest plugin that every test runs under (named in pyproject.toml).

It is loaded before Django's settings are, so that no test ever touches the database,
files or settings of an installation that happens to be on the same machine.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from tests.support.effort import effort

pytest_plugins = ["tests.support.servers", "tests.support.browser"]

KEPT_VARIABLES = {
    *("VERIGA_EFFORT", "VERIGA_TEST_DATA"),
    *("VERIGA_TEST_DATABASE_URL", "VERIGA_TEST_COUNTS"),
}
HOME = Path(tempfile.mkdtemp(prefix="veriga-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

for _name in [name for name in os.environ if name.startswith("VERIGA_")]:
    if _name not in KEPT_VARIABLES:
        del os.environ[_name]
os.environ.pop("DATABASE_URL", None)
os.environ["VERIGA_HOME"] = str(HOME)
# scripts/test.py gives the address of its own PostgreSQL server; none means SQLite.
if "VERIGA_TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["VERIGA_TEST_DATABASE_URL"]
ON_POSTGRES = "DATABASE_URL" in os.environ

DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
    "installation",
}
BROWSER_FIXTURES = {"browser", "open_page", "page", "phone"}
EMPTY_REASONS = {"Skipped: ", "Skipped: unconditional skip", "Skipped"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--second-pass",
        action="store_true",
        help="run only what another database can change, and nothing in a browser",
    )


def pytest_configure(config: pytest.Config) -> None:
    common = {"deadline": None, "print_blob": True, "derandomize": False}
    hypothesis.settings.register_profile("ci", max_examples=50, **common)
    hypothesis.settings.register_profile("full", max_examples=1000, **common)
    hypothesis.settings.load_profile(effort())
    # Whoever ends the tests politely ends the servers they started too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Change the few settings in which tests differ from an installation."""
    # The real rule for passwords is slow on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if ON_POSTGRES:
        return
    # A file, as installations have it: threads can share it. It need not survive a
    # power cut.
    database = connections["default"].settings_dict
    database["TEST"]["NAME"] = HOME / "test.sqlite3"
    begin = database["OPTIONS"]["init_command"]
    begin = begin.replace("synchronous=FULL", "synchronous=OFF")
    database["OPTIONS"] = {**database["OPTIONS"], "init_command": begin}


def pytest_report_header(config: pytest.Config) -> str:
    database = "PostgreSQL" if ON_POSTGRES else "SQLite"
    return f"database: {database}, effort: {effort()}"


# ---------------------------------------------------------------- what runs in a pass


def touches_database(item: pytest.Item) -> bool:
    """Return whether another database could change how the test ends."""
    cls = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))
        or (cls is not None and issubclass(cls, TransactionTestCase))
    )


def is_wanted(item: pytest.Item, *, on_postgres: bool, second_pass: bool) -> bool:
    """Return whether the test belongs to this pass."""
    if item.get_closest_marker("sqlite" if on_postgres else "postgres"):
        return False
    if not second_pass or item.get_closest_marker("postgres"):
        return True
    return touches_database(item) and not item.get_closest_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
    second_pass = config.getoption("--second-pass")
    dropped = [
        item
        for item in items
        if not is_wanted(item, on_postgres=ON_POSTGRES, second_pass=second_pass)
    ]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        gone = set(dropped)
        items[:] = [item for item in items if item not in gone]
    yield
    # Playwright leaves an event loop in this thread: nothing else may run after it.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


# ------------------------------------------------------------------------- the report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Iterator[None]:
    report = yield
    setattr(item, f"report_{report.when}", report)
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else None
    if report.skipped and reason in EMPTY_REASONS:
        report.outcome = "failed"
        report.longrepr = "A skipped test must say why."
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Leave the numbers where scripts/test.py adds them up."""
    target = os.environ.get("VERIGA_TEST_COUNTS")
    if not target:
        return
    stats = {name: len(reports) for name, reports in terminalreporter.stats.items()}
    counts = {
        "passed": stats.get("passed", 0) + stats.get("xpassed", 0),
        "failed": stats.get("failed", 0) + stats.get("error", 0),
        "skipped": stats.get("skipped", 0) + stats.get("xfailed", 0),
    }
    Path(target).write_text(json.dumps(counts))


@pytest.fixture(autouse=True)
def nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty what a process keeps for some seconds, which another test's database held.

    A count of statements must not depend on how long ago that was filled either, nor on
    how long a test takes.
    """
    from veriga.common import kept

    kept.forget_all()
    monkeypatch.setattr(kept, "clock", lambda: 0.0)
