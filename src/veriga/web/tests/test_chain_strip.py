"""The chain strip: where points, pauses and names stand. No database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, cast

import pytest
from django.template import engines
from django.utils import translation

from veriga.activities.queries.rows import ActivityRow
from veriga.activities.rules.times import state_of
from veriga.setup.working import whole_working_days
from veriga.web.strip import LANES, WIDTH, Strip, draw_strip
from veriga.web.strip.drawing import STEP
from veriga.web.strip.scale import GAP, LETTER
from veriga.web.strip.shapes import AXIS, RADIUS

pytestmark = pytest.mark.usefixtures("usual_working_time")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday


@pytest.fixture(autouse=True)
def _slovenian() -> Iterator[None]:
    with translation.override("sl"):
        yield


def row(
    number: int, days_ago: float, kind: str = "task", **fields: object
) -> ActivityRow:
    """Return a done activity; the first one (number 1) is the origin."""
    date = NOW - timedelta(days=days_ago)
    values: dict[str, object] = {
        "id": number, "reference": f"N-26-{number:05}", "type_code": "",
        "reference_key": f"N2026{number:06}", "kind": kind, "date": date,
        "title": f"Naloga {number}", "direction": "out", "company_id": 1,
        "company_name": "Alpina", "all_day": False, "due_at": date, "done_at": date,
        "occurred_at": date, "recorded_at": date, "result": "carried_out",
        "owner_id": 1, "owner_name": "Maja Kovač", "owner_email": "m@example.com",
        "attachments": 0, "amount_minor": None, "currency": "", "gathering_id": None,
        "source": "form", "row_version": 1,
        "starts_at": None, "ends_at": None, "importance_id": None, "product_id": None,
        "product_code": None, "product_name": None, "chain_id": 1, "chain_size": 9,
        "origin_id": 1, "chain_outcome": "open", "quotes": 0, "product_records": 0,
        "events": 0, "tasks": 0,
    }  # fmt: skip
    values |= fields
    values["state"] = state_of(values["done_at"], values["due_at"], NOW)  # type: ignore[arg-type]
    return ActivityRow(**values)  # type: ignore[arg-type]


def pending(number: int, days_ago: float, **fields: object) -> ActivityRow:
    fields = {"done_at": None, "result": "", "occurred_at": None, **fields}
    return row(number, days_ago, **fields)  # type: ignore[arg-type]


def drawn(*rows: ActivityRow, current: str = "") -> Strip:
    return draw_strip(rows, NOW, current)


class TestPoints:
    def test_stand_to_scale_between_the_origin_and_today(self) -> None:
        strip = drawn(row(1, 100), row(2, 50), row(3, 25))
        first, second, third = (p.x for p in strip.points)
        now = strip.now_x
        assert now is not None
        assert second - first == pytest.approx(2 * (third - second), abs=0.2)
        assert third - second == pytest.approx(now - third, abs=0.2)

    def test_too_close_ones_stand_above_each_other_without_touching(self) -> None:
        strip = drawn(row(1, 300), row(2, 10), row(3, 10), row(4, 9))
        stack = strip.points[1:]
        assert len({p.x for p in stack}) == 1
        heights = sorted(p.y for p in stack)
        assert heights == [AXIS - STEP, AXIS, AXIS + STEP]
        assert STEP >= 2 * RADIUS

    def test_many_in_one_place_are_one_point_with_their_number(self) -> None:
        many = [row(n, 10) for n in range(2, 9)]
        strip = drawn(row(1, 300), *many)
        assert [p.number for p in strip.points] == [1, 7]
        assert "7 aktivnosti" in strip.points[1].tip

    def test_a_merged_point_opens_what_is_late_in_it(self) -> None:
        late = pending(3, 10)
        strip = drawn(row(1, 300), row(2, 10), late, row(4, 10), row(5, 10))
        assert strip.points[1].reference == late.reference
        assert "is-overdue" in strip.points[1].words

    def test_two_thousand_fit(self) -> None:
        strip = draw_strip([row(n, 2001 - n) for n in range(1, 2001)], NOW)
        assert len(strip.points) <= WIDTH / STEP
        assert sum(p.number for p in strip.points) == 2000
        assert len(strip.lines) <= 60
        assert strip.earlier

    def test_say_state_origin_plan_and_the_record_on_show(self) -> None:
        strip = drawn(
            row(1, 100),
            row(2, 60, result="cancelled"),
            pending(3, 30),
            pending(4, -20, due_at=NOW + timedelta(days=20)),
            current="N-26-00003",
        )
        words = [p.words for p in strip.points]
        assert words == [
            "is-done is-origin",
            "is-failed",
            "is-overdue is-current",
            "is-pending is-planned",
        ]

    def test_tell_title_date_state_and_owner(self) -> None:
        tip = drawn(row(1, 100), row(2, 3)).points[1].tip
        assert "Naloga 2" in tip
        assert "20. 11. 2026" in tip
        assert "Opravljeno" in tip
        assert "Maja Kovač" in tip

    def test_one_alone_stands_left_of_today(self) -> None:
        strip = drawn(row(1, 1))
        assert len(strip.points) == 1
        assert strip.now_x is not None
        assert strip.points[0].x < strip.now_x <= WIDTH


class TestTime:
    def test_a_closed_chain_ends_with_its_last_activity(self) -> None:
        strip = drawn(
            row(1, 400, chain_outcome="won"), row(2, 300, chain_outcome="won")
        )
        assert strip.now_x is None
        assert strip.points[-1].x == WIDTH - 16

    def test_a_closed_chain_with_open_work_reaches_today(self) -> None:
        strip = drawn(
            row(1, 400, chain_outcome="won"), pending(2, 300, chain_outcome="won")
        )
        assert strip.now_x is not None

    @pytest.mark.parametrize("days", [1, 5, 20, 60, 100, 400, 1100, 4000, 20000])
    def test_labels_do_not_collide(self, days: int) -> None:
        strip = drawn(row(1, days), row(2, 0.5))
        labelled = [(t.x, t.label) for t in strip.ticks if t.label]
        for (x, label), (after, _text) in pairwise(labelled):
            assert x + len(label) * LETTER < after
        assert labelled or days < 5
        assert len(strip.ticks) < 40

    def test_months_are_in_the_language_of_the_page(self) -> None:
        rows = (row(1, 300), row(2, 10))
        slovenian = {t.label for t in drawn(*rows).ticks}
        with translation.override("en"):
            english = {t.label for t in drawn(*rows).ticks}
        assert "jan. 2026" in slovenian
        assert any("avg." in label or "maj" in label for label in slovenian)
        assert any("May" in label or "Mar" in label for label in english)


class TestPauses:
    def test_are_told_in_working_days(self) -> None:
        before, after = row(1, 120), row(2, 20)
        strip = drawn(before, after)
        days = whole_working_days(before.date, after.date)
        assert strip.pauses[0].label == f"{days} d. d."

    def test_the_last_one_runs_to_today_and_none_beyond(self) -> None:
        ahead = pending(3, -60, due_at=NOW + timedelta(days=60))
        strip = drawn(row(1, 200), row(2, 100), ahead)
        days = whole_working_days(NOW - timedelta(days=100), NOW)
        assert [p.label for p in strip.pauses][-1] == f"{days} d. d."
        assert len(strip.pauses) == 2

    def test_the_longest_is_marked_and_no_other(self) -> None:
        strip = drawn(row(1, 300), row(2, 250), row(3, 40))
        longest = [p.label for p in strip.pauses if p.is_longest]
        days = whole_working_days(NOW - timedelta(days=250), NOW - timedelta(days=40))
        assert longest == [f"{days} d. d."]

    def test_a_short_one_has_no_room_and_is_in_the_list_all_the_same(self) -> None:
        strip = drawn(row(1, 1000), row(2, 20), row(3, 10))
        labels = {p.label for p in strip.pauses}
        days = whole_working_days(NOW - timedelta(days=20), NOW - timedelta(days=10))
        assert f"{days} d. d." not in labels
        assert any(f"{days} delovni" in line.pause for line in strip.lines)


class TestNames:
    def test_the_origin_and_quotes_are_named(self) -> None:
        quote = row(2, 10, "quote", amount_minor=4_820_000, currency="EUR")
        labels = [n.label for n in drawn(row(1, 300), quote).names]
        assert labels == ["povod: naloga 1", "ponudba 48.200\N{NO-BREAK SPACE}€"]

    def test_do_not_collide(self) -> None:
        quotes = [
            row(n, 200 - n * 6, "quote", amount_minor=n * 1_000_000, currency="EUR")
            for n in range(2, 30)
        ]
        strip = drawn(row(1, 300, title="Zelo dolg naslov povoda " * 4), *quotes)
        assert len(strip.names) > 2
        for lane in LANES:
            spans = sorted(
                (n.x, n.x + len(n.label) * LETTER)
                if n.anchor == "start"
                else (n.x - len(n.label) * LETTER, n.x)
                for n in strip.names
                if n.y == lane
            )
            for (_start, end), (start, _end) in pairwise(spans):
                assert end + GAP <= start + 0.2

    def test_stay_inside_the_drawing(self) -> None:
        quote = row(2, 0, "quote", amount_minor=99_999_999_00, currency="EUR")
        for name in drawn(row(1, 300), quote).names:
            size = len(name.label) * LETTER
            left = name.x if name.anchor == "start" else name.x - size
            assert left >= 0
            assert left + size <= WIDTH

    def test_a_long_title_is_cut(self) -> None:
        strip = drawn(row(1, 300, title="a" * 200), row(2, 5))
        assert strip.names[0].label.endswith("…")
        assert len(strip.names[0].label) < 60


class TestTheDrawing:
    def html(self, strip: Strip) -> str:
        engine = cast("Any", engines["jinja2"]).env
        template = engine.from_string("{{ ui.chain_strip(strip) }}")
        return str(template.render(strip=strip))

    def test_every_point_is_a_link_that_tells_what_it_is(self) -> None:
        html = self.html(drawn(row(1, 300, title="<b>&"), row(2, 5)))
        links = re.findall(r'<a [^>]*data-reference="([^"]+)"', html)
        assert links == ["N-26-00001", "N-26-00002"]
        assert html.count("aria-label=") >= 3
        assert 'href="/activities/N-26-00001/"' in html
        assert "<b>" not in html

    def test_a_list_underneath_says_the_same(self) -> None:
        html = self.html(drawn(row(1, 300), row(2, 5)))
        assert html.count("<li>") == 2
        assert "premor: " in html

    def test_holds_no_inline_style_or_script(self) -> None:
        html = self.html(drawn(row(1, 300), row(2, 5)))
        assert "style=" not in html
        assert "<script" not in html
        assert not re.search(r"\son\w+=", html)


def test_the_order_in_which_rows_come_does_not_matter() -> None:
    rows = [row(1, 300), row(2, 100), row(3, 50)]
    assert draw_strip(rows, NOW) == draw_strip(rows[::-1], NOW)
    assert draw_strip(rows, NOW).points[0].reference == rows[0].reference
