"""Every command of `veriga`, as an operator runs it."""

from __future__ import annotations

import json
import re
import sqlite3
import time
import urllib.request
from pathlib import Path

import pytest

from tests.support.servers import Installation, Server, program_environment
from veriga.transfer.tests.factories import LOG, MAPPING, written


def refused(installation, *arguments):
    """Return the one line in which a command refuses what it was asked."""
    done = installation.veriga(*arguments, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stdout == ""
    return done.stderr


class TestInit:
    def test_it_may_be_repeated(self, installation):
        again = installation.veriga("init", "--admin", installation.admin)
        assert "is there already" in again.stdout
        assert "Password" not in again.stdout
        assert installation.veriga("check").stdout == "Nothing differs.\n"

    @pytest.mark.sqlite
    def test_after_an_upgrade_the_tables_are_counted_anew(self, installation):
        installation.veriga("generate", "--companies", "9", "--activities", "200")
        installation.veriga("manage", "migrate", "activities", "0012")
        installation.veriga("init", "--admin", installation.admin)
        with sqlite3.connect(installation.home / "veriga.sqlite3") as connection:
            known = connection.execute("SELECT idx FROM sqlite_stat1").fetchall()
        connection.close()
        assert ("chain_totals",) in known

    def test_a_password_is_made_where_none_is_given(self, installation):
        made = installation.veriga("init", "--admin", "other@example.com").stdout
        assert re.search(r"^Password: \S{14,}$", made, re.MULTILINE)

    def test_bad_input(self, installation, tmp_path):
        weak = tmp_path / "weak"
        weak.write_text("12345\n")
        assert "no e-mail" in refused(installation, "init", "--admin", "nobody")
        missing = f"{tmp_path}/missing"
        for file in (str(weak), missing):
            refused(
                installation, "init", "--admin", "x@example.com",
                "--password-file", file,
            )  # fmt: skip


class TestToken:
    def test_it_prints_the_token_and_nothing_else(self, installation):
        first, second = installation.token(), installation.token()
        assert re.fullmatch(r"vrg_[\w-]{40,}", first)
        assert first != second

    def test_an_unknown_user_is_refused(self, installation):
        assert "nobody@x.si" in refused(installation, "token", "nobody@x.si")


class TestGenerateAndCheck:
    def test_check_finds_what_was_tampered_with_and_mends_it(self, installation):
        made = installation.veriga(
            "generate", "--companies", "12", "--activities", "300", "--seed", "4"
        )
        assert made.stdout.startswith("12 companies, 300 activities")
        assert installation.veriga("check").stdout == "Nothing differs.\n"

        tamper(installation, "UPDATE activities_chain SET size = size + 1")
        found = installation.veriga("check", check=False)
        assert found.returncode == 1
        assert "chain_size: " in found.stdout

        mended = installation.veriga("check", "--repair")
        assert mended.stdout.endswith("Nothing differs.\n")
        assert installation.veriga("check").returncode == 0

    def test_what_cannot_be_mended_is_left_and_said(self, installation):
        installation.veriga("generate", "--companies", "2", "--activities", "20")
        tamper(
            installation,
            "UPDATE activities_counter SET last = last + 5",
        )
        left = installation.veriga("check", "--repair", check=False)
        assert left.returncode == 1
        assert "counter: " in left.stdout


def tamper(installation, statement):
    url = installation.environment.get("DATABASE_URL")
    if url:
        import psycopg

        with psycopg.connect(url) as connection:
            connection.execute(statement)
        return
    with sqlite3.connect(installation.home / "veriga.sqlite3") as connection:
        connection.execute(statement)
    connection.close()


class TestSettings:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("DATABASE_URL", "mysql://root@localhost/veriga"),
            ("DATABASE_URL", "postgresql://u@127.0.0.1:1/veriga"),
            ("DATABASE_URL", "postgresql://u@127.0.0.1:port/veriga"),
            ("VERIGA_LANGUAGE", "xx"),
            ("VERIGA_TIME_ZONE", "Mars/Olympus"),
            ("VERIGA_HTTPS", "maybe"),
            ("VERIGA_MAIL_PORT", "smtp"),
            ("VERIGA_ADDRESS", "crm.example.com"),
            ("VERIGA_HOME", "/proc/none"),
        ],
    )
    def test_a_wrong_one_is_named(self, tmp_path, name, value):
        changes = {"VERIGA_HOME": f"{tmp_path}", name: value}
        bare = Installation(tmp_path, program_environment(tmp_path, **changes))
        message = refused(bare, "check")
        expected = {
            "VERIGA_HOME": "/proc/none",
            "DATABASE_URL": "atabase" if ":1/" in value else name,
        }
        assert expected.get(name, name) in message

    def test_an_empty_database_is_said_to_be_empty(self, tmp_path):
        empty = Installation(tmp_path, program_environment(tmp_path))
        assert "veriga init" in refused(empty, "check")
        assert "veriga init" in refused(empty, "serve")


