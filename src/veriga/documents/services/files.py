"""The files themselves: written whole or not at all, and swept when nobody has them."""

from __future__ import annotations

import hashlib
import os
import secrets
import shlex
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from veriga.common.errors import Invalid
from veriga.documents.models import Attachment
from veriga.documents.queries import stored_path
from veriga.documents.rules import HEAD

KEEP_DELETED = timedelta(days=30)
KEEP_UNKNOWN = timedelta(days=1)  # a file whose row is perhaps not committed yet
SCAN_SECONDS = 120
INFECTED = 1  # what clamscan, and others like it, end with


@dataclass(frozen=True, slots=True)
class Stored:
    """A file on disk; `head` is how it begins."""

    name: str
    size: int
    sha256: str
    head: bytes

    @property
    def path(self) -> Path:
        return stored_path(self.name)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def store(chunks: Iterable[bytes], *, most_bytes: int) -> Stored:
    """Write `chunks` under a new random name; nothing is left of what is refused.

    Errors: file_too_large, empty_file.
    """
    name = secrets.token_hex(16)
    path = stored_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with path.open("xb") as target:
            for chunk in chunks:
                size += len(chunk)
                if size > most_bytes:
                    raise Invalid.of(
                        "file", "file_too_large", limit=megabytes(most_bytes)
                    )
                digest.update(chunk)
                head += chunk[: HEAD - len(head)]
                target.write(chunk)
            if not size:
                raise Invalid.of("file", "empty_file")
            target.flush()
            os.fsync(target.fileno())
        path.chmod(0o600)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Stored(name, size, digest.hexdigest(), head)


def scan(path: Path) -> None:
    """Let the administrator's scanner look at a file: VERIGA_SCAN_COMMAND and its path.

    Exit code 0 lets it in and 1 says that something was found; anything else, or no
    answer in two minutes, means that nobody has looked at it. Errors: infected_file,
    file_not_scanned.
    """
    command = shlex.split(settings.SCAN_COMMAND)
    if not command:
        return
    try:
        ended = subprocess.run(  # noqa: S603 (the administrator's own command)
            [*command, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SCAN_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise Invalid.of("file", "file_not_scanned") from None
    if ended.returncode:
        is_bad = ended.returncode == INFECTED
        raise Invalid.of("file", "infected_file" if is_bad else "file_not_scanned")


def megabytes(size: int) -> str:
    """Return a size for a sentence: "25 MB"."""
    return f"{size / 1024 / 1024:.3g} MB"


def sweep_files(*, now: datetime) -> int:
    """Remove what was deleted over 30 days ago, and files that no row knows.

    Returns how many files went. Run by the worker from time to time.
    """
    old = Attachment.objects.filter(deleted_at__lt=now - KEEP_DELETED)
    for attachment in old:
        attachment.delete()
        stored_path(attachment.stored_as).unlink(missing_ok=True)
    swept = len(old)
    known = set(Attachment.objects.values_list("stored_as", flat=True))
    too_new = (now - KEEP_UNKNOWN).timestamp()
    for path in Path(settings.FILES).glob("??/*"):
        if path.name not in known and path.stat().st_mtime < too_new:
            path.unlink(missing_ok=True)
            swept += 1
    return swept
