"""The `veriga` command: what it can be told, and how it fails."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from veriga import __version__
from veriga.config.errors import SettingError, UsageError

FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130
DEFAULT_PORT = 8000
INSIGHT = (
    *("followed", "pace", "stalled", "triggers", "map", "origins", "links"),
    *("compute", "answer"),
)


class _Parser(argparse.ArgumentParser):
    """A parser that complains in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veriga.config.settings")
    try:
        if arguments[:1] == ["manage"]:
            return _manage(arguments[1:])
        given = make_parser().parse_args(arguments)
        return _run(given)
    except (SettingError, UsageError) as error:
        return _complain(str(error))
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        return _complain(f"{error.strerror or error}{where}")
    except KeyboardInterrupt:
        return INTERRUPTED


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands but `manage`, which is Django's own."""
    parser = _Parser(
        prog="veriga",
        description="Veriga, a CRM in which every piece of work knows what set it off.",
        epilog="The environment variables are in docs/operators-guide.md.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=_Parser
    )

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=f"{text}.")

    demo = command("demo", "make and serve the demo company, apart from all else")
    _add_address(demo)
    demo.add_argument("--fresh", action="store_true", help="make it anew")

    init = command("init", "set up the database and the first administrator")
    init.add_argument("--admin", required=True, metavar="E-MAIL")
    init.add_argument(
        "--password-file", metavar="F", help="file with the password on its first line"
    )

    serve = command("serve", "serve the pages and the API")
    _add_address(serve)
    serve.add_argument(
        "--processes", type=_positive, default=1, metavar="N", help="PostgreSQL only"
    )
    serve.add_argument(
        "--no-worker", action="store_true", help="`veriga worker` runs apart"
    )

    worker = command("worker", "do what is done from time to time, until stopped")
    worker.add_argument("--with-server", action="store_true", help=argparse.SUPPRESS)

    token = command("token", "print a new API token of a user, and nothing else")
    token.add_argument("email", metavar="E-MAIL")

    check = command("check", "recompute all that is stored twice; exit code 1 if wrong")
    check.add_argument("--repair", action="store_true", help="mend what can be mended")

    backup = command("backup", "write everything to one file, while others work")
    backup.add_argument("file", metavar="FILE")

    restore = command("restore", "make the installation what a backup holds")
    restore.add_argument("file", metavar="FILE")
    restore.add_argument(
        "--replace", action="store_true", help="in the place of what is there"
    )

    generate = command("generate", "add synthetic data of any size")
    generate.add_argument("--companies", type=_positive, required=True, metavar="N")
    generate.add_argument("--activities", type=_natural, required=True, metavar="M")
    generate.add_argument("--seed", type=int, default=1, metavar="S")

    insight = command("insight", "print what the chains say, or compute it now")
    insight.add_argument("report", choices=INSIGHT, metavar="REPORT")
    insight.add_argument("--team", metavar="T", help="of one team: its name or id")
    insight.add_argument("--json", action="store_true", help="as the API gives it")
    insight.add_argument("--fresh", action="store_true", help="compute before printing")
    insight.add_argument("--with-worker", action="store_true", help=argparse.SUPPRESS)

    bring = command("import", "bring in what another program has written")
    kinds = bring.add_subparsers(
        dest="kind", required=True, metavar="KIND", parser_class=_Parser
    )
    text = "an event log: CSV or XES, also packed with gzip (.gz)"
    log = kinds.add_parser("event-log", help=text, description=f"{text}.")
    log.add_argument("file", metavar="FILE")
    log.add_argument(
        "--mapping",
        required=True,
        metavar="MAP",
        help="what its columns mean: a TOML file, or the name of one that is shipped",
    )
    log.add_argument(
        "--dry-run", action="store_true", help="read, check, store nothing"
    )
    # `import` is a word that no module can have for a name.
    bring.set_defaults(module="importing")

    commands.add_parser("manage", help="Django's own commands", add_help=False)
    return parser


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", metavar="H")
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, metavar="P")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, not {text}")
    return number


def _natural(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"must be 0 or more, not {text}")
    return number


# argparse names a type by its function when a text is no number at all.
_positive.__name__ = _natural.__name__ = "number"


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"must be from 1 to 65535, not {text}")
    return number


_port.__name__ = "port"


def _run(given: argparse.Namespace) -> int:
    """Load Django, then the command's own module, and run it."""
    if given.command == "demo":
        # Where the demo lives must be known before settings are read.
        import_module("veriga.config.demo_home").enter()
    import django

    django.setup()
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError

    from veriga.common.errors import VerigaError
    from veriga.config.sentences import sentences_of

    try:
        name = getattr(given, "module", given.command)
        module = import_module(f"veriga.config.commands.{name}")
        code: int = module.run(given)
    except VerigaError as error:
        return _complain(sentences_of(error))
    except OperationalError as error:
        return _complain(f"The database does not answer: {error}")
    except ImproperlyConfigured as error:
        return _complain(str(error))
    return code


def _manage(arguments: Sequence[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["veriga manage", *arguments])
    return 0


def _complain(message: str) -> int:
    """Say in one line what is wrong; return the exit code for it."""
    line = " ".join(message.split())
    sys.stderr.write(f"veriga: {line}\n")
    return BAD_INPUT


if __name__ == "__main__":
    raise SystemExit(main())
