"""What each command of `veriga` does, once Django is set up."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone, translation

from veriga.access.queries import actor_of, find_user, list_users
from veriga.access.rules import Context, Role, Source, system
from veriga.access.services import create_token, create_user
from veriga.activities.queries.checking import find_differences
from veriga.activities.services import repair
from veriga.common.errors import NotFound
from veriga.demo.synthetic import generate
from veriga.parties.queries import own_firm
from veriga.parties.services import create_own_firm
from veriga.setup.services import install_code_lists

from . import serving

OWN_FIRM = "Interno"
MARKER = "veriga-demo"


class BadInput(Exception):
    """What was asked cannot be done; the text says why."""


def run(given: argparse.Namespace) -> int:
    """Run the command that `given` names and return the exit code."""
    with translation.override(settings.LANGUAGE_CODE):
        return COMMANDS[given.command](given)


def init(given: argparse.Namespace) -> int:
    """Migrate, install code lists and the own firm, make the first administrator."""
    password = _read_password(given.password_file)
    prepare_database()
    context = _system("init")
    try:
        find_user(context.actor, given.admin)
    except NotFound:
        made = password or secrets.token_urlsafe(12)
        create_user(
            context=context,
            email=given.admin,
            name=given.admin.split("@")[0],
            role=Role.ADMINISTRATOR,
            language=settings.LANGUAGE_CODE,
            password=made,
        )
        if password is None:
            print(made)
    return 0


def prepare_database() -> None:
    """Bring the database up to this release, with code lists and the own firm."""
    if connection.vendor == "sqlite":
        Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    install_code_lists()
    try:
        own_firm()
    except NotFound:
        create_own_firm(context=_system("init"), name=OWN_FIRM)


def serve(given: argparse.Namespace) -> int:
    """Serve until stopped."""
    _require_database()
    if connection.vendor == "sqlite" and given.processes > 1:
        raise BadInput(
            "SQLite is served by one process. Use PostgreSQL for more: see DATABASE_URL."
        )
    print(f"{_database_name()}. http://{given.host}:{given.port}", flush=True)
    serving.serve(
        host=given.host,
        port=given.port,
        processes=given.processes,
        with_worker=not given.no_worker,
    )
    return 0


def demo(given: argparse.Namespace) -> int:
    """Build the demo company if it is not there or not of today, and serve it."""
    from veriga.demo.company import DEMO_PASSWORD, build_demo, is_current

    home = Path(settings.HOME)
    marker = home / MARKER
    strangers = [p for p in home.iterdir() if p.name not in {"secret-key"}]
    if strangers and not marker.exists():
        raise BadInput(f"{home} holds something else than the demo. Move it away first.")
    marker.touch()
    if not is_current():
        connection.close()
        for file in home.glob("veriga.sqlite3*"):
            file.unlink()
        prepare_database()
        build_demo(now=timezone.now(), language=settings.LANGUAGE_CODE)
    connection.close()
    slovenian = settings.LANGUAGE_CODE == "sl"
    print(
        (
            "Demo podjetje Savinja Pak: http://localhost:{port}\n"
            "Prijava z enim klikom; z geslom: maja.kovac@savinjapak.example, {password}"
            if slovenian
            else "Demo company Savinja Pak: http://localhost:{port}\n"
            "Sign in with one click; or: maja.kovac@savinjapak.example, {password}"
        ).format(port=given.port, password=DEMO_PASSWORD),
        flush=True,
    )
    serving.serve(host="127.0.0.1", port=given.port, processes=1, with_worker=True)
    return 0


def token(given: argparse.Namespace) -> int:
    """Print a new API token of a user, and nothing else."""
    _require_database()
    try:
        user = find_user(system("token"), given.email)
    except NotFound:
        raise BadInput(f"There is no user {given.email}.") from None
    context = Context(actor_of(user), timezone.now(), Source.SYSTEM)
    _, secret = create_token(context=context, name="veriga token")
    print(secret)
    return 0


def check(given: argparse.Namespace) -> int:
    """Report what is stored and does not follow; mend it if asked."""
    _require_database()
    found = list(find_differences())
    for difference in found:
        print(difference)
    if given.repair and found:
        left = repair(found)
        print(f"{len(found) - len(left)} mended, {len(left)} left")
        for difference in left:
            print(difference)
        return 1 if left else 0
    return 1 if found else 0


def make_synthetic(given: argparse.Namespace) -> int:
    """Make synthetic data and say how fast."""
    _require_database()
    made = generate(
        companies=given.companies,
        activities=given.activities,
        seed=given.seed,
        now=timezone.now(),
        report=lambda text: print(text, file=sys.stderr, flush=True),
    )
    print(
        f"{made.companies} companies, {made.activities} activities,"
        f" {made.per_second:.0f} activities per second"
    )
    return 0


def worker(given: argparse.Namespace) -> int:
    """Do the chores until stopped."""
    _require_database()
    serving.work()
    return 0


def manage(given: argparse.Namespace) -> int:
    """Hand over to Django."""
    execute_from_command_line(["veriga manage", *given.arguments])
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "init": init,
    "serve": serve,
    "demo": demo,
    "token": token,
    "check": check,
    "generate": make_synthetic,
    "worker": worker,
    "manage": manage,
}


def _system(name: str) -> Context:
    return Context(system(name), timezone.now(), Source.SYSTEM)


def _read_password(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        password = file.read_text().strip()
    except OSError as error:
        raise BadInput(f"The password file cannot be read: {error.strerror}") from error
    if not password:
        raise BadInput(f"The password file {file} is empty.")
    return password


def _require_database() -> None:
    """Raise BadInput unless `init` has made the database and it is of this release."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise BadInput("The database is not ready. Run `veriga init` first.")
    if not list_users(system("start"), active_only=True):
        raise BadInput("There is no user yet. Run `veriga init` first.")


def _database_name() -> str:
    if connection.vendor == "sqlite":
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"
    return "PostgreSQL"
