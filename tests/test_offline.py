"""Veriga on a phone without a signal: read, note, send later, and never twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import TIMEOUT_MS, wait_until
from tests.support.servers import Server
from tests.test_story import DIRECTOR, SALESPERSON, Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OFFLINE = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "another machine: chrome-error")
READY = "html[data-offline-ready]"
ROW = re.compile(r'<tr class="row[ "]')
KEPT = """async () => {
    const found = {};
    for (const name of await caches.keys()) {
        if (!name.startsWith('kept ')) continue;
        // Opening one that is being dropped brings it back, empty: nothing is kept.
        const pages = await (await caches.open(name)).keys();
        if (!pages.length) continue;
        found[name.split(' ').at(-1)] = pages.map(one => new URL(one.url).pathname);
    }
    return found;
}"""
# What the database of the worker holds, by the names of its stores.
STORED = """() => new Promise((resolve) => {
    const asked = indexedDB.open('veriga');
    asked.onsuccess = () => {
        const notes = asked.result.transaction('notes').objectStore('notes').getAll();
        notes.onsuccess = () => { resolve(notes.result); asked.result.close(); };
    };
})"""


@pytest.fixture
def phone_of(open_page: Open, live: Server) -> Callable[..., Page]:
    """Return a function that opens a phone whose worker is there and has stocked up."""

    def open_(email: str = SALESPERSON, **options: Any) -> Page:
        page = open_page("phone", expect=OFFLINE, service_workers="allow", **options)
        sign_in(page, live, email)
        page.wait_for_selector(READY)
        page.reload()
        page.wait_for_selector(READY)
        return page

    return open_


def company_of(page: Page) -> str:
    """Open the card of the user's first company; return its address."""
    found = page.request.get("/offline/companies/").json()["companies"]
    address = f"/companies/{found[0][0]}/"
    page.goto(address)
    page.wait_for_selector(READY)
    return address


def write_note(
    page: Page, title: str, before_saving: Callable[[], None] = lambda: None
) -> None:
    """Write a note by quick entry, as somebody in a cellar does."""
    page.locator(".bar-item.is-add").click()
    page.locator("#menu-add a[href^='/quick/']").click()
    form = page.locator("#window .is-quick form")
    form.locator("[name=company_text]").fill("al")
    form.locator("[role=option]").first.click()
    form.locator(".what", has_text="Obisk").click()
    form.locator("[name=title]").fill(title)
    form.locator("[name=text]").fill("V kleti, č š ž.")
    before_saving()
    form.locator("[data-save]").click()
    expect(page.locator("#window[open]")).to_have_count(0)


def saved(page: Page, title: str) -> int:
    """Return how many activities on the server bear this title."""
    html = page.request.get("/activities/", params={"q": title}).text()
    return len(ROW.findall(html))


def told_saved(page: Page) -> None:
    """Wait until the page says under which reference a note was saved."""
    expect(page.locator("#toasts")).to_contain_text(
        re.compile(r"Shranjeno: D-\d\d-\d{5}"), timeout=TIMEOUT_MS
    )


def waiting(page: Page) -> str:
    return page.locator(".top [data-outbox-count]").inner_text()


def test_it_can_be_installed(open_page: Open, live: Server) -> None:
    page = open_page("phone", service_workers="allow")
    sign_in(page, live, SALESPERSON)
    page.wait_for_selector(READY)
    session = page.context.new_cdp_session(page)
    # Pages of a test are private ones, and those cannot install anything.
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in errors] in ([], ["in-incognito"])
    manifest = session.send("Page.getAppManifest")
    assert not manifest["errors"]
    assert manifest["url"].endswith("/manifest-sl.webmanifest")


