"""One connection, and one only, brings the write-ahead log back into the database."""

from __future__ import annotations

import sqlite3

import pytest

from veriga.config import checkpoint
from veriga.config.checkpoint import Checkpointer


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.sqlite3"


@pytest.fixture
def writer(path):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("CREATE TABLE t (x)")
    yield connection
    connection.close()


def write(connection, megabytes):
    for _ in range(megabytes):
        connection.execute("INSERT INTO t VALUES (zeroblob(1000000))")


def log_bytes(path):
    return path.with_name(f"{path.name}-wal").stat().st_size


def test_only_one_may(path, writer):
    first, second = Checkpointer(path), Checkpointer(path)
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_whoever_has_not_the_lock_does_nothing(path, writer):
    first, second = Checkpointer(path), Checkpointer(path)
    first.acquire()
    second.acquire()
    write(writer, 3)
    size = path.stat().st_size
    second.checkpoint(finish=True)
    assert path.stat().st_size == size
    first.release()


def test_the_log_goes_into_the_database(path, writer):
    one = Checkpointer(path)
    one.acquire()
    write(writer, 3)
    size = path.stat().st_size
    one.checkpoint()
    assert path.stat().st_size > size + 2_900_000
    one.release()
    assert log_bytes(path) == 0
    assert writer.execute("SELECT count(*) FROM t").fetchone() == (3,)


def test_a_large_log_is_emptied(path, writer, monkeypatch):
    monkeypatch.setattr(checkpoint, "LARGE_BYTES", 2_000_000)
    one = Checkpointer(path)
    one.acquire()
    write(writer, 3)
    one.checkpoint()
    assert log_bytes(path) == 0
    one.release()


def test_a_reader_in_the_way_only_puts_it_off(path, writer, monkeypatch):
    monkeypatch.setattr(checkpoint, "LARGE_BYTES", 2_000_000)
    monkeypatch.setattr(checkpoint, "WAIT_FOR_OTHERS_MS", 50)
    write(writer, 1)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM t").fetchone()
    one = Checkpointer(path)
    one.acquire()
    write(writer, 3)
    one.checkpoint()
    assert log_bytes(path) > 2_000_000
    reader.close()
    one.checkpoint()
    assert log_bytes(path) == 0
    one.release()
