"""The tests' own machinery: what runs in which pass, and what a skip must say."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.support.effort import effort, sized
from tests.support.plugin import is_wanted

pytest_plugins = ["pytester"]


def _test(*fixtures: str, markers: tuple[str, ...] = ()) -> Any:
    """Return what the harness looks at of a test."""
    return SimpleNamespace(
        fixturenames=fixtures,
        cls=None,
        get_closest_marker=lambda name: name if name in markers else None,
    )


class TestPasses:
    @pytest.mark.parametrize(
        ("test", "first", "second"),
        [
            (_test(), True, False),
            (_test("db"), True, True),
            (_test("installation"), True, True),
            (_test(markers=("django_db",)), True, True),
            (_test("live", "page", markers=("browser",)), True, False),
            (_test("db", markers=("browser",)), True, False),
            (_test("db", markers=("postgres",)), False, True),
            (_test("db", markers=("sqlite",)), True, False),
        ],
    )
    def test_each_test_runs_where_it_can_tell_something(
        self, test: Any, first: bool, second: bool
    ) -> None:
        assert is_wanted(test, on_postgres=False, second_pass=False) is first
        assert is_wanted(test, on_postgres=True, second_pass=True) is second


class TestEffort:
    def test_small_unless_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("VERIGA_EFFORT", raising=False)
        assert effort() == "ci"
        assert sized(ci=1, full=2) == 1

    def test_full(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VERIGA_EFFORT", "full")
        assert sized(ci=1, full=2) == 2

    def test_another_word_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VERIGA_EFFORT", "huge")
        with pytest.raises(ValueError, match="ci or full"):
            effort()


class TestIsolation:
    def test_no_installation_is_in_sight(self) -> None:
        assert "veriga-tests-" in str(settings.HOME)

    def test_the_database_is_one_for_tests(self, db: None) -> None:
        name = Path(str(connection.settings_dict["NAME"])).name
        assert name.startswith("test")


class TestSkips:
    def test_a_skip_without_a_reason_fails(self, pytester: pytest.Pytester) -> None:
        pytester.makepyfile(
            """
            import pytest

            def test_silent():
                pytest.skip()

            @pytest.mark.skip
            def test_marked():
                pass

            def test_said():
                pytest.skip("the moon is full")
            """
        )
        root = Path(__file__).resolve().parent.parent
        pytester.makeini(
            f"""
            [pytest]
            pythonpath = {root} {root / "src"}
            DJANGO_SETTINGS_MODULE = veriga.config.settings
            """
        )
        done = pytester.runpytest_subprocess("-p", "tests.support.plugin")
        done.assert_outcomes(failed=1, errors=1, skipped=1)
