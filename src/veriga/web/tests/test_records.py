"""The record window, its form and the commands that end, reopen and delete."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_user
from veriga.activities.models import Activity, Entry, Link
from veriga.activities.services import (
    add_entry,
    link_activities,
    lock_entry,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.catalogue.tests.factories import make_product
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company, make_contact
from veriga.product_records.models import ProductRecordDetail

from .clients import PIECE, WINDOW, signed_in

pytestmark = pytest.mark.django_db
COUNTS = Path(__file__).with_name("query_counts_records.json")


@pytest.fixture
def stranger():
    return signed_in(make_user(scope=Scope.OWN))


@pytest.fixture
def reader(maja):
    return signed_in(make_user(role=Role.READER, team=maja.team))


def record_url(activity: Activity, name: str = "record") -> str:
    return reverse(f"activities:{name}", kwargs={"reference": activity.reference})


def saved_event(response) -> dict:
    """Return what the window is told after a command."""
    assert response.status_code == 204, response.content[:800]
    return json.loads(response["HX-Trigger"])["veriga:saved"]


def body(response) -> str:
    return response.content.decode()


def event_data(company: Company | None = None, **fields: object) -> dict:
    return {
        "title": "Klic o ponudbi",
        "type": "call",
        "company": company.pk if company else "",
        "starts_on": "2026-03-02",
        "starts_time": "10:00",
        "done": "on",
        **fields,
    }


class TestWindow:
    def test_shows_the_record(self, web, maja, company):
        contact = make_contact(company, phone="040 123 456", email="x@alpina.si")
        one = make_activity(maja, company, title="Obisk", contacts=[contact.pk])
        page = body(web.get(record_url(one)))
        assert "<!DOCTYPE html>" in page
        assert one.reference in page
        assert "tel:040123456" in page
        assert "mailto:x@alpina.si" in page

    def test_window_gets_the_block_alone(self, web, maja, company):
        one = make_activity(maja, company)
        page = body(web.get(record_url(one), headers=WINDOW))
        assert page.strip().startswith("<article")

    @pytest.mark.parametrize("kind", ["event", "task", "product_record", "quote"])
    @pytest.mark.parametrize("panel", ["", "link", "links", "sale"])
    def test_every_kind_with_every_panel(self, web, maja, company, kind, panel):
        one = make_activity(maja, company, kind)
        other = make_activity(maja, company, "quote", lines=[{"text": "Stroj"}])
        link_activities(
            context=acting(maja), follow_up=one.reference, stimulus=other.reference
        )
        response = web.get(record_url(one), {"panel": panel, "history": ""})
        assert response.status_code == 200
        assert "style=" not in body(response)
        assert "onclick" not in body(response)

    @pytest.mark.parametrize("language", ["sl", "en"])
    def test_both_languages(self, maja, company, language):
        maja.language = language
        maja.save()
        one = make_activity(maja, company, "quote", lines=[{"text": "Stroj"}])
        page = body(signed_in(maja).get(record_url(one)))
        assert f'lang="{language}"' in page

    def test_invisible_and_missing_are_the_same(self, stranger, maja, company):
        one = make_activity(maja, company)
        assert stranger.get(record_url(one)).status_code == 404
        missing = reverse("activities:record", kwargs={"reference": "D-26-99999"})
        assert stranger.get(missing).status_code == 404

    def test_reader_sees_no_commands(self, reader, maja, company):
        one = make_activity(maja, company)
        page = body(reader.get(record_url(one)))
        assert one.title in page
        assert record_url(one, "done") not in page
        assert 'data-command="link"' not in page

    def test_not_signed_in(self, client, maja, company):
        one = make_activity(maja, company)
        assert client.get(record_url(one)).status_code == 302

    def test_wrong_method(self, web, maja, company):
        one = make_activity(maja, company)
        assert web.post(record_url(one)).status_code == 405

    def test_moves_of_the_date_are_told(self, web, maja, company):
        one = make_activity(maja, company, "task", due_on=timezone.localdate())
        for days in (3, 5):
            update_activity(
                context=acting(maja),
                reference=one.reference,
                changes={"due_on": timezone.localdate() + timedelta(days=days)},
            )
        page = body(web.get(record_url(one)))
        assert "2×" in page

    def test_confidential_entry_is_hidden(self, web, maja, company):
        holder = make_user(may_see_confidential=True, team=maja.team, role=Role.MANAGER)
        one = make_activity(maja, company, owner=holder.pk)
        add_entry(
            context=acting(holder),
            reference=one.reference,
            text="samo za izbrane",
            confidential=True,
        )
        assert "samo za izbrane" not in body(web.get(record_url(one)))
        assert "samo za izbrane" in body(signed_in(holder).get(record_url(one)))

    def test_history_comes_when_asked_for(self, web, maja, company):
        one = make_activity(maja, company, title="Prej")
        update_activity(
            context=acting(maja), reference=one.reference, changes={"title": "Potem"}
        )
        assert "Prej" not in body(web.get(record_url(one)))
        asked = {"HX-Request": "true", "HX-Target": "div#record-history"}
        piece = body(web.get(record_url(one) + "?history", headers=asked))
        assert "Prej" in piece
        assert "<article" not in piece


class TestStatements:
    @pytest.mark.parametrize("kind", ["event", "task", "product_record", "quote"])
    def test_count(self, web, maja, company, kind):
        contact = make_contact(company)
        one = make_activity(
            maja,
            company,
            kind,
            text="Besedilo",
            contacts=[contact.pk],
            participants=[maja.pk],
        )
        for _ in range(4):
            make_activity(maja, company, follows=one.reference)
        web.get(record_url(one))  # fills the cache of code lists
        with CaptureQueriesContext(connection) as seen:
            assert web.get(record_url(one), headers=WINDOW).status_code == 200
        assert len(seen) == json.loads(COUNTS.read_text())[f"record:{kind}"]
        assert len(seen) <= 12

    def test_does_not_grow_with_the_chain(self, web, maja, company):
        one = make_activity(maja, company)
        counts = []
        for _ in range(2):
            for _ in range(5):
                make_activity(maja, company, follows=one.reference)
            web.get(record_url(one))  # fills what is kept for a few seconds
            with CaptureQueriesContext(connection) as seen:
                web.get(record_url(one), headers=WINDOW)
            counts.append(len(seen))
        assert counts[0] == counts[1]


class TestNew:
    @pytest.mark.parametrize("name", ["events", "tasks", "product_records", "quotes"])
    def test_forms_are_shown(self, web, company, name):
        page = body(web.get(reverse(f"{name}:new"), {"company": company.pk}))
        assert company.name in page
        assert 'name="title"' in page

    def test_saves_an_event(self, web, company):
        response = web.post(reverse("events:new"), event_data(company), headers=PIECE)
        said = saved_event(response)
        made = Activity.objects.get()
        assert said["reference"] == made.reference
        assert said["address"] == record_url(made)
        assert made.title == "Klic o ponudbi"
        assert timezone.localtime(made.starts_at).hour == 10
        assert made.result == "carried_out"

    def test_without_script_it_redirects(self, web, company):
        response = web.post(reverse("events:new"), event_data(company))
        assert response.status_code == 302
        assert response["Location"] == record_url(Activity.objects.get())

    def test_unticked_past_event_stays_open(self, web, company):
        data = event_data(company)
        del data["done"]
        saved_event(web.post(reverse("events:new"), data, headers=PIECE))
        assert Activity.objects.get().done_at is None

    def test_event_without_hour_lasts_all_day(self, web, company):
        data = event_data(company, starts_time="", ends_on="2026-03-03")
        saved_event(web.post(reverse("events:new"), data, headers=PIECE))
        made = Activity.objects.get()
        assert made.all_day
        assert timezone.localtime(made.ends_at).day == 4

    def test_saves_a_task(self, web, company):
        data = {
            "title": "Pošlji vzorce",
            "company": company.pk,
            "due_on": "2027-03-05",
            "due_time": "12:30",
        }
        saved_event(web.post(reverse("tasks:new"), data, headers=PIECE))
        assert timezone.localtime(Activity.objects.get().due_at).hour == 12

    def test_saves_a_product_record_with_a_decimal_comma(self, web, company):
        data = {
            "title": "Vzorec folije",
            "company": company.pk,
            "type": "sample_sent",
            "recorded_on": "2026-03-02",
            "quantity": "2,5",
        }
        saved_event(web.post(reverse("product_records:new"), data, headers=PIECE))
        detail = ProductRecordDetail.objects.get()
        assert (detail.quantity, detail.type_id) == (2500, "sample_sent")

    def test_saves_a_quote_with_lines(self, web, company):
        product = make_product(name="Paletizator LP-40")
        data = {
            "title": "Ponudba za paletizator",
            "company": company.pk,
            "issued_on": "2026-03-02",
            "valid_until": "2026-04-01",
            "currency": "EUR",
            "lines-0-text": "",
            "lines-0-quantity": "1",
            "lines-1-text": product.name,
            "lines-1-quantity": "2",
            "lines-1-unit_price": "1.250,50",
            "lines-1-vat_rate": "22",
            "lines-4-text": "Montaža",
            "lines-4-unit_price": "300",
            "lines-4-discount_percent": "10",
        }
        saved_event(web.post(reverse("quotes:new"), data, headers=PIECE))
        made = Activity.objects.get()
        assert made.amount_minor == 250100 + 27000
        assert made.quote.lines.first().product == product

    def test_wrong_line_is_told_in_its_place(self, web, company):
        data = {
            "title": "Ponudba",
            "company": company.pk,
            "issued_on": "2026-03-02",
            "currency": "EUR",
            "lines-0-text": "",
            "lines-1-text": "Stroj",
            "lines-1-unit_price": "veliko",
            "lines-3-text": "Montaža",
            "lines-3-unit_price": "-5",
        }
        response = web.post(reverse("quotes:new"), data, headers=PIECE)
        assert response.status_code == 422
        assert 'id="error_lines-1-unit_price"' in body(response)
        assert "veliko" in body(response)
        data["lines-1-unit_price"] = "5"
        response = web.post(reverse("quotes:new"), data, headers=PIECE)
        # The form comes back without the gap, so Montaža is its third line.
        assert 'id="error_lines-2-unit_price"' in body(response)
        assert not Activity.objects.exists()

    def test_bad_input_gives_everything_back(self, web, company):
        data = event_data(company, title="", text="Dolgo besedilo", place="Kranj")
        response = web.post(reverse("events:new"), data, headers=PIECE)
        assert response.status_code == 422
        page = body(response)
        assert "Dolgo besedilo" in page
        assert 'value="Kranj"' in page
        assert 'id="error_title"' in page
        assert not Activity.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value", "at"),
        [
            ("title", "a" * 10_000, "title"),
            ("title", "a\x00b", "title"),
            ("starts_on", "32. 13. 2026", "starts_on"),
            ("starts_on", "", "starts_on"),
            ("ends_time", "09:00", "ends_on"),
            ("type", "nonsense", "type"),
            ("owner", "x", "owner"),
            ("company", "", "company"),
            ("place", "x" * 500, "place"),
        ],
    )
    def test_bad_field_is_named(self, web, company, field, value, at):
        data = event_data(company)
        data[field] = value
        response = web.post(reverse("events:new"), data, headers=PIECE)
        assert response.status_code == 422
        assert f'id="error_{at}"' in body(response)
        assert not Activity.objects.exists()

    def test_emoji_are_welcome(self, web, company):
        data = event_data(company, title="Dogovor 🎉", text="👍")
        saved_event(web.post(reverse("events:new"), data, headers=PIECE))
        assert Activity.objects.get().title == "Dogovor 🎉"

    def test_reader_may_not(self, reader, company):
        url = reverse("events:new")
        assert reader.get(url).status_code == 403
        assert reader.post(url, event_data(company)).status_code == 403
        assert not Activity.objects.exists()

    def test_invisible_company(self, stranger, company):
        url = reverse("events:new")
        assert stranger.get(url, {"company": company.pk}).status_code == 404
        assert stranger.post(url, event_data(company)).status_code == 404

    def test_not_signed_in(self, client):
        assert client.get(reverse("events:new")).status_code == 302


class TestCompanyInTheSameLine:
    def test_company_is_made_from_its_name(self, web, maja):
        data = event_data(company_text="Novo Podjetje", new_name="Novo Podjetje")
        saved_event(web.post(reverse("events:new"), data, headers=PIECE))
        made = Activity.objects.get()
        assert made.company.name == "Novo Podjetje"
        assert made.company.account_owner == maja

    def test_nothing_is_made_if_the_record_is_refused(self, web):
        before = Company.objects.count()
        data = event_data(new_name="Novo Podjetje", title="")
        response = web.post(reverse("events:new"), data, headers=PIECE)
        assert response.status_code == 422
        assert "Novo Podjetje" in body(response)
        assert Company.objects.count() == before

    def test_exact_name_is_enough(self, web, company):
        data = event_data(company_text="alpina pak, D. O. O.")
        saved_event(web.post(reverse("events:new"), data, headers=PIECE))
        assert Activity.objects.get().company == company

    def test_other_name_asks_which_company_is_meant(self, web, company):
        data = event_data(company_text="Alpina")
        response = web.post(reverse("events:new"), data, headers=PIECE)
        assert response.status_code == 422
        assert f'name="company_choice" value="{company.pk}"' in body(response)
        assert not Activity.objects.exists()
        data["company_choice"] = "new"
        saved_event(web.post(reverse("events:new"), data, headers=PIECE))
        assert Activity.objects.get().company.name == "Alpina"


class TestContinuing:
    def test_likeliest_is_offered_and_not_chosen(self, web, maja, company):
        one = make_activity(maja, company, now=timezone.now())
        page = body(web.get(reverse("likeliest"), {"company": company.pk}))
        assert f'value="{one.reference}" data-offered' in page
        assert 'name="follows" value="" checked' in page

    def test_nothing_is_linked_without_the_key(self, web, maja, company):
        make_activity(maja, company, now=timezone.now())
        saved_event(web.post(reverse("events:new"), event_data(company), headers=PIECE))
        assert not Link.objects.exists()

    def test_accepted_suggestion_is_linked_with_the_record(self, web, maja, company):
        one = make_activity(maja, company, now=timezone.now())
        data = event_data(company, follows=one.reference, offered=one.reference)
        saved_event(web.post(reverse("events:new"), data, headers=PIECE))
        link = Link.objects.get()
        assert link.stimulus == one
        assert link.reason == "suggestion"

    def test_another_choice_is_a_choice_of_the_form(self, web, maja, company):
        one = make_activity(maja, company, now=timezone.now())
        other = make_activity(maja, company, now=timezone.now())
        data = event_data(company, follows=one.reference, offered=other.reference)
        saved_event(web.post(reverse("events:new"), data, headers=PIECE))
        assert Link.objects.get().reason == "form"

    def test_made_on_presets_the_company_and_links(self, web, maja, company):
        one = make_activity(maja, company)
        page = body(web.get(reverse("tasks:new"), {"made_on": one.reference}))
        assert one.title in page
        assert "company_text" not in page
        data = {"title": "Naslednje", "made_on": one.reference}
        saved_event(web.post(reverse("tasks:new"), data, headers=PIECE))
        link = Link.objects.get()
        assert (link.stimulus, link.reason) == (one, "made_on")

    def test_made_on_the_invisible_is_not_found(self, stranger, maja, company):
        one = make_activity(maja, company)
        url = reverse("tasks:new")
        assert stranger.get(url, {"made_on": one.reference}).status_code == 404

    def test_follows_of_another_company_is_refused(self, web, maja, company):
        other = make_activity(maja, make_company(owner=maja))
        data = event_data(company, follows=other.reference)
        response = web.post(reverse("events:new"), data, headers=PIECE)
        assert response.status_code == 422
        assert Activity.objects.count() == 1

    def test_save_then_link(self, web, company):
        data = event_data(company, then="link")
        said = saved_event(web.post(reverse("events:new"), data, headers=PIECE))
        assert said["address"].endswith("?panel=link")

    def test_likeliest_of_the_invisible(self, stranger, company):
        url = reverse("likeliest")
        assert stranger.get(url, {"company": company.pk}).status_code == 404

    def test_likeliest_for_readers(self, reader, company):
        url = reverse("likeliest")
        assert reader.get(url, {"company": company.pk}).status_code == 403


class TestEdit:
    def form_of(self, activity: Activity, **changes: object) -> dict:
        local = timezone.localtime(activity.starts_at)
        return {
            "row_version": activity.row_version,
            "people": "1",
            "title": activity.title,
            "type": activity.type_code,
            "company": activity.company_id,
            "owner": activity.owner_id,
            "importance": activity.importance_id or "",
            "starts_on": f"{local:%Y-%m-%d}",
            "starts_time": f"{local:%H:%M}",
            **changes,
        }

    def test_shows_what_is_stored(self, web, maja, company):
        one = make_activity(maja, company, title="Obisk", place="Kranj")
        page = body(web.get(record_url(one, "edit")))
        assert 'value="Kranj"' in page
        assert f'name="row_version" value="{one.row_version}"' in page

    def test_saves_what_was_changed_and_nothing_else(self, web, maja, company):
        one = make_activity(maja, company, place="Kranj")
        before = one.starts_at
        data = self.form_of(one, title="Drugače")
        said = saved_event(web.post(record_url(one, "edit"), data, headers=PIECE))
        assert said["address"] == record_url(one)
        one.refresh_from_db()
        assert one.title == "Drugače"
        assert one.starts_at == before
        assert one.event.place == "Kranj"
        assert not one.date_moves.exists()

    def test_moving_the_date_is_kept(self, web, maja, company):
        one = make_activity(maja, company)
        data = self.form_of(one, starts_on="2026-05-05")
        saved_event(web.post(record_url(one, "edit"), data, headers=PIECE))
        assert one.date_moves.exists()

    def test_a_stale_save_shows_the_difference_and_the_second_wins(
        self, web, maja, company
    ):
        one = make_activity(maja, company, title="Prvi")
        data = self.form_of(one, title="Moj naslov")
        update_activity(
            context=acting(maja), reference=one.reference, changes={"title": "Tuj"}
        )
        response = web.post(record_url(one, "edit"), data, headers=PIECE)
        assert response.status_code == 422
        page = body(response)
        assert "Tuj" in page
        assert 'value="Moj naslov"' in page
        one.refresh_from_db()
        assert one.title == "Tuj"
        assert f'name="row_version" value="{one.row_version}"' in page
        data["row_version"] = one.row_version
        saved_event(web.post(record_url(one, "edit"), data, headers=PIECE))
        one.refresh_from_db()
        assert one.title == "Moj naslov"

    def test_company_of_a_linked_record_offers_to_move(self, web, maja, company):
        one = make_activity(maja, company)
        two = make_activity(maja, company, follows=one.reference)
        other = make_company("Druga", owner=maja)
        data = self.form_of(two, company=other.pk, title="Novo")
        response = web.post(record_url(two, "edit"), data, headers=PIECE)
        assert response.status_code == 422
        assert 'name="move"' in body(response)
        two.refresh_from_db()
        assert two.company == company
        data["move"] = "1"
        said = saved_event(web.post(record_url(two, "edit"), data, headers=PIECE))
        assert said["undo_url"]
        two.refresh_from_db()
        assert (two.company, two.title) == (other, "Novo")
        assert not Link.objects.exists()

    def test_participants_and_contacts(self, web, maja, company):
        colleague = make_user(team=maja.team)
        contact = make_contact(company)
        one = make_activity(maja, company)
        data = self.form_of(one, participants=[colleague.pk], contacts=[contact.pk])
        saved_event(web.post(record_url(one, "edit"), data, headers=PIECE))
        assert list(one.participants.all()) == [colleague]
        assert list(one.contacts.all()) == [contact]
        one.refresh_from_db()
        saved_event(web.post(record_url(one, "edit"), self.form_of(one), headers=PIECE))
        assert not one.participants.exists()

    def test_quote_keeps_its_lines(self, web, maja, company):
        one = make_activity(maja, company, "quote", lines=[{"text": "Stroj"}])
        page = body(web.get(record_url(one, "edit")))
        assert 'value="Stroj"' in page
        data = {"row_version": one.row_version, "title": "Nova ponudba"}
        saved_event(web.post(record_url(one, "edit"), data, headers=PIECE))
        assert one.quote.lines.get().text == "Stroj"

    def test_bad_input_changes_nothing(self, web, maja, company):
        one = make_activity(maja, company, title="Prej")
        data = self.form_of(one, title="", place="Ljubljana")
        response = web.post(record_url(one, "edit"), data, headers=PIECE)
        assert response.status_code == 422
        assert 'value="Ljubljana"' in body(response)
        one.refresh_from_db()
        assert one.title == "Prej"

    def test_others_may_not(self, maja, company, reader, stranger):
        one = make_activity(maja, company)
        url = record_url(one, "edit")
        assert reader.get(url).status_code == 403
        assert stranger.get(url).status_code == 404
        colleague = signed_in(make_user(team=maja.team))
        assert colleague.post(url, {"title": "x"}).status_code == 403


class TestDone:
    def open_one(self, maja, company, kind="task", **fields):
        return make_activity(maja, company, kind, **fields)

    def test_done_and_open_again(self, web, maja, company):
        one = self.open_one(maja, company)
        saved_event(web.post(record_url(one, "done"), headers=PIECE))
        one.refresh_from_db()
        assert one.result == "carried_out"
        saved_event(web.post(record_url(one, "reopen"), headers=PIECE))
        one.refresh_from_db()
        assert one.done_at is None

    def test_result_of_another_kind_is_refused(self, web, maja, company):
        one = self.open_one(maja, company)
        response = web.post(
            record_url(one, "done"), {"result": "accepted"}, headers=PIECE
        )
        assert response.status_code == 422
        one.refresh_from_db()
        assert one.done_at is None

    def test_accepted_quote_closes_the_sale(self, web, maja, company):
        quote = self.open_one(maja, company, "quote", lines=[{"text": "Stroj"}])
        said = saved_event(
            web.post(record_url(quote, "done"), {"result": "accepted"}, headers=PIECE)
        )
        assert said["undo_url"]
        quote.refresh_from_db()
        assert quote.chain.outcome == "won"

    def test_accepted_quote_asks_if_another_is_open(self, web, maja, company):
        quote = self.open_one(maja, company, "quote")
        make_activity(maja, company, "quote", follows=quote.reference)
        said = saved_event(
            web.post(record_url(quote, "done"), {"result": "accepted"}, headers=PIECE)
        )
        assert said["address"].endswith("?panel=sale")
        quote.refresh_from_db()
        assert (quote.result, quote.chain.outcome) == ("accepted", "open")

    def test_sending_does_not_finish(self, web, maja, company):
        quote = self.open_one(maja, company, "quote")
        saved_event(web.post(record_url(quote, "sent"), headers=PIECE))
        quote.refresh_from_db()
        assert quote.quote.first_sent_at is not None
        assert quote.done_at is None

    @pytest.mark.parametrize("name", ["done", "reopen", "sent", "delete", "take_out"])
    def test_rights_and_methods(self, web, reader, stranger, maja, company, name):
        one = make_activity(maja, company, "quote")
        make_activity(maja, company, follows=one.reference)
        url = record_url(one, name)
        assert web.get(url).status_code == 405
        assert reader.post(url).status_code == 403
        assert stranger.post(url).status_code == 404

    def test_without_script(self, web, maja, company):
        one = self.open_one(maja, company)
        response = web.post(record_url(one, "done"))
        assert response["Location"] == f"{record_url(one)}?panel=next"


class TestDelete:
    def test_deletes_and_offers_undo(self, web, maja, company):
        one = make_activity(maja, company)
        two = make_activity(maja, company, follows=one.reference)
        said = saved_event(web.post(record_url(one, "delete"), headers=PIECE))
        assert said["close"]
        assert web.get(record_url(one)).status_code == 404
        assert web.post(said["undo_url"], headers=PIECE).status_code == 204
        assert web.get(record_url(one)).status_code == 200
        assert Link.objects.get().follow_up == two

    def test_stale_delete_is_refused(self, web, maja, company):
        one = make_activity(maja, company)
        update_activity(
            context=acting(maja), reference=one.reference, changes={"title": "x"}
        )
        data = {"row_version": one.row_version}
        response = web.post(record_url(one, "delete"), data, headers=PIECE)
        assert response.status_code == 409
        assert web.get(record_url(one)).status_code == 200


class TestEntries:
    def test_add(self, web, maja, company):
        one = make_activity(maja, company)
        saved_event(
            web.post(record_url(one, "entries"), {"text": "Dogovor"}, headers=PIECE)
        )
        entry = Entry.objects.get()
        assert (entry.text, entry.author) == ("Dogovor", maja)

    def test_refused_text_comes_back(self, web, maja, company):
        one = make_activity(maja, company)
        response = web.post(
            record_url(one, "entries"), {"text": "a" * 100_001}, headers=PIECE
        )
        assert response.status_code == 422
        assert "a" * 1000 in body(response)
        assert not Entry.objects.exists()

    def test_edit_and_lock(self, web, maja, company):
        one = make_activity(maja, company, text="Prej")
        entry = Entry.objects.get()
        url = reverse("entries:edit", kwargs={"id": entry.pk})
        assert "Prej</textarea>" in body(web.get(url))
        saved_event(web.post(url, {"text": "Potem"}, headers=PIECE))
        entry.refresh_from_db()
        assert entry.text == "Potem"
        lock = reverse("entries:lock", kwargs={"id": entry.pk})
        saved_event(web.post(lock, {"locked": "1"}, headers=PIECE))
        entry.refresh_from_db()
        assert entry.is_locked
        assert one.reference in body(web.get(record_url(one)))

    def test_locked_entry_of_another(self, maja, company):
        make_activity(maja, company, text="Moje")
        entry = Entry.objects.get()
        lock_entry(context=acting(maja), entry_id=entry.pk, locked=True)
        boss = signed_in(make_user(role=Role.MANAGER))
        url = reverse("entries:edit", kwargs={"id": entry.pk})
        assert boss.post(url, {"text": "x"}).status_code == 403

    def test_empty_edit_is_refused(self, web, maja, company):
        make_activity(maja, company, text="Moje")
        entry = Entry.objects.get()
        url = reverse("entries:edit", kwargs={"id": entry.pk})
        assert web.post(url, {"text": " "}, headers=PIECE).status_code == 422
        entry.refresh_from_db()
        assert entry.text == "Moje"

    def test_rights(self, reader, stranger, maja, company):
        one = make_activity(maja, company, text="Moje")
        entry = Entry.objects.get()
        url = reverse("entries:edit", kwargs={"id": entry.pk})
        assert stranger.get(url).status_code == 404
        assert reader.post(url, {"text": "x"}).status_code == 403
        add = record_url(one, "entries")
        assert reader.post(add, {"text": "x"}).status_code == 403
        assert stranger.post(add, {"text": "x"}).status_code == 404


class TestMarks:
    def test_stage_outcome_and_value(self, web, maja, company):
        one = make_activity(maja, company)
        url = record_url(one, "marks")
        stage = {"mark": "stage", "stage": "negotiation"}
        assert saved_event(web.post(url, stage, headers=PIECE))["address"].endswith(
            "?panel=sale"
        )
        value = {"mark": "statement", "value": "48.200,50", "month": "2027-01"}
        saved_event(web.post(url, value, headers=PIECE))
        assert one.marks.get(kind="statement").amount_minor == 4_820_050
        close = {"mark": "outcome", "outcome": "lost", "reason": "price"}
        said = saved_event(web.post(url, close, headers=PIECE))
        one.refresh_from_db()
        assert (one.chain.stage, one.chain.outcome) == ("negotiation", "lost")
        web.post(said["undo_url"], headers=PIECE)
        one.refresh_from_db()
        one.chain.refresh_from_db()
        assert one.chain.outcome == "open"

    @pytest.mark.parametrize(
        ("data", "at"),
        [
            ({"mark": "stage", "stage": "?"}, "stage"),
            ({"mark": "outcome", "outcome": "?"}, "outcome"),
            ({"mark": "statement", "value": "veliko"}, "value"),
            ({"mark": "statement", "month": "13/2026"}, "month"),
        ],
    )
    def test_bad_input(self, web, maja, company, data, at):
        one = make_activity(maja, company)
        response = web.post(record_url(one, "marks"), data, headers=PIECE)
        assert response.status_code == 422
        assert f'id="error_{at}"' in body(response)
        assert not one.marks.exists()

    def test_rights(self, reader, stranger, maja, company):
        one = make_activity(maja, company)
        data = {"mark": "stage", "stage": "negotiation"}
        assert reader.post(record_url(one, "marks"), data).status_code == 403
        assert stranger.post(record_url(one, "marks"), data).status_code == 404
        assert stranger.get(record_url(one, "marks")).status_code == 404


class TestSharing:
    """Somebody chosen who does not see the company: the form offers to share it."""

    def test_offered_and_done_in_one_step(self, web, company):
        other = make_user(scope=Scope.OWN)
        data = event_data(company, owner=other.pk)
        response = web.post(reverse("events:new"), data, headers=PIECE)
        assert response.status_code == 422
        assert 'name="share"' in body(response)
        assert not Activity.objects.exists()
        data["share"] = "1"
        saved_event(web.post(reverse("events:new"), data, headers=PIECE))
        assert Activity.objects.get().owner == other
        assert company.shares.get().user == other

    def test_not_offered_to_who_may_not_share(self, maja, company):
        colleague = signed_in(make_user(team=maja.team))
        other = make_user(scope=Scope.OWN)
        data = event_data(company, owner=other.pk)
        response = colleague.post(reverse("events:new"), data, headers=PIECE)
        assert response.status_code == 422
        assert 'name="share"' not in body(response)
        data["share"] = "1"
        response = colleague.post(reverse("events:new"), data, headers=PIECE)
        assert response.status_code == 403
        assert not Activity.objects.exists()
        assert not company.shares.exists()

    def test_participant_added_while_editing(self, web, maja, company):
        other = make_user(scope=Scope.OWN)
        one = make_activity(maja, company)
        data = {"people": "1", "participants": [other.pk]}
        response = web.post(record_url(one, "edit"), data, headers=PIECE)
        assert response.status_code == 422
        assert 'name="share"' in body(response)
        data["share"] = "1"
        saved_event(web.post(record_url(one, "edit"), data, headers=PIECE))
        assert list(one.participants.all()) == [other]
