"""The activity overview in a browser: its panes by keys, by mouse, on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.support.servers import Server
from tests.test_accessibility import faults_of
from tests.test_story import SALESPERSON, Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def opened(page: Page, live: Server, query: str = "") -> Page:
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/activities/{query}")
    return page


def test_by_keys_through_all_panes(open_page: Open, live: Server) -> None:
    page = opened(open_page("wide"), live, "?view=week")
    page.keyboard.press("F6")
    upper = page.locator("#companies-rows .row")
    expect(upper.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    reference = upper.nth(2).get_attribute("data-reference") or ""
    expect(page.locator("#title-beside .ref")).to_have_text(reference)
    expect(page).to_have_url(re.compile(f"row={reference}"))
    expect(upper.nth(2)).to_be_focused()

    page.keyboard.press("F6")
    expect(page.locator("#colleagues-rows .row").nth(0)).to_be_focused()
    page.keyboard.press("F6")
    day = page.locator("#pane-calendar [data-day-link]:focus")
    expect(day).to_have_count(1)
    page.keyboard.press("F6")
    expect(page.locator("#pane-beside .tab[aria-current]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#pane-beside .tab[aria-current]")).to_contain_text("ponudbe")
    page.keyboard.press("Shift+F6")
    expect(day).to_have_count(1)

    # Arrows move the day, into the next week too; Enter shows it in both lists.
    for _ in range(8):
        before = day.get_attribute("data-day-link")
        page.keyboard.press("ArrowRight")
        expect(day).not_to_have_attribute("data-day-link", before or "")
    chosen = day.get_attribute("data-day-link")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"since={chosen}.*until={chosen}"))
    expect(page.locator("#id_span")).to_have_value("dates")
    expect(page.locator("#id_since")).to_have_value(chosen or "")
    expect(page.locator(f"[data-day-link='{chosen}']")).to_have_attribute(
        "aria-current", "date"
    )
    page.go_back()
    expect(page.locator("#id_span")).to_have_value("")
    assert not faults_of(page)


def test_one_pane_does_not_load_the_others(open_page: Open, live: Server) -> None:
    page = opened(open_page("wide"), live, "?view=month")
    asked: list[str] = []

    def note(request: Request) -> None:
        if "x-panes" in request.headers:
            asked.append(request.headers["x-panes"])

    page.on("request", note)
    title = page.locator("#title-calendar")
    before = title.inner_text()
    page.locator("#head-calendar a[aria-label]").last.click()
    expect(title).not_to_have_text(before)
    assert asked == ["calendar"]

    row = page.locator("#companies-rows .row").nth(1)
    company = row.locator(".c-company").inner_text()
    row.click()
    expect(page.locator("#title-beside")).to_contain_text(company)
    assert asked == ["calendar", "beside"]
    # The work of its company, asked for and undone again.
    page.locator("#pane-beside .beside-ways a").first.click()
    expect(page.locator("#id_firm")).to_have_value(company)
    others = page.locator("#companies-rows .c-company").all_inner_texts()
    assert set(others) == {company}
    assert asked[2].split() == ["companies", "beside"]
    page.locator("#head-companies .chip").click()
    expect(page.locator("#head-companies .chip")).to_have_count(0)
    expect(page.locator("#id_firm")).to_have_value("")

    page.locator("#id_firm").click()
    page.keyboard.type(company[:5])
    page.locator("#list_firm [role=option]").first.click()
    expect(page).to_have_url(re.compile("firm="))
    expect(page.locator("#title-beside .ref")).to_have_count(0)


def test_panes_keep_how_they_were_left(open_page: Open, live: Server) -> None:
    page = opened(open_page("wide"), live)
    width = page.locator("[data-splitter=wide]")
    width.focus()
    page.keyboard.press("ArrowLeft")
    expect(width).to_have_attribute("aria-valuenow", "60")
    fold = page.locator("[data-fold=calendar]")
    fold.click()
    expect(page.locator("#pane-calendar")).to_be_hidden()
    page.reload()
    expect(width).to_have_attribute("aria-valuenow", "60")
    expect(page.locator("#pane-calendar")).to_be_hidden()
    expect(page.locator("#pane-calendar")).to_be_empty()
    fold.click()
    expect(page.locator("#pane-calendar .hours")).to_be_visible()
    expect(page.locator("#head-calendar .switch")).to_be_visible()


def test_on_a_phone_the_panes_are_tabs(open_page: Open, live: Server) -> None:
    page = opened(open_page("phone"), live)
    tabs = page.locator("[data-pane-tab]")
    expect(page.locator("#pane-companies")).to_be_visible()
    expect(page.locator("#pane-colleagues")).to_be_hidden()
    tabs.nth(1).click()
    expect(tabs.nth(1)).to_have_attribute("aria-current", "page")
    expect(page.locator("#pane-colleagues")).to_be_visible()
    expect(page.locator("#pane-companies")).to_be_hidden()
    page.reload()
    expect(page.locator("#pane-colleagues")).to_be_visible()
    assert page.locator("#pane-calendar").inner_html().strip() == ""
    tabs.nth(2).click()
    expect(page.locator("#pane-calendar .hours")).to_be_visible()
    assert not faults_of(page)
    page.locator("#head-calendar .switch a").last.click()
    page.locator("#pane-calendar .is-today [data-day-link]").click()
    expect(page).to_have_url(re.compile("since="))
    tabs.nth(0).click()
    expect(page.locator("#id_span")).to_have_value("dates")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.evaluate("innerWidth")
    assert not faults_of(page)
