"""The board in a browser: by hand, by keys, by its menu; on a phone too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.servers import Server
from tests.test_story import DIRECTOR, Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def count_of(page: Page, stage: str) -> int:
    return int(page.locator(f"[data-stage='{stage}'] .work-count").inner_text())


def expect_count(page: Page, stage: str, number: int) -> None:
    place = page.locator(f"[data-stage='{stage}'] .work-count")
    expect(place).to_have_text(str(number))


def test_a_card_is_dragged_and_moved_by_keys(open_page: Open, live: Server) -> None:
    page = open_page("wide")
    sign_in(page, live, DIRECTOR)
    page.goto(f"{live.url}/board/")
    first, second = count_of(page, "first_contact"), count_of(page, "need_recognised")
    card = page.locator("[data-stage='first_contact'] .card").first
    card.drag_to(page.locator("[data-stage='need_recognised'] .board-head"))
    expect_count(page, "first_contact", first - 1)
    expect_count(page, "need_recognised", second + 1)

    link = page.locator("[data-stage='need_recognised'] .card-link").first
    company = link.inner_text()
    link.focus()
    page.keyboard.press("Alt+ArrowLeft")
    expect_count(page, "first_contact", first)
    focused = page.locator("[data-stage='first_contact'] .card-link:focus")
    expect(focused).to_have_text(company)


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_menu_closes_a_sale_and_undo_opens_it(
    open_page: Open, live: Server, size: str
) -> None:
    page = open_page(size)
    sign_in(page, live, DIRECTOR)
    page.goto(f"{live.url}/board/")
    before = count_of(page, "first_contact")
    card = page.locator("[data-stage='first_contact'] .card").first
    card.locator("[data-move-menu]").focus()
    page.keyboard.press("Enter")
    page.locator("#move-sale [data-stage-choice='lost']").click()
    expect_count(page, "first_contact", before - 1)
    page.locator("#toasts .toast-button").click()
    expect_count(page, "first_contact", before)
