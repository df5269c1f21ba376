"""Notices in a browser: they come by themselves, said, counted and with their link."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.support.servers import Server
from tests.test_story import SALESPERSON, Open, saved_reference, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MANAGER = "natasa.golob@savinjapak.example"
HERE = ZoneInfo("Europe/Ljubljana")


def some_company(page: Page, live: Server) -> str:
    listed = page.request.get(f"{live.url}/companies/").text()
    return re.findall(r'href="/companies/(\d+)/"', listed)[0]


def test_a_mention_reaches_whoever_looks_at_another_page(
    open_page: Open, live: Server
) -> None:
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    company = some_company(page, live)
    page.goto(f"{live.url}/notices/")
    if page.get_by_role("button", name="Označi vse kot prebrano").count():
        page.get_by_role("button", name="Označi vse kot prebrano").click()
    page.clock.install()
    page.goto(f"{live.url}/products/")
    other = open_page("wide")
    sign_in(other, live, MANAGER)
    other.goto(f"{live.url}/tasks/new/?company={company}")
    other.fill("input[name=title]", "Omemba v brskalniku")
    other.fill("textarea[name=text]", "Poglej prosim, @Maja Kovač")
    other.keyboard.press("Control+Enter")
    reference = saved_reference(other)
    page.clock.fast_forward(16_000)
    toast = page.locator("#toasts").get_by_role("link", name=f"Omemba: {reference}")
    expect(toast).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    expect(page.locator("[data-nav-count=notices]")).to_have_text("1")
    toast.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_contain_text("Omemba v brskalniku")
    expect(page.locator("[data-nav-count=notices]")).to_have_text("")
    expect(page).not_to_have_title(re.compile(r"^\("))


def test_the_worker_reminds_of_an_event(open_page: Open, live: Server) -> None:
    page = open_page("phone")
    sign_in(page, live, SALESPERSON)
    company = some_company(page, live)
    start = datetime.now(HERE) + timedelta(minutes=10)
    page.goto(f"{live.url}/events/new/?company={company}")
    page.fill("input[name=title]", "Sestanek čez deset minut")
    page.fill("input[name=starts_on]", f"{start:%Y-%m-%d}")
    page.fill("input[name=starts_time]", f"{start:%H:%M}")
    page.keyboard.press("Control+Enter")
    reference = saved_reference(page)
    # The worker looks every two seconds, and the page every twelve.
    toast = page.locator("#toasts").get_by_role("link", name=reference)
    expect(toast).to_be_visible(timeout=40_000)
    expect(toast).to_contain_text("Dogodek ")


def test_a_name_is_chosen_by_keys_while_one_types(
    open_page: Open, live: Server
) -> None:
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    company = some_company(page, live)
    page.goto(f"{live.url}/tasks/new/?company={company}")
    text = page.locator("textarea[name=text]")
    text.focus()
    page.keyboard.type("Pišem na info@nat")
    expect(page.locator("#mention-list")).to_have_count(0)
    page.keyboard.type(" in @nat")
    options = page.locator("#mention-list [role=option]")
    expect(options).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#mention-list")).to_have_count(0)
    expect(text).to_be_focused()
    page.keyboard.type("a")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(text).to_have_value("Pišem na info@nat in @Nataša Golob ")
    expect(page.locator("#mention-list")).to_have_count(0)
