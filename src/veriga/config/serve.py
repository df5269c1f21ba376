"""Starting the web server, with the worker beside it."""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from veriga.config.database import is_sqlite
from veriga.config.errors import UsageError

THREADS = 6  # each keeps a database connection with its cache
IDLE_S = 600  # how long a thread without work keeps it; the most that granian allows
STOP_WITHIN_S = 10
START_WORKER_AFTER_S = 1.0  # the first page first
RESTART_WORKER_AFTER_S = 5.0
PR_SET_PDEATHSIG = 1
M_ARENA_MAX, ARENAS = -8, 2


def serve(
    *,
    host: str,
    port: int,
    processes: int = 1,
    with_worker: bool = True,
    when_ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until the process is told to stop; `when_ready` is called before requests.

    Errors: UsageError if the address is taken, static files are missing, or more
    processes are asked for than SQLite can have.
    """
    if processes > 1 and is_sqlite():
        raise UsageError("SQLite has one server process; --processes needs PostgreSQL.")
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        raise UsageError("The static files are missing; `make install` builds them.")
    _require_free(host, port)
    # A connection must not be taken along into the processes that are forked now.
    connections.close_all()
    server = Granian(
        "veriga.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=IDLE_S,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=STOP_WITHIN_S,
    )
    worker = Worker()
    server.on_startup(when_ready)
    if with_worker:
        server.on_startup(worker.start)
        server.on_shutdown(worker.stop)
    try:
        server.serve(target_loader=load_application, wrap_loader=False)
    finally:
        worker.stop()


def load_application() -> Any:
    """Return the application, in a process that ends when its parent is gone."""
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        # A killed parent cannot tell its children; the kernel can.
        library.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if hasattr(library, "mallopt"):
            # An arena for each thread would keep memory that nobody uses any more.
            library.mallopt(M_ARENA_MAX, ARENAS)
    from veriga.config.wsgi import application

    return application


class Worker:
    """`veriga worker` as a child: started again if it ends, gone when we are."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._keep, name="worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join(STOP_WITHIN_S)
            self._thread = None

    def _keep(self) -> None:
        self._ended.wait(START_WORKER_AFTER_S)
        while not self._ended.is_set():
            # It reads until the pipe is closed, which our end, however it comes, does.
            self._child = subprocess.Popen(
                [sys.executable, "-m", "veriga.config.cli", "worker", "--with-server"],
                stdin=subprocess.PIPE,
            )
            while self._child.poll() is None and not self._ended.wait(0.2):
                pass
            self._end_child()
            self._ended.wait(RESTART_WORKER_AFTER_S)

    def _end_child(self) -> None:
        child = self._child
        if child is None:
            return
        if child.stdin is not None:
            child.stdin.close()
        try:
            child.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            child.kill()


def _require_free(host: str, port: int) -> None:
    """Raise UsageError if somebody listens there already, or nobody can."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise UsageError(f"{host}:{port} cannot be used: {error.strerror}") from None
