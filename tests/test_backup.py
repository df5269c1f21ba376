"""Backup and restore, as an operator runs them, on either database."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import urllib.request
import zipfile

import pytest

from tests.support.servers import Installation
from tests.test_commands import refused


def ask(server, token, what):
    request = urllib.request.Request(  # noqa: S310  # our own server
        f"{server.url}/api/v1/{what}", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


ADD = """
from django.utils import timezone
from veriga.access.rules import Context, system
from veriga.work.services.custom_fields import create_field
context = Context(system("test"), timezone.now())
create_field(context=context, subject={!r}, type_="yes_no", name_sl="Polje")
"""
INDEXES = """
from veriga.work.services.custom_fields import custom_indexes
print(sorted(custom_indexes()))
"""


def content_hash(text):
    return re.search(r"content (\w{64})", text)[1]


@pytest.fixture
def filled(installation):
    """An installation with activities, and a stored file."""
    installation.veriga("generate", "--companies", "20", "--activities", "400")
    files = installation.home / "files" / "ab"
    files.mkdir(parents=True)
    (files / "0123").write_bytes(bytes(range(256)) * 10)
    return installation


class TestBackup:
    def test_restores_what_was_there(self, filled, tmp_path):
        token = filled.token()
        filled.veriga("manage", "shell", "-c", ADD.format("event"))
        made = filled.veriga("backup", f"{tmp_path}/one.zip").stdout
        filled.veriga("manage", "shell", "-c", ADD.format("company"))
        filled.veriga("generate", "--companies", "5", "--activities", "60")
        (filled.home / "files" / "ab" / "0123").write_bytes(b"changed")
        (filled.home / "files" / "later").write_bytes(b"later")

        said = filled.veriga("restore", f"{tmp_path}/one.zip", "--replace").stdout
        assert "Nothing differs" in said
        assert filled.veriga("check").stdout == "Nothing differs.\n"
        again = filled.veriga("backup", f"{tmp_path}/two.zip").stdout
        assert content_hash(again) == content_hash(made)
        # The fields of the backup have their indexes, and those since then none.
        indexes = filled.veriga("manage", "shell", "-c", INDEXES).stdout
        assert "['custom_f1']" in indexes
        kept = filled.home / "files"
        assert (kept / "ab" / "0123").read_bytes() == bytes(range(256)) * 10
        assert not (kept / "later").exists()
        assert len(ask(filled.serve(), token, "activities?limit=200")["items"]) == 200
        # New records get new numbers and new ids.
        filled.veriga("generate", "--companies", "5", "--activities", "60")
        assert filled.veriga("check").stdout == "Nothing differs.\n"

    def test_is_of_one_moment_while_others_write(self, filled, tmp_path):
        stop = threading.Event()
        failed = []

        def write():
            while not stop.is_set():
                done = filled.veriga(
                    "generate", "--companies", "3", "--activities", "40", check=False
                )
                if done.returncode:
                    failed.append(done.stderr)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for number in range(4):
                filled.veriga("backup", f"{tmp_path}/{number}.zip")
        finally:
            stop.set()
            writer.join()
        assert failed == []
        for number in range(4):
            filled.veriga("restore", f"{tmp_path}/{number}.zip", "--replace")
            assert filled.veriga("check").stdout == "Nothing differs.\n"

    def test_nobody_else_may_read_it(self, filled, tmp_path):
        filled.veriga("backup", f"{tmp_path}/one.zip")
        assert (tmp_path / "one.zip").stat().st_mode & 0o077 == 0


@pytest.mark.postgres
def test_moves_from_one_database_to_the_other_and_back(filled, tmp_path):
    made = filled.veriga("backup", f"{tmp_path}/postgresql.zip").stdout
    home = tmp_path / "other"
    elsewhere = {k: v for k, v in filled.environment.items() if k != "DATABASE_URL"}
    other = Installation(home, {**elsewhere, "VERIGA_HOME": str(home)})
    # Onto a machine that has nothing yet.
    said = other.veriga("restore", f"{tmp_path}/postgresql.zip").stdout
    assert "Nothing differs" in said
    there = other.veriga("backup", f"{tmp_path}/sqlite.zip").stdout
    assert content_hash(there) == content_hash(made)
    other.veriga("generate", "--companies", "3", "--activities", "40")
    more = other.veriga("backup", f"{tmp_path}/more.zip").stdout
    filled.veriga("restore", f"{tmp_path}/more.zip", "--replace")
    back = filled.veriga("backup", f"{tmp_path}/back.zip").stdout
    assert content_hash(back) == content_hash(more) != content_hash(made)
    filled.veriga("generate", "--companies", "3", "--activities", "40")
    assert filled.veriga("check").stdout == "Nothing differs.\n"


class TestRefused:
    def test_a_backup_replaces_none(self, filled, tmp_path):
        there = tmp_path / "there.zip"
        there.write_bytes(b"x")
        assert "there already" in refused(filled, "backup", str(there))
        assert there.read_bytes() == b"x"

    def test_people_are_not_replaced_by_chance(self, filled, tmp_path):
        filled.veriga("backup", f"{tmp_path}/one.zip")
        assert "--replace" in refused(filled, "restore", f"{tmp_path}/one.zip")

    def test_what_is_no_whole_backup_changes_nothing(self, filled, tmp_path):
        whole = tmp_path / "whole.zip"
        before = content_hash(filled.veriga("backup", str(whole)).stdout)
        data = whole.read_bytes()
        bad = {
            "none.zip": b"no archive",
            "short.zip": data[: len(data) // 2],
            "empty.zip": b"",
        }
        for name, content in bad.items():
            (tmp_path / name).write_bytes(content)
        changes = {
            "changed.zip": lambda name, text: (
                text.replace(b"SI", b"XX") if name.endswith("company.jsonl") else text
            ),
            "less.zip": lambda name, text: None if name == "files/ab/0123" else text,
        }
        for name, change in changes.items():
            rewrite(whole, tmp_path / name, change)
        evil = tmp_path / "evil.zip"
        rewrite(whole, evil, lambda _, text: text, add={"../../x": b"x"})
        older = tmp_path / "older.zip"
        rewrite(whole, older, without_last_migration)
        for name in (
            *bad,
            "changed.zip",
            "less.zip",
            "evil.zip",
            "older.zip",
            "missing.zip",
        ):
            refused(filled, "restore", str(tmp_path / name), "--replace")
        again = filled.veriga("backup", f"{tmp_path}/again.zip").stdout
        assert content_hash(again) == before
        assert (filled.home / "files" / "ab" / "0123").exists()
        assert not (filled.home.parent / "x").exists()

    @pytest.mark.parametrize(
        ("table", "column", "value"),
        [
            ("activities_chain", "size", 77),  # not what its members say
            ("activities_activity", "company_id", 987_654),  # no such company
            ("parties_company", "created_at", "yesterday"),
            ("access_user", "email", None),
        ],
    )
    def test_what_does_not_agree_with_itself(
        self, filled, tmp_path, table, column, value
    ):
        whole, forged = tmp_path / "whole.zip", tmp_path / "forged.zip"
        before = content_hash(filled.veriga("backup", str(whole)).stdout)
        forge(whole, forged, table, column, value)
        (filled.home / "files" / "kept").write_bytes(b"kept")
        refused(filled, "restore", str(forged), "--replace")
        assert (filled.home / "files" / "kept").read_bytes() == b"kept"
        (filled.home / "files" / "kept").unlink()
        again = filled.veriga("backup", f"{tmp_path}/again.zip").stdout
        assert content_hash(again) == before


def forge(source, target, table, column, value):
    """Change one cell of a backup, and its manifest so that every hash is right."""
    member = f"tables/{table}.jsonl"
    with zipfile.ZipFile(source) as one:
        head, first, *rest = one.read(member).splitlines(keepends=True)
        manifest = json.loads(one.read("manifest.json"))
    cells = json.loads(first)
    cells[json.loads(head).index(column)] = value
    text = b"".join([head, json.dumps(cells).encode() + b"\n", *rest])
    said = manifest["tables"][table]
    said |= {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
    changed = {member: text, "manifest.json": json.dumps(manifest).encode()}
    rewrite(source, target, lambda name, old: changed.get(name, old))


def rewrite(source, target, change, add=None):
    with zipfile.ZipFile(source) as one, zipfile.ZipFile(target, "w") as other:
        for name in one.namelist():
            text = change(name, one.read(name))
            if text is not None:
                other.writestr(name, text)
        for name, text in (add or {}).items():
            other.writestr(name, text)


def without_last_migration(name, text):
    if name != "manifest.json":
        return text
    said = json.loads(text)
    said["migrations"].pop()
    return json.dumps(said)
