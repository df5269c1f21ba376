"""A backup: one file that holds every table and every stored file, for either database.

A ZIP archive. `tables/<table>.jsonl` has the columns on its first line and one row on
each further one, in the order of the primary key; `files/` has what stands in
VERIGA_HOME/files; `manifest.json` says by which migrations it was made, and the number
and SHA-256 of everything. Nothing in it depends on the database that it came from.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import CharField, Model

from veriga import __version__
from veriga.common.transactions import one_moment
from veriga.config.errors import UsageError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
CHUNK: Final = 2_000  # rows
BLOCK: Final = 1 << 20  # bytes
# What the worker makes anew out of the rest: not worth keeping, nor to be believed
# beside other rows.
DERIVED: Final = (
    *("insight_chainfigures", "insight_point", "insight_result", "insight_sight"),
    *("insight_population", "insight_computing", "insight_question"),
    "activities_linkweights",
)
# What `migrate` fills by itself, and who is signed in at the moment.
LEFT_OUT: Final = frozenset(
    {
        *("django_content_type", "auth_permission", "auth_group"),
        *("auth_group_permissions", "django_session"),
        *DERIVED,
    }
)
Say = Callable[[str], None]


@dataclass(slots=True)
class Manifest:
    """What an archive says of itself; hashes are SHA-256 in hexadecimal."""

    migrations: list[str]
    release: str = __version__
    format: int = FORMAT
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def content_hash(self) -> str:
        """One hash of all rows and files: equal for equal content."""
        parts = {"tables": self.tables, "files": self.files}
        return hashlib.sha256(_line(parts)).hexdigest()

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.tables.values())


def models() -> list[type[Model]]:
    """Return what is backed up, in the order of the tables' names."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.db_table not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


def columns_of(model: type[Model]) -> list[str]:
    """Return the stored columns of a table, in the order of its fields."""
    return [str(f.column) for f in model._meta.local_concrete_fields]


def applied_migrations() -> list[str]:
    """Return the migrations that made these tables, as `app.name`."""
    known = {config.label for config in apps.get_app_configs()}
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app in known)


def lines_of(model: type[Model]) -> Iterator[bytes]:
    """Yield the lines of a table: its columns, then its rows by primary key."""
    meta = model._meta
    yield _line(columns_of(model))
    names = [f.attname for f in meta.local_concrete_fields]
    rows = model._base_manager.values_list(*names)
    if not isinstance(meta.pk, CharField):
        for row in rows.order_by("pk").iterator(chunk_size=CHUNK):
            yield _line(row)
        return
    # Texts are sorted here: each database has its own idea of their order.
    place = names.index(meta.pk.attname)
    for row in sorted(rows, key=lambda row: str(row[place])):
        yield _line(row)


def write_archive(target: Path, files: Path, say: Say) -> Manifest:
    """Write all there is to `target`, as it is at one moment; others go on working."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.touch(mode=0o600)
        packed = zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        with one_moment(), packed as archive:
            manifest = Manifest(applied_migrations())
            for model in models():
                _write_table(archive, model, manifest)
                say(f"{manifest.rows:,} rows")
            _write_files(archive, files, manifest)
            archive.writestr(MANIFEST, json.dumps(_as_dict(manifest), indent=1))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Return the manifest, once every member is what it says.

    Errors: UsageError for what is no backup, of a later format, incomplete, changed, or
    has names that lead elsewhere.
    """
    try:
        said = json.loads(archive.read(MANIFEST))
        manifest = Manifest(
            [str(name) for name in said["migrations"]],
            str(said["release"]),
            int(said["format"]),
            {str(n): _entry(one) for n, one in said["tables"].items()},
            {str(n): _entry(one) for n, one in said["files"].items()},
        )
    except (
        *(AttributeError, KeyError, TypeError, ValueError),
        *(zipfile.BadZipFile, NotImplementedError),
    ) as error:
        raise UsageError("The file is no backup of Veriga, or not whole.") from error
    if manifest.format != FORMAT:
        raise UsageError(f"The backup is of a later release ({manifest.release}).")
    wanted = {f"tables/{name}.jsonl": one for name, one in manifest.tables.items()}
    wanted |= {f"files/{name}": one for name, one in manifest.files.items()}
    there = archive.namelist()
    if sorted(there) != sorted([*wanted, MANIFEST]):
        raise UsageError("The backup is not whole: something is missing or added.")
    for name, one in wanted.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise UsageError(f"The backup has a name that leads elsewhere: {name}")
        if _hash_of(archive, name) != one["sha256"]:
            raise UsageError(f"The backup is damaged: {name}")
    return manifest


