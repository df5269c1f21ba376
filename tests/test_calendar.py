"""The calendar in a browser: an event is dragged, pulled longer, moved by keys."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.support.servers import Server
from tests.test_story import SALESPERSON, Open, saved_reference, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WEDNESDAY = date(2031, 3, 5)


def make_event(page: Page, live: Server, title: str) -> None:
    """Record an event on that Wednesday from ten to eleven, out of the calendar."""
    listed = page.request.get(f"{live.url}/companies/").text()
    company = re.findall(r'href="/companies/(\d+)/"', listed)[0]
    page.goto(f"{live.url}/events/new/?company={company}&on={WEDNESDAY}&at=10:00")
    page.fill("input[name=title]", title)
    page.fill("input[name=ends_time]", "11:00")
    page.keyboard.press("Control+Enter")
    saved_reference(page)


def test_by_hand_and_by_keys(open_page: Open, live: Server) -> None:
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    make_event(page, live, "Obisk za koledar")
    page.goto(f"{live.url}/calendar/?on={WEDNESDAY}")
    slot = page.locator("[data-slot]", has_text="Obisk za koledar")
    expect(slot).to_have_attribute("data-start", f"{WEDNESDAY}T10:00")

    thursday = WEDNESDAY + timedelta(days=1)
    column = page.locator(f"[data-day='{thursday}']")
    # Seven o'clock is on top, and a quarter of an hour is 11 pixels high.
    grip = {"x": 20, "y": 5}
    slot.drag_to(
        column, source_position=grip, target_position={"x": 20, "y": 6 * 44 + 5}
    )
    expect(slot).to_have_attribute("data-start", f"{thursday}T13:00")
    expect(slot).to_have_attribute("data-end", f"{thursday}T14:00")

    slot.locator(".slot-link").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(slot).to_have_attribute("data-start", f"{thursday}T13:15")
    expect(slot.locator(".slot-link")).to_be_focused()
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(slot).to_have_attribute("data-end", f"{thursday}T14:30")
    expect(slot.locator(".slot-link")).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")
    expect(slot).to_have_attribute("data-start", f"{WEDNESDAY}T13:15")

    box = slot.locator("[data-handle]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + 3)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, box["y"] + 3 + 44, steps=4)
    page.mouse.up()
    expect(slot).to_have_attribute("data-end", f"{WEDNESDAY}T15:30")
    page.keyboard.press("z")
    expect(slot).to_have_attribute("data-end", f"{WEDNESDAY}T14:30")


def test_a_double_click_on_an_hour_begins_an_event_there(
    open_page: Open, live: Server
) -> None:
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/calendar/?on={WEDNESDAY}")
    friday = WEDNESDAY + timedelta(days=2)
    column = page.locator(f"[data-day='{friday}']")
    column.dblclick(position={"x": 30, "y": 2 * 44 + 30})
    window = page.locator("#window")
    expect(window.locator("input[name=starts_on]")).to_have_value(str(friday))
    expect(window.locator("input[name=starts_time]")).to_have_value("09:30")
