"""Conditions of a list in a browser, by keyboard and by touch."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.servers import Server
from tests.test_story import SALESPERSON, Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_list_is_narrowed_by_two_conditions(
    open_page: Open, live: Server, size: str
) -> None:
    page = open_page(size)
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/companies/?status=active")
    before = page.locator("#result-count").inner_text()
    page.locator("a[data-of-list][href^='/conditions/']").press("Enter")
    window = page.locator("#window")
    days, kinds = window.locator("#id_days_0_0"), window.locator("#id_activity_0_0")
    expect(days).to_be_hidden()
    window.locator("#id_what_0_0").select_option("no")
    expect(days).to_be_visible()
    kinds.select_option("event.visit")
    # Without the number it is refused, and what was chosen stays.
    days.press("Enter")
    expect(window.locator("#error_days_0_0")).to_be_visible()
    expect(kinds).to_have_value("event.visit")
    days.fill("60")
    window.locator("button[name=more][value=group]").click()
    window.locator("#id_what_1_0").select_option("stage")
    expect(window.locator("#id_stage_1_0")).to_be_visible()
    window.locator("button[name=drop][value='1_0']").click()
    expect(window.locator("#id_what_1_0")).to_have_count(0)
    days.press("Enter")
    where = "where=no%3Aevent.visit%3A60"
    expect(page).to_have_url(f"{live.url}/companies/?status=active&{where}")
    chip = page.locator(".chip", has_text="60")
    expect(chip).to_be_visible()
    page.select_option("select[name=status]", "prospect")
    expect(page).to_have_url(f"{live.url}/companies/?{where}&status=prospect")
    expect(chip).to_be_visible()
    page.select_option("select[name=status]", "active")
    expect(page).to_have_url(f"{live.url}/companies/?{where}&status=active")
    chip.click()
    expect(page).to_have_url(f"{live.url}/companies/?status=active")
    expect(page.locator("#result-count")).to_have_text(before)
