"""Addresses, icons and the pieces of a row."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from veriga.web import pieces, rows
from veriga.web.jinja import query_string
from veriga.web.patterns import pattern

LJUBLJANA = ZoneInfo("Europe/Ljubljana")


def row(**changes):
    values = {
        "reference": "D-26-00042",
        "kind": "event",
        "type_code": "call",
        "company_id": 7,
        "date": datetime(2026, 11, 20, 9, tzinfo=LJUBLJANA),
        "due_at": datetime(2026, 11, 20, 9, 30, tzinfo=LJUBLJANA),
        "result": "",
        "state": "overdue",
        "attachments": 0,
        "quotes": 0,
        "product_records": 2,
        "events": 11,
        "title": "A call",
        "company_name": "Alpina Pak",
        "owner_name": "Ana Novak",
        "type_name": "Call",
        "is_origin": False,
        "chain_size": 1,
        "amount_minor": 100,
        "currency": "EUR",
        "row_version": 1,
    }
    return SimpleNamespace(**{**values, **changes})


KEPT = (
    *(pieces.icon, pieces.state_of, pieces._count),
    *(pieces._all_counts, pieces.clip, pattern),
)


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    """Pieces as if static files had been collected; nothing kept leaves the test."""
    monkeypatch.setattr(pieces, "static", lambda path: f"/static/{path}")
    for kept in KEPT:
        kept.cache_clear()
    with timezone.override(LJUBLJANA), translation.override("en"):
        yield
    for kept in KEPT:
        kept.cache_clear()


class TestAddresses:
    def test_remembered_addresses_are_those_of_django(self):
        url = pieces.Addresses()
        for reference in ("D-26-00042", "N-26-123456", "D-26-00042"):
            assert url("activities:record", reference=reference) == reverse(
                "activities:record", kwargs={"reference": reference}
            )
        for number in (1, 22, 333):
            assert url("companies:page", id=number) == f"/companies/{number}/"

    def test_a_value_that_needs_quoting_is_quoted(self):
        url = pieces.Addresses()
        url("activities:record", reference="D-26-00042")
        assert "%20" in url("activities:record", reference="D 42")

    def test_a_value_that_is_also_a_word_of_the_address_is_not_mistaken(self):
        url = pieces.Addresses()
        first = url("activities:record", reference="activities")
        assert first == "/activities/activities/"
        assert url("activities:record", reference="D-1") == "/activities/D-1/"

    def test_an_unknown_name_is_an_error(self):
        with pytest.raises(NoReverseMatch):
            pieces.Addresses()("no:such")


class TestRow:
    def test_a_late_call(self):
        html = rows.activity_rows([row()])
        assert 'href="/activities/D-26-00042/"' in html
        assert 'data-company="/companies/7/"' in html
        assert "is-overdue" in html
        assert "Overdue" in html
        assert "#phone" in html
        assert '<td class="c-date">20 Nov 2026</td>' in html
        assert "is-failed" not in html
        assert '<td class="c-clip"></td>' in html

    def test_what_did_not_happen_is_crossed_out(self):
        html = rows.activity_rows([row(state="done", result="not_reached")])
        assert html.startswith('<tr class="row is-failed"')
        assert "Not reached" in html

    def test_columns_are_those_of_the_table(self):
        html = rows.activity_rows([row()], company=False, kind=False, amount=True)
        assert "c-company" not in html
        assert "data-company" not in html
        assert "c-kind" not in html
        assert '<td class="c-amount">€1.00</td>' in html

    def test_what_somebody_typed_is_text(self):
        typed = "<script>%s %(title)s"
        html = rows.activity_rows([row(title=typed, company_name=typed)])
        assert "<script>" not in html
        assert html.count("&lt;script&gt;%s %(title)s") == 2

    def test_an_origin_of_a_chain_says_so(self):
        loose, origin = row(is_origin=True), row(is_origin=True, chain_size=3)
        assert "badge" not in rows.activity_rows([loose])
        assert "badge" in rows.activity_rows([origin])

    def test_a_zero_is_blank_and_keeps_its_place(self):
        counts = pieces.counts_mark(row())
        assert counts.count('<span class="count"></span>') == 1
        assert counts.count("<a ") == 2
        assert 'href="/activities/?linked_to=D-26-00042&amp;kind=event"' in counts
        assert 'aria-label="11 linked events"' in counts

    def test_words_follow_the_language(self):
        pieces.state_mark("overdue", words=True)
        with translation.override("sl"):
            assert "Zamuda" in pieces.state_mark("overdue", words=True)

    def test_nothing_typed_becomes_markup(self):
        its = pieces.counts_mark(row(reference='"><b>'))
        assert "<b>" not in its


def test_components_are_reachable_without_import():
    made = engines["jinja2"].env
    html = made.from_string("{{ ui.button(text, attrs=more) }}").render(
        text="<b>", more={"hx-get": '"/x"', "disabled": True, "title": None}
    )
    assert "&lt;b&gt;" in html
    assert 'hx-get="&#34;/x&#34;"' in html
    assert " disabled>" in html
    assert "title" not in html


def test_a_component_is_made_once_for_its_arguments_and_language():
    made = engines["jinja2"].env
    page = made.from_string(
        '{{ ui.button(_("Save"), attrs=more) }}{{ ui.person(name, "", "+386 1") }}'
    )
    for name in ("Ana", "<Borut>", "Ana"):
        for more in ({"title": "a"}, {"title": "b"}, {}):
            with translation.override("sl"):
                html = page.render(name=name, more=more)
            assert "Shrani" in html
            assert ('title="' in html) == bool(more)
            assert all(f'title="{value}"' in html for value in more.values())
            assert f"{name.replace('<', '&lt;').replace('>', '&gt;')}</span>" in html
    assert "Save" in page.render(name="Ana", more={})


def test_query_string():
    assert query_string({"q": "č", "page": "2"}, page=None) == "?q=%C4%8D"
    assert query_string({}, kind=["a", "b"]) == "?kind=a&kind=b"
    assert query_string() == ""