def _entry(said: dict[str, Any]) -> dict[str, Any]:
    """Return what a manifest says of one member, with nothing else."""
    found = {"bytes": int(said["bytes"]), "sha256": str(said["sha256"])}
    return {"rows": int(said["rows"]), **found} if "rows" in said else found


def hash_of_content(files: Path) -> str:
    """Return the content hash of what is stored at present."""
    manifest = Manifest(applied_migrations())
    for model in models():
        sink = _Counted(None)
        rows = sum(sink.write(line) > 0 for line in lines_of(model)) - 1  # the columns
        manifest.tables[model._meta.db_table] = sink.said(rows=rows)
    for path in _stored(files):
        sink = _Counted(None)
        with path.open("rb") as source:
            _copy(source, sink)
        manifest.files[path.relative_to(files).as_posix()] = sink.said()
    return manifest.content_hash


def value_of(kind: str, value: Any) -> Any:
    """Return a value of the archive as the field of this kind has it in Python."""
    if value is None:
        return None
    if kind == "DateTimeField":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind == "DateField" else value


class _Counted:
    """Passes bytes on, and knows how many there were and their hash."""

    def __init__(self, target: IO[bytes] | None) -> None:
        self._target = target
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self._size += len(data)
        if self._target is not None:
            self._target.write(data)
        return len(data)

    def said(self, **more: int) -> dict[str, Any]:
        return {**more, "bytes": self._size, "sha256": self._hash.hexdigest()}


def _write_table(
    archive: zipfile.ZipFile, model: type[Model], manifest: Manifest
) -> None:
    name = model._meta.db_table
    rows = -1  # the first line has the columns
    with archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as member:
        sink = _Counted(member)
        for line in lines_of(model):
            sink.write(line)
            rows += 1
    manifest.tables[name] = sink.said(rows=rows)


def _write_files(archive: zipfile.ZipFile, files: Path, manifest: Manifest) -> None:
    for path in _stored(files):
        name = path.relative_to(files).as_posix()
        with (
            path.open("rb") as source,
            archive.open(f"files/{name}", "w", force_zip64=True) as member,
        ):
            sink = _Counted(member)
            _copy(source, sink)
        manifest.files[name] = sink.said()


def _stored(files: Path) -> list[Path]:
    return sorted(p for p in files.rglob("*") if p.is_file() and not p.is_symlink())


def _copy(source: IO[bytes], sink: _Counted) -> None:
    while block := source.read(BLOCK):
        sink.write(block)


def _hash_of(archive: zipfile.ZipFile, name: str) -> str:
    sink = _Counted(None)
    try:
        with archive.open(name) as member:
            _copy(member, sink)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise UsageError(f"The backup is damaged: {name}") from error
    return str(sink.said()["sha256"])


def _as_dict(manifest: Manifest) -> dict[str, Any]:
    return {
        "program": "Veriga",
        "format": manifest.format,
        "release": manifest.release,
        "migrations": manifest.migrations,
        "content_sha256": manifest.content_hash,
        "tables": manifest.tables,
        "files": manifest.files,
    }


def _line(value: Any) -> bytes:
    """Return one line of JSON, the same for the same value on either database."""
    text = json.dumps(
        value,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        default=_plain,
    )
    return f"{text}\n".encode("utf-8", "surrogatepass")


def _plain(value: Any) -> str:
    if isinstance(value, date):  # instants too; both databases give them in UTC
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be backed up")
