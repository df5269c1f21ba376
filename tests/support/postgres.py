"""A PostgreSQL server that lives as long as the program that asked for it.

    with temporary_postgres() as environment:
        subprocess.run(command, env={**os.environ, **environment})

or, from the shell:  python -m tests.support.postgres COMMAND [ARGUMENT ...]

It runs as an ordinary user, listens on a socket in a directory of its own and nowhere
else, and is gone afterwards, even if the program is killed: the shell around the
server waits for the end of a pipe that only this program holds open.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, STDOUT

START_TIMEOUT_S = 60
OWNER = "veriga"

# A test database need not survive a power cut.
SERVER_OPTIONS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=100",
    "shared_buffers=256MB",
    "max_wal_size=2GB",
)

GUARD = """
home=$1; shift
"$@" </dev/null >"$home/log" 2>&1 &
server=$!
cat >/dev/null
kill -INT "$server" 2>/dev/null
wait "$server"
rm -rf "$home"
"""


class PostgresMissing(Exception):
    """No PostgreSQL server is installed."""


def programs() -> Path:
    """Return the folder of the newest PostgreSQL's programs."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parent.parent.name),
    )
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    if initdb is None:
        raise PostgresMissing("Install PostgreSQL (on Debian: postgresql).")
    return Path(initdb).resolve().parent


def _ordinary_user() -> pwd.struct_passwd | None:
    """Return whom the server runs as; None if we are an ordinary user ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresMissing("PostgreSQL does not run as root; add a user postgres.")


def _locale_options(initdb: Path) -> list[str]:
    """Return Slovenian rules for text, where the server can have them.

    An installation's database seldom sorts byte by byte; neither should ours, or a
    forgotten collation is noticed only in production.
    """
    version = subprocess.run(
        [initdb, "--version"], capture_output=True, text=True, check=True
    ).stdout
    major = int(version.split()[2].split(".")[0])
    if major < 15:
        return ["--locale=C.UTF-8"]
    return ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=sl"]


@contextmanager
def temporary_postgres(*settings: str) -> Iterator[dict[str, str]]:
    """Give the environment variables under which a new, empty database is found.

    `settings` of the server, as "name=value", come after those of tests.
    """
    binaries = programs()
    user = _ordinary_user()
    become: dict[str, object] = (
        {} if user is None else {"user": user.pw_uid, "group": user.pw_gid}
    )
    if user is not None:
        become["extra_groups"] = []
    # A socket's path may be about 100 characters long; TMPDIR is often longer.
    home = Path(tempfile.mkdtemp(prefix="vpg-", dir="/tmp"))
    data = home / "data"
    clean = {key: value for key, value in os.environ.items() if key[:2] != "PG"}
    common = {"cwd": "/", "env": clean, **become}
    try:
        if user is not None:
            os.chown(home, user.pw_uid, user.pw_gid)
        _run(
            [
                binaries / "initdb",
                f"--pgdata={data}",
                f"--username={OWNER}",
                "--auth=trust",
                "--encoding=UTF8",
                "--no-sync",
                *_locale_options(binaries / "initdb"),
            ],
            **common,
        )
        where = (f"unix_socket_directories={home}", "port=5432")
        every = (*SERVER_OPTIONS, *settings, *where)
        options = [part for setting in every for part in ("-c", setting)]
        guard = subprocess.Popen(
            [
                "sh",
                "-c",
                GUARD,
                "sh",
                home,
                binaries / "postgres",
                "-D",
                data,
                *options,
            ],
            stdin=PIPE,
            start_new_session=True,  # Ctrl-C is for the tests, which then stop us
            **common,
        )
        try:
            environment = {
                "DATABASE_URL": f"postgresql:///veriga?host={home}",
                "PGUSER": OWNER,
                "PGPORT": "5432",
            }
            _wait_until_ready(binaries, home, guard, clean)
            _run([binaries / "createdb", "-h", home, "-U", OWNER, "veriga"], env=clean)
            yield environment
        finally:
            guard.stdin.close()
            guard.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(command: list[object], **options: object) -> None:
    done = subprocess.run(
        command, check=False, stdout=PIPE, stderr=STDOUT, text=True, **options
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed.\n{done.stdout}")


def _wait_until_ready(
    binaries: Path, home: Path, guard: subprocess.Popen[bytes], clean: dict[str, str]
) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    ready = [binaries / "pg_isready", "-q", "-h", home, "-U", OWNER]
    while subprocess.run(ready, check=False, env=clean).returncode != 0:
        if guard.poll() is not None or time.monotonic() > deadline:
            log = home / "log"
            text = log.read_text(errors="replace") if log.exists() else ""
            raise RuntimeError(f"PostgreSQL did not start.\n{text}")
        time.sleep(0.05)


def main() -> int:
    try:
        with temporary_postgres() as environment:
            return subprocess.run(
                sys.argv[1:], check=False, env={**os.environ, **environment}
            ).returncode
    except PostgresMissing as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