class TestReading:
    def test_desk_day_and_company_are_there_and_say_from_when(
        self, phone_of: Callable[..., Page]
    ) -> None:
        page = phone_of()
        card = company_of(page)
        name = page.locator("h1").inner_text()
        page.context.set_offline(True)
        for place in ("/desk/", "/calendar/?view=day", card):
            page.goto(place)
            line = page.locator("#kept-line")
            expect(line).to_contain_text("brez povezave")
            assert re.search(r"stanje od \d+\.\d\d", line.inner_text())
        expect(page.locator("h1")).to_have_text(name)
        page.locator("a[href$='/edit/']").first.click()
        expect(page.locator("#toasts")).to_contain_text("ni v tej napravi")

    def test_a_record_opened_as_a_window_and_its_chain(
        self, phone_of: Callable[..., Page]
    ) -> None:
        page = phone_of()
        company_of(page)
        row = page.locator("#rows a[href^='/activities/']").first
        row.tap()
        record = page.locator("#window .record")
        expect(record).to_be_visible()
        address = re.sub(r"^https?://[^/]+", "", page.url)
        page.goto(f"{address}chain/")
        page.wait_for_selector(READY)
        page.context.set_offline(True)
        page.goto(f"{address}chain/")
        expect(page.locator("#kept-line")).to_be_visible()
        page.goto(address)
        expect(page.locator(".record")).to_be_visible()
        expect(page.locator("#kept-line")).to_be_visible()

    def test_what_is_not_kept_says_what_is(self, phone_of: Callable[..., Page]) -> None:
        page = phone_of()
        page.goto("/me/")
        page.goto("/contacts/")
        page.context.set_offline(True)
        for place in ("/me/", "/contacts/", "/tasks/new/"):
            page.goto(place)
            expect(page.locator("h1")).to_have_text("Ni povezave")
            expect(page.locator("[data-kept-pages] a[href='/desk/']")).to_be_visible()
        assert set(page.evaluate(KEPT)) <= {
            "desk", "calendar", "company", "record", "chain", "form", "lists",
        }  # fmt: skip


class TestNoting:
    def test_a_note_without_a_signal_arrives_once(
        self, phone_of: Callable[..., Page]
    ) -> None:
        page = phone_of()
        page.context.set_offline(True)
        page.goto("/desk/")
        write_note(page, "Obisk brez signala")
        expect(page.locator("#toasts")).to_contain_text("čaka v tej napravi")
        assert waiting(page) == "1"
        page.reload()
        expect(page.locator(".outbox-button")).to_be_visible()
        page.locator(".outbox-button").click()
        expect(page.locator("#outbox")).to_contain_text("Obisk brez signala")
        page.keyboard.press("Escape")
        page.context.set_offline(False)
        told_saved(page)
        assert waiting(page) == ""
        assert saved(page, "Obisk brez signala") == 1

    def test_an_answer_lost_on_the_way_doubles_nothing(
        self, phone_of: Callable[..., Page]
    ) -> None:
        page = phone_of()
        lost = []

        def lose(route: Any) -> None:
            if lost or route.request.method != "POST":
                route.continue_()
                return
            lost.append(route.fetch().status)  # the server has it
            route.abort()

        page.context.route("**/quick/", lose)
        page.goto("/desk/")
        write_note(page, "Odgovor se je izgubil")
        assert lost == [204]
        expect(page.locator("#toasts")).to_contain_text("čaka v tej napravi")
        page.evaluate("dispatchEvent(new Event('online'))")
        told_saved(page)
        assert saved(page, "Odgovor se je izgubil") == 1

    def test_two_tabs_send_it_once(self, phone_of: Callable[..., Page]) -> None:
        page = phone_of()
        other = page.context.new_page()
        other.goto("/desk/")
        other.wait_for_selector(READY)
        page.context.set_offline(True)
        page.goto("/desk/")
        write_note(page, "Iz dveh zavihkov")
        page.context.set_offline(False)
        for tab in (page, other):
            tab.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator(".outbox-button")).to_be_hidden(timeout=TIMEOUT_MS)
        expect(other.locator(".outbox-button")).to_be_hidden(timeout=TIMEOUT_MS)
        assert saved(page, "Iz dveh zavihkov") == 1

    def test_a_refused_note_keeps_its_text_until_it_is_right(
        self, phone_of: Callable[..., Page]
    ) -> None:
        page = phone_of()
        page.context.set_offline(True)
        page.goto("/desk/")
        page.locator(".bar-item.is-add").click()
        page.locator("#menu-add a[href^='/quick/']").click()
        form = page.locator("#window .is-quick form")
        form.locator("[name=company_text]").fill("Take stranke gotovo ni")
        form.locator("[name=title]").fill("Zavrnjeni zapis")
        form.locator("[name=text]").fill("Tega ne smemo izgubiti.")
        form.locator("[data-save]").click()
        page.context.set_offline(False)
        page.locator(".outbox-button").click()
        state = page.locator(".outbox-state")
        expect(state).to_contain_text("Ni sprejeto")
        page.locator("[data-part=open]").click()
        expect(form.locator("[name=text]")).to_have_value("Tega ne smemo izgubiti.")
        form.locator("[name=company_text]").fill("al")
        form.locator("[role=option]").first.click()
        form.locator("[data-save]").click()
        expect(page.locator("#window[open]")).to_have_count(0)
        expect(page.locator(".outbox-button")).to_be_hidden(timeout=TIMEOUT_MS)
        assert saved(page, "Zavrnjeni zapis") == 1

    def test_a_note_is_discarded_only_after_a_question(
        self, phone_of: Callable[..., Page]
    ) -> None:
        page = phone_of()
        page.context.set_offline(True)
        page.goto("/desk/")
        write_note(page, "Za v koš")
        for answer, left in (("no", 1), ("yes", 0)):
            page.locator(".outbox-button").click()
            page.locator("[data-part=discard]").click()
            page.locator(f"#question button[value={answer}]").click()
            expect(page.locator(".outbox-note")).to_have_count(left)
            page.keyboard.press("Escape")
        assert page.evaluate(STORED) == []


