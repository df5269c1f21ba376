"""Insight in a browser, on the demo whose truth is known."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import wait_until
from tests.support.servers import Server
from tests.test_story import DIRECTOR, Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# The worker of the demo computes soon after it is served.
COMPUTED = """async () => !(await (await fetch('/insight/triggers/')).text())
    .includes('Izračunano še ni nič')"""
COMPUTED_WITHIN_MS = 180_000


@pytest.fixture
def page(open_page: Open, live: Server) -> Page:
    """The director's page, once there are figures."""
    page = open_page("wide")
    sign_in(page, live, DIRECTOR)
    wait_until(page, COMPUTED, COMPUTED_WITHIN_MS)
    return page


def test_finds_the_visit_and_does_not_claim_the_newsletter(
    page: Page, live: Server
) -> None:
    page.goto(f"{live.url}/insight/triggers/")
    claims = page.locator(".claims").first
    expect(claims).to_contain_text(
        "Obisk pri stranki: v naslednjih 10 delovnih dneh se stranke odzivajo približno"
    )
    expect(claims).to_contain_text("To še ne dokazuje, da je to vzrok.")
    expect(claims).not_to_contain_text("Vabilo na dogodek")
    newsletter = page.get_by_role("row", name="Vabilo na dogodek").first
    expect(newsletter).not_to_contain_text("pospešuje")


def test_what_goes_with_orders_stands_apart_and_opens_its_chains(
    page: Page, live: Server
) -> None:
    page.goto(f"{live.url}/insight/triggers/")
    apart = page.get_by_role("region", name="Kaj gre skupaj z naročili")
    expect(apart).to_contain_text("To ni vzrok: pove samo, ob čem so naročila.")
    expect(apart).not_to_contain_text("pospešuje")
    apart.locator("tbody a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(re.compile("^Ob naročilih: "))
    expect(page.locator(".behind tbody tr").first).to_be_visible()


def test_flags_by_the_data_are_as_many_as_the_desk_says(
    page: Page, live: Server
) -> None:
    page.goto(f"{live.url}/desk/?of=all")
    figure = page.get_by_role("link", name="Predolga tišina po podatkih")
    number = int(figure.locator(".figure-count").inner_text())
    figure.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("silence=beyond"))
    flags = page.locator("tbody .c-silence .badge")
    expect(flags).to_have_count(number)
    expect(flags.first).to_contain_text("Meja po podatkih (v delovnih dneh):")


def test_a_claim_opens_its_chains_and_these_their_insight(
    page: Page, live: Server
) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("kaj pospešuje")
    page.locator("[role=option][href='/insight/triggers/']").click()
    expect(page).to_have_url(re.compile("/insight/triggers/"))
    page.locator(".claim a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(re.compile("^Odziv stranke: "))
    page.locator(".behind tbody .reference a").first.click()
    panel = page.locator(".chain-insight")
    expect(panel).to_contain_text("na stranki")
    expect(panel.locator(".waits-bar rect").first).to_be_attached()


def test_a_stalled_chain_is_given_up_with_one_click(page: Page, live: Server) -> None:
    page.goto(f"{live.url}/insight/stalled/")
    rows = page.locator(".stalled tbody tr")
    reference = rows.first.locator(".reference").inner_text()
    chance = rows.first.locator(".share")
    expect(chance).to_have_text(re.compile(r"\d+ %\s+\d+–\d+ %\s+od \d+"))
    rows.first.locator("[data-give-up]").click()
    page.locator("#give-up [data-reason]").first.click()
    expect(page.locator("#toasts")).to_contain_text("Posel je opuščen.")
    with page.expect_response(re.compile("/undo/")) as undone:
        page.locator("#toasts button", has_text="Razveljavi").click()
    assert undone.value.ok
    page.goto(f"{live.url}/activities/{reference}/chain/")
    expect(page.locator(".today")).to_contain_text("posel je odprt")


def test_all_tabs_by_keys_and_as_files(page: Page, live: Server) -> None:
    page.goto(f"{live.url}/insight/")
    for name in ("Kaj pospešuje prodajo", "Zastoji", "Hitrost", "Povodi"):
        page.locator(".tabs").get_by_role("link", name=name).focus()
        page.keyboard.press("Enter")
        expect(page.locator(".tabs [aria-current]")).to_have_text(name)
        expect(page.locator(".insight-table").first).to_be_visible()
        page.locator("[popovertarget=menu-export]").click()
        with page.expect_download() as download:
            page.locator("#menu-export a[href*='.csv']").click()
        assert download.value.suggested_filename.startswith(name)
