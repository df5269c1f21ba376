"""The command `veriga`: reads the arguments, then calls config/commands.py.

Errors are one line on stderr; exit code 2 for bad input, 1 where `check` found
something. Django is set up only once the environment is complete, because `demo`
chooses another home than the one it was started with.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

BAD_INPUT = 2


def parser() -> argparse.ArgumentParser:
    """Return the description of all commands."""
    root = argparse.ArgumentParser(
        prog="veriga",
        description="A CRM in which every piece of work knows what set it off.",
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text)

    demo = add("demo", "Serve the demo company, made anew when needed.")
    demo.add_argument("--port", type=port, default=8000)
    init = add("init", "Make or upgrade an installation; safe to repeat.")
    init.add_argument("--admin", required=True, metavar="E-MAIL")
    init.add_argument("--password-file", type=Path, metavar="FILE")
    serve = add("serve", "Serve the pages and the API.")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=port, default=8000)
    serve.add_argument("--processes", type=positive, default=1, metavar="N")
    serve.add_argument(
        "--no-worker", action="store_true", help="leave the chores to `veriga worker`"
    )
    token = add("token", "Print a new API token of a user.")
    token.add_argument("email", metavar="E-MAIL")
    check = add("check", "Recompute what is stored twice; exit code 1 if it differs.")
    check.add_argument("--repair", action="store_true")
    generate = add("generate", "Make synthetic companies and activities.")
    generate.add_argument("--companies", type=positive, required=True, metavar="N")
    generate.add_argument("--activities", type=positive, required=True, metavar="M")
    generate.add_argument("--seed", type=int, default=1, metavar="S")
    add("worker", "Do the regular chores until stopped.")
    manage = add("manage", "Django's own commands.")
    manage.add_argument("arguments", nargs=argparse.REMAINDER)
    return root


def port(text: str) -> int:
    """Return a TCP port."""
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError(text)
    return number


def positive(text: str) -> int:
    """Return a whole number from 1."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    given = parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veriga.config.settings")
    if given.command == "demo":
        _enter_demo()
    try:
        import django

        from veriga.config.settings import SettingError

        django.setup()
    except (SettingError, OSError) as error:
        return _complain(str(error))
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, ProgrammingError

    from veriga.common.errors import VerigaError
    from veriga.work.messages import message_of

    from . import commands

    try:
        return commands.run(given)
    except VerigaError as error:
        return _complain(message_of(error))
    except commands.BadInput as error:
        return _complain(str(error))
    except (OperationalError, ProgrammingError, ImproperlyConfigured) as error:
        return _complain(f"The database does not answer: {str(error).splitlines()[0]}")
    except KeyboardInterrupt:
        return 130


def _enter_demo() -> None:
    """Let the demo live in a directory of its own, whatever else is configured."""
    home = Path(os.environ.get("VERIGA_HOME", "var")).resolve() / "demo"
    os.environ["VERIGA_HOME"] = str(home)
    os.environ["VERIGA_DEMO"] = "1"
    os.environ["VERIGA_DEMO_START"] = str(home / "start.json")
    os.environ.pop("DATABASE_URL", None)


def _complain(text: str) -> int:
    print(f"veriga: {text}", file=sys.stderr)
    return BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())
