"""A rule by keys: made, tried, switched on; then it plans what follows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.support.servers import Server
from tests.test_story import saved_reference, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]
HEAD = "tomaz.vidmar@savinjapak.example"


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_rule_plans_the_next_step(open_page: Open, live: Server, size: str) -> None:
    page = open_page(size)
    sign_in(page, live, HEAD)
    name = f"Po predstavitvi {size}"
    page.goto(f"{live.url}/rules/new/")
    expect(page.locator("[name=name]")).to_be_focused()
    page.keyboard.type(name)
    page.select_option("[name=what]", "event:demonstration")
    expect(page.locator("[name=days]")).to_be_hidden()
    page.select_option("[name=trigger]", "silence")
    expect(page.locator("[name=days]")).to_be_visible()
    expect(page.locator("[name=result]")).to_be_hidden()
    page.select_option("[name=trigger]", "done")
    steps = page.locator("[data-rule-step]")
    expect(steps.locator("visible=true").locator("[data-rule-what]")).to_have_count(2)
    page.fill("[name=step-0-title]", "Klic po predstavitvi")
    page.select_option("[name=step-1-what]", "task")
    page.fill("[name=step-1-days]", "tri")
    page.fill("[name=step-1-title]", "Pripravi ponudbo")
    page.keyboard.press("Control+Enter")
    wrong = page.locator("#error_step-1-days")
    expect(wrong).to_be_visible()
    expect(page.locator("[name=step-1-title]")).to_have_value("Pripravi ponudbo")
    page.fill("[name=step-1-days]", "3")
    page.keyboard.press("Control+Enter")
    rule = page.locator("li.rule", has_text=name)
    expect(rule).to_contain_text("čez 2 delovna dneva")
    expect(rule).to_contain_text("čez 3 delovne dni")
    switch = rule.get_by_role("switch")
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.press("Enter")
    expect(rule.get_by_role("switch")).to_have_attribute("aria-checked", "true")

    page.goto(f"{live.url}/companies/")
    link = page.locator("#rows a[href^='/companies/']").first
    company = re.findall(r"/companies/(\d+)/", link.get_attribute("href") or "")[0]
    page.goto(f"{live.url}/events/new/?company={company}&type=demonstration")
    page.fill("input[name=title]", "Predstavitev stroja")
    page.fill("input[name=starts_on]", f"{date.today() - timedelta(days=1)}")
    page.keyboard.press("Control+Enter")
    held = saved_reference(page)
    record = page.locator(f"article.record[data-record='{held}']")
    facts = record.locator(".facts")
    following = re.findall(r"D-\d\d-\d{5}", facts.inner_text())
    assert following

    page.goto(f"{live.url}/rules/log/")
    run = page.locator(".rule-run", has_text=name)
    expect(run).to_contain_text(held)
    expect(run).to_contain_text("Klic po predstavitvi")
    run.locator(".rule-deeds a").click()
    made = page.locator("article.record", has_text="Klic po predstavitvi")
    expect(made.locator(".facts")).to_contain_text(name)
