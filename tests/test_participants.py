"""Colleagues in a new record: found by name, each with a time of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.support.servers import Server
from tests.test_story import SALESPERSON, saved_reference, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_one_is_found_by_keys_and_leaves_earlier(
    open_page: Open, live: Server, size: str
) -> None:
    page = open_page(size)
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/companies/")
    link = page.locator("#rows a[href^='/companies/']").first
    company = re.findall(r"/companies/(\d+)/", link.get_attribute("href") or "")[0]
    page.goto(f"{live.url}/events/new/?company={company}&type=visit")
    page.fill("input[name=title]", "Skupni ogled")
    day = date.today() + timedelta(days=1)
    page.fill("input[name=starts_on]", day.isoformat())
    page.fill("input[name=starts_time]", "09:00")
    labels = page.locator("#participants label.check")
    names = labels.all_inner_texts()
    assert len(names) > 6

    # The last by name, typed without accents and in small letters.
    plain = names[-1].lower().translate(str.maketrans("čšž", "csz"))
    page.locator("[data-narrows]").focus()
    page.keyboard.type(plain)
    expect(page.locator("#participants label.check:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#participants label.check:visible")).to_have_count(len(names))
    expect(labels.last.locator("input")).to_be_checked()
    time = page.locator("#participants details")
    expect(time).to_have_count(1)
    time.locator("summary").click()
    until = time.locator("input[name^=busy_until_]")
    until.fill(f"{day}T09:30")

    # Whoever is taken out again has no time of their own either.
    labels.last.locator("input").press("Space")
    expect(time).to_be_hidden()
    labels.last.locator("input").press("Space")
    expect(time).to_be_visible()

    # An end before the start comes back with what was typed, beside its field.
    until.fill(f"{day}T08:30")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".own-time .field-error")).to_be_visible()
    expect(page.locator("input[name^=busy_until_]").first).to_have_value(f"{day}T08:30")
    page.locator("input[name^=busy_until_]").first.fill(f"{day}T09:30")
    page.keyboard.press("Control+Enter")
    saved_reference(page)
    aside = page.locator("article.record .record-aside")
    expect(aside).to_contain_text(names[-1])
    expect(aside).to_contain_text("9:30")