class TestWhoseItIs:
    def test_a_session_that_ended_keeps_the_note_until_sign_in(
        self, phone_of: Callable[..., Page], live: Server
    ) -> None:
        page = phone_of()
        page.goto("/desk/")
        write_note(page, "Seja je potekla", page.context.clear_cookies)
        expect(page.locator("#toasts")).to_contain_text("dokler se ne prijaviš")
        page.goto("/desk/")
        expect(page.locator("input[name=password]")).to_be_visible()
        wait_until(
            page,
            "async () => !(await caches.keys()).some(name => name.startsWith('kept '))",
        )
        sign_in(page, live, SALESPERSON)
        told_saved(page)
        assert saved(page, "Seja je potekla") == 1

    def test_signing_out_deletes_everything(
        self, phone_of: Callable[..., Page]
    ) -> None:
        page = phone_of()
        company_of(page)
        page.context.set_offline(True)
        page.goto("/desk/")
        write_note(page, "Izbrisan ob odjavi")
        page.locator("[data-sign-out]").evaluate("form => form.requestSubmit()")
        page.locator("#question button[value=no]").click()
        assert page.evaluate(KEPT)
        page.locator("[data-sign-out]").evaluate("form => form.requestSubmit()")
        page.locator("#question-yes").click()
        expect(page.locator("h1")).to_have_text("Ni povezave")
        assert page.evaluate(KEPT) == {}
        assert page.evaluate(STORED) == []

    def test_another_user_of_the_browser_sees_nothing(
        self, phone_of: Callable[..., Page], live: Server
    ) -> None:
        page = phone_of()
        card = company_of(page)
        page.context.set_offline(True)
        page.goto("/desk/")
        write_note(page, "Od Maje")
        page.context.clear_cookies()
        page.context.set_offline(False)
        page.goto("/accounts/login/")
        sign_in(page, live, DIRECTOR)
        page.wait_for_selector(READY)
        expect(page.locator(".outbox-button")).to_be_hidden(timeout=TIMEOUT_MS)
        assert card not in page.evaluate(KEPT).get("company", [])
        page.context.set_offline(True)
        page.goto(card)
        expect(page.locator("h1")).to_have_text("Ni povezave")
        page.context.set_offline(False)
        page.goto("/desk/")
        assert saved(page, "Od Maje") == 0
        # Her note is still there for her.
        page.context.clear_cookies()
        sign_in(page, live, SALESPERSON)
        told_saved(page)
        assert saved(page, "Od Maje") == 1

    def test_switched_off_nothing_is_kept(self, phone_of: Callable[..., Page]) -> None:
        page = phone_of()
        page.goto("/me/")
        box = page.get_by_label("Hrani strani v mojih napravah")
        for is_on in (False, True):
            box.set_checked(is_on)
            box.locator("xpath=ancestor::form").get_by_role("button").click()
            expect(page.locator("#toasts")).to_contain_text("Tvoje naprave")
            if is_on:
                page.wait_for_selector(READY)
            else:
                wait_until(
                    page,
                    "async () => !(await navigator.serviceWorker.getRegistration('/'))",
                )
                assert page.evaluate(KEPT) == {}
