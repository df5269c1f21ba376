"""The desk in a browser: it renews itself, opens records, gives chains up."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.support.servers import Server
from tests.test_story import SALESPERSON, Open, saved_reference, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_it_shows_what_somebody_adds_meanwhile(
    open_page: Open, live: Server, size: str
) -> None:
    page = open_page(size)
    page.clock.install()
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/desk/")
    due = page.locator(".figure-count").nth(1)
    before = int(due.inner_text())
    other = open_page("wide")
    sign_in(other, live, SALESPERSON)
    listed = other.request.get(f"{live.url}/companies/").text()
    company = re.findall(r'href="/companies/(\d+)/"', listed)[0]
    other.goto(f"{live.url}/tasks/new/?company={company}")
    title = f"Naloga za danes {size}"
    other.fill("input[name=title]", title)
    other.fill("input[name=due_on]", f"{date.today()}")
    other.keyboard.press("Control+Enter")
    saved_reference(other)
    page.clock.fast_forward(16_000)
    expect(due).to_have_text(str(before + 1))
    link = page.get_by_role("link", name=title)
    expect(link).to_be_visible()
    link.click()
    expect(page.locator("#window")).to_contain_text(title)


def test_a_chain_is_given_up_by_keys_and_comes_back(
    open_page: Open, live: Server
) -> None:
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/chains/?owner=me")
    count = page.locator("#result-count")
    before = count.inner_text()
    page.locator("[data-give-up]").first.focus()
    page.keyboard.press("Enter")
    menu = page.locator("#give-up")
    expect(menu).to_be_visible()
    expect(menu.locator("[data-reason]").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Posel je opuščen.")
    expect(count).not_to_have_text(before)
    page.keyboard.press("z")
    expect(count).to_have_text(before)
