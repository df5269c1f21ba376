"""Calls by keys: nobody answers, the next call is made, undo takes it back."""

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


def test_one_key_calls_again_and_one_takes_it_back(
    open_page: Open, live: Server
) -> None:
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/companies/")
    link = page.locator("#rows a[href^='/companies/']").first
    company = re.findall(r"/companies/(\d+)/", link.get_attribute("href") or "")[0]
    page.goto(f"{live.url}/events/new/?company={company}&type=call")
    page.fill("input[name=title]", "Pokliči zaradi vzorca")
    page.fill("input[name=starts_on]", f"{date.today() + timedelta(days=1)}")
    page.keyboard.press("Control+Enter")
    call = saved_reference(page)
    record = page.locator(f"article.record[data-record='{call}']")
    expect(record.locator("[data-key='U']")).to_be_visible()

    page.keyboard.press("u")
    expect(record.locator("[data-key='U']")).to_have_count(0)
    toast = page.locator("#toasts")
    expect(toast.locator(".toast-button")).to_be_visible()
    following = re.findall(r"D-\d\d-\d{5}", toast.last.inner_text())[-1]
    expect(record.locator(".facts")).to_contain_text(following)

    page.keyboard.press("z")
    expect(record.locator("[data-key='U']")).to_be_visible()
    expect(record.locator(".facts")).not_to_contain_text(following)