class TestServe:
    def test_it_serves_and_stops_politely(self, installation):
        server = installation.serve()
        assert server.answers()
        process = server.process
        began = time.monotonic()
        server.stop()
        assert process.returncode == 0
        assert time.monotonic() - began < 12
        assert "Veriga at http://127.0.0.1:" in server.tail()

    @pytest.mark.sqlite
    def test_sqlite_has_one_process_and_says_its_version(self, installation):
        assert "SQLite" in refused(installation, "serve", "--processes", "2")
        server = installation.serve()
        assert f"SQLite {sqlite3.sqlite_version}" in server.tail()

    @pytest.mark.postgres
    def test_postgresql_may_have_several(self, installation):
        assert installation.serve("--processes", "2").answers()

    def test_an_address_in_use_is_refused(self, installation):
        server = installation.serve()
        assert "cannot be used" in refused(
            installation, "serve", "--port", str(server.port)
        )

    def test_nothing_of_it_outlives_a_kill(self, installation):
        server = installation.serve()
        server.process.kill()
        server.process.wait()
        deadline = time.monotonic() + 10
        while server.answers() or descendants(installation):
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def test_a_process_stays_small(self, installation):
        server = installation.serve()
        for _ in range(100):
            urllib.request.urlopen(f"{server.url}/accounts/login/").read()  # noqa: S310
        sizes = descendants(installation)
        assert len(sizes) >= 2
        assert max(sizes.values()) < 200_000, sizes


def descendants(installation):
    """Return the resident kB of each running process of this installation, by id."""
    mark = f"VERIGA_HOME={installation.home}".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            status = (folder / "status").read_text()
        except OSError:
            continue
        match = re.search(r"VmRSS:\s+(\d+) kB", status)
        if match:
            found[int(folder.name)] = int(match[1])
    return found


class TestDemo:
    @pytest.mark.sqlite
    def test_it_is_made_once_a_day_and_says_who_may_enter(self, tmp_path):
        home = tmp_path / "home"
        environment = program_environment(
            home, VERIGA_LANGUAGE="en", DATABASE_URL="postgresql://nobody@nowhere/x"
        )
        server = Server(("demo",), environment).start()
        server.stop()
        first = server.tail()
        assert "maja.kovac@savinjapak.example" in first
        assert "veriga-demo" in first
        assert "Making the demo company" in first
        made_at = (home / "demo" / "start.json").stat().st_mtime

        Server(("demo",), environment).start().stop()
        assert (home / "demo" / "start.json").stat().st_mtime == made_at

    @pytest.mark.sqlite
    def test_it_takes_no_folder_of_others(self, installation):
        folder = installation.home / "demo"
        folder.mkdir()
        (folder / "veriga.sqlite3").write_text("precious")
        assert "nothing was touched" in refused(installation, "demo")
        assert (folder / "veriga.sqlite3").read_text() == "precious"


class TestInsight:
    def test_it_prints_what_is_stored_and_computes_what_is_not(self, installation):
        empty = json.loads(installation.veriga("insight", "map", "--json").stdout)
        assert (empty["kind"], empty["activities"]) == ("map", 0)
        installation.veriga("generate", "--companies", "12", "--activities", "300")
        stored = installation.veriga("insight", "map", "--json").stdout
        assert json.loads(stored)["activities"] == 0
        fresh = installation.veriga("insight", "map", "--json", "--fresh").stdout
        assert 200 < json.loads(fresh)["activities"] <= 300
        assert installation.veriga("insight", "map", "--json").stdout == fresh
        for report in ("followed", "pace", "stalled", "triggers", "map", "origins"):
            lines = installation.veriga("insight", report).stdout.splitlines()
            assert len(lines) > 1, report
        assert " kept, " in installation.veriga("insight", "compute").stdout

    def test_bad_input(self, installation):
        assert "nothing" in refused(installation, "insight", "nothing")
        assert "Nobody" in refused(installation, "insight", "map", "--team", "Nobody")

    def test_the_worker_computes_by_itself(self, installation):
        installation.veriga("generate", "--companies", "12", "--activities", "300")
        server = installation.serve()
        request = urllib.request.Request(  # noqa: S310
            f"{server.url}/api/v1/insight/followed",
            headers={"Authorization": f"Bearer {installation.token()}"},
        )
        deadline = time.monotonic() + 60
        while not (found := json.load(urllib.request.urlopen(request)))["figures"]:  # noqa: S310
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert 200 < found["activities"] <= 300


class TestImportEventLog:
    def test_all_of_it_or_nothing_and_safe_to_repeat(self, installation, tmp_path):
        mapping = written(tmp_path, MAPPING, "map.toml")
        known = ("--mapping", str(mapping))
        wrong = written(tmp_path, LOG.replace("1,offer", "1,other"))
        said = refused(installation, "import", "event-log", str(wrong), *known)
        assert f'{wrong}, line 5, column "what": no [[activities]]' in said
        refused(installation, "import", "event-log", str(tmp_path / "no.csv"), *known)
        refused(installation, "import", "event-log", str(wrong))

        log = written(tmp_path, LOG, "log.csv.gz")
        command = ("import", "event-log", str(log), *known)
        dry = installation.veriga(*command, "--dry-run").stdout
        assert "9 events, 3 cases with 7 activities, 2 companies" in dry
        assert "left out: noise: 2" in dry
        assert "Nothing is stored. Cases that are there already: 0." in dry
        stored = installation.veriga(*command).stdout
        assert "Stored: 3 chains with 7 activities" in stored
        assert "There already: 3 cases." in installation.veriga(*command).stdout
        assert installation.veriga("check").stdout == "Nothing differs.\n"
