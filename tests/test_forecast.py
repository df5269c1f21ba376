"""The forecast in a browser: found by Ctrl+K, opened to its sales; targets by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.servers import Server
from tests.test_story import DIRECTOR, SALESPERSON, Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_figure_opens_as_many_sales_as_it_is_made_of(
    open_page: Open, live: Server
) -> None:
    page = open_page("wide")
    sign_in(page, live, DIRECTOR)
    page.keyboard.press("Control+k")
    page.keyboard.type("napoved")
    page.locator("[role=option][href='/forecast/']").click()
    expect(page).to_have_url(f"{live.url}/forecast/")
    page.locator(".forecast tbody.is-all tr.is-quoted .c-together a").first.click()
    expect(page).to_have_url(re.compile("/chains/.*worth=quoted"))
    expect(page.locator("#rows tr.row").first).to_be_visible()
    page.goto(f"{live.url}/forecast/")
    page.select_option("[name=currency]", "CHF")
    expect(page.locator(".forecast thead th").first).to_have_text("CHF")
    expect(page.locator(".forecast")).to_have_count(1)


def test_targets_are_typed_copied_and_saved_by_keys(
    open_page: Open, live: Server
) -> None:
    page = open_page("wide")
    sign_in(page, live, DIRECTOR)
    page.goto(f"{live.url}/forecast/targets/")
    rows = page.locator("[data-targets] tr:has(input)")
    first = rows.nth(1).locator("input")
    first.nth(9).focus()
    page.keyboard.type("4321")
    page.keyboard.press("Alt+ArrowRight")
    expect(first.nth(11)).to_have_value("4321")
    page.keyboard.press("ArrowDown")
    expect(rows.nth(2).locator("input").nth(9)).to_be_focused()
    page.keyboard.type("1234,50")
    rows.nth(2).locator("[data-copy-on]").click()
    expect(rows.nth(2).locator("input").nth(10)).to_have_value("1234,50")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Shranjenih je 6 ciljev.")
    expect(first.nth(11)).to_have_value("4321")
    expect(page.locator(".targets-history li").first).to_contain_text("Tomaž Vidmar")


def test_a_phone_shows_one_month_of_ones_own(open_page: Open, live: Server) -> None:
    page = open_page("phone")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/forecast/")
    expect(page.locator(".forecast tbody.is-all")).to_have_count(0)
    shown = page.locator(".forecast").first.locator("thead th.is-number:visible")
    expect(shown).to_have_count(1)
    before = shown.inner_text()
    page.locator(".forecast-months a").last.click()
    expect(shown).not_to_have_text(before)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
