"""Real `veriga` processes for tests: its commands, its server, the demo."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

PROGRAM = Path(sys.executable).parent / "veriga"
START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 15
ADMIN = "admin@example.com"
PASSWORD = "six strong oxen pull"


def program_environment(home: Path, **changes: str) -> dict[str, str]:
    """Return an environment in which `veriga` knows of no other installation."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("VERIGA_")
        and name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    return {**kept, "VERIGA_HOME": str(home), **changes}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """One running server process and its children.

    `command` is what follows `veriga`, without the port: ("serve",) or ("demo",).
    """

    command: tuple[str, ...]
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.home = Path(self.environment["VERIGA_HOME"])
        self.log = self.home.parent / f"{self.home.name}-{self.command[0]}.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Server:
        """Start, and come back when the sign-in page answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, *self.command, "--port", str(self.port)],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self.answers():
            if self.process.poll() is not None:
                raise RuntimeError(f"The server stopped at its start.\n{self.tail()}")
            if time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"The server does not answer.\n{self.tail()}")
            time.sleep(0.05)
        return self

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/accounts/login/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Ask all processes of the server to end; insist if they do not."""
        if self.process is None:
            return
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_TIMEOUT_S)
        self.kill()

    def kill(self) -> None:
        """End all processes of the server at once, like `kill -9`."""
        if self.process is None:
            return
        self._signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-40:])


@dataclass
class Installation:
    """An installation of its own: home, database and one administrator."""

    home: Path
    environment: dict[str, str]
    admin: str = ADMIN
    password: str = PASSWORD
    servers: list[Server] = field(default_factory=list)

    def veriga(
        self, *arguments: str, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run one `veriga` command; without `check` it may fail."""
        done = subprocess.run(
            [PROGRAM, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode != 0:
            raise AssertionError(f"veriga {' '.join(arguments)} failed.\n{done.stderr}")
        return done

    def token(self, email: str | None = None) -> str:
        """Return a new API token."""
        return self.veriga("token", email or self.admin).stdout.strip()

    def serve(self, *options: str) -> Server:
        """Return a running server; it is stopped when the test ends."""
        server = Server(("serve", *options), self.environment)
        self.servers.append(server)
        return server.start()

    def stop(self) -> None:
        for server in self.servers:
            server.stop()


@contextlib.contextmanager
def _database(template: str = "") -> Iterator[str]:
    """Yield the URL of a PostgreSQL database of one's own; nothing on SQLite.

    `template` is the URL of the database it begins as a copy of, empty without one.
    """
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        yield ""
        return
    import psycopg

    name = f"veriga_{os.getpid()}_{free_port()}"
    copied = f'TEMPLATE "{urlsplit(template).path[1:]}"' if template else ""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" {copied}')
    try:
        yield url.replace("/veriga?", f"/{name}?")
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _installation(home: Path, url: str) -> Installation:
    changes = {"DATABASE_URL": url} if url else {}
    return Installation(home, program_environment(home, **changes))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """What `veriga init` makes. To make all tables takes seconds, to copy them none."""
    folder = tmp_path_factory.mktemp("made-once")
    with _database() as url:
        made = _installation(folder / "home", url)
        password_file = folder / "password"
        password_file.write_text(made.password)
        made.veriga(
            "init", "--admin", made.admin, "--password-file", f"{password_file}"
        )
        yield made


@pytest.fixture
def installation(made_once: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A new installation on the database of this pass, not yet served."""
    home = tmp_path / "home"
    shutil.copytree(made_once.home, home)
    with _database(made_once.environment.get("DATABASE_URL", "")) as url:
        made = _installation(home, url)
        try:
            yield made
        finally:
            made.stop()


@pytest.fixture(scope="session")
def live() -> Iterator[Server]:
    """The demo company, served for the whole session on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="veriga-live-") as folder:
        home = Path(folder) / "home"
        server = Server(("demo",), program_environment(home))
        try:
            yield server.start()
        finally:
            server.stop()
