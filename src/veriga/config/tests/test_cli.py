"""What `veriga` understands, and how it complains: without a database."""

from __future__ import annotations

import os

import pytest

from veriga.config import demo_home
from veriga.config.cli import main, make_parser
from veriga.config.demo_home import Marker, clear, enter, is_current, sign
from veriga.config.errors import UsageError

COMMANDS = (
    *("demo", "init", "serve", "worker", "token", "check", "generate"),
    *("backup", "restore", "insight", "import"),
)
LATER = ("export",)


def fail(arguments, capsys):
    """Return the line that a bad command leaves on standard error."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    return output.err


class TestParser:
    def test_help_names_every_command_that_is_there(self, capsys):
        with pytest.raises(SystemExit) as ended:
            main(["--help"])
        assert ended.value.code == 0
        text = capsys.readouterr().out
        assert all(f"\n    {name} " in text for name in (*COMMANDS, "manage"))
        assert not any(f"\n    {name} " in text for name in LATER)

    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_command_has_help(self, command, capsys):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert f"usage: veriga {command}" in capsys.readouterr().out

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["dance"],
            ["backup"],
            ["restore", "--replace"],
            ["export", "x"],
            ["init"],
            ["token"],
            ["serve", "--port", "0"],
            ["serve", "--port", "abc"],
            ["serve", "--processes", "0"],
            ["generate", "--companies", "0", "--activities", "5"],
            ["generate", "--companies", "5", "--activities", "-5"],
            ["generate", "--companies", "five", "--activities", "5"],
            ["check", "--mend"],
        ],
        ids=" ".join,
    )
    def test_bad_input_is_one_line_and_exit_code_2(self, arguments, capsys):
        fail(arguments, capsys)

    def test_numbers_are_read(self):
        given = make_parser().parse_args(
            ["generate", "--companies", "3", "--activities", "40", "--seed", "9"]
        )
        assert (given.companies, given.activities, given.seed) == (3, 40, 9)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A VERIGA_HOME of its own, in an environment that is given back afterwards."""
    names = {*demo_home.NOT_OURS, "VERIGA_DEMO", "VERIGA_DEMO_START", "VERIGA_HOME"}
    for name in names:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("VERIGA_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql:///somebody_elses")
    return tmp_path


class TestDemoHome:
    def test_it_is_a_folder_of_its_own_without_the_database_of_others(self, home):
        assert enter() == home / "demo"
        assert os.environ["VERIGA_HOME"] == str(home / "demo")
        assert os.environ["VERIGA_DEMO"] == "1"
        assert os.environ["VERIGA_DEMO_START"] == str(home / "demo" / "start.json")
        assert "DATABASE_URL" not in os.environ

    def test_a_folder_without_its_marker_is_left_alone(self, home):
        (home / "demo").mkdir()
        (home / "demo" / "veriga.sqlite3").write_text("precious")
        with pytest.raises(UsageError):
            enter()
        assert (home / "demo" / "veriga.sqlite3").read_text() == "precious"
        assert os.environ["DATABASE_URL"]

    def test_a_file_of_that_name_is_left_alone(self, home):
        (home / "demo").write_text("precious")
        with pytest.raises(UsageError):
            enter()

    def test_it_is_current_only_as_it_was_signed(self, home):
        folder = enter()
        made = Marker("1.0", "sl", "2026-03-03")
        assert not is_current(folder, made)
        sign(folder, made)
        assert not is_current(folder, made)  # there is no database
        (folder / "veriga.sqlite3").touch()
        assert is_current(folder, made)
        for other in (
            Marker("1.1", "sl", "2026-03-03"),
            Marker("1.0", "en", "2026-03-03"),
            Marker("1.0", "sl", "2026-03-04"),
        ):
            assert not is_current(folder, other)

    def test_clearing_takes_only_its_own_files(self, home):
        folder = enter()
        for name in ("veriga.sqlite3", "veriga.sqlite3-wal", "start.json", "note.txt"):
            (folder / name).touch()
        sign(folder, Marker("1.0", "sl", "2026-03-03"))
        clear(folder)
        assert {path.name for path in folder.iterdir()} == {"demo.json", "note.txt"}
        # Killed before it was signed again, it is made anew, not refused.
        os.environ["VERIGA_HOME"] = str(home)
        assert enter() == folder
