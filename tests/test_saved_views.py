"""Saved views in a browser: filters that were changed on the page, and the menu."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.servers import Server
from tests.test_story import SALESPERSON, Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_present_filters_are_saved_and_pinned(
    open_page: Open, live: Server, size: str
) -> None:
    page = open_page(size)
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/tasks/")
    page.select_option("select[name=state]", "overdue")
    expect(page).to_have_url(f"{live.url}/tasks/?state=overdue")
    page.locator("a[data-of-list][href^='/views/']").click()
    window = page.locator("#window")
    name = f"Zamude {size}"
    window.locator("input[name=name]").fill(name)
    window.locator("[data-save]").click()
    expect(page.locator("#toasts")).to_contain_text(name)

    page.goto(f"{live.url}/tasks/")
    page.locator("a[data-of-list][href^='/views/']").click()
    row = window.locator(".view", has_text=name)
    row.locator("[aria-pressed]").click()
    expect(page).to_have_url(f"{live.url}/tasks/?state=overdue")
    pinned = page.locator("#side-views a", has_text=name)
    if size == "phone":
        page.locator(".bar [popovertarget=side]").click()
    expect(pinned).to_be_visible()
    pinned.click()
    expect(page.locator("select[name=state]")).to_have_value("overdue")
